import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { agent, bench, chainSpec } from "../../test/support/workflows.js";
import type { SpecError } from "../error/errors.js";
import { compileSpec, validateSpec } from "../program/compile-spec.js";
import type { GateSpec, PatternSpec } from "../spec/spec.js";

/** Every place that takes a gate, with the pattern around it. */
const places: readonly (readonly [string, (gate: GateSpec) => PatternSpec])[] = [
  [
    "evaluator_optimizer review_gate",
    (gate) => ({
      type: "evaluator_optimizer",
      config: {
        producer: "writer",
        evaluator: { agent: "judge" },
        accept: { min_score: 90, max_iters: 2 },
        review_gate: gate,
      },
    }),
  ],
  [
    "orchestrator_workers decomposition_review",
    (gate) => ({
      type: "orchestrator_workers",
      config: {
        orchestrator: { agent: "planner" },
        worker_template: { agent: "writer" },
        decomposition_review: gate,
      },
    }),
  ],
  [
    "orchestrator_workers reduce_review",
    (gate) => ({
      type: "orchestrator_workers",
      config: {
        orchestrator: { agent: "planner" },
        worker_template: { agent: "writer" },
        reduce_review: gate,
        reduce: { agent: "writer", input: "Reduce" },
      },
    }),
  ],
];

const specWith = (pattern: PatternSpec) =>
  chainSpec([], { agents: { writer: agent(), judge: agent(), planner: agent() }, pattern });

const model = () => {
  let evaluations = 0;
  return scriptedModel(({ agentId }) => {
    if (agentId === "planner") return '[{"task": "one"}]';
    if (agentId !== "judge") return "text";
    evaluations += 1;
    return JSON.stringify({ score: evaluations === 1 ? 10 : 95, issues: [], fixes: [] });
  });
};

describe.each(places)("the gate %s", (place, patternWith) => {
  const gate = (pattern: string): GateSpec => ({ type: "hitl", prompt: "Good?", validation: { pattern } });

  it("takes only answers that match its pattern, and a hostile one costs no time", async () => {
    const first = bench({ model: model() });
    const spec = specWith(patternWith(gate("^(a+)+$")));
    expect(await first.client.run(spec)).toMatchObject({ status: "paused", interrupts: [{ pattern: "^(a+)+$" }] });
    const response = `${"a".repeat(5000)}!`;
    for (const refused of [
      first.client.answer("session-1", { response }),
      first.client.resume("session-1", { response }).result,
    ]) {
      expect((await errorOf(refused)).code).toBe("INTERRUPT_INVALID");
    }
    expect((await first.client.resume("session-1", { response: "aaa" }).result).status).toBe("completed");
  });

  it("has a pattern that cannot be read refused before anything runs, with its place", async () => {
    const error = (await errorOf(() => compileSpec(specWith(patternWith(gate("(a")))))) as SpecError;
    expect(error.code).toBe("SPEC_INVALID");
    expect(error.issues).toMatchObject([
      {
        code: "invalid_pattern",
        severity: "error",
        pointer: `/pattern/config/${place.split(" ")[1]}/validation/pattern`,
      },
    ]);
  });

  it("has a default that its own pattern refuses told as a warning, with its place", () => {
    const withDefault = (usual: string | undefined, pattern = "^(yes|no)$") =>
      validateSpec(
        specWith(
          patternWith({ ...gate(pattern), timeout_seconds: 1, ...(usual === undefined ? {} : { default: usual }) }),
        ),
      );
    expect(withDefault("maybe")).toEqual([
      {
        code: "default_not_accepted",
        severity: "warning",
        pointer: `/pattern/config/${place.split(" ")[1]}/default`,
        message: "the question does not accept its own default `maybe`",
        suggestion: expect.any(String),
      },
    ]);
    for (const fine of ["yes", "", undefined]) expect(withDefault(fine)).toEqual([]);
    expect(withDefault("maybe", "(a").map(({ code }) => code)).toEqual(["invalid_pattern"]);
  });
});
