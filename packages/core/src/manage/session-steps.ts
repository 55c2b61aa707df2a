import type { Usage } from "../model/model.js";
import { addUsage } from "../model/usage.js";
import type { Entry, EntryBodies } from "../session/entry.js";
import { usageOfCall } from "../session/entry-usage.js";

/** What an agent did under one key. */
export interface SessionStep {
  readonly stepKey: string;
  readonly agentId: string;
  /** What it was asked. */
  readonly input: string;
  /** What it answered; absent when it has not. */
  readonly response?: string;
  readonly usage: Usage;
  /** Whether the usage, or part of it, is our estimate. */
  readonly estimated: boolean;
  /** Model calls that succeeded. */
  readonly calls: number;
  /** Attempts they took. */
  readonly attempts: number;
  /** Names of the tools that were asked for, in order. */
  readonly tools: readonly string[];
  /** Milliseconds from the beginning of its first model call to the end of its last; absent when the beginning is not known. */
  readonly durationMs?: number;
  /** Milliseconds since the epoch, when the last of it was recorded. */
  readonly at: number;
  /** Number of the entry that holds the last of it. */
  readonly seq: number;
}

/** The agent steps of a journal, in the order they began. */
export function stepsOf(entries: readonly Entry[]): readonly SessionStep[] {
  const steps = new Map<string, SessionStep>();
  const begun = new Map<string, number | undefined>();
  for (const entry of entries) {
    if (entry.kind !== "model") continue;
    const stepKey = entry.key.slice(0, entry.key.lastIndexOf("/model/"));
    if (!begun.has(stepKey)) begun.set(stepKey, entry.body.startedAt);
    const step = withCall(steps.get(stepKey) ?? newStep(stepKey, entry.body), entry.body);
    const { at, seq } = entry;
    const startedAt = begun.get(stepKey);
    steps.set(stepKey, { ...step, at, seq, ...(startedAt === undefined ? {} : { durationMs: at - startedAt }) });
  }
  return [...steps.values()];
}

function newStep(stepKey: string, { agentId, input = "" }: EntryBodies["model"]): SessionStep {
  const usage = { inputTokens: 0, outputTokens: 0 };
  return { stepKey, agentId, input, usage, estimated: false, calls: 0, attempts: 0, tools: [], at: 0, seq: 0 };
}

function withCall(step: SessionStep, body: EntryBodies["model"]): SessionStep {
  const { toolCalls = [], text, attempts = 1, estimated = false } = body;
  return {
    ...step,
    ...(toolCalls.length === 0 ? { response: text } : {}),
    usage: addUsage(step.usage, usageOfCall(body)),
    estimated: step.estimated || estimated,
    calls: step.calls + 1,
    attempts: step.attempts + attempts,
    tools: [...step.tools, ...toolCalls.map(({ name }) => name)],
  };
}
