import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./system-clock.js";

const day = 86_400_000;

describe("systemClock", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1000 }));
  afterEach(() => void vi.useRealTimers());

  it("tells the time of the machine", () => {
    expect(systemClock.now()).toBe(1000);
    vi.setSystemTime(5000);
    expect(systemClock.now()).toBe(5000);
  });

  it("sleeps as long as it is told, and no shorter", async () => {
    let awake = false;
    const sleep = systemClock.sleep(250).then(() => {
      awake = true;
    });
    await vi.advanceTimersByTimeAsync(249);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await sleep;
    expect(awake).toBe(true);
  });

  it("rejects with the reason when aborted, before and during the sleep, and leaves no timer", async () => {
    const reason = new Error("enough");
    await expect(systemClock.sleep(10, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleep = systemClock.sleep(10, controller.signal);
    controller.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops listening to the signal when the sleep has ended", async () => {
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const sleep = systemClock.sleep(10, controller.signal);
    await vi.advanceTimersByTimeAsync(10);
    await sleep;
    expect(removed).toHaveBeenCalledOnce();
    controller.abort();
    await sleep;
  });

  it("sleeps for months, longer than a timer of the platform can", async () => {
    let awake = false;
    const sleep = systemClock.sleep(60 * day).then(() => {
      awake = true;
    });
    await vi.advanceTimersByTimeAsync(59 * day);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(day);
    await sleep;
    expect(awake).toBe(true);
  });
});
