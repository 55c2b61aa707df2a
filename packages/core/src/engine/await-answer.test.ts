import { describe, expect, it } from "vitest";
import { manualClock, skippingClock } from "../../test/support/clocks.js";
import { errorOf } from "../../test/support/error-of.js";
import { type AppendFate, faultyRepository } from "../../test/support/faulty-repository.js";
import { gate } from "../../test/support/gate.js";
import { patternBench, type TestPattern } from "../../test/support/run-pattern.js";
import { lastText, scriptedModel } from "../../test/support/scripted-model.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import { nextTurn } from "../platform/next-turn.js";
import type { InterruptAnswer } from "../session/entry.js";
import type { PatternSpec } from "../spec/spec.js";
import { Cancellation } from "./cancellation.js";
import { recordAnswer } from "./record-answer.js";
import type { HandlerAnswer } from "./run-services.js";

const answerTo = async (asked: Promise<InterruptAnswer>) => (await asked).response;
const lastResponse = (text: string) => ({ status: "completed", lastResponse: text });

const gateStep = ask("Fine?", { timeout_seconds: 5, default: "skip" });
const writes = (input: string) => ({ agent: "writer", input });

/** In every pattern with lines side by side: a question of five seconds, what follows from it, and a slow step beside them. */
const sideBySide: readonly PatternSpec[] = [
  {
    type: "parallel",
    config: {
      branches: [
        { id: "asks", steps: [gateStep, writes("then {{ hitl_response }}")] },
        { id: "works", steps: [writes("slow")] },
      ],
    },
  },
  {
    type: "workflow",
    config: {
      tasks: [
        { id: "asks", ...gateStep },
        { id: "then", deps: ["asks"], ...writes("then {{ hitl_response }}") },
        { id: "works", ...writes("slow") },
      ],
    },
  },
];

describe.each(sideBySide)(
  "a question of the pattern $type whose time is up while other steps are at work",
  (pattern) => {
    /** Runs it, and gives its journal as it is stored. */
    async function journal(): Promise<string> {
      const clock = manualClock();
      const slow = gate<string>();
      const model = scriptedModel((request) => (lastText(request) === "slow" ? slow.promise : lastText(request)));
      const { client, sessions, of } = bench({ model, clock }).listen();
      const run = client.start(chainSpec([], { pattern }));
      await clock.untilSleeping();
      clock.advance(5000);
      while (of("step_complete").length === 0) await nextTurn();
      const [complete] = of("step_complete");
      expect(complete).toMatchObject({ response: "then skip", timestamp: 1_005_000 });
      const answered = (await sessions.entries()).find(({ kind }) => kind === "interrupt.answered");
      expect(answered).toMatchObject({ at: 1_005_000, body: { response: "skip", source: "timeout" } });
      clock.advance(60_000);
      slow.open("slow");
      expect((await run.result).status).toBe("completed");
      expect(clock.sleeping).toBe(0);
      return JSON.stringify(await sessions.entries());
    }

    it("takes its default at its time, and what waits for it begins at once, the same way each time", async () => {
      expect(await journal()).toBe(await journal());
    });
  },
);

describe("a question that is open while other lines work", () => {
  const twoLines =
    (slow: Promise<string>): TestPattern =>
    (run) =>
      run.all(["asks", "works"], undefined, async (name, _, lane) => {
        if (name === "works") {
          const first = await lane.step("first", () => "1");
          return lane.step("second", async () => `${first}${await slow}`);
        }
        const response = await answerTo(lane.interrupt(name, { prompt: "?" }));
        return lane.step("then", () => response);
      });

  it("is answered as soon as the run learns that somebody elsewhere has: with the next entry it records", async () => {
    const sessions = faultyRepository();
    const clock = manualClock();
    const slow = gate<string>();
    let told = false;
    sessions.onAppend(async (entries): Promise<AppendFate> => {
      if (told || entries[0]?.key !== "first") return "works";
      told = true;
      const platform = { clock, random: () => 0, owner: "elsewhere" };
      await recordAnswer(sessions, "session-1", { response: "from elsewhere", by: "Ann" }, platform);
      return "works";
    });
    const { start, events } = patternBench({ sessions, clock });
    const result = start(twoLines(slow.promise));
    while (!(await sessions.journal().catch((): string[] => [])).includes("value then")) await nextTurn();
    expect(events.map(({ type }) => type)).toContain("interrupt_answered");
    slow.open("2");
    expect(await result).toMatchObject(lastResponse('["from elsewhere","12"]'));
    expect((await sessions.entries()).filter(({ kind }) => kind === "interrupt.answered")).toHaveLength(1);
    expect((await sessions.journal()).filter((line) => line.startsWith("run.started"))).toHaveLength(1);
  });

  it("is answered through the same client also after somebody was refused the session", async () => {
    const { client } = bench();
    const asked = gate<void>();
    const onInterrupt = (): Promise<undefined> => {
      asked.open();
      return new Promise(() => {});
    };
    const { sessionId, result } = client.start(chainSpec([ask("well?")]), { onInterrupt });
    await asked.promise;
    expect((await errorOf(client.resume(sessionId).result)).code).toBe("SESSION_LEASED");
    await client.answer(sessionId, { response: "yes" });
    expect(await result).toMatchObject({ status: "completed", lastResponse: "yes" });
  });

  it("is answered at once when the answer comes through the same client, or when that expires it", async () => {
    for (const how of ["answer", "expire"] as const) {
      const clock = manualClock();
      const slow = gate<string>();
      const first = bench({ clock, model: scriptedModel(() => slow.promise) }).listen();
      const steps = [ask("?", how === "expire" ? { timeout_seconds: 1, default: "late" } : {})];
      const branches = [
        { id: "asks", steps },
        { id: "works", steps: [writes("x")] },
      ];
      const run = first.client.start(chainSpec([], { pattern: { type: "parallel", config: { branches } } }));
      while (first.of("interrupt_pending").length === 0) await nextTurn();
      if (how === "answer") await first.client.answer("session-1", { response: "mine", by: "Ann" });
      else {
        // The timer of the run is late.
        clock.now = () => 1_002_000;
        await first.client.expire("session-1");
      }
      while (first.of("branch_complete").length === 0) await nextTurn();
      expect(first.of("branch_complete")[0]).toMatchObject({ response: how === "answer" ? "mine" : "late" });
      slow.open("done");
      expect((await run.result).status).toBe("completed");
      expect(clock.sleeping).toBe(0);
    }
  });
});

describe("a handler", () => {
  const pattern: TestPattern = async (run) => {
    const { response, action, by } = await run.interrupt("a", { prompt: "?", choices: ["yes"], revisable: true });
    return [response, action ?? "plain", by ?? ""];
  };

  it.each<[HandlerAnswer, object]>([
    ["yes", lastResponse('["yes","plain",""]')],
    [{ response: "yes", by: "Ann" }, lastResponse('["yes","plain","Ann"]')],
    [{ response: "shorter", action: "modify", by: "Ann" }, lastResponse('["shorter","modify","Ann"]')],
    [
      { response: "too risky", action: "reject", by: "Ann" },
      { status: "cancelled", rejected: true, reason: "Rejected by Ann: too risky" },
    ],
  ])("may give %j", async (given, outcome) => {
    expect(await patternBench().start(pattern, { onInterrupt: () => given })).toMatchObject(outcome);
  });

  it.each([
    ["no", "`no` is not one of the accepted answers"],
    [{ response: "no" }, "`no` is not one of the accepted answers"],
    [{ response: "yes", action: "approve" }, "`approve` is not an action"],
    [{ response: "yes", digest: "0" }, "The question has changed since it was shown"],
    [{}, "The answer is not a text"],
    [null, "The answer is not a text"],
    [5, "The answer is not a text"],
  ])("whose answer %j is not accepted is told so, and the question stays open", async (given, message) => {
    const sessions = faultyRepository();
    const { start, resume, events } = patternBench({ sessions });
    const paused = await start(pattern, { onInterrupt: () => given as never });
    expect(paused).toMatchObject({ status: "paused", interrupts: [{ stepKey: "a" }] });
    expect(events.filter(({ type }) => type === "answer_refused")).toMatchObject([
      { interrupt: { stepKey: "a" }, error: { message, hint: expect.any(String) } },
    ]);
    expect(await sessions.journal()).not.toContain("interrupt.answered a/answer");
    expect(await resume(pattern, { onInterrupt: () => "yes" })).toMatchObject({ status: "completed" });
  });

  it("may leave a question open: the others go on, nothing is lost, and it is not asked again", async () => {
    const clock = manualClock();
    const { start, events } = patternBench({ clock });
    const asked: string[] = [];
    const slow = gate<string>();
    const several: TestPattern = (run) =>
      run.all(["open", "refused", "answered", "works", "expires"], undefined, async (name, _, lane) => {
        if (name === "works") return lane.step(name, () => slow.promise);
        const timing = name === "expires" ? { timeoutMs: 1000, default: "d" } : {};
        const response = await answerTo(lane.interrupt(name, { prompt: "?", pattern: "^[^x]*$", ...timing }));
        return lane.step(`${name}/then`, () => response);
      });
    const result = start(several, {
      onInterrupt: ({ stepKey }) => {
        asked.push(stepKey);
        return { open: undefined, refused: "x", answered: "fine", expires: undefined }[stepKey];
      },
    });
    await clock.untilSleeping();
    await nextTurn();
    clock.advance(1000);
    await nextTurn();
    slow.open("worked");
    const paused = await result;
    expect(paused.status === "paused" && paused.interrupts.map(({ stepKey }) => stepKey)).toEqual(["open", "refused"]);
    expect(asked).toEqual(["open", "refused", "answered", "expires"]);
    const answered = events.flatMap((event) => (event.type === "interrupt_answered" ? [event.interrupt.stepKey] : []));
    expect(answered).toEqual(["answered", "expires"]);
    expect(clock.sleeping).toBe(0);
  });

  it("is not asked again in the same run about what it left open, when that starts over", async () => {
    const sessions = faultyRepository();
    const clock = { ...skippingClock(), sleep: () => new Promise<void>(() => {}) };
    const { start } = patternBench({ sessions, clock });
    const asked: string[] = [];
    const result = await start(
      (run) =>
        run.all(["open", "late"], undefined, (name, _, lane) =>
          answerTo(lane.interrupt(name, { prompt: "?", ...(name === "late" ? { timeoutMs: 1, default: "d" } : {}) })),
        ),
      {
        onInterrupt: ({ stepKey }) => {
          asked.push(stepKey);
          if (stepKey === "late") clock.pass(1);
          return undefined;
        },
      },
    );
    expect(result).toMatchObject({ status: "paused", interrupts: [{ stepKey: "open" }] });
    expect(asked).toEqual(["open", "late"]);
  });

  it("is waited for whatever else comes to an end at the very moment it answers", async () => {
    const moments = async (count: number): Promise<void> => {
      for (let moment = 0; moment < count; moment += 1) await undefined;
    };
    for (let later = 0; later < 40; later += 1) {
      const result = await patternBench().start(
        (run) =>
          run.all(["asks", "works", "asks too"], 2, async (name, _, lane) => {
            if (name !== "works") return answerTo(lane.interrupt(name, { prompt: "?" }));
            await moments(20);
            return name;
          }),
        {
          async onInterrupt({ stepKey }) {
            await moments(stepKey === "asks" ? later : 20);
            return "yes";
          },
        },
      );
      expect(result).toMatchObject(lastResponse('["yes","works","yes"]'));
    }
  });

  it("is not asked when the time is up before that", async () => {
    const sessions = faultyRepository();
    const clock = skippingClock();
    sessions.onAppend(([entry]) => {
      if (entry?.kind === "interrupt.opened") clock.pass(1000);
      return "works";
    });
    const asked: string[] = [];
    const ask = { prompt: "?", default: "d", timeoutMs: 1000 };
    const { start } = patternBench({ sessions, clock });
    const result = await start((run) => answerTo(run.interrupt("a", ask)), {
      onInterrupt: ({ stepKey }) => {
        asked.push(stepKey);
        return "late";
      },
    });
    expect(result).toMatchObject(lastResponse('"d"'));
    expect(asked).toEqual([]);
  });

  it("is told to stop when the question was answered elsewhere, and what it gives later does not count", async () => {
    const signalled = gate<AbortSignal>();
    const late = gate<string>();
    const { client, sessions, of } = bench().listen();
    const run = client.start(chainSpec([ask(), "then {{ hitl_response }}"]), {
      onInterrupt: (_, { signal }) => {
        signalled.open(signal);
        return late.promise;
      },
    });
    const signal = await signalled.promise;
    expect(signal.aborted).toBe(false);
    await client.answer("session-1", { response: "mine", by: "Ann" });
    expect(await run.result).toMatchObject(lastResponse("steps/1: then mine"));
    expect(signal.aborted).toBe(true);
    late.open(null as never);
    await nextTurn();
    expect((await sessions.entries()).filter(({ kind }) => kind === "interrupt.answered")).toHaveLength(1);
    expect(of("answer_refused")).toEqual([]);
  });

  it("is told to stop when the run ends: by a cancel, or because another line fails", async () => {
    for (const how of ["cancel", "fail"] as const) {
      const cancellation = new Cancellation();
      const signalled = gate<AbortSignal>();
      const running = patternBench().start(
        (run) =>
          run.all(["asks", "other"], undefined, async (name, _, lane) => {
            if (name === "asks") return answerTo(lane.interrupt(name, { prompt: "?" }));
            await signalled.promise;
            if (how === "cancel") cancellation.cancel(new Error("enough"));
            throw new Error("broken");
          }),
        {
          cancellation,
          onInterrupt: (_, { signal }) => {
            signalled.open(signal);
            return new Promise<string>(() => {});
          },
        },
      );
      expect((await running).status).toBe("failed");
      expect((await signalled.promise).aborted).toBe(true);
    }
  });
});
