import { InputError } from "../error/errors.js";
import type { SessionPage, SessionQuery, SessionRepository } from "../session/repository.js";
import type { SessionSummary } from "../session/summary.js";

/** Which sessions are wanted. */
export interface SessionFilter extends SessionQuery {
  readonly patternType?: SessionSummary["patternType"];
  /** Only sessions that began then or later, in milliseconds since the epoch. */
  readonly since?: number;
}

/** Names the last session that was seen, and the page of the repository it is on. */
const cursorForm = /^after:(\d+(?:\.\d+)?):([A-Za-z0-9_-]{1,128}):(.*)$/s;

/** One page of sessions. What the repository cannot filter by is filtered here, so that any repository will do. */
export async function listSessions(repository: SessionRepository, filter: SessionFilter): Promise<SessionPage> {
  const { patternType, since, cursor, limit = 100, ...query } = filter;
  if (patternType === undefined && since === undefined) return repository.list(filter);
  const earliest = Number(since ?? 0);
  if (Number.isNaN(earliest)) throw new InputError("`since` is not a time", { hint: "Give milliseconds." });
  const [, createdAt, id = "", page = ""] = (cursor === undefined ? undefined : readCursor(cursor)) ?? [];
  let from = page === "" ? undefined : page;
  const found: SessionSummary[] = [];
  const notices: string[] = [];
  let place = createdAt === undefined ? undefined : { createdAt: Number(createdAt), id };
  for (;;) {
    const more = { ...query, limit: Math.min(limit + 1, 1000), ...(from === undefined ? {} : { cursor: from }) };
    const { sessions, next, notices: told } = await repository.list(more);
    notices.push(...told);
    for (const session of behind(sessions, place)) {
      if (session.createdAt < earliest) return { sessions: found, notices };
      if (patternType !== undefined && session.patternType !== patternType) continue;
      const last = found.at(-1);
      if (last !== undefined && found.length >= limit) {
        return { sessions: found, next: `after:${last.createdAt}:${last.id}:${from ?? ""}`, notices };
      }
      found.push(session);
    }
    if (next === undefined) return { sessions: found, notices };
    from = next;
    place = undefined;
  }
}

function readCursor(cursor: string): RegExpExecArray {
  const parts = cursorForm.exec(cursor);
  if (parts !== null) return parts;
  throw new InputError("The cursor is not one that a page gave", {
    hint: "Pass `next` of the page before, unchanged.",
  });
}

/** The sessions after a place. The one that marked it may be gone since. */
function behind(
  sessions: readonly SessionSummary[],
  place: { readonly createdAt: number; readonly id: string } | undefined,
): readonly SessionSummary[] {
  if (place === undefined) return sessions;
  const at = sessions.findIndex(({ id }) => id === place.id);
  return at < 0 ? sessions.filter(({ createdAt }) => createdAt < place.createdAt) : sessions.slice(at + 1);
}
