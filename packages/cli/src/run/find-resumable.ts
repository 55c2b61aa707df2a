import { openSessions, type SessionSummary } from "@strands/sdk";
import { formatTime } from "../render/amounts.js";
import type { Screen } from "../render/screen.js";
import { statusText } from "../render/status-text.js";
import type { RunRequest } from "./run-request.js";

/** Ids of the unfinished sessions of a workflow, the one that moved last first; says each before it is tried. */
export async function* findResumable(request: RunRequest, specHash: string, screen: Screen): AsyncGenerator<string> {
  const found: SessionSummary[] = [];
  {
    await using sessions = openSessions({ sessionDirectory: request.sessionDirectory, env: screen.io.env });
    let cursor: string | undefined;
    do {
      const page = await sessions.list({ limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.sessions.filter((session) => session.specHash === specHash && session.status !== "completed"));
      cursor = page.next;
    } while (cursor !== undefined);
  }
  found.sort((a, b) => b.updatedAt - a.updatedAt);
  for (const session of found) {
    const { id, updatedAt } = session;
    screen.note(`Auto-resume: session ${id.slice(0, 12)} (${statusText(session)}, ${formatTime(updatedAt)})`);
    yield id;
  }
}
