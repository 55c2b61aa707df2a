import { describe, expect, it } from "vitest";
import { gate } from "../../test/support/gate.js";
import { EventBus } from "./event-bus.js";
import type { WorkflowEvent } from "./events.js";

const origin = {
  sessionId: "session-1",
  runId: "run-1",
  workflowName: "flow",
  patternType: "chain",
  timestamp: 7,
} as const;
const token = (text: string): WorkflowEvent => ({ type: "token", ...origin, stepKey: "steps/0", agentId: "a", text });
const cancelled: WorkflowEvent = { type: "workflow_cancelled", ...origin, reason: "enough" };

describe("EventBus", () => {
  it("gives an event to the listeners of its type and of all types, and to no other", () => {
    const bus = new EventBus();
    const heard: string[] = [];
    bus.on("token", (event) => heard.push(`token ${event.text}`));
    bus.on("workflow_cancelled", (event) => heard.push(`cancelled ${event.reason}`));
    bus.on("*", (event) => heard.push(`any ${event.type}`));
    bus.emit(token("x"));
    bus.emit(cancelled);
    expect(heard).toEqual(["token x", "any token", "cancelled enough", "any workflow_cancelled"]);
  });

  it("calls listeners in the order they subscribed", () => {
    const bus = new EventBus();
    const heard: number[] = [];
    for (const number of [1, 2, 3]) bus.on("token", () => heard.push(number));
    bus.emit(token("x"));
    expect(heard).toEqual([1, 2, 3]);
  });

  it("calls a once listener once, also when it emits the same type again", () => {
    const bus = new EventBus();
    const heard: string[] = [];
    bus.once("token", (event) => {
      heard.push(event.text);
      bus.emit(token("second"));
    });
    bus.once("*", (event) => heard.push(`any ${event.type}`));
    bus.emit(token("first"));
    bus.emit(token("third"));
    expect(heard).toEqual(["first", "any token"]);
  });

  it("stops with off, with the returned function, and for a once listener before its event", () => {
    const bus = new EventBus();
    const heard: string[] = [];
    const named = (): number => heard.push("named");
    bus.on("token", named);
    const stop = bus.on("token", () => heard.push("returned"));
    const stopOnce = bus.once("token", () => heard.push("once"));
    bus.off("token", named);
    stop();
    stopOnce();
    bus.emit(token("x"));
    expect(heard).toEqual([]);
  });

  it("takes a once listener back by the function it was given", () => {
    const bus = new EventBus();
    const heard: string[] = [];
    const listener = (): number => heard.push("once");
    bus.once("token", listener);
    bus.off("token", listener);
    bus.emit(token("x"));
    expect(heard).toEqual([]);
  });

  it("ignores the removal of a listener it does not have", () => {
    const bus = new EventBus();
    const heard: string[] = [];
    bus.on("token", () => heard.push("kept"));
    bus.off("token", () => {});
    bus.off("workflow_error", () => {});
    bus.emit(token("x"));
    expect(heard).toEqual(["kept"]);
  });

  it("skips nobody when a listener unsubscribes itself or adds one", () => {
    const bus = new EventBus();
    const heard: string[] = [];
    const stop = bus.on("token", () => {
      heard.push("first");
      stop();
      bus.on("token", () => heard.push("added"));
    });
    bus.on("token", () => heard.push("second"));
    bus.emit(token("x"));
    expect(heard).toEqual(["first", "second"]);
    bus.emit(token("y"));
    expect(heard).toEqual(["first", "second", "second", "added"]);
  });

  it("waits for no async listener", () => {
    const bus = new EventBus();
    const heard: string[] = [];
    bus.on("token", async () => {
      await new Promise(() => {});
      heard.push("never");
    });
    bus.on("token", () => heard.push("next"));
    bus.emit(token("x"));
    expect(heard).toEqual(["next"]);
  });

  it("turns what a listener throws into a listener_error event and goes on", () => {
    const bus = new EventBus();
    const problem = new Error("bad listener");
    const heard: unknown[] = [];
    bus.on("token", () => {
      throw problem;
    });
    bus.on("token", () => heard.push("next"));
    bus.on("listener_error", (event) => heard.push(event));
    bus.emit(token("x"));
    expect(heard).toEqual([{ type: "listener_error", ...origin, eventType: "token", error: problem }, "next"]);
  });

  it("turns a rejection into a listener_error event", async () => {
    const bus = new EventBus();
    const reported = gate<unknown>();
    bus.on("listener_error", (event) => reported.open(event.error));
    bus.on("token", () => Promise.reject("late"));
    bus.emit(token("x"));
    expect(await reported.promise).toBe("late");
  });

  it("does not report a failing listener of listener_error to itself", async () => {
    const bus = new EventBus();
    let calls = 0;
    bus.on("listener_error", () => {
      calls += 1;
      throw new Error("again");
    });
    bus.on("listener_error", () => {
      calls += 1;
      return Promise.reject(new Error("and again"));
    });
    bus.on("token", () => {
      throw new Error("first");
    });
    bus.emit(token("x"));
    await Promise.resolve();
    expect(calls).toBe(2);
  });

  it("says whether anybody wants a type", () => {
    const bus = new EventBus();
    expect(bus.wants("token")).toBe(false);
    const stop = bus.on("token", () => {});
    expect([bus.wants("token"), bus.wants("step_start")]).toEqual([true, false]);
    stop();
    expect(bus.wants("token")).toBe(false);
    bus.once("*", () => {});
    expect(bus.wants("step_start")).toBe(true);
    bus.emit(token("x"));
    expect(bus.wants("step_start")).toBe(false);
  });
});
