import type { Entry, SessionError } from "@strands/core";
import { conflict } from "./session-id.js";

/** Where a claim stands: its epoch, and the last entry it knows of. */
export interface ClaimPosition {
  readonly sessionId: string;
  readonly epoch: number;
  readonly seq: number;
}

/** Why entries cannot be the next ones of a claim; `undefined` when they can. */
export function orderFault(
  { sessionId, epoch, seq }: ClaimPosition,
  expectedSeq: number,
  entries: readonly Entry[],
): SessionError | undefined {
  if (expectedSeq !== seq + 1) return conflict(sessionId, `is at entry ${seq}, not ${expectedSeq - 1}`);
  const inOrder = entries.every((entry, i) => entry.seq === expectedSeq + i && entry.epoch === epoch);
  return inOrder ? undefined : conflict(sessionId, "was given an entry out of order");
}
