import { describe, expect, it } from "vitest";
import type { Entry, EntryDraft } from "../session/entry.js";
import { historyOf } from "./history.js";

const origin = { sessionId: "s", runId: "r", workflowName: "flow", patternType: "chain" } as const;
const usage = { inputTokens: 3, outputTokens: 4 };
const interrupt = { id: "i1", digest: "d", stepKey: "steps/1", type: "input", prompt: "Go?", context: "" } as const;
const answer = { id: "i1", digest: "d", response: "yes", source: "person" } as const;
const model = { agentId: "a", text: "Hi", finish: "stop", usage, provider: "p" } as const;

function entries(drafts: readonly EntryDraft[]): readonly Entry[] {
  return drafts.map((draft, index) => ({ v: 1, seq: index + 1, epoch: 1, at: 100 + index, ...draft }));
}

describe("historyOf", () => {
  it("tells finished turns and interrupts, with their own times", () => {
    const history = historyOf(
      entries([
        { key: "run/1", kind: "run.started", body: { runId: "1", owner: "o" } },
        { key: "steps/0/model/0", kind: "model", body: { ...model, toolCalls: [{ id: "c", name: "t", input: {} }] } },
        { key: "steps/0/model/1", kind: "model", body: model },
        { key: "steps/1", kind: "interrupt.opened", body: interrupt },
        { key: "steps/1/answer", kind: "interrupt.answered", body: answer },
      ]),
      origin,
    );
    expect(history).toEqual([
      {
        type: "step_complete",
        ...origin,
        timestamp: 102,
        stepKey: "steps/0",
        agentId: "a",
        response: "Hi",
        // Of both model calls: what an early listener is told, too.
        usage: { inputTokens: 6, outputTokens: 8 },
        replayed: true,
      },
      { type: "interrupt_pending", ...origin, timestamp: 103, interrupt },
      { type: "interrupt_answered", ...origin, timestamp: 104, interrupt, answer },
    ]);
  });

  it("leaves out an answer whose question is not there", () => {
    expect(historyOf(entries([{ key: "x/answer", kind: "interrupt.answered", body: answer }]), origin)).toEqual([]);
  });
});
