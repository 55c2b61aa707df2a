import { describe, expect, it } from "vitest";
import { manualClock } from "../../test/support/clocks.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { agent, bench, chainSpec } from "../../test/support/workflows.js";
import { nextTurn } from "../platform/next-turn.js";
import type { BudgetsSpec, PatternSpec, PatternType } from "../spec/spec.js";

const step = (input: string, name = "writer") => ({ agent: name, input });

/** Every pattern with exactly four agent steps, each with one model call; three of them come before the last. */
const patterns: { readonly [T in PatternType]: Extract<PatternSpec, { readonly type: T }>["config"] } = {
  chain: { steps: [step("1"), step("2"), step("3"), step("4")] },
  workflow: {
    tasks: [
      { id: "a", ...step("1") },
      { id: "b", deps: ["a"], ...step("2") },
      { id: "c", deps: ["a"], ...step("3") },
      { id: "d", deps: ["b", "c"], ...step("4") },
    ],
  },
  routing: {
    router: { agent: "router" },
    // biome-ignore lint/suspicious/noThenProperty: a key of the format
    routes: { only: { then: [step("2"), step("3"), step("4")] } },
  },
  parallel: {
    branches: ["1", "2", "3"].map((id) => ({ id, steps: [step(id)] })),
    reduce: step("4"),
  },
  evaluator_optimizer: {
    producer: "writer",
    evaluator: { agent: "judge" },
    accept: { min_score: 90, max_iters: 2 },
  },
  orchestrator_workers: {
    orchestrator: { agent: "planner" },
    worker_template: { agent: "writer" },
    reduce: step("4"),
  },
  graph: {
    nodes: { loop: step("1"), end: step("4") },
    edges: [
      {
        from: "loop",
        choose: [
          { when: "nodes.loop.iteration < 3", to: "loop" },
          { when: "else", to: "end" },
        ],
      },
    ],
  },
};

const types = Object.keys(patterns) as readonly PatternType[];
const specOf = (type: PatternType, budgets: BudgetsSpec) =>
  chainSpec([], {
    runtime: { provider: "scripted", budgets },
    agents: { writer: agent(), router: agent(), judge: agent(), planner: agent() },
    pattern: { type, config: patterns[type] } as PatternSpec,
  });

/** Answers as each agent should, ten tokens a call; what happens before an answer is the test's to say. */
function answering(before: (attempt: number) => void | Promise<void> = () => {}) {
  return scriptedModel(async ({ agentId, stepKey, attempt }) => {
    await before(attempt);
    const texts: Readonly<Record<string, string>> = {
      router: '{"route": "only"}',
      planner: '[{"task": "2"}, {"task": "3"}]',
      judge: JSON.stringify({ score: stepKey === "evaluation/2" ? 10 : 95, issues: [], fixes: [] }),
    };
    return [texts[agentId] ?? `text of ${stepKey}`, { type: "usage", usage: { inputTokens: 7, outputTokens: 3 } }];
  });
}

describe.each(types)("the pattern %s", (type) => {
  it("keeps max_steps over the whole session, warns once a run, and goes on with a raised limit", async () => {
    const model = answering();
    const first = bench({ model }).listen();
    expect(await first.client.run(specOf(type, { max_steps: 3 }))).toMatchObject({
      status: "failed",
      error: { code: "RUN_BUDGET_EXCEEDED", details: { budget: "max_steps", used: 3, limit: 3 } },
    });
    expect(first.of("budget_warning").map(({ used, limit }) => [used, limit])).toEqual([[3, 3]]);
    expect(await first.client.resume("session-1").result).toMatchObject({
      status: "failed",
      error: { code: "RUN_BUDGET_EXCEEDED", details: { used: 3, limit: 3 } },
    });
    expect(model.requests).toHaveLength(3);
    const raised = first.again({ model }).client.resume("session-1", { budgets: { max_steps: 4 } });
    expect(await raised.result).toMatchObject({
      status: "completed",
      usage: { inputTokens: 28, outputTokens: 12 },
    });
    expect(new Set(model.requests.map(({ stepKey }) => stepKey)).size).toBe(4);
    expect(model.requests).toHaveLength(4);
  });

  it("lets a session of exactly max_steps succeed", async () => {
    expect((await bench({ model: answering() }).client.run(specOf(type, { max_steps: 4 }))).status).toBe("completed");
  });

  it("keeps max_tokens as the provider reports them, warns once, and goes on with a raised limit", async () => {
    const model = answering();
    const { client, of } = bench({ model }).listen();
    expect(await client.run(specOf(type, { max_tokens: 25 }))).toMatchObject({
      status: "failed",
      error: { code: "RUN_BUDGET_EXCEEDED", details: { budget: "max_tokens", used: 30, limit: 25 } },
    });
    expect(of("budget_warning").map(({ budget, used, limit }) => [budget, used, limit])).toEqual([
      ["max_tokens", 20, 25],
    ]);
    expect((await client.resume("session-1", { budgets: { max_tokens: 31 } }).result).status).toBe("completed");
    expect(model.requests).toHaveLength(4);
  });

  it("keeps max_duration_s over the whole session, warns once, and goes on with a raised limit", async () => {
    const clock = manualClock();
    const model = answering(async () => {
      clock.advance(10_000);
      await nextTurn();
    });
    const first = bench({ model, clock }).listen();
    expect(await first.client.run(specOf(type, { max_duration_s: 35 }))).toMatchObject({
      status: "failed",
      error: { code: "RUN_BUDGET_EXCEEDED", details: { budget: "max_duration_s", limit: 35 } },
    });
    expect(first.of("budget_warning").map(({ budget }) => budget)).toEqual(["max_duration_s"]);
    expect(await first.client.resume("session-1").result).toMatchObject({ error: { code: "RUN_BUDGET_EXCEEDED" } });
    const raised = first.client.resume("session-1", { budgets: { max_duration_s: 300 } });
    expect((await raised.result).status).toBe("completed");
    expect(clock.sleeping).toBe(0);
  });

  it("tries every call again that fails for now, and tells of each attempt", async () => {
    const model = answering((attempt) => {
      if (attempt === 1) throw Object.assign(new Error("busy"), { status: 503 });
    });
    const { client, of } = bench({ model }).listen();
    expect((await client.run(specOf(type, {}))).status).toBe("completed");
    const keys = of("step_start").map(({ stepKey }) => stepKey);
    expect(keys).toHaveLength(4);
    expect(
      of("step_retry")
        .map(({ stepKey, attempt }) => `${stepKey} ${attempt}`)
        .sort(),
    ).toEqual(keys.map((key) => `${key} 1`).sort());
  });
});

it("refuses the branch that is one too many, and runs what was stopped by it later", async () => {
  const model = answering();
  const { client } = bench({ model });
  const failed = await client.run(specOf("parallel", { max_steps: 2 }));
  expect(failed).toMatchObject({ status: "failed", error: { code: "RUN_BUDGET_EXCEEDED", stepKey: "branches/3/0" } });
  expect(await client.resume("session-1", { budgets: { max_steps: 4 } }).result).toMatchObject({
    status: "completed",
    context: { branches: { 1: { response: "text of branches/1/0" }, 3: { response: "text of branches/3/0" } } },
  });
});

it("a step that is refused leaves those beside it to end: what they cost is kept, and a raised limit goes on from there", async () => {
  const branches = Array.from({ length: 6 }, (_, index) => ({ id: `b${index}`, steps: [step(`${index}`)] }));
  const spec = chainSpec([], {
    runtime: { provider: "scripted", budgets: { max_steps: 4 } },
    pattern: { type: "parallel", config: { branches } },
  });
  const model = scriptedModel(async () => {
    await nextTurn();
    return "ok";
  });
  const first = bench({ model });
  expect(await first.client.run(spec)).toMatchObject({ status: "failed", error: { code: "RUN_BUDGET_EXCEEDED" } });
  expect(await first.client.resume("session-1").result).toMatchObject({ error: { code: "RUN_BUDGET_EXCEEDED" } });
  expect(model.requests).toHaveLength(4);
  const raised = await first.client.resume("session-1", { budgets: { max_steps: 6 } }).result;
  expect(raised.status).toBe("completed");
  expect(model.requests).toHaveLength(6);
});

it("a session that has worked for all its time begins nothing on a resume", async () => {
  const clock = manualClock();
  const model = scriptedModel(() => {
    clock.advance(2_000);
    return "ok";
  });
  const spec = chainSpec(["one", "two"], { runtime: { provider: "scripted", budgets: { max_duration_s: 1 } } });
  const first = bench({ model, clock });
  expect(await first.client.run(spec)).toMatchObject({ status: "failed", error: { code: "RUN_BUDGET_EXCEEDED" } });
  const before = model.requests.length;
  expect(await first.client.resume("session-1").result).toMatchObject({ error: { code: "RUN_BUDGET_EXCEEDED" } });
  expect(model.requests).toHaveLength(before);
});
