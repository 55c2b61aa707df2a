import { describe, expect, it } from "vitest";
import { ProviderError, RunError, SpecError, TemplateError, ToolError } from "./errors.js";
import { StrandsError } from "./strands-error.js";

describe("StrandsError", () => {
  it("is an Error with a code, a hint, details and a cause", () => {
    const cause = new Error("below");
    const error = new StrandsError("RUN_TIMEOUT", "Too late", { hint: "Be quicker.", details: { ms: 5 }, cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "StrandsError",
      code: "RUN_TIMEOUT",
      message: "Too late",
      hint: "Be quicker.",
    });
    expect(error.details).toEqual({ ms: 5 });
    expect(error.cause).toBe(cause);
    expect("cause" in new StrandsError("RUN_TIMEOUT", "x")).toBe(false);
  });

  it("takes retryable from the table unless told otherwise", () => {
    expect(new StrandsError("PROVIDER_TIMEOUT", "x").retryable).toBe(true);
    expect(new StrandsError("PROVIDER_TIMEOUT", "x", { retryable: false }).retryable).toBe(false);
    expect(new StrandsError("RUN_TIMEOUT", "x").retryable).toBe(false);
    expect(new StrandsError("PROVIDER_RATE_LIMIT", "x", { retryAfterMs: 900 }).retryAfterMs).toBe(900);
  });

  it("recognises errors of its kind, also of another copy of the package, and nothing else", () => {
    const foreign = Object.defineProperty(new Error("other copy"), Symbol.for("strands.error"), { value: true });
    expect(StrandsError.isInstance(new StrandsError("INTERNAL", "x"))).toBe(true);
    expect(StrandsError.isInstance(new RunError("RUN_TIMEOUT", "x"))).toBe(true);
    expect(StrandsError.isInstance(foreign)).toBe(true);
    for (const other of [new Error("x"), { code: "INTERNAL" }, "INTERNAL", null, undefined, 5]) {
      expect(StrandsError.isInstance(other)).toBe(false);
    }
  });

  it("does not show its brand to code that walks an error's keys", () => {
    expect(Object.getOwnPropertySymbols({ ...new StrandsError("INTERNAL", "x") })).toEqual([]);
  });

  it("has a plain form without what is absent, and without the cause", () => {
    const bare = new StrandsError("RUN_TIMEOUT", "Too late", { cause: new Error("secret") });
    expect(JSON.parse(JSON.stringify(bare))).toEqual({
      name: "StrandsError",
      code: "RUN_TIMEOUT",
      message: "Too late",
    });
    const full = new RunError("RUN_STEP_FAILED", "m", { hint: "h", details: { a: 1 }, stepKey: "steps/0" });
    expect(full.toJSON()).toEqual({
      name: "RunError",
      code: "RUN_STEP_FAILED",
      message: "m",
      hint: "h",
      details: { a: 1 },
    });
  });

  it("lists the issues of a spec in its plain form", () => {
    const issue = { code: "unknown_agent", pointer: "/agents", message: "m", severity: "error" } as const;
    expect(new SpecError("SPEC_INVALID", "m", [issue]).toJSON()).toMatchObject({
      code: "SPEC_INVALID",
      issues: [issue],
    });
  });

  it("keeps the fields of each family", () => {
    expect(new TemplateError("TEMPLATE_SYNTAX", "m", { expression: "{{ x", line: 2, column: 3 })).toMatchObject({
      name: "TemplateError",
      expression: "{{ x",
      line: 2,
      column: 3,
    });
    expect(
      new ProviderError("PROVIDER_AUTH", "m", { provider: "openai", modelId: "x", statusCode: 401, requestId: "r" }),
    ).toMatchObject({ name: "ProviderError", provider: "openai", modelId: "x", statusCode: 401, requestId: "r" });
    expect(new ToolError("TOOL_FAILED", "m", { toolName: "t" })).toMatchObject({
      name: "ToolError",
      toolName: "t",
      fatal: false,
    });
    expect(new ToolError("TOOL_DENIED", "m", { toolName: "t", fatal: true }).fatal).toBe(true);
  });
});
