import { describe, expect, it } from "vitest";
import { manualClock } from "../../test/support/clocks.js";
import { type Gate, gate } from "../../test/support/gate.js";
import { patternBench, type TestPattern } from "../../test/support/run-pattern.js";
import { nextTurn } from "../platform/next-turn.js";
import type { RunContext } from "./run-context.js";

const inSeconds = (seconds: number) => ({ prompt: "?", default: `after ${seconds}`, timeoutMs: seconds * 1000 });

/** Lines of work that the test lets begin, wait and end, and how many are at work at once. */
function lines() {
  const begun: string[] = [];
  const gates = new Map<string, Gate<void>>();
  let busy = 0;
  let most = 0;
  const work = async (name: string): Promise<void> => {
    begun.push(name);
    busy += 1;
    most = Math.max(most, busy);
    const held = gate();
    gates.set(name, held);
    await held.promise;
    busy -= 1;
  };
  return {
    begun,
    work,
    end: (name: string) => gates.get(name)?.open(),
    get most() {
      return most;
    },
  };
}

describe("a line that waits for a person, among others", () => {
  it("goes on at its time, while the others are still at work", async () => {
    const clock = manualClock();
    const { begun, work, end } = lines();
    const pattern: TestPattern = (run) =>
      run.all(["asks", "works"], undefined, async (name, _, lane) => {
        if (name === "works") return work(name).then(() => name);
        const { response } = await lane.interrupt(name, inSeconds(5));
        await work("goes on");
        return response;
      });
    const result = patternBench({ clock }).start(pattern);
    await clock.untilSleeping();
    clock.advance(4999);
    await nextTurn();
    expect(begun).toEqual(["works"]);
    clock.advance(1);
    await nextTurn();
    expect(begun).toEqual(["works", "goes on"]);
    end("goes on");
    end("works");
    expect(await result).toMatchObject({ status: "completed", lastResponse: '["after 5","works"]' });
    expect(clock.sleeping).toBe(0);
  });

  it("comes back only when there is room, and before what has not begun", async () => {
    const clock = manualClock();
    const bench = lines();
    const pattern: TestPattern = (run) =>
      run.all(["asks", "first", "second"], 1, async (name, _, lane) => {
        if (name === "asks") await lane.interrupt(name, inSeconds(5));
        await bench.work(name);
        return name;
      });
    const result = patternBench({ clock }).start(pattern);
    await clock.untilSleeping();
    await nextTurn();
    clock.advance(5000);
    await nextTurn();
    expect(bench.begun).toEqual(["first"]);
    for (const name of ["first", "asks", "second"]) {
      bench.end(name);
      await nextTurn();
    }
    expect(await result).toMatchObject({ status: "completed" });
    expect([bench.begun, bench.most]).toEqual([["first", "asks", "second"], 1]);
  });

  it("gives up the place of the line it belongs to, and takes it back with it", async () => {
    const clock = manualClock();
    const bench = lines();
    const inner = (lane: RunContext): Promise<string[]> =>
      lane.all(["p", "q"], undefined, async (name, _, own) => {
        const { response } = await own.interrupt(name, inSeconds(name === "p" ? 5 : 6));
        await bench.work(name);
        return response;
      });
    const pattern: TestPattern = (run) =>
      run.all(["outer", "first", "second"], 1, async (name, _, lane) => {
        if (name === "outer") return inner(lane);
        await bench.work(name);
        return [name];
      });
    const result = patternBench({ clock }).start(pattern);
    await clock.untilSleeping(2);
    await nextTurn();
    expect(bench.begun).toEqual(["first"]);
    clock.advance(6000);
    await nextTurn();
    expect(bench.begun).toEqual(["first"]);
    bench.end("first");
    await nextTurn();
    expect(bench.begun).toEqual(["first", "p", "q"]);
    for (const name of ["p", "q", "second"]) {
      bench.end(name);
      await nextTurn();
    }
    expect(await result).toMatchObject({
      status: "completed",
      lastResponse: '[["after 5","after 6"],["first"],["second"]]',
    });
    expect(bench.begun).toEqual(["first", "p", "q", "second"]);
  });

  it("is suspended when nothing is left at work, however deep, and leaves no timer", async () => {
    const clock = manualClock();
    const { start, resume } = patternBench({ clock });
    const ask = async (lane: RunContext, name: string): Promise<string> =>
      (await lane.interrupt(name, inSeconds(60))).response;
    const pattern: TestPattern = (run) =>
      run.all(["a", "b", "c"], 1, async (name, _, lane) =>
        name === "b" ? "b" : lane.all([`${name}1`, `${name}2`], 1, (id, __, own) => ask(own, id)),
      );
    const paused = await start(pattern);
    expect(paused.status === "paused" && paused.interrupts.map(({ stepKey }) => stepKey)).toEqual([
      "a1",
      "a2",
      "c1",
      "c2",
    ]);
    expect(clock.sleeping).toBe(0);
    clock.advance(60_000);
    expect(await resume(pattern)).toMatchObject({
      status: "completed",
      lastResponse: '[["after 60","after 60"],"b",["after 60","after 60"]]',
    });
  });

  it("is one of thousands that all wait, and none overflows the stack on a resume", async () => {
    const { start, resume } = patternBench({ clock: manualClock() });
    const items = Array.from({ length: 5_000 }, (_, index) => index);
    const pattern: TestPattern = async (run) => {
      await run.all(items, 1, (index, _, lane) => lane.interrupt(`q/${index}`, { prompt: "?" }));
      return null;
    };
    const paused = await start(pattern);
    expect(paused.status === "paused" && paused.interrupts.length).toBe(5_000);
    const again = await resume(pattern, { answer: { response: "x", interruptId: "interrupt-1" } });
    expect(again.status === "paused" && again.interrupts.length).toBe(4_999);
  });

  it("does not keep the run alive when another line fails", async () => {
    const clock = manualClock();
    const pattern: TestPattern = (run) =>
      run.all(["asks", "fails"], undefined, async (name, _, lane) => {
        if (name === "asks") return (await lane.interrupt(name, inSeconds(5))).response;
        await clock.untilSleeping();
        throw new Error("broken");
      });
    expect(await patternBench({ clock }).start(pattern)).toMatchObject({ status: "failed" });
    expect(clock.sleeping).toBe(0);
  });
});
