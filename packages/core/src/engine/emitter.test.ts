import { describe, expect, it, vi } from "vitest";
import { EventBus } from "../event/event-bus.js";
import { EventChannel } from "../event/event-channel.js";
import { Emitter } from "./emitter.js";

const origin = { sessionId: "s", runId: "r", workflowName: "", patternType: "chain" } as const;

describe("Emitter", () => {
  it("makes no event and reads no clock while nobody listens", () => {
    const bus = new EventBus();
    const emit = vi.spyOn(bus, "emit");
    const now = vi.fn(() => 1);
    const emitter = new Emitter(bus, { now, sleep: () => Promise.resolve() }, origin);
    emitter.emit("workflow_cancelled", { reason: "x" });
    expect(emit).not.toHaveBeenCalled();
    expect(now).not.toHaveBeenCalled();
    bus.on("workflow_start", () => {});
    emitter.emit("workflow_cancelled", { reason: "x" });
    expect(now).not.toHaveBeenCalled();
    expect([emitter.wants("workflow_cancelled"), emitter.wants("workflow_start")]).toEqual([false, true]);
  });

  it("stamps origin and time, gives the same event to bus and channels, and ends the channels", async () => {
    const bus = new EventBus();
    const heard: unknown[] = [];
    bus.on("workflow_cancelled", (event) => heard.push(event));
    const emitter = new Emitter(bus, { now: () => 42, sleep: () => Promise.resolve() }, origin);
    const channel: EventChannel = new EventChannel(() => emitter.detach(channel));
    emitter.attach(channel);
    expect(emitter.wants("token")).toBe(true);
    emitter.relate("flow", "graph");
    emitter.emit("workflow_cancelled", { reason: "x" });
    const event = {
      type: "workflow_cancelled",
      ...origin,
      workflowName: "flow",
      patternType: "graph",
      timestamp: 42,
      reason: "x",
    };
    expect(heard).toEqual([event]);
    expect((await channel.next()).value).toBe(heard[0]);
    emitter.end();
    expect((await channel.next()).done).toBe(true);
    expect(emitter.wants("token")).toBe(false);
    expect(emitter.origin).toEqual({ ...origin, workflowName: "flow", patternType: "graph" });
  });
});
