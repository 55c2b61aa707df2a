import { type Entry, type InterruptAnswer, type InterruptRecord, type Usage, usageOfCall } from "@strands/core";

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
  const open = new Map<string, OpenStep>();
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
        const item = stepItem(entry, open);
        if (item !== undefined) items.push(item);
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

interface OpenStep {
  readonly usage: Usage;
  readonly estimated: boolean;
  readonly retries: number;
  readonly tools: readonly string[];
}

const nothing: OpenStep = { usage: { inputTokens: 0, outputTokens: 0 }, estimated: false, retries: 0, tools: [] };

/** Adds a model call to its step; gives the step once it has its answer. */
function stepItem(entry: Extract<Entry, { kind: "model" }>, open: Map<string, OpenStep>): TimelineItem | undefined {
  const { body, key, at } = entry;
  const stepKey = key.slice(0, key.lastIndexOf("/model/"));
  const before = open.get(stepKey) ?? nothing;
  const used = usageOfCall(body);
  const step: OpenStep = {
    usage: {
      inputTokens: before.usage.inputTokens + used.inputTokens,
      outputTokens: before.usage.outputTokens + used.outputTokens,
    },
    estimated: before.estimated || body.estimated === true,
    retries: before.retries + (body.attempts ?? 1) - 1,
    tools: [...before.tools, ...(body.toolCalls ?? []).map((call) => call.name)],
  };
  if ((body.toolCalls?.length ?? 0) > 0) {
    open.set(stepKey, step);
    return undefined;
  }
  open.delete(stepKey);
  return { type: "step", at, stepKey, agentId: body.agentId, response: body.text, ...step };
}
