import { describe, expect, it } from "vitest";
import { skippingClock } from "../../test/support/clocks.js";
import { errorOf } from "../../test/support/error-of.js";
import { crashAt, faultyRepository } from "../../test/support/faulty-repository.js";
import { gate } from "../../test/support/gate.js";
import { patternBench, type TestPattern } from "../../test/support/run-pattern.js";
import { echoModel } from "../../test/support/scripted-model.js";
import { RunError } from "../error/errors.js";
import type { InterruptAnswer } from "../session/entry.js";
import { Cancellation } from "./cancellation.js";
import { recordAnswer } from "./record-answer.js";
import type { RunContext } from "./run-context.js";

const answerTo = async (asked: Promise<InterruptAnswer>) => (await asked).response;
const lastResponse = (text: string) => ({ status: "completed", lastResponse: text });

describe("step", () => {
  it("does its work once and gives the recorded value from then on", async () => {
    const { start, resume } = patternBench();
    let calls = 0;
    const pattern: TestPattern = async (run) => {
      const value = await run.step("roll", () => {
        calls += 1;
        return { number: calls };
      });
      await run.interrupt("pause", { prompt: "?" });
      return value;
    };
    expect((await start(pattern)).status).toBe("paused");
    expect(await resume(pattern, { answer: { response: "go" } })).toMatchObject(lastResponse('{"number":1}'));
    expect(calls).toBe(1);
  });

  it("does its work again when it was not recorded", async () => {
    const sessions = faultyRepository();
    const { start, resume } = patternBench({ sessions });
    let calls = 0;
    const pattern: TestPattern = (run) =>
      run.step("roll", () => {
        calls += 1;
        return calls;
      });
    sessions.onAppend(crashAt(2));
    expect((await errorOf(start(pattern))).code).toBe("SESSION_STORAGE");
    sessions.onAppend(() => "works");
    expect(await resume(pattern)).toMatchObject(lastResponse("2"));
  });

  it("fails the run with what its work throws, and begins no work once cancelled", async () => {
    const { start } = patternBench();
    const result = await start((run) =>
      run.step("roll", () => {
        throw new RunError("RUN_LOOP_LIMIT", "too often");
      }),
    );
    expect(result).toMatchObject({ status: "failed", error: { code: "RUN_LOOP_LIMIT" } });

    const cancellation = new Cancellation();
    let began = false;
    const stopped = await patternBench().start(
      (run) => {
        cancellation.cancel(new RunError("RUN_CANCELLED", "enough"));
        return run.step("roll", () => {
          began = true;
          return 1;
        });
      },
      { cancellation },
    );
    expect(stopped).toMatchObject({ status: "cancelled", reason: "enough" });
    expect(began).toBe(false);
  });

  it("says so when the journal holds something else under its key", async () => {
    const { start, resume } = patternBench();
    await start(async (run) => {
      await run.step("a", () => 1);
      return answerTo(run.interrupt("b", { prompt: "?" }));
    });
    const other = await resume((run) => answerTo(run.interrupt("a", { prompt: "?" })), { answer: { response: "x" } });
    expect(other).toMatchObject({ status: "failed", error: { code: "SESSION_SPEC_CHANGED" } });
  });
});

it("gives a pattern its program and the variables of the session", async () => {
  const result = await patternBench().start(async ({ program, variables }) => [
    program.name,
    Object.keys(variables).length,
  ]);
  expect(result).toMatchObject(lastResponse('["bench",0]'));
});

describe("all", () => {
  it("gives results in the order of the items, whatever order they end in", async () => {
    const gates = [gate(), gate(), gate()];
    const ended: number[] = [];
    const running = patternBench().start((run) =>
      run.all(gates, undefined, async (one, index) => {
        await one.promise;
        ended.push(index);
        if (index > 0) gates[index - 1]?.open();
        return index * 10;
      }),
    );
    gates[2]?.open();
    expect(await running).toMatchObject(lastResponse("[0,10,20]"));
    expect(ended).toEqual([2, 1, 0]);
  });

  it("keeps its limit and uses it", async () => {
    let busy = 0;
    let most = 0;
    const result = await patternBench().start((run) =>
      run.all(
        Array.from({ length: 20 }, (_, index) => index),
        3,
        async (item) => {
          busy += 1;
          most = Math.max(most, busy);
          await Promise.resolve();
          busy -= 1;
          return item;
        },
      ),
    );
    expect(result.status).toBe("completed");
    expect(most).toBe(3);
  });

  it("is fine with no items", async () => {
    expect(await patternBench().start((run) => run.all([], 2, async () => 1))).toMatchObject(lastResponse("[]"));
  });

  it("stops with the first failure: what runs is cancelled, what waits does not begin", async () => {
    const begun: number[] = [];
    const result = await patternBench().start((run) =>
      run.all([0, 1, 2, 3], 2, async (item, _, branch) => {
        begun.push(item);
        if (item === 1) throw new RunError("RUN_LOOP_LIMIT", "item 1");
        return branch.step(`s/${item}`, () => new Promise<number>(() => {}));
      }),
    );
    expect(result).toMatchObject({ status: "failed", error: { message: "item 1" } });
    expect(begun).toEqual([0, 1]);
  });

  it("lets other branches go on while one waits for a person, then pauses with every question", async () => {
    const sessions = faultyRepository();
    const { start, resume } = patternBench({ sessions });
    const pattern: TestPattern = (run) =>
      run.all(["a", "b", "c"], 1, async (name, _, branch) => {
        if (name === "b") return branch.step("b", () => "worked");
        return answerTo(branch.interrupt(name, { prompt: `${name}?` }));
      });
    const paused = await start(pattern);
    expect(paused.status === "paused" && paused.interrupts.map(({ prompt }) => prompt)).toEqual(["a?", "c?"]);
    expect(await sessions.journal()).toContain("value b");

    // One answer is enough to go on; the other question stays open.
    const still = await resume(pattern, { answer: { response: "1", interruptId: "interrupt-2" } });
    expect(still.status === "paused" && still.interrupts.map(({ prompt }) => prompt)).toEqual(["a?"]);
    expect(await resume(pattern, { answer: { response: "2" } })).toMatchObject(lastResponse('["2","worked","1"]'));
  });

  it("records a question when it is asked, in the same order in every run: other branches do not overtake it", async () => {
    const sessions = faultyRepository();
    const ask = (lane: RunContext) => lane.interrupt("question", { prompt: "?" });
    const work = async (lane: RunContext) => {
      for (const key of ["one", "two", "three"]) await lane.step(key, () => key);
    };
    const pattern: TestPattern = async (run) => {
      await run.all([ask, work], undefined, async (branch, _, lane) => void (await branch(lane)));
      return null;
    };
    expect((await patternBench({ sessions }).start(pattern)).status).toBe("paused");
    expect((await sessions.journal()).slice(1, 3)).toEqual(["interrupt.opened question", "value one"]);
  });

  it("goes on when one of its questions was answered elsewhere, and pauses with the rest", async () => {
    const sessions = faultyRepository();
    const clock = skippingClock();
    const { start, resume } = patternBench({ sessions, clock });
    const pattern: TestPattern = (run) =>
      run.all(["a", "b"], undefined, (name, _, branch) => answerTo(branch.interrupt(name, { prompt: `${name}?` })));
    await start(pattern);
    const platform = { clock, random: () => 0, owner: "o" };
    await recordAnswer(sessions, "session-1", { response: "1", interruptId: "interrupt-1" }, platform);
    const still = await resume(pattern);
    expect(still.status === "paused" && still.interrupts.map(({ prompt }) => prompt)).toEqual(["b?"]);
    expect((await errorOf(resume(pattern))).code).toBe("INTERRUPT_UNANSWERED");
  });

  it("gives each branch conversations of its own", async () => {
    const model = echoModel();
    await patternBench({ model }).start(async (run) => {
      await run.all(["x", "y"], 1, (name, _, branch) => branch.agent(name, "writer", () => name));
      return (await run.agent("z", "writer", () => "z")).text;
    });
    expect(model.requests.map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
  });

  it("is cancelled with the run", async () => {
    const cancellation = new Cancellation();
    const result = patternBench().start(
      (run) =>
        run.all([1, 2], undefined, (item, _, branch) => branch.step(`s/${item}`, () => new Promise<number>(() => {}))),
      { cancellation },
    );
    await Promise.resolve();
    cancellation.cancel(new RunError("RUN_CANCELLED", "enough"));
    expect(await result).toMatchObject({ status: "cancelled" });
  });
});

describe("all, with items that wait for others", () => {
  const after = ({ needs }: { readonly needs: readonly number[] }) => needs;

  it("begins each as soon as what it waits for is done", async () => {
    const slow = gate();
    const begun: string[] = [];
    const items = [
      { name: "slow", needs: [] },
      { name: "a", needs: [] },
      { name: "b", needs: [1] },
      { name: "c", needs: [2] },
      { name: "end", needs: [0, 3] },
    ];
    const result = await patternBench().start((run) =>
      run.all(
        items,
        undefined,
        async ({ name }) => {
          begun.push(name);
          if (name === "slow") await slow.promise;
          if (name === "c") slow.open();
          return name;
        },
        after,
      ),
    );
    expect(begun).toEqual(["slow", "a", "b", "c", "end"]);
    expect(result).toMatchObject(lastResponse('["slow","a","b","c","end"]'));
  });

  it("keeps its limit, and what waits takes up no room", async () => {
    let busy = 0;
    let most = 0;
    const items = [{ needs: [] }, { needs: [0] }, { needs: [0] }, { needs: [] }, { needs: [] }, { needs: [1, 2, 3] }];
    const result = await patternBench().start((run) =>
      run.all(
        items,
        2,
        async (_, index) => {
          busy += 1;
          most = Math.max(most, busy);
          await Promise.resolve();
          busy -= 1;
          return index;
        },
        after,
      ),
    );
    expect(most).toBe(2);
    expect(result).toMatchObject(lastResponse("[0,1,2,3,4,5]"));
  });

  it("does not begin what waits for an item that failed", async () => {
    const begun: number[] = [];
    const result = await patternBench().start((run) =>
      run.all(
        [{ needs: [] }, { needs: [0] }, { needs: [1] }],
        undefined,
        async (_, index) => {
          begun.push(index);
          throw new RunError("RUN_LOOP_LIMIT", `item ${index}`);
        },
        after,
      ),
    );
    expect(result).toMatchObject({ status: "failed", error: { message: "item 0" } });
    expect(begun).toEqual([0]);
  });

  it("goes on with everything that does not wait for a question, and after the answer with the rest", async () => {
    const { start, resume } = patternBench();
    const items = [
      { name: "q", needs: [] },
      { name: "behind", needs: [0] },
      { name: "free", needs: [] },
      { name: "behind free", needs: [2] },
    ];
    let begun: string[] = [];
    const pattern: TestPattern = (run) =>
      run.all(
        items,
        undefined,
        async ({ name }, _, lane) => {
          begun.push(name);
          return name === "q" ? answerTo(lane.interrupt("q", { prompt: "?" })) : lane.step(name, () => name);
        },
        after,
      );
    expect((await start(pattern)).status).toBe("paused");
    expect(begun).toEqual(["q", "free", "behind free"]);
    begun = [];
    expect(await resume(pattern, { answer: { response: "yes" } })).toMatchObject(
      lastResponse('["yes","behind","free","behind free"]'),
    );
    expect([...begun].sort()).toEqual(items.map(({ name }) => name).sort());
  });
});

it("knows whether all that a line has done so far is from earlier runs, that of its branches included", async () => {
  const { start, resume } = patternBench();
  const seen: unknown[] = [];
  const pattern: TestPattern = async (run) => {
    seen.push(run.hasBegun("a"), run.hasBegun("q"), run.replaying);
    await run.step("a", () => 1);
    seen.push(run.replaying);
    await run.interrupt("q", { prompt: "?" });
    seen.push(run.replaying);
    await run.all(["b", "c"], undefined, (name, _, lane) => lane.step(name, () => name));
    seen.push(run.replaying);
    await run.interrupt("r", { prompt: "?" });
    return null;
  };
  await start(pattern);
  expect(seen.splice(0)).toEqual([false, false, true, false]);
  await resume(pattern, { answer: { response: "x" } });
  expect(seen.splice(0)).toEqual([true, true, true, true, false, false]);
  await resume(pattern, { answer: { response: "x" } });
  expect(seen).toEqual([true, true, true, true, true, true]);

  const fresh: TestPattern = async (run) => {
    await run.all(["d"], undefined, (name, _, lane) => lane.step(name, () => name));
    return run.replaying;
  };
  expect(await patternBench().start(fresh)).toMatchObject(lastResponse("false"));
});

describe("time", () => {
  it("is when its key was first reached, also on a resume", async () => {
    const clock = skippingClock(Date.UTC(2030, 0, 2, 3, 4, 5, 6));
    const { start, resume } = patternBench({ clock });
    const pattern: TestPattern = async (run) => {
      const first = await run.time("first");
      await run.interrupt("pause", { prompt: "?" });
      return [first, await run.time("second")];
    };
    await start(pattern);
    clock.pass(60_000);
    const result = await resume(pattern, { answer: { response: "go" } });
    expect(result).toMatchObject(lastResponse('["2030-01-02T03:04:05.006Z","2030-01-02T03:05:05.006Z"]'));
  });
});

describe("an answer that is not plain", () => {
  it("ends the run as cancelled when it is a rejection, other branches with it", async () => {
    const sessions = faultyRepository();
    const { start, resume } = patternBench({ sessions });
    const pattern: TestPattern = (run) =>
      run.all(["a", "b"], undefined, (name, _, lane) => answerTo(lane.interrupt(name, { prompt: `${name}?` })));
    await start(pattern);
    const answer = { response: "too risky", action: "reject" as const, interruptId: "interrupt-1", by: "Ann" };
    expect(await resume(pattern, { answer })).toMatchObject({
      status: "cancelled",
      reason: "Rejected by Ann: too risky",
    });
    expect(await sessions.journal()).toContain("interrupt.answered a/answer");
  });

  it("reaches the pattern with what it is", async () => {
    const { start, resume } = patternBench();
    const pattern: TestPattern = async (run) => {
      const { action = "none", response } = await run.interrupt("a", { prompt: "?", revisable: true });
      return [action, response];
    };
    await start(pattern);
    const answer = { response: "shorter", action: "modify" as const };
    expect(await resume(pattern, { answer })).toMatchObject(lastResponse('["modify","shorter"]'));
  });

  it("is refused as feedback where nothing can run again", async () => {
    const { start, resume } = patternBench();
    const pattern: TestPattern = (run) => answerTo(run.interrupt("a", { prompt: "?" }));
    await start(pattern);
    const refused = resume(pattern, { answer: { response: "shorter", action: "modify" } });
    expect((await errorOf(refused)).code).toBe("INTERRUPT_INVALID");
    expect(await resume(pattern, { answer: { response: "ok" } })).toMatchObject(lastResponse('"ok"'));
  });
});

describe("interrupt", () => {
  it("refuses an answer that does not match the pattern, and takes one that does", async () => {
    const { start, resume } = patternBench();
    const pattern: TestPattern = (run) => answerTo(run.interrupt("a", { prompt: "Number?", pattern: "^\\d+$" }));
    await start(pattern);
    expect((await errorOf(resume(pattern, { answer: { response: "many" } }))).code).toBe("INTERRUPT_INVALID");
    expect(await resume(pattern, { answer: { response: "12" } })).toMatchObject(lastResponse('"12"'));
  });

  it("makes what is shown once, when the question is opened", async () => {
    const { start, resume } = patternBench();
    let made = 0;
    const pattern: TestPattern = (run) =>
      answerTo(
        run.interrupt("a", {
          prompt: "?",
          context: () => {
            made += 1;
            return "shown";
          },
        }),
      );
    await start(pattern);
    await resume(pattern, { answer: { response: "x" } });
    expect(made).toBe(1);
  });

  it("asks a handler instead of pausing, and records its answer before going on", async () => {
    const sessions = faultyRepository();
    const { start, events } = patternBench({ sessions });
    const result = await start((run) => answerTo(run.interrupt("a", { prompt: "Go?" })), {
      onInterrupt: async ({ prompt, digest }, { signal }) => `${prompt} ${digest.length} ${signal.aborted}`,
    });
    expect(result).toMatchObject(lastResponse('"Go? 64 false"'));
    expect((await sessions.journal()).slice(1, 3)).toEqual(["interrupt.opened a", "interrupt.answered a/answer"]);
    expect(events.map(({ type }) => type)).toEqual(["interrupt_pending", "interrupt_answered", "workflow_complete"]);
  });

  it("fails when the handler fails, and the question stays open", async () => {
    const pattern: TestPattern = (run) => answerTo(run.interrupt("a", { prompt: "?" }));
    const { start, resume } = patternBench();
    const broken = await start(pattern, {
      onInterrupt: () => {
        throw new Error("terminal gone");
      },
    });
    expect(broken).toMatchObject({
      status: "failed",
      error: {
        code: "RUN_STEP_FAILED",
        message: expect.stringContaining("terminal gone"),
        hint: expect.stringContaining("onInterrupt"),
      },
    });
    expect(await resume(pattern, { onInterrupt: () => "yes" })).toMatchObject(lastResponse('"yes"'));
  });

  it("does not wait for a handler once the run is cancelled", async () => {
    const cancellation = new Cancellation();
    const result = patternBench().start((run) => answerTo(run.interrupt("a", { prompt: "?" })), {
      cancellation,
      onInterrupt: () => {
        cancellation.cancel(new RunError("RUN_CANCELLED", "enough"));
        return new Promise<string>(() => {});
      },
    });
    expect(await result).toMatchObject({ status: "cancelled", reason: "enough" });
  });

  it("goes on with the answer that is recorded when somebody else was quicker than the handler", async () => {
    const sessions = faultyRepository();
    const clock = skippingClock();
    const { start, resume, events } = patternBench({ sessions, clock });
    const pattern: TestPattern = async (run) => {
      const answer = await answerTo(run.interrupt("a", { prompt: "?" }));
      await run.interrupt("b", { prompt: answer });
      return answer;
    };
    let asked = 0;
    const result = await start(pattern, {
      async onInterrupt() {
        asked += 1;
        if (asked === 1)
          await recordAnswer(
            sessions,
            "session-1",
            { response: "from Ann", by: "Ann" },
            { clock, random: () => 0, owner: "o" },
          );
        return "from the handler";
      },
    });
    const journal = await sessions.entries();
    const recorded = journal.flatMap((entry) =>
      entry.key === "a/answer" && entry.kind === "interrupt.answered" ? [entry.body.response] : [],
    );
    expect(recorded).toEqual(["from Ann"]);
    expect(result).toMatchObject(lastResponse('"from Ann"'));
    const said = events.flatMap((event) => (event.type === "interrupt_answered" ? [event.answer.response] : []));
    expect(said[0]).toBe("from Ann");
    expect((await errorOf(resume(pattern))).code).toBe("SESSION_COMPLETED");
  });
});
