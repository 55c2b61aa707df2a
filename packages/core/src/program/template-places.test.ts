import { describe, expect, it } from "vitest";
import { agent, ask, chainSpec } from "../../test/support/workflows.js";
import type { PatternSpec } from "../spec/spec.js";
import { templatePlaces } from "./template-places.js";

const gate = { type: "hitl", prompt: "G", context_display: "GC" } as const;
const step = (input: string) => ({ agent: "writer", input });

/** `kind pointer source`, without the agents and what is before the config. */
function places(pattern: PatternSpec): string[] {
  return templatePlaces(chainSpec([], { agents: {}, pattern })).map(
    ({ kind, pointer, source }) => `${kind} ${pointer.replace("/pattern/config", "")} ${source}`,
  );
}

describe("templatePlaces", () => {
  it("lists agents, pattern and artifacts in file order, with escaped pointers", () => {
    const spec = chainSpec(["I", ask("P", { context_display: "C" }), { agent: "writer" }], {
      agents: { "a/b~c": agent({ prompt: "A" }) },
      outputs: { artifacts: [{ path: "p", from: "f" }] },
    });
    expect(templatePlaces(spec).map(({ given: _, pause: __, ...place }) => place)).toEqual([
      { pointer: "/agents/a~1b~0c/prompt", source: "A", kind: "text" },
      { pointer: "/pattern/config/steps/0/input", source: "I", kind: "template" },
      { pointer: "/pattern/config/steps/1/prompt", source: "P", kind: "text" },
      { pointer: "/pattern/config/steps/1/context_display", source: "C", kind: "display" },
      { pointer: "/outputs/artifacts/0/path", source: "p", kind: "template" },
      { pointer: "/outputs/artifacts/0/from", source: "f", kind: "template" },
    ]);
  });

  it.each<[PatternSpec, string[]]>([
    [
      {
        type: "workflow",
        config: {
          tasks: [
            { id: "a", ...step("A") },
            { id: "b", ...gate },
          ],
        },
      },
      ["template /tasks/0/input A", "text /tasks/1/prompt G", "display /tasks/1/context_display GC"],
    ],
    [
      {
        type: "routing",
        config: {
          router: { agent: "writer", input: "R", review_router: gate },
          // biome-ignore lint/suspicious/noThenProperty: a key of the format
          routes: { a: { then: [step("A")] }, b: {} },
        },
      },
      [
        "template /router/input R",
        "text /router/review_router/prompt G",
        "display /router/review_router/context_display GC",
        "template /routes/a/then/0/input A",
      ],
    ],
    [
      { type: "parallel", config: { branches: [{ id: "a", steps: [step("A"), gate] }], reduce: step("R") } },
      [
        "template /branches/0/steps/0/input A",
        "text /branches/0/steps/1/prompt G",
        "display /branches/0/steps/1/context_display GC",
        "template /reduce/input R",
      ],
    ],
    [
      {
        type: "evaluator_optimizer",
        config: {
          producer: "w",
          evaluator: { agent: "w", input: "E" },
          accept: { min_score: 1 },
          revise_prompt: "R",
          review_gate: gate,
        },
      },
      [
        "template /evaluator/input E",
        "lenient /revise_prompt R",
        "text /review_gate/prompt G",
        "display /review_gate/context_display GC",
      ],
    ],
    [
      {
        type: "orchestrator_workers",
        config: {
          orchestrator: { agent: "w" },
          decomposition_review: gate,
          worker_template: { agent: "w" },
          reduce_review: gate,
          reduce: step("R"),
          writeup: step("W"),
        },
      },
      [
        "text /decomposition_review/prompt G",
        "display /decomposition_review/context_display GC",
        "text /reduce_review/prompt G",
        "display /reduce_review/context_display GC",
        "template /reduce/input R",
        "template /writeup/input W",
      ],
    ],
    [
      {
        type: "graph",
        config: {
          nodes: { a: step("A"), "b/c": gate },
          edges: [
            { from: "a", to: ["b/c"] },
            { from: "b/c", choose: [{ when: "W", to: "a" }] },
          ],
        },
      },
      [
        "template /nodes/a/input A",
        "text /nodes/b~1c/prompt G",
        "display /nodes/b~1c/context_display GC",
        "condition /edges/1/choose/0/when W",
      ],
    ],
  ])("lists every place of the pattern of case %#", (pattern, expected) => {
    expect(places(pattern)).toEqual(expected);
  });
});
