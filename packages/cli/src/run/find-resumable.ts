import { findResumable as find, openSessions, type SessionSummary } from "@strands/sdk";
import { formatTime } from "../render/amounts.js";
import type { Screen } from "../render/screen.js";
import { statusText } from "../render/status-text.js";
import type { RunRequest } from "./run-request.js";

/** Ids of the unfinished sessions of a workflow, the one that moved last first; says each before it is tried. */
export async function* findResumable(request: RunRequest, specHash: string, screen: Screen): AsyncGenerator<string> {
  let found: readonly SessionSummary[];
  {
    await using sessions = openSessions(request.place.location);
    found = await find(sessions, specHash);
  }
  for (const session of found) {
    const { id, updatedAt } = session;
    screen.note(`Auto-resume: session ${id.slice(0, 12)} (${statusText(session)}, ${formatTime(updatedAt)})`);
    yield id;
  }
}
