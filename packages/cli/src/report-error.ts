import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.js";
import type { Io } from "./io.js";
import { errorText } from "./render/error-text.js";
import { printable, printableJson } from "./render/printable-text.js";
import { styleFor } from "./render/style.js";

/** How errors are printed. */
export interface ErrorManner {
  readonly json: boolean;
  readonly debug: boolean;
}

/** Prints a mistake of the command line. */
export function reportMistake(
  mistake: { readonly message: string; readonly help: string },
  io: Io,
  manner: ErrorManner,
): void {
  const { message, help } = mistake;
  if (manner.json) {
    const error = { name: "InputError", code: "INPUT_INVALID", message, hint: `See \`${help}\`.` };
    io.stdout.write(`${printableJson({ status: "error", exitCode: exitCodes.usage, error })}\n`);
    return;
  }
  io.stderr.write(`${styleFor(io.stderr, io.env).red("Error:")} ${printable(message)}\nSee \`${help}\`.\n`);
}

/** Prints an error that ended a command, and gives its exit code. */
export async function reportError(error: unknown, io: Io, manner: ErrorManner): Promise<ExitCode> {
  // Whoever throws one of our errors has loaded this already.
  const { StrandsError } = await import("@strands/sdk");
  const known = StrandsError.isInstance(error) ? error : undefined;
  const exitCode = exitCodeFor(error, known === undefined ? exitCodes.internal : exitCodeOf(known.code));
  if (manner.json) {
    const record = known?.toJSON() ?? { name: "InternalError", code: "INTERNAL", message: String(error) };
    io.stdout.write(`${printableJson({ status: "error", exitCode, error: record })}\n`);
  } else {
    io.stderr.write(`${errorText(error, { io, exitCode, known })}\n`);
  }
  if (manner.debug && error instanceof Error) io.stderr.write(`${printable(stackOf(error))}\n`);
  return exitCode;
}

const exitCodeKey = Symbol("strands.exitCode");

/** Gives an error an exit code other than that of its family. */
export function withExitCode<T extends Error>(error: T, exitCode: ExitCode): T {
  return Object.defineProperty(error, exitCodeKey, { value: exitCode, configurable: true });
}

function exitCodeFor(error: unknown, otherwise: ExitCode): ExitCode {
  const own = typeof error === "object" && error !== null ? (error as Record<symbol, unknown>)[exitCodeKey] : undefined;
  return typeof own === "number" ? (own as ExitCode) : otherwise;
}

function stackOf(error: Error): string {
  const { cause } = error;
  const own = error.stack ?? String(error);
  return cause instanceof Error ? `${own}\nCaused by: ${stackOf(cause)}` : own;
}
