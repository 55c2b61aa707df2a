import type { Usage } from "../model/model.js";
import { addUsage } from "../model/usage.js";
import type { PatternType } from "../spec/spec.js";
import type { Entry, InterruptRecord } from "./entry.js";
import { usageOf } from "./entry-usage.js";
import type { SessionRecord } from "./record.js";

export type SessionStatus = "running" | "paused" | "completed" | "failed" | "cancelled";

/** What a list of sessions shows: derived from the record and the journal, and cheap to store beside them. */
export interface SessionSummary {
  readonly id: string;
  readonly workflowName: string;
  readonly patternType: PatternType;
  readonly specHash: string;
  readonly status: SessionStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly usage: Usage;
  /** Interrupts that wait for an answer. */
  readonly pending: readonly Pick<InterruptRecord, "id" | "stepKey" | "prompt">[];
  /** Message of the error it failed with. */
  readonly error?: string;
}

/** The summary of a session whose journal is empty. */
export function newSummary(record: SessionRecord): SessionSummary {
  return {
    id: record.id,
    workflowName: record.workflowName,
    patternType: record.patternType,
    specHash: record.specHash,
    status: "running",
    createdAt: record.createdAt,
    updatedAt: record.createdAt,
    usage: { inputTokens: 0, outputTokens: 0 },
    pending: [],
  };
}

/** Brings a summary forward over entries that came after it. Repositories call it; they hold no rule of their own. */
export function foldSummary(summary: SessionSummary, entries: readonly Entry[]): SessionSummary {
  if (entries.length === 0) return summary;
  let { status, updatedAt, pending, error } = summary;
  let { usage } = summary;
  for (const entry of entries) {
    updatedAt = entry.at;
    const used = usageOf(entry);
    if (used !== undefined) usage = addUsage(usage, used);
    switch (entry.kind) {
      case "run.started":
        status = "running";
        error = undefined;
        break;
      case "run.paused":
        status = "paused";
        break;
      case "run.completed":
        status = "completed";
        break;
      case "run.failed":
        status = "failed";
        error = entry.body.error.message;
        break;
      case "run.cancelled":
        status = "cancelled";
        break;
      case "interrupt.opened": {
        const { id, stepKey, prompt } = entry.body;
        pending = [...pending, { id, stepKey, prompt }];
        break;
      }
      case "interrupt.answered": {
        const answered = entry.body.id;
        pending = pending.filter((interrupt) => interrupt.id !== answered);
        break;
      }
      default:
        break;
    }
  }
  return {
    ...withoutError(summary),
    status,
    updatedAt,
    usage,
    pending,
    ...(error === undefined ? {} : { error }),
  };
}

function withoutError(summary: SessionSummary): SessionSummary {
  const { error: _, ...rest } = summary;
  return rest;
}
