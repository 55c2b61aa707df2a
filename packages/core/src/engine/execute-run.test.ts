import { describe, expect, it } from "vitest";
import { manualClock } from "../../test/support/clocks.js";
import { errorOf } from "../../test/support/error-of.js";
import { crashAt, crashOnKind } from "../../test/support/faulty-repository.js";
import { gate } from "../../test/support/gate.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import type { ModelFunction } from "../model/model.js";
import type { BudgetsSpec } from "../spec/spec.js";

const lasting = (max_duration_s: number, more: BudgetsSpec = {}) => ({
  runtime: { provider: "scripted", budgets: { max_duration_s, ...more } },
});

/** A model whose calls wait until the test answers them. */
function waiting() {
  const calls: ReturnType<typeof gate<string>>[] = [];
  let reached = gate();
  const model: ModelFunction = async function* () {
    const call = gate<string>();
    calls.push(call);
    reached.open();
    yield await call.promise;
  };
  return {
    model,
    calls,
    async next() {
      await reached.promise;
      reached = gate();
      return calls.at(-1);
    },
  };
}

describe("how a run ends", () => {
  it("says what it used, how long it took and with which variables", async () => {
    const { model, next } = waiting();
    const clock = manualClock();
    const { client, sessions } = bench({ model, clock });
    const run = client.start(chainSpec(["a b"]), { variables: { topic: "tea" } });
    const call = await next();
    clock.advance(1234);
    call?.open("c d e");
    expect(await run.result).toMatchObject({
      status: "completed",
      sessionId: "session-1",
      runId: "run-1",
      durationMs: 1234,
      usage: { inputTokens: 2, outputTokens: 3 },
      variables: { topic: "tea" },
    });
    expect((await sessions.entries()).at(-1)).toMatchObject({
      kind: "run.completed",
      key: "run/run-1/end",
      body: { runId: "run-1", lastResponse: "c d e", agentId: "writer" },
    });
  });

  it("holds the records of its pattern under their own name, too", async () => {
    const result = await bench().client.run(chainSpec(["one", "two"]));
    if (result.status !== "completed") throw new Error(result.status);
    expect(result).toMatchObject({ steps: [{ index: 0 }, { index: 1 }] });
    expect(result.steps).toBe(result.context["steps"]);
    expect(result).not.toHaveProperty("tasks");
  });

  it("tells its story in order", async () => {
    const { client, events } = bench().listen();
    await client.run(chainSpec(["one", "two"]));
    expect(events.map(({ type }) => type)).toEqual([
      "workflow_start",
      "step_start",
      "token",
      "step_complete",
      "step_start",
      "token",
      "step_complete",
      "workflow_complete",
    ]);
    expect(events[0]).toMatchObject({
      resumed: false,
      stepCount: 2,
      sessionId: "session-1",
      runId: "run-1",
      workflowName: "test-flow",
    });
  });

  it("records a failure with its code and hint, and shows it in the list", async () => {
    const { client, sessions, of } = bench({ model: scriptedModel([new Error("down")]) }).listen();
    const result = await client.run(chainSpec(["one"]));
    const error = {
      name: "RunError",
      code: "RUN_STEP_FAILED",
      message: "Step `steps/0` (agent `writer`) failed: down",
      hint: "Mend the cause, then resume the session: finished steps are not run again.",
      details: { agentId: "writer", attempt: 1 },
    };
    expect(result).toMatchObject({ status: "failed", error });
    expect((await sessions.entries()).at(-1)?.body).toEqual({ runId: "run-1", error });
    expect(of("workflow_error").map((event) => event.error)).toEqual([error]);
    expect((await sessions.list()).sessions[0]).toMatchObject({ status: "failed", error: error.message });
  });

  it("is not decided when it cannot be recorded: the result rejects, no event lies", async () => {
    for (const [kind, told] of [
      ["run.completed", "workflow_complete"],
      ["run.paused", "workflow_paused"],
    ] as const) {
      const { client, sessions, events } = bench().listen();
      sessions.onAppend(crashOnKind(kind));
      expect((await errorOf(client.run(chainSpec(kind === "run.paused" ? [ask()] : ["one"])))).code).toBe(
        "SESSION_STORAGE",
      );
      expect(events.map(({ type }) => type)).not.toContain(told);
    }
  });

  it("asks no model again once something could not be recorded", async () => {
    const model = scriptedModel((_, call) => `${call}`);
    const { client, sessions } = bench({ model });
    sessions.onAppend(crashAt(3));
    expect((await errorOf(client.run(chainSpec(["one", "two", "three"])))).code).toBe("SESSION_STORAGE");
    expect(model.requests).toHaveLength(2);
    expect(await sessions.journal()).toEqual(["run.started run/run-1", "model steps/0/model/0"]);
    expect(sessions.claims).toEqual({ opened: 1, released: 1 });
  });
});

describe("the budget max_duration_s", () => {
  it("stops a run when its time is up, also in the middle of a call, with a warning before", async () => {
    const { model, next } = waiting();
    const clock = manualClock();
    const { client, of } = bench({ model, clock }).listen();
    const run = client.start(chainSpec(["one"], lasting(10)));
    await next();
    clock.advance(7999);
    await Promise.resolve();
    expect(of("budget_warning")).toEqual([]);
    clock.advance(1);
    await Promise.resolve();
    await Promise.resolve();
    expect(of("budget_warning").map(({ budget, used, limit }) => [budget, used, limit])).toEqual([
      ["max_duration_s", 8, 10],
    ]);
    clock.advance(2000);
    expect(await run.result).toMatchObject({
      status: "failed",
      error: { code: "RUN_BUDGET_EXCEEDED", details: { budget: "max_duration_s", used: 10, limit: 10 } },
    });
  });

  it("leaves nothing waiting when the run ends in time", async () => {
    const clock = manualClock();
    const { client } = bench({ clock });
    expect((await client.run(chainSpec(["one"], lasting(10)))).status).toBe("completed");
    expect(clock.sleeping).toBe(0);
  });

  it("counts the work of earlier runs, and not the time between them", async () => {
    const clock = manualClock();
    const spec = chainSpec(["one", ask(), "two"], lasting(10));
    const before = waiting();
    const first = bench({ model: before.model, clock });
    const run = first.client.start(spec);
    const call = await before.next();
    clock.advance(6000);
    call?.open("done");
    expect((await run.result).status).toBe("paused");

    clock.advance(3_600_000);
    await first.client.answer("session-1", { response: "go" });
    clock.advance(3_600_000);
    const after = waiting();
    const resumed = first.again({ model: after.model }).client.resume("session-1");
    await after.next();
    clock.advance(3999);
    await Promise.resolve();
    expect(clock.sleeping).toBe(1);
    clock.advance(1);
    expect(await resumed.result).toMatchObject({ status: "failed", error: { code: "RUN_BUDGET_EXCEEDED" } });

    const last = waiting();
    const raised = first.again({ model: last.model }).client.resume("session-1", { budgets: { max_duration_s: 100 } });
    (await last.next())?.open("end");
    expect(await raised.result).toMatchObject({ status: "completed", lastResponse: "end" });
  });
});

describe("the budget max_duration_s and people at hand", () => {
  const spec = chainSpec(["one", ask(), "two"], lasting(10));

  /** Runs until the handler is asked. */
  async function asked(given: { readonly clock: ReturnType<typeof manualClock> }) {
    const answer = gate<string>();
    const question = gate();
    const { model, next } = waiting();
    const first = bench({ model, clock: given.clock }).listen();
    const run = first.client.start(spec, {
      onInterrupt: () => {
        question.open();
        return answer.promise;
      },
    });
    const call = await next();
    given.clock.advance(6000);
    call?.open("done");
    await question.promise;
    return { first, run, answer, next };
  }

  it("does not count the time in which nothing but a person is waited for, in this run and in later ones", async () => {
    const clock = manualClock();
    const { first, run, answer, next } = await asked({ clock });
    expect(clock.sleeping).toBe(0);
    clock.advance(3_600_000);
    answer.open("go");
    await next();
    clock.advance(1999);
    await Promise.resolve();
    expect(first.of("budget_warning")).toEqual([]);
    clock.advance(1);
    await Promise.resolve();
    await Promise.resolve();
    expect(first.of("budget_warning")).toHaveLength(1);
    clock.advance(1000);
    run.cancel();
    expect((await run.result).status).toBe("cancelled");
    expect(clock.sleeping).toBe(0);

    const after = waiting();
    const resumed = first.again({ model: after.model }).client.resume("session-1");
    await after.next();
    clock.advance(999);
    await Promise.resolve();
    expect(clock.sleeping).toBe(1);
    clock.advance(1);
    expect(await resumed.result).toMatchObject({ status: "failed", error: { code: "RUN_BUDGET_EXCEEDED" } });
  });

  it("does not count it either when the run is cancelled meanwhile, or cut off", async () => {
    for (const how of ["cancelled", "cut off"] as const) {
      const clock = manualClock();
      const { first, run } = await asked({ clock });
      clock.advance(3_600_000);
      if (how === "cut off") first.sessions.onAppend(() => "lost");
      run.cancel();
      if (how === "cancelled") await run.result;
      else expect((await errorOf(run.result)).code).toBe("SESSION_STORAGE");
      first.sessions.onAppend(() => "works");
      const after = waiting();
      const resumed = first.again({ model: after.model }).client.resume("session-1", { response: "go" });
      (await after.next())?.open("end");
      expect(await resumed.result).toMatchObject({ status: "completed" });
    }
  });

  it("counts it while another line is at work", async () => {
    const clock = manualClock();
    const { model, next } = waiting();
    const branches = [
      { id: "asks", steps: [ask()] },
      { id: "works", steps: [{ agent: "writer", input: "x" }] },
    ];
    const { client } = bench({ model, clock });
    const run = client.start(chainSpec([], { ...lasting(10), pattern: { type: "parallel", config: { branches } } }), {
      onInterrupt: () => new Promise<string>(() => {}),
    });
    await next();
    clock.advance(10_000);
    expect(await run.result).toMatchObject({ status: "failed", error: { code: "RUN_BUDGET_EXCEEDED" } });
  });
});
