import type { HitlStepSpec, PatternSpec, PatternType } from "../../src/spec/spec.js";

const ask = (shows: string): HitlStepSpec => ({ type: "hitl", prompt: "And now?", context_display: shows });

/** One small workflow of each pattern, with two questions in it where that can be. */
export const sampleWorkflows: Readonly<Record<PatternType, PatternSpec>> = {
  chain: {
    type: "chain",
    config: {
      steps: [
        { agent: "ann", input: "{{ topic }}" },
        ask("{{ steps[0].response }}"),
        { agent: "ann", input: "{{ hitl_response }}" },
        ask("{{ steps[2].response }}"),
        { agent: "ben", input: "{{ steps[0].response }} {{ hitl_response }}" },
      ],
    },
  },
  workflow: {
    type: "workflow",
    config: {
      tasks: [
        { id: "a", agent: "ann", input: "{{ topic }}" },
        { id: "b", ...ask("{{ topic }}") },
        { id: "c", deps: ["a"], ...ask("{{ tasks.a.response }}") },
        { id: "d", deps: ["b"], agent: "ann", input: "{{ tasks.b.response }}" },
        { id: "e", deps: ["c", "d"], agent: "ben", input: "{{ tasks.c.response }} {{ tasks.d.response }}" },
      ],
    },
  },
  routing: {
    type: "routing",
    config: {
      router: { agent: "ann", input: "{{ topic }}", review_router: ask("{{ router.chosen_route }}") },
      routes: Object.fromEntries(
        ["left", "right"].map((name) => {
          const steps = [{ agent: "ben", input: name }, ask("{{ steps[0].response }}"), { agent: "ben" }];
          // biome-ignore lint/suspicious/noThenProperty: a key of the format
          return [name, { then: steps }];
        }),
      ),
    },
  },
  parallel: {
    type: "parallel",
    config: {
      branches: [
        { id: "a", steps: [{ agent: "ann", input: "a" }, ask("{{ last_response }}"), { agent: "ann", input: "on" }] },
        { id: "b", steps: [ask("b"), { agent: "ann", input: "{{ hitl_response }}" }] },
      ],
      reduce: ask("{{ branches.a.response }} {{ branches.b.response }}"),
    },
  },
  evaluator_optimizer: {
    type: "evaluator_optimizer",
    config: {
      producer: "ann",
      evaluator: { agent: "ben" },
      accept: { min_score: 70, max_iters: 9 },
      review_gate: ask("{{ current_draft }}"),
    },
  },
  orchestrator_workers: {
    type: "orchestrator_workers",
    config: {
      orchestrator: { agent: "ann", limits: { max_workers: 2 } },
      worker_template: { agent: "ben" },
      decomposition_review: ask("{{ task_count }}"),
      reduce: ask("{{ num_workers }}"),
      writeup: { agent: "cy", input: "{{ reduce_response }}" },
    },
  },
  graph: {
    type: "graph",
    config: {
      nodes: {
        draft: { agent: "ann", input: "{{ topic }} {{ hitl_response }}" },
        check: ask("{{ nodes.draft.response }}"),
        done: { agent: "ben", input: "{{ nodes.draft.response }}" },
      },
      edges: [
        { from: "draft", to: ["check"] },
        {
          from: "check",
          choose: [
            { when: "nodes.check.iteration < 2", to: "draft" },
            { when: "else", to: "done" },
          ],
        },
      ],
    },
  },
};
