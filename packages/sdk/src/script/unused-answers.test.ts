import { compileSpec, type Spec } from "@strands/core";
import { expect, it } from "vitest";
import { createClient } from "../create-client.js";
import { createMemoryRepository } from "../index.js";
import { planOf } from "../plan/plan-of.js";
import { parseScript } from "./parse-script.js";
import { unusedAnswers } from "./unused-answers.js";

const agents = { a: { prompt: "p" }, b: { prompt: "q" }, idle: { prompt: "r" } };
const person = { type: "hitl", prompt: "Good?" } as const;
const step = (agent: string) => ({ agent, input: "x" });

function programOf(pattern: Spec["pattern"]) {
  return compileSpec({ version: 1, name: "n", runtime: { provider: "offline" }, agents, pattern });
}

const chain: Spec["pattern"] = { type: "chain", config: { steps: [step("a"), person, step("b")] } };
const graph: Spec["pattern"] = {
  type: "graph",
  config: {
    nodes: { write: step("a"), ask: person, "end/it": step("b") },
    edges: [
      { from: "write", to: ["ask"] },
      {
        from: "ask",
        choose: [
          { when: "{{ hitl_response == 'again' }}", to: "write" },
          { when: "else", to: "end/it" },
        ],
      },
    ],
  },
};
const evaluator: Spec["pattern"] = {
  type: "evaluator_optimizer",
  config: { producer: "a", evaluator: { agent: "b" }, accept: { min_score: 50, max_iters: 3 }, review_gate: person },
};
const orchestrator: Spec["pattern"] = {
  type: "orchestrator_workers",
  config: {
    orchestrator: { agent: "a", limits: { max_rounds: 2 } },
    worker_template: { agent: "b" },
    decomposition_review: person,
    reduce: step("a"),
  },
};
const routing: Spec["pattern"] = {
  type: "routing",
  // biome-ignore lint/suspicious/noThenProperty: a key of the format
  config: { router: { agent: "a" }, routes: { "one way": { then: [step("b"), person] } } },
};
const parallel: Spec["pattern"] = {
  type: "parallel",
  config: {
    branches: [
      { id: "x", steps: [step("a"), person] },
      { id: "y", steps: [step("b")] },
    ],
    reduce: step("b"),
  },
};
const workflow: Spec["pattern"] = {
  type: "workflow",
  config: {
    tasks: [
      { id: "one", agent: "a" },
      { id: "clarified", agent: "b" },
      { id: "ask", ...person },
    ],
  },
};
const nameless = { a: "A", idle: "never" };

/** Per pattern: keys that are wrong, each with what was meant. */
const wrongKeys: readonly (readonly [string, Spec["pattern"], Readonly<Record<string, string | undefined>>])[] = [
  ["chain", chain, { "stpes/0": "steps/0", "steps/3": "steps/0" }],
  [
    "graph",
    graph,
    { "nodes/write": "nodes/write/1", "nodes/write/0": "nodes/write/1", "nodes/wrote/2": "nodes/write/1" },
  ],
  ["evaluator", evaluator, { "evaluation/1": "evaluation/2", draft: "draft/1", revision: "draft/2" }],
  ["orchestrator", orchestrator, { "workers/1": "workers/1/0", orchestrator: "orchestrator/1", reduced: "reduce" }],
  [
    "routing",
    routing,
    { router: "router/0", "routes/one way/then/0": undefined, "route/one way/0": "routes/one way/0" },
  ],
  ["parallel", parallel, { "branches/x": "branches/x/0", "branch/y/0": "branches/y/0" }],
  ["workflow", workflow, { "task/one": "tasks/one", "tasks/two": "tasks/one" }],
];

it.each(wrongKeys)("names keys that no step of a %s asks for, with what was meant", (_, pattern, wrong) => {
  const script = parseScript({ ...nameless, ...Object.fromEntries(Object.keys(wrong).map((key) => [key, "x"])) }, "s");
  expect(unusedAnswers(script, planOf(programOf(pattern)))).toEqual([
    { key: "idle", reason: "the agent works in no step", suggestion: "Let a step use it, or leave the key out." },
    ...Object.entries(wrong).map(([key, meant]) => ({
      key,
      reason: "no step and no agent has this key",
      suggestion: meant === undefined ? "`strands plan` shows the key of every step." : `Did you mean \`${meant}\`?`,
    })),
  ]);
});

it("says where a person is asked", () => {
  const keysOf = (pattern: Spec["pattern"], ...keys: readonly string[]) =>
    unusedAnswers(parseScript(Object.fromEntries(keys.map((key) => [key, "x"])), "s"), planOf(programOf(pattern)));
  const asked = { reason: "a person is asked there, and a script answers for agents" };
  expect(keysOf(chain, "steps/1", "steps/1@2")).toMatchObject([asked, asked]);
  expect(keysOf(graph, "nodes/ask/2", "nodes/ask/2/before@2")).toMatchObject([{ key: "nodes/ask/2", ...asked }]);
});

/** Runs a workflow in which every question is sent back once; gives the keys of all turns of agents. */
async function keysAskedFor(pattern: Spec["pattern"], script: unknown): Promise<readonly string[]> {
  const sessions = createMemoryRepository();
  await using client = createClient({ sessions, script: parseScript(script, "s"), env: {} });
  let result = await client.run(programOf(pattern), { sessionId: "s" });
  const sentBack = new Set<string>();
  while (result.status === "paused") {
    const [question] = result.interrupts;
    if (question === undefined) break;
    const place = question.stepKey.replace(/@.*/, "");
    const again = question.revisable === true && !sentBack.has(place);
    sentBack.add(place);
    const answer = again ? ({ response: "better", action: "modify" } as const) : { response: "fine" };
    result = await client.resume("s", { ...answer, interruptId: question.id }).result;
  }
  expect(result.status).toBe("completed");
  const { entries } = await sessions.load("s");
  return entries.flatMap(({ kind, key }) => (kind === "model" ? [key.replace(/\/model\/\d+$/, "")] : []));
}

const low = JSON.stringify({ score: 1 });
it.each([
  ["chain", chain, {}, ["steps/0@1.2"]],
  ["graph", graph, {}, ["nodes/ask/1/before@2", "nodes/end%2Fit/1"]],
  [
    "evaluator",
    evaluator,
    { b: [low, "what?", low, JSON.stringify({ score: 90 })] },
    ["draft/2", "evaluation/3/clarified"],
  ],
  [
    "orchestrator",
    orchestrator,
    { a: ["[", '["t"]', '["u", "v"]'] },
    ["orchestrator/1@2", "orchestrator/1/clarified/1", "workers/1/1"],
  ],
  ["routing", routing, { a: ["what?", '{"route": "one way"}'] }, ["router/1", "routes/one way/0@1.2"]],
  ["parallel", parallel, {}, ["branches/x/0@1.2"]],
  ["workflow", workflow, {}, ["tasks/clarified"]],
] as const)("knows every key that a run of a %s asks for", async (_, pattern, script, some) => {
  const plan = planOf(programOf(pattern));
  const keys = await keysAskedFor(pattern, script);
  expect(keys).toEqual(expect.arrayContaining([...some]));
  expect(unusedAnswers(parseScript(Object.fromEntries(keys.map((key) => [key, "x"])), "s"), plan)).toEqual([]);
  const first = plan.units.filter(({ kind, times }) => kind === "agent" && times.least > 0);
  expect(keys).toEqual(expect.arrayContaining(first.map(({ firstKey }) => firstKey)));
});
