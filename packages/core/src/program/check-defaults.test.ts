import { describe, expect, it } from "vitest";
import { agent, ask, chainSpec } from "../../test/support/workflows.js";
import type { PatternSpec } from "../spec/spec.js";
import { validateSpec } from "./compile-spec.js";

const write = { agent: "writer", input: "x" };
const warned = (pattern: PatternSpec) =>
  validateSpec(chainSpec([], { agents: { writer: agent() }, pattern })).map(
    ({ code, severity, pointer, suggestion }) => [`${severity} ${code} ${pointer}`, suggestion],
  );

describe("a default of", () => {
  const routing = (usual: string): PatternSpec => ({
    type: "routing",
    config: {
      router: { agent: "writer", review_router: ask("Right?", { default: usual, timeout_seconds: 1 }) },
      // biome-ignore lint/suspicious/noThenProperty: a key of the format
      routes: { Sales: { then: [write, ask("Good?", { default: "sure" })] } },
    },
  });

  it("the review of a router is one of its answers", () => {
    expect(warned(routing("sure"))).toEqual([
      [
        "warning default_not_accepted /pattern/config/router/review_router/default",
        "give one that a person could answer too: `approved`, `approve`, `yes`, `ok` and `route:Sales`",
      ],
    ]);
    for (const fine of ["Approve", "route: sales", "yes", ""]) expect(warned(routing(fine))).toEqual([]);
  });

  it("a last question, whose answer is the result, is not blank", () => {
    const parallel = (usual: string): PatternSpec => ({
      type: "parallel",
      config: {
        branches: [
          { id: "a", steps: [write] },
          { id: "b", steps: [ask("Free?", { default: " " })] },
        ],
        reduce: ask("Result?", { default: usual }),
      },
    });
    const orchestrator = (usual: string): PatternSpec => ({
      type: "orchestrator_workers",
      config: {
        orchestrator: { agent: "writer" },
        worker_template: { agent: "writer" },
        writeup: ask("Result?", { default: usual }),
      },
    });
    expect(warned(parallel("\t "))).toMatchObject([
      { 0: "warning default_not_accepted /pattern/config/reduce/default" },
    ]);
    expect(warned(orchestrator(" "))).toMatchObject([
      { 0: "warning default_not_accepted /pattern/config/writeup/default" },
    ]);
    for (const fine of ["none", ""]) expect([...warned(parallel(fine)), ...warned(orchestrator(fine))]).toEqual([]);
  });
});
