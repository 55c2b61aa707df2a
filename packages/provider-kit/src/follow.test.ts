import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { follow } from "./follow.js";

const reason = new Error("enough");

it("aborts the call with the reason of its signal", () => {
  const caller = new AbortController();
  const call = new AbortController();
  follow(caller.signal, call);
  expect(call.signal.aborted).toBe(false);
  caller.abort(reason);
  expect(call.signal.reason).toBe(reason);
});

it("aborts at once when the signal is aborted already", () => {
  const call = new AbortController();
  follow(AbortSignal.abort(reason), call);
  expect(call.signal.reason).toBe(reason);
});

it("leaves nothing on the signal once it is ended", () => {
  const caller = new AbortController();
  const call = new AbortController();
  const end = follow(caller.signal, call);
  expect(getEventListeners(caller.signal, "abort")).toHaveLength(1);
  end();
  end();
  expect(getEventListeners(caller.signal, "abort")).toHaveLength(0);
  caller.abort(reason);
  expect(call.signal.aborted).toBe(false);
});

it("lets any number of calls follow one signal with one listener", () => {
  const caller = new AbortController();
  const calls = Array.from({ length: 20 }, () => new AbortController());
  const ends = calls.map((call) => follow(caller.signal, call));
  expect(getEventListeners(caller.signal, "abort")).toHaveLength(1);
  ends[0]?.();
  ends[0]?.();
  caller.abort(reason);
  expect(calls.map(({ signal }) => signal.reason)).toEqual([undefined, ...Array(19).fill(reason)]);
});

it("follows a signal again after the last call has ended", () => {
  const caller = new AbortController();
  const end = follow(caller.signal, new AbortController());
  end();
  const call = new AbortController();
  follow(caller.signal, call);
  end();
  follow(caller.signal, new AbortController());
  expect(getEventListeners(caller.signal, "abort")).toHaveLength(1);
  caller.abort(reason);
  expect(call.signal.reason).toBe(reason);
});

it.each([null, undefined])("follows nothing when there is no signal: %s", (signal) => {
  const call = new AbortController();
  follow(signal, call)();
  expect(call.signal.aborted).toBe(false);
});
