import { describe, expect, it, vi } from "vitest";
import { CallsInFlight } from "./calls-in-flight.js";

describe("CallsInFlight", () => {
  it("ends a call with the signal of its caller, also with one that is aborted already", () => {
    const calls = new CallsInFlight();
    const outer = new AbortController();
    const call = calls.begin(outer.signal);
    expect(call.signal.aborted).toBe(false);
    outer.abort("enough");
    expect([call.signal.aborted, call.signal.reason, call.closed]).toEqual([true, "enough", false]);
    expect(calls.begin(outer.signal).signal.aborted).toBe(true);
  });

  it("ends all calls when it is closed, and those that begin later", () => {
    const calls = new CallsInFlight();
    const { signal } = new AbortController();
    const call = calls.begin(signal);
    calls.close();
    expect([call.closed, calls.begin(signal).closed]).toEqual([true, true]);
  });

  it("leaves nothing behind on the caller's signal", () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener");
    const added = vi.spyOn(signal, "addEventListener");
    const calls = new CallsInFlight();
    const call = calls.begin(signal);
    call.stop();
    expect(removed.mock.calls[0]?.slice(0, 2)).toEqual(added.mock.calls[0]?.slice(0, 2));
    expect(call.signal.aborted).toBe(true);
    calls.close();
    expect(call.closed).toBe(false);
  });
});
