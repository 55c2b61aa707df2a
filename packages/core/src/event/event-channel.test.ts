import { describe, expect, it } from "vitest";
import { EventChannel } from "./event-channel.js";
import type { WorkflowEvent } from "./events.js";

const origin = { sessionId: "s", runId: "r", workflowName: "flow", patternType: "chain", timestamp: 7 } as const;
const token = (text: string, stepKey = "steps/0"): WorkflowEvent => ({
  type: "token",
  ...origin,
  stepKey,
  agentId: "a",
  text,
});
const cancelled: WorkflowEvent = { type: "workflow_cancelled", ...origin, reason: "enough" };

function shown(event: WorkflowEvent | undefined): string | undefined {
  return event?.type === "token" ? `${event.stepKey} ${event.text}` : event?.type;
}

async function drain(channel: EventChannel): Promise<(string | undefined)[]> {
  const all: (string | undefined)[] = [];
  for await (const event of channel) all.push(shown(event));
  return all;
}

describe("EventChannel", () => {
  it("gives events in order, queued and awaited ones", async () => {
    const channel = new EventChannel();
    channel.push(token("a"));
    channel.push(cancelled);
    expect(shown((await channel.next()).value)).toBe("steps/0 a");
    expect(shown((await channel.next()).value)).toBe("workflow_cancelled");
    const first = channel.next();
    const second = channel.next();
    channel.push(token("b"));
    channel.push(token("c"));
    expect([shown((await first).value), shown((await second).value)]).toEqual(["steps/0 b", "steps/0 c"]);
  });

  it("joins waiting tokens of one step, and only neighbours", async () => {
    const channel = new EventChannel();
    for (const event of [
      token("a"),
      token("b"),
      token("c", "steps/1"),
      token("d"),
      cancelled,
      token("e"),
      token("f"),
    ]) {
      channel.push(event);
    }
    channel.end();
    expect(await drain(channel)).toEqual(["steps/0 ab", "steps/1 c", "steps/0 d", "workflow_cancelled", "steps/0 ef"]);
  });

  it("does not change an event it was given, which other channels have too", async () => {
    const channel = new EventChannel();
    const first = token("a");
    channel.push(first);
    channel.push(token("b"));
    expect(shown(first)).toBe("steps/0 a");
    expect(shown((await channel.next()).value)).toBe("steps/0 ab");
  });

  it("joins nothing to a token that has been taken", async () => {
    const channel = new EventChannel();
    channel.push(token("a"));
    await channel.next();
    channel.push(token("b"));
    channel.end();
    expect(await drain(channel)).toEqual(["steps/0 b"]);
  });

  it("still gives what is queued after the end, then is done, and takes no more", async () => {
    const channel = new EventChannel();
    channel.push(token("a"));
    channel.end();
    channel.push(token("late"));
    expect(await drain(channel)).toEqual(["steps/0 a"]);
    expect(await channel.next()).toEqual({ value: undefined, done: true });
  });

  it("releases everybody who waits at the end", async () => {
    const channel = new EventChannel();
    const waiting = [channel.next(), channel.next()];
    channel.end();
    expect(await Promise.all(waiting)).toEqual([
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
  });

  it("drops the queue and says so once when the consumer leaves early", async () => {
    let closed = 0;
    const channel = new EventChannel(() => {
      closed += 1;
    });
    for (const event of [token("a"), cancelled, token("b")]) channel.push(event);
    for await (const event of channel) {
      expect(shown(event)).toBe("steps/0 a");
      break;
    }
    expect(closed).toBe(1);
    channel.push(token("c"));
    expect(await channel.next()).toEqual({ value: undefined, done: true });
    channel.end();
    expect(closed).toBe(1);
  });
});
