import { recordDecision } from "../engine/record-answer.js";
import { SessionError } from "../error/errors.js";
import { StrandsError } from "../error/strands-error.js";
import type { RunHost } from "../launch-run.js";
import type { EntryDraft } from "../session/entry.js";
import type { StoredSession } from "../session/repository.js";
import type { SessionSummary } from "../session/summary.js";
import { foldSummary, newSummary } from "../session/summary.js";

/** Ends the run of this process, if there is one, and records that the session is cancelled unless it has ended so. */
export async function cancelSession(host: RunHost, sessionId: string, reason: string): Promise<SessionSummary> {
  const runs = [...host.runs].filter((run) => run.sessionId === sessionId);
  for (const run of runs) run.cancel(reason);
  await Promise.allSettled(runs.map((run) => run.result));
  const runId = host.ids.next("run");
  // A whole run, so that a process that only seemed to be gone finds itself overtaken.
  const drafts: readonly EntryDraft[] = [
    { key: `run/${runId}`, kind: "run.started", body: { runId, owner: host.owner } },
    { key: `run/${runId}/end`, kind: "run.cancelled", body: { runId, reason } },
  ];
  const decide = (stored: StoredSession, now: number) => {
    const summary = foldSummary(newSummary(stored.record), stored.entries);
    if (summary.status === "completed") throw completed(sessionId);
    if (summary.status === "cancelled") return { result: summary, drafts: [] };
    const { error: _, ...rest } = summary;
    return { result: { ...rest, status: "cancelled" as const, updatedAt: now }, drafts };
  };
  try {
    return await recordDecision(host.sessions, sessionId, host, decide, "run");
  } catch (cause) {
    throw StrandsError.isInstance(cause) && cause.code === "SESSION_LEASED" ? leased(sessionId, cause) : cause;
  }
}

function completed(sessionId: string): SessionError {
  return new SessionError("SESSION_COMPLETED", `Session \`${sessionId}\` has completed; there is nothing to cancel`, {
    sessionId,
    hint: "Delete it if it is not wanted.",
  });
}

function leased(sessionId: string, cause: StrandsError): SessionError {
  return new SessionError("SESSION_LEASED", cause.message, {
    sessionId,
    details: cause.details,
    hint: "Stop the run in the process that has it, or wait until it has ended, then cancel the session.",
    cause,
  });
}
