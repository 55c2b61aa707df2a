import { findResumable as find, openSessions, type SessionSummary, secretValues } from "@strands/sdk";
import { formatTime } from "../render/amounts.js";
import { fileChangeLines } from "../render/file-change-text.js";
import { resumeCommand } from "../render/interrupt-text.js";
import type { Screen } from "../render/screen.js";
import { statusText } from "../render/status-text.js";
import { fileChanges } from "./file-changes.js";
import type { FreshRun } from "./plan-new-run.js";
import { endedBy } from "./plan-resume.js";
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

/** Says of the newest unfinished session of this file, if it began before the file was changed, how to go on with it all the same. */
export async function sayOutdated(
  request: RunRequest,
  { workflowName, path }: FreshRun,
  screen: Screen,
): Promise<void> {
  const { io, style } = screen;
  await using sessions = openSessions(request.place.location);
  let left = mostLookedAt;
  for await (const session of sessions.iterate({ workflowName, limit: 1000 })) {
    if (session.status === "completed") continue;
    if (left === 0) return;
    left -= 1;
    // One that cannot be read must not keep a new one from beginning.
    const view = await sessions.get(session.id).catch(() => undefined);
    if (view?.record.labels?.["specPath"] !== path || endedBy(view.entries) !== undefined) continue;
    const { record } = view;
    const changes = await fileChanges(record, path, io);
    if (changes === undefined) return;
    screen.hide(secretValues(record.spec, io.env));
    const command = resumeCommand({ id: session.id, place: request.place.words, platform: io.platform });
    const [, ...lines] = fileChangeLines(changes);
    screen.note(
      style.yellow(`! A ${statusText(session)} session began before this file was changed; a new one begins now.`),
    );
    screen.note(`Go on with the old one: ${command}\nChanged since:`);
    for (const line of lines) screen.note(style.yellow(line));
    return;
  }
}

/** Sessions of the same name that are opened to see whether they are of this file. */
const mostLookedAt = 20;
