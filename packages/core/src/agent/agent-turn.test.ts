import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { crashAt } from "../../test/support/faulty-repository.js";
import { scriptedModel, toolCall } from "../../test/support/scripted-model.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import type { BudgetsSpec, Spec, StepSpec } from "../spec/spec.js";

const usage = (inputTokens: number, outputTokens: number) =>
  ({ type: "usage", usage: { inputTokens, outputTokens } }) as const;
const limited = (steps: readonly (string | StepSpec)[], budgets: BudgetsSpec): Spec =>
  chainSpec(steps, { runtime: { provider: "scripted", budgets } });

describe("a conversation", () => {
  it("goes on when the same agent is asked again, and is not shared with another agent", async () => {
    const model = scriptedModel((_, call) => `answer ${call}`);
    const spec = chainSpec(["one", { agent: "critic", input: "judge" }, "two"], {
      agents: { writer: { prompt: "W" }, critic: { prompt: "C" } },
    });
    await bench({ model }).client.run(spec);
    expect(model.requests[1]?.messages).toEqual([{ role: "user", content: "judge" }]);
    expect(model.requests[2]?.messages).toEqual([
      { role: "user", content: "one" },
      { role: "assistant", content: "answer 0" },
      { role: "user", content: "two" },
    ]);
  });

  it("is the same after a resume as without one, tool calls included", async () => {
    const tools = [{ name: "t", description: "d", inputSchema: {}, execute: () => ({ n: 1 }) }];
    const script = [[toolCall("t")], "first", "second"];
    const steps = ["one", ask(), "two"];
    const whole = scriptedModel(script);
    await bench({ model: whole, tools }).client.run(chainSpec(steps), { onInterrupt: () => "go" });

    const before = scriptedModel(script);
    const first = bench({ model: before, tools });
    await first.client.run(chainSpec(steps));
    const after = scriptedModel(["second"]);
    const result = await first.again({ model: after }).client.resume("session-1", { response: "go" }).result;
    expect(result.status).toBe("completed");
    expect(after.requests).toHaveLength(1);
    expect(after.requests[0]?.messages).toEqual(whole.requests[2]?.messages);
  });

  it("is continued in the middle of a turn after a crash between a tool and the next model call", async () => {
    const tools = [{ name: "t", description: "d", inputSchema: {}, execute: () => "fact" }];
    const first = bench({ model: scriptedModel([[toolCall("t")], "lost"]), tools });
    first.sessions.onAppend(crashAt(5));
    expect((await errorOf(first.client.run(chainSpec(["one"])))).code).toBe("SESSION_STORAGE");
    first.sessions.onAppend(() => "works");
    const model = scriptedModel(["kept"]);
    const again = first.again({ model }).listen();
    expect(await again.client.resume("session-1").result).toMatchObject({ status: "completed", lastResponse: "kept" });
    expect(model.requests[0]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(again.of("step_complete").map(({ replayed }) => replayed)).toEqual([false]);
  });
});

describe("a turn", () => {
  it.each([undefined, "", "  \n", "{{ '' }}", "{# nothing #}"])(
    "asks the agent to go on when the input is %j",
    async (input) => {
      const model = scriptedModel(["ok"]);
      await bench({ model }).client.run(chainSpec([{ agent: "writer", ...(input === undefined ? {} : { input }) }]));
      expect(model.requests[0]?.messages).toEqual([{ role: "user", content: "Please proceed with your task." }]);
    },
  );

  it("tells when it begins and ends, and that it was replayed on resume", async () => {
    const spec = chainSpec(["one", ask(), "two"]);
    const first = bench().listen();
    await first.client.run(spec);
    expect(first.of("step_start").map(({ stepKey, agentId, input }) => [stepKey, agentId, input])).toEqual([
      ["steps/0", "writer", "one"],
    ]);
    expect(first.of("step_complete").map(({ stepKey, response, replayed }) => [stepKey, response, replayed])).toEqual([
      ["steps/0", "steps/0: one", false],
    ]);
    const second = first.again().listen();
    await second.client.resume("session-1", { response: "go" }).result;
    expect(second.of("step_start").map(({ stepKey }) => stepKey)).toEqual(["steps/2"]);
    expect(second.of("token").map(({ stepKey }) => stepKey)).toEqual(["steps/2"]);
    expect(second.of("step_complete").map(({ stepKey, replayed }) => [stepKey, replayed])).toEqual([
      ["steps/0", true],
      ["steps/2", false],
    ]);
  });

  it("does not begin when the run is cancelled while the one before is being recorded", async () => {
    const { client, sessions, of } = bench().listen();
    const run = client.start(chainSpec(["one", "two"]));
    sessions.onAppend((entries) => {
      if (entries.some(({ kind }) => kind === "model")) run.cancel();
      return "works";
    });
    expect((await run.result).status).toBe("cancelled");
    await client.close();
    expect(of("step_start").map(({ stepKey }) => stepKey)).toEqual(["steps/0"]);
    expect((await sessions.journal()).slice(1)).toEqual(["model steps/0/model/0", "run.cancelled run/run-1/end"]);
  });

  it("counts the words of its prompt and answer for templates", async () => {
    const model = scriptedModel(["three words here", "{{ done"]);
    const spec = chainSpec(["two words", "{{ steps[0].tokens_estimated }}"]);
    await bench({ model }).client.run(spec);
    expect(model.requests[1]?.messages.at(-1)).toEqual({ role: "user", content: "5" });
  });
});

describe("the budget max_steps", () => {
  it("is enough for exactly that many steps", async () => {
    expect((await bench().client.run(limited(["1", "2", "3"], { max_steps: 3 }))).status).toBe("completed");
  });

  it("stops the session before one more, which asks no model", async () => {
    const model = scriptedModel((_, call) => `${call}`);
    const { client, sessions } = bench({ model });
    const result = await client.run(limited(["1", "2", "3", "4"], { max_steps: 3 }));
    expect(result).toMatchObject({
      status: "failed",
      error: { code: "RUN_BUDGET_EXCEEDED", stepKey: "steps/3", details: { budget: "max_steps", used: 3, limit: 3 } },
    });
    expect(model.requests).toHaveLength(3);
    expect((await sessions.journal()).filter((line) => line.startsWith("model"))).toHaveLength(3);
  });

  it("holds over resumes, and a raised limit lets the session end", async () => {
    const first = bench();
    await first.client.run(limited(["1", "2", "3"], { max_steps: 2 }));
    const again = first.again({ model: scriptedModel([]) });
    expect(await again.client.resume("session-1").result).toMatchObject({
      status: "failed",
      error: { code: "RUN_BUDGET_EXCEEDED" },
    });
    const raised = first.again();
    expect(await raised.client.resume("session-1", { budgets: { max_steps: 3 } }).result).toMatchObject({
      status: "completed",
    });
  });

  it("does not count an attempt that failed, a HITL step or a replay", async () => {
    const spec = limited(["1", ask(), "2"], { max_steps: 2 });
    const first = bench({ model: scriptedModel([new Error("down")]) });
    expect((await first.client.run(spec)).status).toBe("failed");
    const second = first.again({ model: undefined });
    expect((await second.client.resume("session-1").result).status).toBe("paused");
    expect((await second.client.resume("session-1", { response: "go" }).result).status).toBe("completed");
  });

  it("counts a turn with tools as one step", async () => {
    const tools = [{ name: "t", description: "d", inputSchema: {}, execute: () => 1 }];
    const model = scriptedModel([[toolCall("t")], [toolCall("t")], "end"]);
    expect((await bench({ model, tools }).client.run(limited(["1"], { max_steps: 1 }))).status).toBe("completed");
  });

  it("is warned about once", async () => {
    const { client, of } = bench().listen();
    await client.run(limited(["1", "2", "3", "4", "5"], { max_steps: 5, warn_threshold: 0.6 }));
    expect(of("budget_warning").map(({ budget, used, limit }) => [budget, used, limit])).toEqual([["max_steps", 3, 5]]);
  });
});

describe("the budget max_tokens", () => {
  it("stops before the next call once the provider's count has reached it", async () => {
    const model = scriptedModel(() => ["x", usage(30, 20)]);
    const { client, of } = bench({ model }).listen();
    const result = await client.run(limited(["1", "2", "3", "4"], { max_tokens: 100 }));
    expect(result).toMatchObject({
      status: "failed",
      usage: { inputTokens: 60, outputTokens: 40 },
      error: { code: "RUN_BUDGET_EXCEEDED", details: { budget: "max_tokens", used: 100, limit: 100 } },
    });
    expect(model.requests).toHaveLength(2);
    expect(of("budget_warning")).toEqual([]);
  });

  it("counts words when the provider does not count", async () => {
    const model = scriptedModel(() => "two words");
    expect(await bench({ model }).client.run(limited(["1", "2", "3"], { max_tokens: 6 }))).toMatchObject({
      status: "failed",
      usage: { inputTokens: 2, outputTokens: 4 },
    });
    expect(
      (await bench({ model: scriptedModel(() => "two words") }).client.run(limited(["1", "2", "3"], { max_tokens: 7 })))
        .status,
    ).toBe("completed");
  });

  it("holds between the calls of one turn, and a resume with more goes on behind the tool", async () => {
    let calls = 0;
    const tools = [{ name: "t", description: "d", inputSchema: {}, execute: () => ++calls }];
    const first = bench({ model: scriptedModel([[toolCall("t"), usage(50, 50)]]), tools });
    expect(await first.client.run(limited(["1"], { max_tokens: 100 }))).toMatchObject({
      status: "failed",
      error: { code: "RUN_BUDGET_EXCEEDED" },
    });
    const again = first.again({ model: scriptedModel(["end"]) });
    const result = await again.client.resume("session-1", { budgets: { max_tokens: 200 } }).result;
    expect(result).toMatchObject({ status: "completed", lastResponse: "end" });
    expect(calls).toBe(1);
  });

  it("is warned about", async () => {
    const { client, of } = bench({ model: scriptedModel(() => ["x", usage(15, 15)]) }).listen();
    await client.run(limited(["1", "2", "3", "4"], { max_tokens: 110, warn_threshold: 0.5 }));
    expect(of("budget_warning").map(({ budget, used, limit }) => [budget, used, limit])).toEqual([
      ["max_tokens", 60, 110],
    ]);
  });
});
