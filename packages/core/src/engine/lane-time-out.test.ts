import { describe, expect, it } from "vitest";
import { manualClock } from "../../test/support/clocks.js";
import { errorOf } from "../../test/support/error-of.js";
import { crashOnKind, faultyRepository } from "../../test/support/faulty-repository.js";
import { gate } from "../../test/support/gate.js";
import { patternBench, type TestPattern } from "../../test/support/run-pattern.js";
import { scriptedModel, toolCall } from "../../test/support/scripted-model.js";
import { tool } from "../../test/support/tool-turns.js";
import { bench, chainSpec } from "../../test/support/workflows.js";
import { RunError } from "../error/errors.js";
import { nextTurn } from "../platform/next-turn.js";
import type { InterruptAnswer } from "../session/entry.js";
import { Cancellation } from "./cancellation.js";

const answerTo = async (asked: Promise<InterruptAnswer>) => (await asked).response;
const lastResponse = (text: string) => ({ status: "completed", lastResponse: text });

describe("a question with a time-out that a handler is asked", () => {
  it("takes the time-out's answer when the handler takes longer, and tells the handler to stop", async () => {
    const sessions = faultyRepository();
    const clock = manualClock();
    const { start, events } = patternBench({ sessions, clock });
    const asked = gate<AbortSignal>();
    const late = gate<string>();
    const result = start((run) => answerTo(run.interrupt("a", { prompt: "?", default: "no", timeoutMs: 5000 })), {
      onInterrupt: (_, { signal }) => {
        asked.open(signal);
        return late.promise;
      },
    });
    const signal = await asked.promise;
    clock.advance(4999);
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    expect(await result).toMatchObject(lastResponse('"no"'));
    expect(signal.aborted).toBe(true);
    late.fail(new Error("closed"));
    expect((await sessions.entries()).find(({ kind }) => kind === "interrupt.answered")?.body).toMatchObject({
      response: "no",
      source: "timeout",
    });
    expect(events.find(({ type }) => type === "interrupt_answered")).toMatchObject({ answer: { source: "timeout" } });
  });

  it("takes the handler's answer that is in time, and leaves no timer", async () => {
    const clock = manualClock();
    const pattern: TestPattern = (run) => answerTo(run.interrupt("a", { prompt: "?", timeoutMs: 5000 }));
    const signals: AbortSignal[] = [];
    const answered = await patternBench({ clock }).start(pattern, {
      onInterrupt: (_, { signal }) => {
        signals.push(signal);
        return "yes";
      },
    });
    expect(answered).toMatchObject(lastResponse('"yes"'));
    expect([signals[0]?.aborted, clock.sleeping]).toEqual([false, 0]);

    const cancellation = new Cancellation();
    const stopped = patternBench({ clock }).start(pattern, {
      cancellation,
      onInterrupt: () => new Promise<string>(() => {}),
    });
    await clock.untilSleeping();
    cancellation.cancel(new RunError("RUN_CANCELLED", "enough"));
    expect((await stopped).status).toBe("cancelled");
    expect(clock.sleeping).toBe(0);
  });

  it("does not ask the handler when the time was up before the run began", async () => {
    const clock = manualClock();
    const sessions = faultyRepository();
    const { start, resume } = patternBench({ clock, sessions });
    const pattern: TestPattern = async (run) => {
      const first = await answerTo(run.interrupt("a", { prompt: "?", timeoutMs: 5000 }));
      return `${first} ${await answerTo(run.interrupt("b", { prompt: "?" }))}`;
    };
    await start(pattern);
    clock.advance(5000);
    expect(await resume(pattern, { onInterrupt: ({ stepKey }) => stepKey })).toMatchObject(
      lastResponse('"timeout_expired b"'),
    );
  });
});

it("a step whose tool call is in doubt has its time stand still while a person is asked, and no longer", async () => {
  for (const works of [4999, 5000]) {
    const clock = manualClock();
    const send = tool("send", () => "sent");
    const asked = gate();
    const answer = gate<string>();
    const called = gate();
    const reply = gate();
    const model = scriptedModel(async ({ messages }) => {
      if (messages.length === 1) return [toolCall("send")];
      called.open();
      await reply.promise;
      return "done";
    });
    const first = bench({ model, tools: [send], clock });
    first.sessions.onAppend(crashOnKind("tool.result"));
    const spec = chainSpec(["x"], { runtime: { provider: "scripted", timeout: { step_s: 5 } } });
    expect((await errorOf(first.client.run(spec))).code).toBe("SESSION_STORAGE");
    first.sessions.onAppend(() => "works");
    const run = first.again().client.resume("session-1", {
      onInterrupt: () => {
        asked.open();
        return answer.promise;
      },
    });
    await asked.promise;
    expect(clock.sleeping).toBe(0);
    clock.advance(3_600_000);
    answer.open("done");
    await called.promise;
    clock.advance(works);
    await nextTurn();
    reply.open();
    expect((await run.result).status).toBe(works < 5000 ? "completed" : "failed");
    expect(clock.sleeping).toBe(0);
  }
});
