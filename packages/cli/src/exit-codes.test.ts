import { codeInfo, type ErrorCode } from "@strands/sdk";
import { describe, expect, it } from "vitest";
import { exitCodeOf, exitCodes, exitCodeTable } from "./exit-codes.js";

const codes = Object.keys(codeInfo) as ErrorCode[];
const family = (code: string): string => code.split("_")[0] ?? "";

describe("exit codes", () => {
  it("have a row for every family of error codes", () => {
    const missing = codes.filter((code) => !(code in exitCodeTable) && !(family(code) in exitCodeTable));
    expect(missing).toEqual([]);
  });

  it("have no row for a code that does not exist", () => {
    const known = new Set<string>([...codes, ...codes.map(family)]);
    expect(Object.keys(exitCodeTable).filter((row) => !known.has(row))).toEqual([]);
  });

  it("are those the format promises", () => {
    expect(exitCodes).toEqual({
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
    });
  });

  it.each<[ErrorCode, number]>([
    ["INPUT_INVALID", 2],
    ["SPEC_SYNTAX", 3],
    ["SPEC_NOT_FOUND", 3],
    ["SPEC_UNSUPPORTED", 18],
    ["PROVIDER_NOT_CONFIGURED", 18],
    ["PROVIDER_AUTH", 10],
    ["TEMPLATE_UNDEFINED", 10],
    ["TOOL_FAILED", 10],
    ["RUN_STEP_FAILED", 10],
    ["RUN_BUDGET_EXCEEDED", 20],
    ["RUN_CANCELLED", 130],
    ["INTERRUPT_UNANSWERED", 10],
    ["SESSION_CONFLICT", 17],
    ["ARTIFACT_EXISTS", 12],
    ["CLIENT_CLOSED", 70],
    ["INTERNAL", 70],
  ])("gives %s %i", (code, exitCode) => {
    expect(exitCodeOf(code)).toBe(exitCode);
  });
});
