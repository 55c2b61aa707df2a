import type { ErrorCode } from "@strands/sdk";

/** Every exit code of the CLI. They are a promise to scripts. */
export const exitCodes = {
  ok: 0,
  usage: 2,
  spec: 3,
  runtime: 10,
  artifact: 12,
  session: 17,
  unsupported: 18,
  paused: 19,
  budget: 20,
  internal: 70,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Exit codes by the first word of an error code; a full code wins over its family. */
export const exitCodeTable: Readonly<Record<string, ExitCode>> = {
  INPUT: exitCodes.usage,
  SPEC: exitCodes.spec,
  SPEC_UNSUPPORTED: exitCodes.unsupported,
  TEMPLATE: exitCodes.runtime,
  PROVIDER: exitCodes.runtime,
  PROVIDER_NOT_CONFIGURED: exitCodes.unsupported,
  TOOL: exitCodes.runtime,
  SESSION: exitCodes.session,
  INTERRUPT: exitCodes.runtime,
  RUN: exitCodes.runtime,
  RUN_BUDGET_EXCEEDED: exitCodes.budget,
  RUN_CANCELLED: exitCodes.interrupted,
  ARTIFACT: exitCodes.artifact,
  CLIENT: exitCodes.internal,
  INTERNAL: exitCodes.internal,
};

/** The exit code for an error code. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  const family = code.slice(0, code.includes("_") ? code.indexOf("_") : code.length);
  return exitCodeTable[code] ?? exitCodeTable[family] ?? exitCodes.internal;
}
