import { describe, expect, it } from "vitest";
import type { Entry, EntryDraft } from "./entry.js";
import { foldSummary, newSummary } from "./summary.js";

const record = {
  id: "s",
  workflowName: "flow",
  patternType: "chain",
  specHash: "h",
  spec: {
    version: 0,
    name: "flow",
    runtime: { provider: "p" },
    agents: {},
    pattern: { type: "chain", config: { steps: [] } },
  },
  variables: {},
  createdAt: 50,
} as const;

const runId = "r";
const started: EntryDraft = { key: "run/r", kind: "run.started", body: { runId, owner: "o" } };
const paused: EntryDraft = { key: "run/r/end", kind: "run.paused", body: { runId, interrupts: ["i"] } };
const completed: EntryDraft = {
  key: "run/r/end",
  kind: "run.completed",
  body: { runId, lastResponse: "x", agentId: "a" },
};
const cancelled: EntryDraft = { key: "run/r/end", kind: "run.cancelled", body: { runId, reason: "stop" } };
const failed: EntryDraft = {
  key: "run/r/end",
  kind: "run.failed",
  body: { runId, error: { name: "RunError", code: "RUN_STEP_FAILED", message: "broken" } },
};
const opened = (id: string): EntryDraft => ({
  key: id,
  kind: "interrupt.opened",
  body: { id, digest: "d", stepKey: `steps/${id}`, type: "input", prompt: `${id}?`, context: "long" },
});
const answered = (id: string): EntryDraft => ({
  key: `${id}/answer`,
  kind: "interrupt.answered",
  body: { id, digest: "d", response: "yes", source: "person" },
});
const model = (inputTokens: number, outputTokens: number): EntryDraft => ({
  key: "steps/0/model/0",
  kind: "model",
  body: { agentId: "a", text: "t", finish: "stop", provider: "p", usage: { inputTokens, outputTokens } },
});
const entries = (...drafts: EntryDraft[]): readonly Entry[] =>
  drafts.map((draft, index) => ({ v: 1, seq: index + 1, epoch: 1, at: 100 + index, ...draft }));

describe("foldSummary", () => {
  it("begins as running, without use and without questions", () => {
    expect(newSummary(record)).toEqual({
      id: "s",
      workflowName: "flow",
      patternType: "chain",
      specHash: "h",
      status: "running",
      createdAt: 50,
      updatedAt: 50,
      usage: { inputTokens: 0, outputTokens: 0 },
      pending: [],
    });
  });

  it.each([
    [started, "running"],
    [paused, "paused"],
    [completed, "completed"],
    [failed, "failed"],
    [cancelled, "cancelled"],
  ] as const)("knows the status after %o", (draft, status) => {
    expect(foldSummary(newSummary(record), entries(started, draft))).toMatchObject({ status, updatedAt: 101 });
  });

  it("sums usage and knows which questions are open", () => {
    const summary = foldSummary(
      newSummary(record),
      entries(started, model(1, 2), opened("i1"), opened("i2"), answered("i1"), model(3, 4)),
    );
    expect(summary.usage).toEqual({ inputTokens: 4, outputTokens: 6 });
    expect(summary.pending).toEqual([{ id: "i2", stepKey: "steps/i2", prompt: "i2?" }]);
  });

  it("shows the error while it is failed, and no longer when a run goes on", () => {
    const broken = foldSummary(newSummary(record), entries(started, failed));
    expect(broken.error).toBe("broken");
    const mended = foldSummary(broken, entries(started));
    expect(mended.status).toBe("running");
    expect("error" in mended).toBe(false);
  });

  it("gives the same piece by piece as at once, and changes no summary it was given", () => {
    const all = entries(started, model(1, 2), opened("i"), paused, answered("i"), started, failed, started, completed);
    const first = Object.freeze(newSummary(record));
    const atOnce = foldSummary(first, all);
    let stepwise = first;
    for (const entry of all) stepwise = Object.freeze(foldSummary(stepwise, [entry]));
    expect(stepwise).toEqual(atOnce);
    expect(foldSummary(atOnce, [])).toBe(atOnce);
  });
});
