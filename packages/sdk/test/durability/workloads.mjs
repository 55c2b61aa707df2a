// What the child processes of the durability tests run: workflows whose answers depend on everything before.
import { nestedPauses } from "./nested-pauses.mjs";

const ask = (shows) => ({ type: "hitl", prompt: "And now?", context_display: shows });

const chain = {
  type: "chain",
  config: {
    steps: Array.from({ length: 20 }, (_, index) => ({
      agent: index % 3 === 0 ? "ben" : "ann",
      input: index === 0 ? "Begin with {{ topic }}." : `Step ${index} after {{ steps[${index - 1}].response }}`,
    })),
  },
};

const workflow = {
  type: "workflow",
  config: {
    tasks: [
      { id: "a", agent: "ann", input: "{{ topic }}" },
      { id: "b", agent: "ben", input: "{{ topic }}" },
      { id: "c", ...ask("{{ topic }}") },
      { id: "d", deps: ["a", "b"], agent: "ann", input: "{{ tasks.a.response }} {{ tasks.b.response }}" },
      { id: "e", deps: ["c"], agent: "ben", input: "{{ hitl_response }}" },
      { id: "f", deps: ["d", "e"], ...ask("{{ tasks.d.response }} {{ tasks.e.response }}") },
      { id: "g", deps: ["d", "f"], agent: "ann", input: "{{ tasks.d.response }} {{ tasks.f.response }}" },
    ],
  },
};

const routing = {
  type: "routing",
  config: {
    router: { agent: "ann", input: "{{ topic }}", review_router: ask("{{ router.chosen_route }}") },
    routes: Object.fromEntries(
      ["left", "the right/one"].map((name) => [
        name,
        {
          // biome-ignore lint/suspicious/noThenProperty: a key of the format
          then: [
            { agent: "ben", input: "{{ router.response }}" },
            ask("{{ steps[0].response }}"),
            { agent: "ben", input: "{{ hitl_response }}" },
            { agent: "ann", input: "{{ steps[2].response }}" },
          ],
        },
      ]),
    ),
  },
};

const parallel = {
  type: "parallel",
  config: {
    branches: ["a", "b", "c"].map((id, index) => ({
      id,
      steps: [
        { agent: "ann", input: `${id} {{ topic }}` },
        ...(index === 2 ? [] : [ask("{{ last_response }}")]),
        { agent: "ann", input: "{{ last_response }}" },
        { agent: "ben", input: "{{ steps[0].response }} {{ last_response }}" },
      ],
    })),
    reduce: { agent: "ben", input: "{% for id in branches %}{{ branches[id].response }} {% endfor %}" },
  },
};

const evaluatorOptimizer = {
  type: "evaluator_optimizer",
  config: {
    producer: "ann",
    evaluator: { agent: "ben" },
    accept: { min_score: 80, max_iters: 4 },
    review_gate: ask("{{ current_draft }}"),
  },
};

const orchestratorWorkers = {
  type: "orchestrator_workers",
  config: {
    orchestrator: { agent: "ann", limits: { max_workers: 2, max_rounds: 2 } },
    worker_template: { agent: "ben" },
    decomposition_review: ask("{{ task_count }}"),
    reduce: { agent: "ann", input: "{% for w in workers %}{{ w.response }} {% endfor %}" },
    writeup: ask("{{ reduce_response }}"),
  },
};

const graph = {
  type: "graph",
  config: {
    nodes: {
      plan: { agent: "ann", input: "{{ topic }}" },
      draft: { agent: "ben", input: "{{ nodes.plan.response }} {{ hitl_response }}" },
      check: ask("{{ nodes.draft.response }}"),
      done: { agent: "ann", input: "{{ nodes.draft.response }} {{ nodes.check.response }}" },
    },
    edges: [
      { from: "plan", to: ["draft"] },
      { from: "draft", to: ["check"] },
      {
        from: "check",
        choose: [
          { when: "nodes.check.iteration < 3", to: "draft" },
          { when: "else", to: "done" },
        ],
      },
    ],
  },
};

/** A template of what the steps of a pattern said. */
const reports = {
  chain: "{% for s in steps %}{{ s.response }}\n{% endfor %}",
  workflow: "{% for id in tasks %}{{ tasks[id].response }}\n{% endfor %}",
  routing: "{{ chosen_route }} {% for s in steps %}{{ s.response }}\n{% endfor %}",
  parallel: "{% for id in branches %}{{ branches[id].response }}\n{% endfor %}{{ last_response }}",
  evaluator_optimizer: "{% for h in history %}{{ h.score }} {{ h.draft }}\n{% endfor %}",
  orchestrator_workers: "{% for w in workers %}{{ w.response }}\n{% endfor %}{{ last_response }}",
  graph: "{% for id in nodes %}{{ nodes[id].response }}\n{% endfor %}{{ total_steps }}",
};

const specOf = (name, pattern) => ({
  version: 1,
  name,
  runtime: { provider: "test", max_parallel: 2 },
  inputs: { values: { topic: "rivers" } },
  agents: { ann: { prompt: "You are Ann." }, ben: { prompt: "You are Ben." } },
  pattern,
  outputs: { artifacts: [{ path: "report.md", from: reports[pattern.type] }] },
});

const patterns = {
  chain,
  workflow,
  routing,
  parallel,
  evaluator_optimizer: evaluatorOptimizer,
  orchestrator_workers: orchestratorWorkers,
  graph,
};

/** The workloads that stand for the patterns. */
export const patternNames = Object.keys(patterns);

/** The spec of a name: one for each pattern, and those with pauses at every depth. */
export function workload(name) {
  return specOf(name, { ...patterns, ...nestedPauses }[name]);
}

/** The pieces of a model's answer. */
export function answerTo(request) {
  // A digest of the conversation, so that one restored wrongly shows in every later answer.
  let hash = 7;
  for (const message of request.messages) {
    for (const character of message.content) hash = (Math.imul(hash, 31) + character.codePointAt(0)) >>> 0;
  }
  const [role, number] = request.stepKey.split("/");
  const list = [{ task: `part ${hash % 97}` }, { task: "another part" }, "a third"];
  if (role === "router") return ['{"route": ', '"the right/one"}'];
  if (role === "evaluation") return [`{"score": ${[60, 70, 90][number - 2]}`, ', "issues": ["too ', 'long"]}'];
  if (role === "orchestrator") return ["```json\n", JSON.stringify(list.slice(0, 4 - number)), "\n```"];
  return [request.stepKey, " ", request.messages.length.toString(), " ", hash.toString(16)];
}

/** What a person answers. */
export function answerOf({ stepKey, context, choices }) {
  return choices === undefined ? `to ${stepKey}: ${context.length}` : "approved";
}
