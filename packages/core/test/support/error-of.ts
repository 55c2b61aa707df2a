import { StrandsError } from "../../src/error/strands-error.js";

/** The error a promise rejects with or a function throws; fails when there is none. */
export async function errorOf(work: Promise<unknown> | (() => unknown)): Promise<StrandsError> {
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    if (StrandsError.isInstance(error)) return error;
    throw new Error("It failed with something that is not a StrandsError", { cause: error });
  }
  throw new Error("Nothing was thrown");
}
