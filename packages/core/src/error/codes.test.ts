import { describe, expect, it } from "vitest";
import { codeInfo, type ErrorCode } from "./codes.js";
import {
  ArtifactError,
  InputError,
  InternalError,
  ProviderError,
  RunError,
  SessionError,
  SpecError,
  TemplateError,
  ToolError,
} from "./errors.js";
import type { StrandsError } from "./strands-error.js";

/** The class that carries the codes of an area. */
function make(code: ErrorCode): StrandsError | undefined {
  const area = code.split("_")[0];
  switch (area) {
    case "SPEC":
      return new SpecError(code as "SPEC_INVALID", "m", []);
    case "INPUT":
      return new InputError("m");
    case "TEMPLATE":
      return new TemplateError(code as "TEMPLATE_SYNTAX", "m");
    case "PROVIDER":
      return new ProviderError(code as "PROVIDER_AUTH", "m");
    case "TOOL":
      return new ToolError(code as "TOOL_FAILED", "m", { toolName: "t" });
    case "SESSION":
    case "INTERRUPT":
      return new SessionError(code as "SESSION_CONFLICT", "m", { sessionId: "s" });
    case "RUN":
    case "CLIENT":
      return new RunError(code as "RUN_TIMEOUT", "m");
    case "ARTIFACT":
      return new ArtifactError(code as "ARTIFACT_WRITE", "m", { path: "p" });
    case "INTERNAL":
      return new InternalError("m");
    default:
      return undefined;
  }
}

const codes = Object.keys(codeInfo) as ErrorCode[];

describe("codeInfo", () => {
  it.each(codes)("%s belongs to a class that takes its retryable from the table", (code) => {
    const error = make(code);
    expect(error?.code).toBe(code);
    expect(error?.retryable).toBe(codeInfo[code].retryable);
  });

  it("names each code AREA_PROBLEM", () => {
    for (const code of codes) expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });

  it("lets only what may pass by itself be tried again", () => {
    expect(codes.filter((code) => codeInfo[code].retryable)).toEqual([
      "PROVIDER_RATE_LIMIT",
      "PROVIDER_TIMEOUT",
      "PROVIDER_UNAVAILABLE",
      "SESSION_LEASED",
      "SESSION_STORAGE",
    ]);
  });
});
