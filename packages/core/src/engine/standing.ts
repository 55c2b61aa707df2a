import type { StoredSession } from "../session/repository.js";
import type { SessionSummary } from "../session/summary.js";
import { foldSummary, newSummary } from "../session/summary.js";

/** Where a session stands, for people whose answer it cannot take. */
export interface Standing {
  readonly status: SessionSummary["status"];
  /** What it does or what became of it, to follow "it". */
  readonly is: string;
  /** What can be done, in a sentence. */
  readonly next: string;
}

/** Says where a stored session stands. */
export function standingOf({ record, entries }: StoredSession): Standing {
  const { status, pending } = foldSummary(newSummary(record), entries);
  const last = entries.findLast(({ kind }) => kind === "run.cancelled");
  const rejected = last?.kind === "run.cancelled" && last.body.rejected === true;
  return { status, ...sayings(status, pending.length, rejected) };
}

function sayings(status: SessionSummary["status"], open: number, rejected: boolean): Omit<Standing, "status"> {
  switch (status) {
    case "completed":
      return { is: "has completed", next: "Look at its result, or start a new run." };
    case "failed":
      return { is: "has failed", next: "Mend the cause, then resume the session without an answer." };
    case "cancelled":
      if (rejected) return { is: "was rejected", next: "It stays as it is; start a new run to try again." };
      return { is: "was cancelled", next: "Resume the session without an answer." };
    case "running":
      return {
        is: "is at work, or was cut off",
        next: "Wait for its run, or resume it without an answer if that is gone.",
      };
    case "paused":
      return open > 0
        ? { is: "waits for another answer", next: "Answer the question that is open." }
        : { is: "is ready to go on", next: "Resume the session without an answer to go on with it." };
  }
}
