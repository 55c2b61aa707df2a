import { describe, expect, it } from "vitest";
import { agent, chainSpec } from "../../test/support/workflows.js";
import type { OutputsSpec, PatternSpec } from "../spec/spec.js";
import { validateSpec } from "./compile-spec.js";
import { readNames } from "./template-names.js";

const step = (input: string) => ({ agent: "writer", input });
const gate = (context_display: string) => ({ type: "hitl", prompt: "OK?", context_display }) as const;

function specOf(pattern: PatternSpec, from = "") {
  const outputs: OutputsSpec = { artifacts: [{ path: "a.md", from }] };
  return chainSpec([], { agents: { writer: agent() }, inputs: { values: { topic: "tea" } }, pattern, outputs });
}

/** `code pointer shown`, without what is before the config. */
function reported(pattern: PatternSpec, from?: string): string[] {
  return validateSpec(specOf(pattern, from)).map(
    ({ code, pointer, message }) =>
      `${code} ${pointer.replace("/pattern/config", "").replace("/outputs/artifacts/0", "")} ${/`[^`]*`/.exec(message)?.[0]}`,
  );
}

/** Reads each path in a template. */
const read = (...paths: readonly string[]): string => paths.map((path) => `{{ ${path} }}`).join(" ");

describe("names that templates read", () => {
  it.each<[name: string, pattern: PatternSpec, from: string, expected: string[]]>([
    [
      "chain",
      {
        type: "chain",
        config: {
          steps: [
            step(read("topic", "steps", "steps[0].response", "hitl_response")),
            { ...gate(read("steps[0].agent", "steps[0].type", "steps[1].response", "own")), prompt: "{{ steps }}" },
            {
              ...step(read("steps[1].prompt", "steps[1].agent", "hitl_response", "own", "last_response")),
              vars: { own: 1 },
            },
            step(read("steps[2]['response']", "steps[3]", "steps[7]", "steps[2].reponse")),
          ],
        },
      },
      read("steps[3].response", "steps[4]", "last_response", "TRACE", "name", "hitl_response"),
      [
        "never_defined /steps/0/input `steps[0]`",
        "never_defined /steps/0/input `hitl_response`",
        "undeclared_name /steps/1/prompt `steps`",
        "never_defined /steps/1/context_display `steps[0].type`",
        "never_defined /steps/1/context_display `steps[1]`",
        "never_defined /steps/1/context_display `own`",
        "never_defined /steps/2/input `steps[1].agent`",
        "never_defined /steps/2/input `last_response`",
        "never_defined /steps/3/input `steps[3]`",
        "never_defined /steps/3/input `steps[7]`",
        "never_defined /steps/3/input `steps[2].reponse`",
        "never_defined /from `steps[4]`",
        "never_defined /from `hitl_response`",
        "empty_trace /from `TRACE`",
      ],
    ],
    [
      "workflow",
      {
        type: "workflow",
        config: {
          tasks: [
            {
              id: "c",
              deps: ["a", "q"],
              ...step(read("tasks.a.response", "tasks.q.prompt", "hitl_response", "tasks.zz")),
            },
            { id: "a", ...step(read("tasks.b.response", "hitl_response", "tasks", "steps[0]")) },
            { id: "q", ...gate(read("tasks.a.response", "tasks.b.response")) },
            { id: "b", ...step(read("tasks.a.agent", "tasks.q.response", "hitl_response", "tasks.c.response")) },
            { id: "d.e", deps: ["c"], ...step(read("tasks['d.e']", "tasks.a.respnse", "tasks.b.response")) },
          ],
        },
      },
      read("tasks['d.e'].response", "tasks.zz"),
      [
        "never_defined /tasks/0/input `tasks.zz`",
        "never_defined /tasks/1/input `tasks.b`",
        "never_defined /tasks/1/input `hitl_response`",
        "never_defined /tasks/1/input `steps`",
        "never_defined /tasks/2/context_display `tasks.a`",
        "never_defined /tasks/2/context_display `tasks.b`",
        "never_defined /tasks/3/input `tasks.c`",
        "never_defined /tasks/4/input `tasks['d.e']`",
        "never_defined /tasks/4/input `tasks.a.respnse`",
        "never_defined /from `tasks.zz`",
      ],
    ],
    [
      "routing",
      {
        type: "routing",
        config: {
          router: {
            agent: "writer",
            input: read("topic", "router"),
            review_router: gate(read("router.response", "steps")),
          },
          routes: {
            // biome-ignore lint/suspicious/noThenProperty: a key of the format
            a: { then: [step(read("router.chosen_route", "router.route", "steps[0]"))] },
            // biome-ignore lint/suspicious/noThenProperty: a key of the format
            b: { then: [gate(""), step(read("hitl_response", "steps[0].prompt", "last_response"))] },
          },
        },
      },
      read("router.response", "chosen_route", "router_agent", "steps[1].response", "steps[2]"),
      [
        "never_defined /router/input `router`",
        "never_defined /router/review_router/context_display `steps`",
        "never_defined /routes/a/then/0/input `router.route`",
        "never_defined /routes/a/then/0/input `steps[0]`",
        "never_defined /routes/b/then/1/input `last_response`",
        "never_defined /from `steps[2]`",
      ],
    ],
    [
      "parallel",
      {
        type: "parallel",
        config: {
          branches: [
            {
              id: "a",
              steps: [step(read("last_response", "steps[0]")), step(read("last_response", "steps[0].response"))],
            },
            { id: "b-c", steps: [gate(""), step(read("hitl_response", "last_response", "branches"))] },
          ],
          reduce: {
            ...step(read("branches.a.response", "branches['b-c'].step_history", "branches.bc", "steps", "v")),
            vars: { v: 1 },
          },
        },
      },
      read("branches.a.response", "last_response", "branches.z"),
      [
        "never_defined /branches/0/steps/0/input `last_response`",
        "never_defined /branches/0/steps/0/input `steps[0]`",
        "never_defined /branches/1/steps/1/input `branches`",
        "never_defined /reduce/input `branches.bc`",
        "never_defined /reduce/input `steps`",
        "never_defined /from `branches.z`",
      ],
    ],
    [
      "evaluator_optimizer",
      {
        type: "evaluator_optimizer",
        config: {
          producer: "writer",
          evaluator: { agent: "writer", input: read("draft", "topic", "iteration", "evaluation.score") },
          accept: { min_score: 80 },
          revise_prompt: read("draft", "iteration", "evaluation.score", "evaluation.feedback", "hitl_response"),
          review_gate: gate(read("iterations[0].score", "current_evaluation.fixes", "draft")),
        },
      },
      read(
        "iterations",
        "final_score",
        "last_evaluation.score",
        "last_evaluation.grade",
        "termination_reason",
        "draft",
      ),
      [
        "never_defined /evaluator/input `iteration`",
        "never_defined /evaluator/input `evaluation`",
        "never_defined /revise_prompt `evaluation.feedback`",
        "never_defined /revise_prompt `hitl_response`",
        "never_defined /review_gate/context_display `draft`",
        "never_defined /from `last_evaluation.grade`",
        "never_defined /from `draft`",
      ],
    ],
    [
      "orchestrator_workers",
      {
        type: "orchestrator_workers",
        config: {
          orchestrator: { agent: "writer" },
          worker_template: { agent: "writer" },
          reduce_review: gate(read("workers[0].task", "worker_count", "hitl_response")),
          reduce: step(read("workers[0].response", "num_workers", "hitl_response", "reduce_response", "subtasks")),
          writeup: step(read("reduce_response", "round_count", "last_response", "writeup_response")),
        },
      },
      read("reduce_response", "writeup_response", "hitl_response", "worker_count"),
      [
        "never_defined /reduce_review/context_display `hitl_response`",
        "never_defined /reduce/input `reduce_response`",
        "undeclared_name /reduce/input `subtasks`",
        "never_defined /writeup/input `writeup_response`",
        "never_defined /from `worker_count`",
      ],
    ],
    [
      "graph",
      {
        type: "graph",
        config: {
          nodes: {
            a: step(read("nodes.b.response", "nodes.zz.response", "hitl_response", "last_response")),
            b: gate(""),
          },
          edges: [{ from: "a", choose: [{ when: "nodes.a.respons == topc or nodes.q", to: "b" }] }],
        },
      },
      read("nodes.b.prompt", "terminal_node", "timestamp", "iteration_counts.a", "hitl_response"),
      [
        "never_defined /nodes/a/input `nodes.zz`",
        "never_defined /nodes/a/input `last_response`",
        "never_defined /edges/0/choose/0/when `nodes.a.respons`",
        "undeclared_name /edges/0/choose/0/when `topc`",
        "never_defined /edges/0/choose/0/when `nodes.q`",
        "never_defined /from `hitl_response`",
      ],
    ],
  ])("are judged by what a %s gives at that place", (_, pattern, from, expected) => {
    expect(reported(pattern, from)).toEqual(expected);
  });

  it("are not reported when the template checks for them", () => {
    const checks = [
      "{{ steps[9].response | default('') }}",
      "{% if other is defined %}{{ other }}{% endif %}",
      "{% if steps[3] is defined and steps[3].response %}{{ steps[3].response }}{% endif %}",
      "{% if not last_response is defined %}none{% else %}{{ last_response }}{% endif %}",
      "{% for s in steps %}{{ s.anything }}{% endfor %}{% set x = 1 %}{{ x }}{{ range(2) }}",
    ];
    expect(reported({ type: "chain", config: { steps: checks.map(step) } })).toEqual([]);
  });

  it("say what to do, with the place in the text", () => {
    const pattern: PatternSpec = {
      type: "workflow",
      config: {
        tasks: [
          { id: "summary", ...step("{{ topc }}\n  {{ tasks.sumary }}{{ tasks.other }}{{ wholly_new }}") },
          {
            id: "other",
            deps: ["summary"],
            ...step("{{ tasks.sumary.response }}{{ wholly_new }} {{ last_response }}"),
          },
        ],
      },
    };
    expect(validateSpec(specOf(pattern)).map(({ message, suggestion }) => `${message} | ${suggestion}`)).toEqual([
      "`topc` is no declared input (line 1, column 4 of this text): without a value for it this fails when it is reached | did you mean `topic`?",
      "`tasks.sumary` can never have a value here (line 2, column 6 of this text): this fails when it is reached | `tasks` has nothing here yet",
      "`tasks.other` can never have a value here (line 2, column 24 of this text): this fails when it is reached | it is not done before this task: name it under `deps`, if it can be",
      "`wholly_new` is no declared input (line 2, column 41 of this text): without a value for it this fails when it is reached | declare `wholly_new` under `inputs`, or pass it as a variable",
      "`tasks.sumary` can never have a value here (line 1, column 4 of this text): this fails when it is reached | did you mean `tasks.summary`?",
      "`last_response` has no value here (line 1, column 48 of this text): without a value for it this fails when it is reached | the pattern gives `tasks` here",
    ]);
  });

  it("name the variable that settles it", () => {
    const issues = validateSpec(
      specOf({ type: "chain", config: { steps: [step("{{ a }}{{ last_response }}{{ steps[0] }}")] } }),
    );
    expect(issues.map(({ variable }) => variable)).toEqual(["a", "last_response", undefined]);
  });

  it("are listed with where their values come from", () => {
    const names = readNames(
      specOf(
        { type: "chain", config: { steps: [step("{{ topic }} {{ steps }}"), step("{{ steps[5] }} {{")] } },
        "{{ steps[0] }}",
      ),
    );
    expect(names.map(({ pointer, name, from }) => [pointer, name, from])).toEqual([
      ["/pattern/config/steps/0/input", "topic", "variable"],
      ["/pattern/config/steps/0/input", "steps", "pattern"],
      ["/outputs/artifacts/0/from", "steps", "pattern"],
    ]);
  });

  it("are judged in linear time, also where all is wrong", () => {
    const steps = Array.from({ length: 5000 }, (_, index) => step(`{{ nam${index} }}{{ steps[${index}] }}`));
    expect(validateSpec(specOf({ type: "chain", config: { steps } }))).toHaveLength(10_000);
    const names = Array.from({ length: 20_000 }, (_, index) => `{{ name${index} }}\n`).join("");
    expect(validateSpec(specOf({ type: "chain", config: { steps: [step(names)] } }))).toHaveLength(50);
  });
});
