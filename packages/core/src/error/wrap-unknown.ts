import { InternalError } from "./errors.js";
import { StrandsError } from "./strands-error.js";

/** Gives back a StrandsError as it is and wraps anything else that was thrown. */
export function toStrandsError(error: unknown): StrandsError {
  if (StrandsError.isInstance(error)) return error;
  return new InternalError(messageOf(error), { cause: error });
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  try {
    return String(error);
  } catch {
    return "Something was thrown that has no text";
  }
}
