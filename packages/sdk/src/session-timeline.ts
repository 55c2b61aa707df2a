import { type Entry, type InterruptAnswer, type InterruptRecord, stepsOf, type Usage } from "@strands/core";

/** One line of what happened in a session. */
export type TimelineItem = { readonly at: number } & (
  | {
      readonly type: "run";
      readonly status: "started" | "paused" | "completed" | "failed" | "cancelled";
      readonly text: string;
    }
  | {
      readonly type: "step";
      readonly stepKey: string;
      readonly agentId: string;
      readonly response: string;
      readonly usage: Usage;
      /** Whether the usage, or part of it, is our estimate. */
      readonly estimated: boolean;
      /** Failed attempts at its model calls. */
      readonly retries: number;
      /** Names of the tools that were called, in order. */
      readonly tools: readonly string[];
    }
  | { readonly type: "interrupt"; readonly interrupt: InterruptRecord }
  | { readonly type: "answer"; readonly stepKey: string; readonly answer: InterruptAnswer }
  | { readonly type: "artifact"; readonly path: string }
);

/** Tells the story of a session from its journal: one item per run, finished step, question, answer and file. */
export function timelineOf(entries: readonly Entry[]): readonly TimelineItem[] {
  const items: TimelineItem[] = [];
  const steps = new Map(stepsOf(entries).map((step) => [step.seq, step]));
  for (const entry of entries) {
    const { at } = entry;
    switch (entry.kind) {
      case "run.started":
        items.push({ type: "run", at, status: "started", text: entry.body.owner });
        break;
      case "run.paused":
        items.push({ type: "run", at, status: "paused", text: "" });
        break;
      case "run.completed":
        items.push({ type: "run", at, status: "completed", text: "" });
        break;
      case "run.failed":
        items.push({ type: "run", at, status: "failed", text: entry.body.error.message });
        break;
      case "run.cancelled":
        items.push({ type: "run", at, status: "cancelled", text: entry.body.reason });
        break;
      case "model": {
        const step = steps.get(entry.seq);
        if (step?.response === undefined) break;
        const { stepKey, agentId, response, usage, estimated, attempts, calls, tools } = step;
        items.push({
          type: "step",
          at,
          stepKey,
          agentId,
          response,
          usage,
          estimated,
          retries: attempts - calls,
          tools,
        });
        break;
      }
      case "interrupt.opened":
        items.push({ type: "interrupt", at, interrupt: entry.body });
        break;
      case "interrupt.answered":
        items.push({ type: "answer", at, stepKey: entry.key.replace(/\/answer$/, ""), answer: entry.body });
        break;
      case "artifact.written":
        items.push({ type: "artifact", at, path: entry.body.path });
        break;
      case "tool.intent":
      case "tool.result":
      case "value":
      case "artifacts.intent":
        break;
    }
  }
  return items;
}
