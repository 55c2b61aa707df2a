import { expect, test } from "vitest";
import { checkAllFields, checkFields } from "./check-fields.js";
import { CheckReport } from "./check-report.js";
import { checkSpec } from "./check-spec.js";
import type { Spec } from "./spec.js";

const issuesOf = (holder: object) => {
  const report = new CheckReport();
  checkFields(holder, ["at"], report);
  return report.issues.map(({ message, suggestion }) => `${message}: ${suggestion}`);
};

test.each<[field: object, issue: string]>([
  [{ max_iters: 0 }, "`max_iters` cannot be `0`: use a whole number of 1 or more, or leave it out for the default"],
  [{ retries: 1.2 }, "`retries` cannot be `1.2`: use a whole number of 0 or more, or leave it out for the default"],
  [{ min_score: 101 }, "`min_score` cannot be `101`: use a whole number from 0 to 100"],
  [
    { temperature: "0.5" },
    "`temperature` cannot be the text `0.5`: use a number from 0 to 2, or leave it out for the default",
  ],
  [{ top_p: Number.NaN }, "`top_p` cannot be `NaN`: use a number from 0 to 1, or leave it out for the default"],
  [
    { max_tokens: null },
    "`max_tokens` cannot be `null`: use a whole number of 1 or more, or leave it out for the default",
  ],
  [{ idle_s: 0 }, "`idle_s` cannot be `0`: use a number above 0, or leave it out for the default"],
  [
    { step_s: Number.POSITIVE_INFINITY },
    "`step_s` cannot be `Infinity`: use a number above 0, or leave it out for the default",
  ],
  [{ backoff: "constnat" }, "`backoff` cannot be `constnat`: did you mean `constant`?"],
  [{ type: "gate" }, "`type` cannot be `gate`: use one that exists: there are `hitl`, `manual_gate`"],
])("%j is refused in words", (field, issue) => expect(issuesOf(field)).toEqual([issue]));

test("what was meant is one of the field's own choices", () => {
  expect(issuesOf({ backoff: "jsno", format: "jsno" })[1]).toContain("did you mean `json`?");
});

test("absent fields, and those without limits, are passed over", () => {
  expect(issuesOf({ max_tokens: undefined, constructor: 0, toString: "", name: -1 })).toEqual([]);
});

test("parts that are no mapping hold no field", () => {
  const report = new CheckReport();
  checkAllFields({ runtime: null, agents: "x", tools: { http_executors: [null, 1] } } as unknown as Spec, report);
  expect(report.issues).toEqual([]);
});

test("every field of a spec is judged at once, names of agents and inputs aside", () => {
  const spec: Spec = {
    version: 0,
    name: "t",
    runtime: { provider: "offline", max_parallel: 0, budgets: { max_steps: -1 }, failure_policy: { retries: -1 } },
    inputs: {
      values: { temperature: 9 },
      required: { max_tokens: "nuber" as never, retries: { type: "int" as never } },
    },
    agents: { max_tokens: { prompt: "p", inference: { temperature: 3 } } },
    pattern: {
      type: "chain",
      config: {
        steps: [
          { agent: "max_tokens", vars: { timeout_seconds: -1 } },
          { type: "hitl", prompt: "?", timeout_seconds: -1 },
        ],
      },
    },
  };
  expect(checkSpec(spec).map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`)).toEqual([
    "error range /runtime/max_parallel",
    "error range /runtime/budgets/max_steps",
    "error range /runtime/failure_policy/retries",
    "error range /agents/max_tokens/inference/temperature",
    "error enum /inputs/required/max_tokens",
    "error enum /inputs/required/retries/type",
    "error range /pattern/config/steps/1/timeout_seconds",
  ]);
});
