import { describe, expect, it } from "vitest";
import { validateSpec } from "../src/program/compile-spec.js";
import type { PatternSpec, Spec } from "../src/spec/spec.js";
import { scriptedModel } from "./support/scripted-model.js";
import { agent, ask, bench, chainSpec } from "./support/workflows.js";

/** Answers with the key of the step as data; what patterns read of an answer is in it too. */
const schema = { type: "object", required: ["at"], properties: { at: { type: "string" } } };
const model = () =>
  scriptedModel(({ stepKey }) => {
    if (stepKey.startsWith("orchestrator")) return '[{"task": "t"}, {"task": "u"}]';
    return JSON.stringify({ at: stepKey, route: "r", score: 90 });
  });

const step = { agent: "writer", input: "-" };

/** What each pattern shows of the data of its agents: the pattern, a template of its artifact, what that comes to. */
const cases: readonly (readonly [PatternSpec, template: string, shown: string])[] = [
  [
    { type: "chain", config: { steps: [step, ask(), step] } },
    "{{ steps[0].data.at }} {{ steps[1].data }} {{ steps[2].data.at }}",
    "steps/0 None steps/2",
  ],
  [
    {
      type: "workflow",
      config: {
        tasks: [
          { id: "a", ...step },
          { id: "b", deps: ["a"], ...ask() },
        ],
      },
    },
    "{{ tasks.a.data.at }} {{ tasks.b.data }}",
    "tasks/a None",
  ],
  [
    {
      type: "routing",
      // biome-ignore lint/suspicious/noThenProperty: a key of the format
      config: { router: { ...step, review_router: ask() }, routes: { r: { then: [step] } } },
    },
    "{{ router.data.at }} {{ steps[0].data.at }}",
    "router/0 routes/r/0",
  ],
  [
    {
      type: "parallel",
      config: {
        branches: [
          { id: "a", steps: [step] },
          { id: "b", steps: [step, ask()] },
        ],
        reduce: step,
      },
    },
    "{{ branches.a.data.at }} {{ branches.b.data }} {{ branches.b.step_history[0].data.at }}",
    "branches/a/0 None branches/b/0",
  ],
  [
    {
      type: "orchestrator_workers",
      config: { orchestrator: { agent: "boss" }, worker_template: { agent: "writer" }, writeup: step },
    },
    "{{ workers[0].data.at }} {{ workers[1].data.at }}",
    "workers/1/0 workers/1/1",
  ],
  [
    {
      type: "graph",
      config: {
        nodes: { a: step, q: ask(), z: step },
        edges: [
          { from: "a", to: ["q"] },
          { from: "q", to: ["z"] },
        ],
      },
    },
    "{{ nodes.a.data.at }} {{ nodes.q.data }} {{ nodes.z.data.at }}",
    "nodes/a/1 None nodes/z/1",
  ],
];

const specOf = (pattern: PatternSpec, from: string, outputSchema: boolean): Spec =>
  chainSpec([], {
    agents: { writer: agent(outputSchema ? { output_schema: schema } : {}), boss: agent() },
    pattern,
    outputs: { artifacts: [{ path: "out.md", from }] },
  });

const run = (spec: Spec) => bench({ model: model() }).client.run(spec, { onInterrupt: () => "approve" });

describe.each(cases)("the data of answers in $type", (pattern, template, shown) => {
  it("is there for templates, null for what people say, and no name is warned about", async () => {
    const spec = specOf(pattern, template, true);
    expect(validateSpec(spec, { offline: true }).filter(({ code }) => code === "never_defined")).toEqual([]);
    const result = await run(spec);
    expect(result).toMatchObject({ status: "completed", artifacts: [{ content: shown }] });
    const { lastResponse, data } = result as { lastResponse: string; data: unknown };
    expect(data).toEqual(pattern.type === "workflow" ? null : JSON.parse(lastResponse));
  });

  it("is null without a schema, and leaves printed records as they were", async () => {
    const whole = template.match(/\w+(?=[.[])/)?.[0] ?? "";
    const text = `{{ ${whole} }} ${/\{\{ ([^}]+?\.data)/.exec(template)?.[0].replace("{{", "{{ ") ?? ""} }}`;
    const result = await run(specOf(pattern, text, false));
    const content = (result as { artifacts: readonly { content: string }[] }).artifacts[0]?.content ?? "";
    expect(content).toMatch(/ None$/);
    expect(content).not.toContain("'data'");
  });
});

it("is that of the draft in evaluator_optimizer", async () => {
  const pattern: PatternSpec = {
    type: "evaluator_optimizer",
    config: { producer: "writer", evaluator: { agent: "boss" }, accept: { min_score: 50 } },
  };
  expect(await run(specOf(pattern, "-", true))).toMatchObject({ data: { at: "draft/1" } });
});

it("makes a condition of a graph", async () => {
  const pattern: PatternSpec = {
    type: "graph",
    config: {
      nodes: { a: step, b: step, c: step },
      edges: [
        {
          from: "a",
          choose: [
            { when: "{{ nodes.a.data.score > 95 }}", to: "b" },
            { when: "{{ nodes.a.data.score > 80 }}", to: "c" },
          ],
        },
      ],
    },
  };
  expect(await run(specOf(pattern, "{{ terminal_node }}", true))).toMatchObject({ artifacts: [{ content: "c" }] });
});
