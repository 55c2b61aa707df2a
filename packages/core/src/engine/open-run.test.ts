import { describe, expect, it } from "vitest";
import { skippingClock } from "../../test/support/clocks.js";
import { errorOf } from "../../test/support/error-of.js";
import { type AppendFate, crashOnKind, faultyRepository } from "../../test/support/faulty-repository.js";
import { gate } from "../../test/support/gate.js";
import { patternBench } from "../../test/support/run-pattern.js";
import { echoModel, scriptedModel } from "../../test/support/scripted-model.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import type { ModelFunction } from "../model/model.js";
import { nextTurn } from "../platform/next-turn.js";
import type { SessionClaim } from "../session/repository.js";
import { recordAnswer } from "./record-answer.js";
import type { RunContext } from "./run-context.js";

const spec = chainSpec(["one", ask(), "two {{ hitl_response }}"]);

async function paused() {
  const first = bench();
  const result = await first.client.run(spec);
  if (result.status !== "paused" || result.interrupts[0] === undefined) throw new Error("It did not pause");
  return { first, interrupt: result.interrupts[0] };
}

describe("resuming", () => {
  it("with an answer records it with the start of the run, and goes on", async () => {
    const { first } = await paused();
    const { client, sessions, of } = first.again().listen();
    expect(await client.resume("session-1", { response: "go", by: "Ann" }).result).toMatchObject({
      status: "completed",
      lastResponse: "steps/2: two go",
    });
    expect((await sessions.journal()).slice(4)).toEqual([
      "interrupt.answered steps/1/answer",
      "run.started run/run-2",
      "model steps/2/model/0",
      "run.completed run/run-2/end",
    ]);
    expect((await sessions.entries())[4]?.body).toMatchObject({ response: "go", by: "Ann", source: "person" });
    expect(of("workflow_start").map(({ resumed, workflowName }) => [resumed, workflowName])).toEqual([
      [true, "test-flow"],
    ]);
  });

  it("without one is refused, naming the question, and changes nothing", async () => {
    const { first } = await paused();
    const model = scriptedModel([]);
    const { client, sessions } = first.again({ model });
    const before = await sessions.journal();
    const error = await errorOf(client.resume("session-1").result);
    expect(error).toMatchObject({ code: "INTERRUPT_UNANSWERED", details: { pending: ["interrupt-1"] } });
    expect(error.message).toBe("Session `session-1` waits for an answer");
    expect(await sessions.journal()).toEqual(before);
  });

  it("without one is fine when a handler will answer", async () => {
    const { first } = await paused();
    const result = await first.again().client.resume("session-1", { onInterrupt: () => "handled" }).result;
    expect(result).toMatchObject({ status: "completed", lastResponse: "steps/2: two handled" });
  });

  it("is refused with another id, a stale digest or an answer too many", async () => {
    const { first, interrupt } = await paused();
    const { client, sessions } = first.again();
    const before = await sessions.journal();
    const codeOf = async (options: Parameters<typeof client.resume>[1]) =>
      (await errorOf(client.resume("session-1", options).result)).code;
    expect(await codeOf({ response: "go", interruptId: "interrupt-9" })).toBe("INTERRUPT_NOT_FOUND");
    expect(await codeOf({ response: "go", digest: "0".repeat(64) })).toBe("INTERRUPT_STALE");
    expect(await sessions.journal()).toEqual(before);
    expect(
      (await client.resume("session-1", { response: "go", interruptId: interrupt.id, digest: interrupt.digest }).result)
        .status,
    ).toBe("completed");
    expect(await codeOf({ response: "go" })).toBe("SESSION_COMPLETED");
    expect(await codeOf({})).toBe("SESSION_COMPLETED");
  });

  it("goes on with an answer that was recorded before, given again or not", async () => {
    for (const options of [{}, { response: "go" }]) {
      const { first } = await paused();
      await first.client.answer("session-1", { response: "go", by: "Ann" });
      const { client, sessions } = first.again();
      expect(await client.resume("session-1", options).result).toMatchObject({ lastResponse: "steps/2: two go" });
      expect((await sessions.entries()).filter((entry) => entry.kind === "interrupt.answered")).toHaveLength(1);
    }
  });

  it("with another answer than the recorded one says who gave that and when", async () => {
    const { first } = await paused();
    await first.client.answer("session-1", { response: "go", by: "Ann" });
    const error = await errorOf(first.again().client.resume("session-1", { response: "stop", by: "Bob" }).result);
    expect(error).toMatchObject({ code: "SESSION_CONFLICT", details: { answeredBy: "Ann", response: "go" } });
    expect(error.message).toBe("This was already answered by Ann at 1970-01-01T00:16:40.000Z: `go`");
  });

  it("runs no finished step again after a failure", async () => {
    const first = bench({ model: scriptedModel(["ONE", new Error("down")]) });
    expect((await first.client.run(chainSpec(["one", "two {{ steps[0].response }}"]))).status).toBe("failed");
    const model = echoModel();
    const { client, sessions } = first.again({ model });
    expect(await client.resume("session-1").result).toMatchObject({
      status: "completed",
      lastResponse: "steps/1: two ONE",
    });
    expect(model.requests.map(({ stepKey }) => stepKey)).toEqual(["steps/1"]);
    expect((await sessions.journal()).filter((line) => line.startsWith("run."))).toEqual([
      "run.started run/run-1",
      "run.failed run/run-1/end",
      "run.started run/run-2",
      "run.completed run/run-2/end",
    ]);
  });

  it("goes on after a cancel", async () => {
    const reached = gate();
    const stalled: ModelFunction = () => ({
      async *[Symbol.asyncIterator]() {
        reached.open();
        yield* [];
        await new Promise(() => {});
      },
    });
    const first = bench({ model: stalled });
    const run = first.client.start(chainSpec(["one"]));
    await reached.promise;
    run.cancel();
    await run.result;
    expect(await first.again({ model: undefined }).client.resume("session-1").result).toMatchObject({
      status: "completed",
    });
  });

  it("pauses again, with the same question, after a crash while it was open", async () => {
    const first = bench();
    first.sessions.onAppend(crashOnKind("run.paused"));
    await errorOf(first.client.run(spec));
    first.sessions.onAppend(() => "works");
    const { client, sessions } = first.again();
    expect(await client.resume("session-1").result).toMatchObject({
      status: "paused",
      interrupts: [{ id: "interrupt-1" }],
    });
    expect((await sessions.journal()).filter((line) => line.startsWith("interrupt.opened"))).toHaveLength(1);
  });

  it("says so when there is no such session", async () => {
    expect((await errorOf(bench().client.resume("nowhere").result)).code).toBe("SESSION_NOT_FOUND");
  });

  it("is refused, and lets go of the session, when something was recorded while it was being claimed", async () => {
    const { first } = await paused();
    const { sessions } = first;
    const { claim } = sessions;
    const last = (await sessions.entries()).at(-1);
    sessions.claim = async (id, request) => {
      const claimed = await claim(id, request);
      const { epoch } = claimed;
      const tail = last === undefined ? [] : [last];
      const append: SessionClaim["append"] = (seq, entries) => claimed.append(seq, entries);
      return { epoch, tail, append, release: () => claimed.release() };
    };
    const model = scriptedModel([]);
    const before = await sessions.journal();
    expect((await errorOf(first.again({ model }).client.resume("session-1", { response: "go" }).result)).code).toBe(
      "SESSION_CONFLICT",
    );
    expect(await sessions.journal()).toEqual(before);
    expect(sessions.claims.released).toBe(sessions.claims.opened);
    sessions.claim = claim;
    expect((await first.again().client.resume("session-1", { response: "go" }).result).status).toBe("completed");
  });

  it("with an answer to a question that has timed out says that the time-out was first", async () => {
    const clock = skippingClock();
    const first = bench({ clock });
    await first.client.run(chainSpec([ask("A?", { timeout_seconds: 1, default: "none" }), ask("B?")]));
    clock.pass(1000);
    expect((await first.client.resume("session-1").result).status).toBe("paused");
    const error = await errorOf(first.client.answer("session-1", { response: "late", interruptId: "interrupt-1" }));
    expect(error).toMatchObject({
      code: "SESSION_CONFLICT",
      details: { answeredBy: "the time-out", response: "none" },
    });
  });

  it("is refused while the session runs", async () => {
    const reached = gate();
    const answer = gate<string>();
    const model: ModelFunction = async function* () {
      reached.open();
      yield await answer.promise;
    };
    const first = bench({ model });
    const run = first.client.start(chainSpec(["one"]));
    await reached.promise;
    const other = scriptedModel([]);
    const error = await errorOf(first.again({ model: other }).client.resume("session-1").result);
    expect(error).toMatchObject({ code: "SESSION_LEASED", details: { owner: "tester" } });
    answer.open("done");
    expect(await run.result).toMatchObject({ status: "completed", lastResponse: "done" });
  });
});

describe("two that resume one session at the same time", () => {
  it("do not both go on, and the other asks no model", async () => {
    for (let round = 0; round < 50; round += 1) {
      const { first } = await paused();
      const models = [echoModel(), echoModel()];
      const outcomes = await Promise.allSettled(
        models.map((model) => first.again({ model }).client.resume("session-1", { response: "go" }).result),
      );
      expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const lost = outcomes.find((outcome) => outcome.status === "rejected");
      expect(["SESSION_LEASED", "SESSION_CONFLICT", "SESSION_COMPLETED"]).toContain(lost?.reason.code);
      expect(models.flatMap(({ requests }) => requests.map(({ stepKey }) => stepKey))).toEqual(["steps/2"]);
    }
  });

  it("with different answers: one wins, the other is told or refused, and one answer is recorded", async () => {
    for (let round = 0; round < 50; round += 1) {
      const { first } = await paused();
      const outcomes = await Promise.allSettled(
        ["Ann", "Bob"].map((by) => first.again().client.resume("session-1", { response: by, by }).result),
      );
      const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
      expect(won).toHaveLength(1);
      const answers = (await first.sessions.entries()).flatMap((entry) =>
        entry.kind === "interrupt.answered" ? [entry.body.response] : [],
      );
      expect(answers).toHaveLength(1);
      expect(won[0]?.value).toMatchObject({ lastResponse: `steps/2: two ${answers[0]}` });
    }
  });
});

describe("an answer that arrives while the session runs", () => {
  it("to one of several questions is followed before the run pauses for the others", async () => {
    const sessions = faultyRepository();
    const { start, resume, events } = patternBench({ sessions });
    const done: string[] = [];
    const held = gate();
    const asked = gate();
    const pattern = (run: RunContext): Promise<string[]> =>
      run.all(["a", "b", "slow"], undefined, async (name, _, lane) => {
        if (name === "slow") return lane.step(name, () => held.promise.then(() => name));
        const { response: answer } = await lane.interrupt(name, { prompt: name });
        return lane.step(`${name}/after`, () => {
          done.push(name);
          return answer;
        });
      });
    sessions.onAppend((entries) => {
      // Entries that wait for this write are stored by the next one.
      if (entries.some(({ key }) => key === "b")) asked.open();
      return "works";
    });
    const first = start(pattern);
    await asked.promise;
    const interruptId = "interrupt-1";
    const platform = { clock: skippingClock(), random: () => 0, owner: "somebody" };
    await recordAnswer(sessions, "session-1", { response: "yes", interruptId }, platform);
    held.open();
    expect(await first).toMatchObject({ status: "paused", interrupts: [{ stepKey: "b" }] });
    expect(done).toEqual(["a"]);
    expect((await sessions.journal()).slice(1)).toEqual([
      "interrupt.opened a",
      "interrupt.opened b",
      "interrupt.answered a/answer",
      "value slow",
      "value a/after",
      "run.paused run/run-1/end",
    ]);
    expect(events.filter(({ type }) => type === "workflow_paused" || type === "interrupt_answered")).toMatchObject([
      { type: "interrupt_answered", interrupt: { stepKey: "a" }, answer: { response: "yes" } },
      { type: "workflow_paused", interrupts: [{ stepKey: "b" }] },
    ]);
    expect((await errorOf(resume(pattern))).code).toBe("INTERRUPT_UNANSWERED");
  });

  it("counts up to the moment of the pause", async () => {
    const sessions = faultyRepository();
    const { start } = patternBench({ sessions });
    const platform = { clock: skippingClock(), random: () => 0, owner: "somebody" };
    let pauses = 0;
    sessions.onAppend(async ([entry]): Promise<AppendFate> => {
      if (entry?.kind !== "run.paused") return "works";
      pauses += 1;
      await recordAnswer(sessions, "session-1", { response: `answer ${pauses}` }, platform);
      return "works";
    });
    const pattern = async (run: RunContext): Promise<string> => {
      const first = await run.interrupt("a", { prompt: "a" });
      const second = await run.interrupt("b", { prompt: "b" });
      return `${first.response}, ${second.response}`;
    };
    expect(await start(pattern)).toMatchObject({ status: "completed", lastResponse: '"answer 1, answer 2"' });
    expect(await sessions.journal()).toEqual([
      "run.started run/run-1",
      "interrupt.opened a",
      "interrupt.answered a/answer",
      "interrupt.opened b",
      "interrupt.answered b/answer",
      "run.completed run/run-1/end",
    ]);
    expect(sessions.claims.released).toBeGreaterThanOrEqual(sessions.claims.opened);
  });

  it("to a question of an earlier run does not stop the run", async () => {
    // Two questions are open; one is answered from elsewhere while the run goes on with the other.
    const { first } = await paused();
    const reached = gate();
    const reply = gate<string>();
    const model: ModelFunction = async function* () {
      reached.open();
      yield await reply.promise;
    };
    const run = first.again({ model }).client.resume("session-1", { response: "go" });
    await reached.promise;
    const again = await first.client.answer("session-1", { response: "go" });
    expect(again.response).toBe("go");
    expect((await errorOf(first.client.answer("session-1", { response: "stop" }))).code).toBe("SESSION_CONFLICT");
    reply.open("end");
    expect(await run.result).toMatchObject({ status: "completed", lastResponse: "end" });
  });
});

describe("a question whose time is up while the session runs", () => {
  it("takes its default when the run would pause, and the run goes on, also where the clock wakes nobody in time", async () => {
    const sessions = faultyRepository();
    const clock = { ...skippingClock(), sleep: () => new Promise<void>(() => {}) };
    const { start, events } = patternBench({ sessions, clock });
    const opened = gate();
    sessions.onAppend((entries) => {
      if (entries.some(({ key }) => key === "later")) opened.open();
      return "works";
    });
    const pattern = (run: RunContext): Promise<string[]> =>
      run.all(["soon", "slow", "later"], undefined, async (name, _, lane) => {
        if (name === "slow") {
          return lane.step(name, async () => {
            await opened.promise;
            await nextTurn();
            clock.pass(1000);
            return name;
          });
        }
        const timeoutMs = name === "soon" ? 1000 : 1001;
        const { response } = await lane.interrupt(name, { prompt: name, default: "yes", timeoutMs });
        return lane.step(`${name}/after`, () => response);
      });
    expect(await start(pattern)).toMatchObject({ status: "paused", interrupts: [{ stepKey: "later" }] });
    expect((await sessions.journal()).slice(3)).toEqual([
      "value slow",
      "interrupt.answered soon/answer",
      "value soon/after",
      "run.paused run/run-1/end",
    ]);
    expect(events.filter(({ type }) => type === "interrupt_answered")).toMatchObject([
      { interrupt: { stepKey: "soon" }, answer: { response: "yes", source: "timeout" } },
    ]);
  });

  it("takes a person's answer that came before the time-out was recorded", async () => {
    const sessions = faultyRepository();
    const clock = skippingClock();
    const { start } = patternBench({ sessions, clock });
    const platform = { clock, random: () => 0, owner: "somebody" };
    sessions.onAppend(async ([entry]): Promise<AppendFate> => {
      if (entry?.kind === "value" && entry.key === "slow") clock.pass(1000);
      if (entry?.kind === "interrupt.answered" && entry.body.source === "timeout")
        await recordAnswer(sessions, "session-1", { response: "mine" }, platform);
      return "works";
    });
    const pattern = (run: RunContext): Promise<string[]> =>
      run.all(["soon", "slow"], undefined, async (name, _, lane) => {
        if (name === "slow") return lane.step(name, () => name);
        return (await lane.interrupt(name, { prompt: name, default: "yes", timeoutMs: 1000 })).response;
      });
    expect(await start(pattern)).toMatchObject({ status: "completed", lastResponse: '["mine","slow"]' });
    expect((await sessions.entries()).filter(({ kind }) => kind === "interrupt.answered")).toHaveLength(1);
  });
});
