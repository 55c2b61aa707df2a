import { digestOf } from "../engine/interrupt.js";
import { InputError, SessionError } from "../error/errors.js";
import type { RunHost } from "../launch-run.js";
import type { Entry, EntryDraft, InterruptRecord } from "../session/entry.js";
import { entryVersion } from "../session/entry.js";
import type { SessionRecord } from "../session/record.js";
import type { StoredSession } from "../session/repository.js";
import { copySession } from "./copy-session.js";

/** Where a fork begins. */
export interface ForkOptions {
  /** Number of the last entry that both share, from 1. @defaultValue the last there is */
  readonly atSeq?: number;
  /** Id of the new session. @defaultValue a new one */
  readonly sessionId?: string;
}

/**
 * Makes a new session of the first entries of another. It stands as if the other had been stopped there: open questions are
 * asked anew, under ids of their own and with their full time, and a tool call that was under way is in doubt.
 */
export async function forkSession(host: RunHost, sourceId: string, options: ForkOptions): Promise<SessionRecord> {
  const source = await host.sessions.load(sourceId);
  const atSeq = checkedSeq(source, options.atSeq ?? source.entries.length);
  const { ids, clock } = host;
  const now = clock.now();
  const labels = { ...source.record.labels, forkedFrom: `${sourceId}/${atSeq}` };
  const record = { ...source.record, id: options.sessionId ?? ids.next("session"), createdAt: now, labels };
  const entries = source.entries.slice(0, atSeq);
  const open = reopened(entries, record, now, () => ids.next("interrupt"));
  const copied = entries.map((entry) => ({ ...entry, body: bodyIn(entry, entries, open) }) as Entry);
  const end = endOf(copied, [...open.values()], `Forked from session ${sourceId} at entry ${atSeq}`);
  if (end !== undefined) copied.push({ v: entryVersion, seq: atSeq + 1, epoch: 0, at: now, ...end });
  await copySession(host.sessions, record, copied, host.owner);
  return record;
}

function checkedSeq({ record: { id: sessionId }, entries }: StoredSession, atSeq: number): number {
  if (!Number.isInteger(atSeq) || atSeq < 1 || atSeq > entries.length) {
    throw new InputError(`The session has no entry \`${atSeq}\``, {
      hint: entries.length === 0 ? "Nothing is recorded in it yet." : `Give a number from 1 to ${entries.length}.`,
    });
  }
  const end = entries.find(({ kind }) => kind === "run.completed");
  if (end === undefined || end.seq > atSeq) return atSeq;
  throw new SessionError("SESSION_COMPLETED", `At entry ${atSeq} session \`${sessionId}\` has completed`, {
    sessionId,
    hint: `Fork it at an earlier entry, ${end.seq - 1} at the latest.`,
  });
}

/** The questions without an answer, by the id they had, as the fork asks them. */
function reopened(
  entries: readonly Entry[],
  { id: sessionId, specHash }: SessionRecord,
  now: number,
  nextId: () => string,
): ReadonlyMap<string, InterruptRecord> {
  const open = new Map<string, InterruptRecord>();
  for (const { kind, body, at } of entries) {
    if (kind === "interrupt.answered") open.delete(body.id);
    if (kind !== "interrupt.opened") continue;
    const { digest: _, expiresAt, ...rest } = body;
    const time = expiresAt === undefined ? {} : { expiresAt: now + expiresAt - at };
    const record = { ...rest, ...time, id: nextId() };
    open.set(body.id, { ...record, digest: digestOf(record, { sessionId, specHash }) });
  }
  return open;
}

function bodyIn(
  { kind, body, key }: Entry,
  entries: readonly Entry[],
  open: ReadonlyMap<string, InterruptRecord>,
): Entry["body"] {
  switch (kind) {
    case "interrupt.opened":
      return open.get(body.id) ?? body;
    case "run.paused":
      return { ...body, interrupts: body.interrupts.map((id) => open.get(id)?.id ?? id) };
    case "tool.intent": {
      // The other session has called it under a key of its own, or will: to call it again here might do it twice.
      const result = key.slice(0, key.lastIndexOf("/intent"));
      const isOver = body.effect !== "idempotent" || entries.some((entry) => entry.key === result);
      return isOver ? body : { ...body, effect: "once" };
    }
    default:
      return body;
  }
}

/** The end of the run that was under way, if one was. */
function endOf(entries: readonly Entry[], open: readonly InterruptRecord[], reason: string): EntryDraft | undefined {
  const last = entries.findLast(({ kind }) => kind.startsWith("run."));
  if (last?.kind !== "run.started") return undefined;
  const { runId } = last.body;
  const key = `run/${runId}/end`;
  if (open.length === 0) return { key, kind: "run.cancelled", body: { runId, reason } };
  return { key, kind: "run.paused", body: { runId, interrupts: open.map(({ id }) => id) } };
}
