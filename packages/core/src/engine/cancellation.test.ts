import { describe, expect, it, onTestFinished, vi } from "vitest";
import { gate } from "../../test/support/gate.js";
import { Cancellation } from "./cancellation.js";

describe("Cancellation", () => {
  it("keeps the first reason, on the signal and in what it throws", () => {
    const cancellation = new Cancellation();
    cancellation.throwIfCancelled();
    const first = new Error("first");
    cancellation.cancel(first);
    cancellation.cancel(new Error("second"));
    expect(cancellation.signal.aborted).toBe(true);
    expect(cancellation.signal.reason).toBe(first);
    expect(() => cancellation.throwIfCancelled()).toThrow(first);
  });

  it("gives calls the signal when they look at it, and in a copy of their options as well", () => {
    const cancellation = new Cancellation();
    const options = cancellation.callOptions();
    const copy = { ...options };
    expect(copy.signal).toBe(options.signal);
    cancellation.cancel("why");
    expect(copy.signal.reason).toBe("why");
    expect(cancellation.callOptions()).toBe(options);

    const late = new Cancellation();
    late.cancel("before");
    expect(late.callOptions().signal.reason).toBe("before");
  });

  it("gives each call a signal of its own where many share it, to the end of the call", () => {
    const shared = new Cancellation().child(true).cancellation;
    const [first, second, ended] = [shared.callOptions(), shared.callOptions(), shared.callOptions()] as const;
    const signals = [first, second, ended].map(({ signal }) => signal);
    expect(new Set(signals).size).toBe(3);
    expect({ ...first }.signal).toBe(signals[0]);
    ended.end();
    shared.cancel("why");
    expect(signals.map(({ reason }) => reason as unknown)).toEqual(["why", "why", undefined]);
    expect(shared.callOptions().signal.reason).toBe("why");
  });

  it("makes no signal while nobody looks", () => {
    let made = 0;
    class Counted extends AbortController {
      constructor() {
        super();
        made += 1;
      }
    }
    vi.stubGlobal("AbortController", Counted);
    onTestFinished(() => void vi.unstubAllGlobals());
    const cancellation = new Cancellation();
    const options = cancellation.child().cancellation.callOptions();
    cancellation.cancel("why");
    expect(cancellation.reason).toBe("why");
    expect(made).toBe(0);
    expect(options.signal.reason).toBe("why");
    expect(made).toBe(1);
  });

  it("calls listeners once, those who left not at all, and those who come late at once", () => {
    const cancellation = new Cancellation();
    const heard: string[] = [];
    cancellation.onCancel((reason) => heard.push(`stays ${reason}`));
    const leave = cancellation.onCancel(() => heard.push("left"));
    leave();
    cancellation.cancel("why");
    cancellation.cancel("again");
    cancellation.onCancel((reason) => heard.push(`late ${reason}`))();
    expect(heard).toEqual(["stays why", "late why"]);
  });

  it("reaches its children but not its parent, and not a child that is detached", () => {
    const parent = new Cancellation();
    const kept = parent.child();
    const detached = parent.child();
    const own = parent.child();
    detached.detach();
    own.cancellation.cancel("mine");
    expect(parent.signal.aborted).toBe(false);
    parent.cancel("all");
    expect(kept.cancellation.signal.reason).toBe("all");
    expect(own.cancellation.signal.reason).toBe("mine");
    expect(detached.cancellation.signal.aborted).toBe(false);
    expect(parent.child().cancellation.signal.reason).toBe("all");
  });

  it("settles a race as the work does", async () => {
    const cancellation = new Cancellation();
    expect(await cancellation.race(Promise.resolve(5))).toBe(5);
    await expect(cancellation.race(Promise.reject(new Error("own")))).rejects.toThrow("own");
  });

  it("rejects a race at once when cancelled, whatever the work does", async () => {
    const cancellation = new Cancellation();
    const work = gate<number>();
    const race = cancellation.race(work.promise);
    cancellation.cancel("stop");
    await expect(race).rejects.toBe("stop");
    work.fail(new Error("nobody listens any more"));
    await expect(cancellation.race(new Promise(() => {}))).rejects.toBe("stop");
  });

  it("holds no listener of a race that is over", async () => {
    const cancellation = new Cancellation();
    const heard: unknown[] = [];
    const race = cancellation.race(Promise.resolve("done"));
    await race;
    cancellation.onCancel((reason) => heard.push(reason));
    cancellation.cancel("late");
    expect(await race).toBe("done");
    expect(heard).toEqual(["late"]);
  });
});
