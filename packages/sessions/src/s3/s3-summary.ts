import type { SessionQuery, SessionSummary } from "@strands/core";
import type { LogPlace } from "./s3-log.js";

type Kept = Pick<LogPlace, "summary" | "slot" | "seq" | "epoch">;

/** A summary, with how far into the log it goes. */
export function encodeSummary({ summary, slot, seq, epoch }: Kept): string {
  return JSON.stringify({ v: 1, slot, seq, epoch, summary });
}

/** Where to read on from; `undefined` when it is not one of this version: then it is made again. */
export function decodeSummary(text: string): LogPlace | undefined {
  try {
    const { v, slot, seq, epoch, summary } = JSON.parse(text) as Kept & { readonly v: unknown };
    if (v !== 1 || typeof summary?.createdAt !== "number") return undefined;
    return { slot, seq, epoch, summary, runner: undefined, claims: [], isOver: false };
  } catch {
    return undefined;
  }
}

export function isMatch(summary: SessionSummary, { status, workflowName }: SessionQuery): boolean {
  return (
    (status === undefined || summary.status === status) &&
    (workflowName === undefined || summary.workflowName === workflowName)
  );
}
