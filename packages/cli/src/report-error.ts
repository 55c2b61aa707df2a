import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.js";
import type { Io } from "./io.js";
import { errorText } from "./render/error-text.js";
import { printable, printableJson } from "./render/printable-text.js";
import { SecretMask } from "./render/secret-mask.js";
import { styleFor } from "./render/style.js";
import { wrapForTerminal } from "./render/text-width.js";

/** How errors are printed. */
export interface ErrorManner {
  readonly json: boolean;
  readonly debug: boolean;
}

/** How errors are printed that a command has thrown. */
export interface ThrownManner extends ErrorManner {
  /** Values that must not be printed. */
  readonly secrets: readonly string[];
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
export async function reportError(error: unknown, io: Io, manner: ThrownManner): Promise<ExitCode> {
  // Whoever throws one of our errors has loaded this already.
  const { StrandsError } = await import("@strands/sdk");
  const known = StrandsError.isInstance(error) ? error : undefined;
  const next = ownOf(error, nextKey) as NextStep | undefined;
  const mask = new SecretMask(manner.secrets);
  const exitCode = exitCodeFor(error, known === undefined ? exitCodes.internal : exitCodeOf(known.code));
  if (manner.json) {
    const record = known?.toJSON() ?? { name: "InternalError", code: "INTERNAL", message: String(error) };
    const document = { status: "error", exitCode, error: record, ...next };
    io.stdout.write(`${printableJson(mask.hideIn(document))}\n`);
  } else {
    io.stderr.write(`${wrapForTerminal(mask.hide(errorText(error, { io, exitCode, known })), io.stderr)}\n`);
    if (next !== undefined) {
      const { bold } = styleFor(io.stderr, io.env);
      io.stderr.write(`Session ID: ${next.sessionId}\nResume with: ${bold(next.resume)}\n`);
    }
  }
  if (manner.debug && error instanceof Error) io.stderr.write(`${mask.hide(printable(stackOf(error)))}\n`);
  return exitCode;
}

const nextKey = Symbol("strands.next");

/** How to go on after an error. */
export interface NextStep {
  readonly sessionId: string;
  /** The command. */
  readonly resume: string;
}

/** Has an error printed with the command that goes on after it. */
export function withNextStep<T extends Error>(error: T, next: NextStep): T {
  return Object.defineProperty(error, nextKey, { value: next, configurable: true });
}

const exitCodeKey = Symbol("strands.exitCode");

/** Gives an error an exit code other than that of its family. */
export function withExitCode<T extends Error>(error: T, exitCode: ExitCode): T {
  return Object.defineProperty(error, exitCodeKey, { value: exitCode, configurable: true });
}

function exitCodeFor(error: unknown, otherwise: ExitCode): ExitCode {
  const own = ownOf(error, exitCodeKey);
  return typeof own === "number" ? (own as ExitCode) : otherwise;
}

function ownOf(error: unknown, key: symbol): unknown {
  return typeof error === "object" && error !== null ? (error as Record<symbol, unknown>)[key] : undefined;
}

function stackOf(error: Error): string {
  const { cause } = error;
  const own = error.stack ?? String(error);
  return cause instanceof Error ? `${own}\nCaused by: ${stackOf(cause)}` : own;
}
