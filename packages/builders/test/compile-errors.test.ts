import { expect, it } from "vitest";
import { completionsIn, messagesOf } from "./support/type-check.js";

const start = `
import { WorkflowClient } from "@strands/core";
import { WorkflowBuilder } from "@strands/builders";
declare const client: WorkflowClient;
declare const text: string;
const empty = new WorkflowBuilder("w");
const base = empty.withRuntime("openai", "m").addAgent("writer", "p").addAgent("editor", "p");
`;

/** Code, and what the compiler says about it; nothing when it compiles. */
const cases: readonly (readonly [code: string, sentence: string | undefined])[] = [
  // Agents
  [`base.chain().step("wrtier")`, "There is no agent `wrtier`. Declared: `writer` | `editor`"],
  [`empty.chain().step("writer")`, "There is no agent `writer`. Declared: none"],
  [`base.addAgent("writer", "again")`, "The agent `writer` is declared twice"],
  [`base.workflow().task("a", "nobody")`, "There is no agent `nobody`. Declared: `writer` | `editor`"],
  [`base.routing().router("nobody")`, "There is no agent `nobody`. Declared: `writer` | `editor`"],
  [
    `base.routing((r) => r.route("a", (s) => s.step("nobody")))`,
    "There is no agent `nobody`. Declared: `writer` | `editor`",
  ],
  [`base.parallel().reduce("nobody")`, "There is no agent `nobody`. Declared: `writer` | `editor`"],
  [`base.graph().node("a", "nobody")`, "There is no agent `nobody`. Declared: `writer` | `editor`"],
  [`base.evaluatorOptimizer().producer("nobody")`, "There is no agent `nobody`. Declared: `writer` | `editor`"],
  [`base.evaluatorOptimizer().evaluator("nobody")`, "There is no agent `nobody`. Declared: `writer` | `editor`"],
  [`base.orchestratorWorkers().orchestrator("nobody")`, "There is no agent `nobody`. Declared: `writer` | `editor`"],
  [`base.orchestratorWorkers().workerTemplate("nobody")`, "There is no agent `nobody`. Declared: `writer` | `editor`"],
  [`base.orchestratorWorkers().writeup("nobody")`, "There is no agent `nobody`. Declared: `writer` | `editor`"],
  [`base.chain().step(text)`, undefined],
  [`base.addAgent(text, "p").chain().step("any")`, undefined],
  // Tasks
  [
    `base.workflow().task("a", "writer").task("b", "writer", "", { deps: ["a", "c"] })`,
    "There is no task `c`. Declared: `a`",
  ],
  [`base.workflow().hitlTask("b", "?", { deps: ["a"] })`, "There is no task `a`. Declared: none"],
  [`base.workflow().task("a", "writer").hitlTask("a", "?")`, "The task `a` is declared twice"],
  [`base.workflow().forward("z").task("a", "writer", "", { deps: ["z"] }).task("z", "writer").build()`, undefined],
  [
    `base.workflow().forward("z").task("a", "writer", "", { deps: ["z"] }).build()`,
    "The task `z` was announced with forward() and is not declared",
  ],
  // Nodes
  [`base.graph().node("a", "writer").edge("a", "b")`, "There is no node `b`. Declared: `a`"],
  [`base.graph().node("a", "writer").edge("b", "a")`, "There is no node `b`. Declared: `a`"],
  [
    `base.graph().node("a", "writer").choose("a", [{ when: "else", to: "nowhere" }])`,
    "There is no node `nowhere`. Declared: `a`",
  ],
  [`base.graph().node("a", "writer").hitlNode("a", "?")`, "The node `a` is declared twice"],
  [`base.graph().node("a", "writer").nodeOrder("b")`, "There is no node `b`. Declared: `a`"],
  // Branches and routes
  [
    `base.parallel().branch("a", (s) => s.step("writer")).branch("a", (s) => s.step("writer"))`,
    "The branch `a` is declared twice",
  ],
  [
    `base.routing().route("a", (s) => s.step("writer")).route("a", (s) => s.step("writer"))`,
    "The route `a` is declared twice",
  ],
  [`base.routing().route("a", (s) => s.step("writer")).routeOrder("b")`, "There is no route `b`. Declared: `a`"],
  // What is missing
  [`empty.build()`, "The workflow has no runtime: call withRuntime(provider, modelId)"],
  [`empty.withRuntime("openai").chain().build()`, "The workflow has no agent: call addAgent(id, prompt)"],
  [`base.build()`, "The workflow has no pattern: call chain(), "],
  [`base.chain().build()`, "The chain has no step: call step(agent, input)"],
  [`base.chain((c) => c).build()`, "The chain has no step: call step(agent, input)"],
  [`base.workflow().build()`, "The workflow has no task: call task(id, agent, input)"],
  [
    `base.routing((r) => r.route("a", (s) => s.step("writer"))).build()`,
    "The routing has no router: call router(agent)",
  ],
  [`base.routing().router("writer").build()`, "The routing has no route: call route(name, steps)"],
  [
    `base.parallel().branch("a", (s) => s.step("writer")).build()`,
    "Parallel needs at least two branches: call branch(id, steps)",
  ],
  [`base.graph().build()`, "The graph has no node: call node(id, agent, input)"],
  [`base.graph().node("a", "writer").build()`, "The graph has no edge: call edge(from, to) or choose(from, choices)"],
  [`base.evaluatorOptimizer().build()`, "The evaluator-optimizer has no producer: call producer(agent)"],
  [
    `base.evaluatorOptimizer().producer("writer").build()`,
    "The evaluator-optimizer has no evaluator: call evaluator(agent)",
  ],
  [
    `base.evaluatorOptimizer().producer("writer").evaluator("editor").build()`,
    "Nothing says when a draft is good: call accept(minScore)",
  ],
  [`base.orchestratorWorkers().build()`, "There is no orchestrator: call orchestrator(agent)"],
  [
    `base.orchestratorWorkers().orchestrator("writer").build()`,
    "There is no worker template: call workerTemplate(agent)",
  ],
  // Options
  [`base.addAgent("a", "p", { modelid: "x" })`, "'modelid' does not exist"],
  [`base.chain().step("writer", "x", { toolOverride: [] })`, "'toolOverride' does not exist"],
  [`base.chain().hitl("?", { timeoutSecs: 1 })`, "'timeoutSecs' does not exist"],
  [`base.withBudgets({ max_steps: 1 })`, "'max_steps' does not exist"],
  [`base.declareInputs({ required: { topic: "text" } })`, `'"text"' is not assignable`],
  // Runs
  [
    `client.run(base.declareInputs({ required: { topic: "string" } }).chain().step("writer").build())`,
    "Expected 2 arguments, but got 1",
  ],
  [
    `client.run(base.chain().manualGate("review", "?").build()).then((r) => client.resume(r.sessionId, { interruptId: "reveiw" }))`,
    `Type '"reveiw"' is not assignable to type '"review" | InterruptId | undefined'. Did you mean`,
  ],
];

it("a mistake does not compile, and the message says so in words", () => {
  const said = messagesOf(cases.map(([code]) => `${start}${code};\nexport {};\n`));
  const wrong = cases.flatMap(([code, sentence], index) => {
    const messages = said[index] ?? [];
    const isRight =
      sentence === undefined ? messages.length === 0 : messages.length === 1 && messages[0]?.includes(sentence);
    return isRight ? [] : [{ code, sentence, messages }];
  });
  expect(wrong).toEqual([]);
}, 60_000);

it.each([
  [`base.chain().step("")`, ["writer", "editor"]],
  [`base.workflow().task("a", "writer").task("b", "writer", "", { deps: [""] })`, ["a"]],
  [`base.graph().node("a", "writer").node("b", "editor").edge("a", "")`, ["a", "b"]],
])(
  "editors complete the names in %s",
  (code, names) => {
    const offered = completionsIn(`${start}${code};\nexport {};\n`);
    expect(offered.filter((name) => !name.startsWith("There is no"))).toEqual(names);
  },
  60_000,
);
