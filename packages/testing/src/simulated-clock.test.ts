import { describe, expect, it } from "vitest";
import { simulatedClock } from "./simulated-clock.js";

describe("simulatedClock", () => {
  it("stands still until it is advanced", async () => {
    const clock = simulatedClock(500);
    await clock.advance(250);
    expect(clock.now()).toBe(750);
  });

  it("ends sleeps in the order of their time, equal ones in the order they began", async () => {
    const clock = simulatedClock();
    const woke: string[] = [];
    for (const [name, ms] of [
      ["c", 30],
      ["a", 10],
      ["b1", 20],
      ["b2", 20],
    ] as const) {
      void clock.sleep(ms).then(() => woke.push(`${name}@${clock.now()}`));
    }
    await clock.advance(20);
    expect(woke).toEqual(["a@10", "b1@20", "b2@20"]);
    expect(clock.pending).toBe(1);
    await clock.advance(10);
    expect(woke.at(-1)).toBe("c@30");
  });

  it("counts sleeps that begin while time passes", async () => {
    const clock = simulatedClock();
    const times: number[] = [];
    const loop = (async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        await clock.sleep(10);
        times.push(clock.now());
      }
    })();
    await clock.advance(100);
    await loop;
    expect(times).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(100);
  });

  it("rejects with the reason when the signal is aborted, before or during the sleep", async () => {
    const clock = simulatedClock();
    await expect(clock.sleep(1, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    const controller = new AbortController();
    const nap = clock.sleep(1000, controller.signal);
    controller.abort(new Error("during"));
    await expect(nap).rejects.toThrow("during");
    expect(clock.pending).toBe(0);
  });

  it("tells when somebody sleeps", async () => {
    const clock = simulatedClock();
    const both = clock.untilSleeping(2);
    const naps = [clock.sleep(1), clock.sleep(2)];
    await both;
    await clock.advance(2);
    await Promise.all(naps);
  });
});
