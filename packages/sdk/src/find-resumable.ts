import type { SessionManager, SessionSummary } from "@strands/core";

/** The unfinished sessions of the workflow with this hash, the one that moved last first. */
export async function findResumable(sessions: SessionManager, specHash: string): Promise<readonly SessionSummary[]> {
  const found: SessionSummary[] = [];
  for await (const session of sessions.iterate({ limit: 1000 })) {
    if (session.specHash === specHash && session.status !== "completed") found.push(session);
  }
  return found.sort((a, b) => b.updatedAt - a.updatedAt);
}
