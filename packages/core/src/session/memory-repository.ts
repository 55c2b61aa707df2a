import { InputError, SessionError } from "../error/errors.js";
import type { Entry } from "./entry.js";
import type { SessionRecord } from "./record.js";
import type {
  ClaimRequest,
  SessionClaim,
  SessionPage,
  SessionQuery,
  SessionRepository,
  StoredSession,
} from "./repository.js";
import type { SessionSummary } from "./summary.js";
import { foldSummary, newSummary } from "./summary.js";

export interface MemoryRepositoryOptions {
  /** Name for messages and logs. @defaultValue "memory" */
  readonly name?: string;
  /**
   * Sessions kept that have ended for good, completed or rejected; those that ended first are forgotten first. Sessions that can
   * be resumed are kept always. @defaultValue all
   */
  readonly keepEnded?: number;
}

/**
 * Keeps sessions in this process: for tests, and for runs nobody resumes after it ends. Entries are kept as they are
 * given, not copied; those that are read are frozen at the first two levels.
 */
export function createMemoryRepository(options: MemoryRepositoryOptions = {}): SessionRepository {
  const sessions = new Map<string, MemorySession>();
  const { name = "memory", keepEnded = Number.POSITIVE_INFINITY } = options;
  const ended = new Set<string>();

  const forget = (sessionId: string): void => {
    sessions.delete(sessionId);
    ended.delete(sessionId);
  };
  const released = ({ record, entries }: MemorySession): void => {
    if (keepEnded === Number.POSITIVE_INFINITY || !isEnd(entries.at(-1))) return;
    ended.add(record.id);
    const [oldest] = ended;
    if (oldest !== undefined && ended.size > keepEnded) forget(oldest);
  };
  const find = (sessionId: string): MemorySession => {
    const session = sessions.get(sessionId);
    if (session !== undefined) return session;
    throw new SessionError("SESSION_NOT_FOUND", `There is no session \`${sessionId}\``, {
      sessionId,
      hint: "It may have been deleted; a repository in memory forgets its sessions when its process ends.",
    });
  };

  return {
    name,

    async create(record: SessionRecord): Promise<void> {
      const sessionId = record.id;
      if (!/^[A-Za-z0-9_-]{1,128}$/.test(sessionId)) {
        throw new InputError(`The session id \`${sessionId.slice(0, 64)}\` is not usable`, {
          hint: "Use 1 to 128 letters, digits, `_` and `-`.",
        });
      }
      if (sessions.has(sessionId)) {
        throw new SessionError("SESSION_EXISTS", `There is a session \`${sessionId}\` already`, { sessionId });
      }
      sessions.set(sessionId, newSession(record));
    },

    async load(sessionId: string): Promise<StoredSession> {
      const session = find(sessionId);
      return { record: session.record, entries: readEntries(session, 0), epoch: session.epoch, notices: [] };
    },

    async claim(sessionId: string, request: ClaimRequest): Promise<SessionClaim> {
      request.signal?.throwIfAborted();
      return new MemoryClaim(find(sessionId), request, released);
    },

    async list(query: SessionQuery = {}): Promise<SessionPage> {
      return page([...sessions.values()], query);
    },

    async delete(sessionId: string): Promise<void> {
      const session = find(sessionId);
      if (session.runner !== undefined) throw leased(session, session.runner);
      forget(sessionId);
      session.deleted = true;
    },
  };
}

interface MemorySession {
  readonly record: SessionRecord;
  readonly entries: Entry[];
  epoch: number;
  /** Who holds the lease; absent when the latest claim for the purpose `run` was released. */
  runner: { readonly epoch: number; readonly owner: string } | undefined;
  deleted: boolean;
  /** How many entries are frozen. */
  frozen: number;
  /** Made when first asked for. */
  summary: SessionSummary | undefined;
  /** How many entries the summary covers. */
  covered: number;
}

function newSession(record: SessionRecord): MemorySession {
  return {
    record: Object.freeze({ ...record }),
    entries: [],
    epoch: 0,
    runner: undefined,
    deleted: false,
    frozen: 0,
    summary: undefined,
    covered: 0,
  };
}

const done: Promise<void> = Promise.resolve();

/** Whether nothing can follow: the session is completed, or a person has rejected it. */
function isEnd(entry: Entry | undefined): boolean {
  return entry?.kind === "run.completed" || (entry?.kind === "run.cancelled" && entry.body.rejected === true);
}

/** The turn of one writer. A class, since thousands of runs may hold one each while they wait. */
class MemoryClaim implements SessionClaim {
  readonly epoch: number;
  readonly tail: readonly Entry[];
  readonly #session: MemorySession;
  readonly #onRelease: (session: MemorySession) => void;
  #ended: SessionError | undefined;
  #released = false;

  constructor(session: MemorySession, request: ClaimRequest, onRelease: (session: MemorySession) => void) {
    if (request.purpose === "run" && session.runner !== undefined) throw leased(session, session.runner);
    if (request.afterEpoch !== session.epoch || request.afterSeq > session.entries.length) {
      throw conflict(session, "has been moved on by somebody else");
    }
    this.epoch = session.epoch + 1;
    this.tail = readEntries(session, request.afterSeq);
    this.#session = session;
    this.#onRelease = onRelease;
    session.epoch = this.epoch;
    if (request.purpose === "run") session.runner = { epoch: this.epoch, owner: request.owner };
  }

  append(expectedSeq: number, added: readonly Entry[]): Promise<void> {
    const { entries } = this.#session;
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#released) return this.#end("is no longer held: this claim was released");
    if (this.#session.epoch !== this.epoch) return this.#end("has been taken over by somebody else");
    if (this.#session.deleted) return this.#end("has been deleted");
    if (expectedSeq !== entries.length + 1) {
      return this.#end(`is at entry ${entries.length}, not ${expectedSeq - 1}`);
    }
    for (let i = 0; i < added.length; i += 1) {
      const entry = added[i] as Entry;
      if (entry.seq !== expectedSeq + i || entry.epoch !== this.epoch)
        return this.#end("was given an entry out of order");
    }
    for (const entry of added) entries.push(entry);
    return done;
  }

  release(): Promise<void> {
    this.#released = true;
    const session = this.#session;
    if (session.runner?.epoch === this.epoch) {
      session.runner = undefined;
      this.#onRelease(session);
    }
    return done;
  }

  #end(what: string): Promise<never> {
    this.#ended = conflict(this.#session, what);
    return Promise.reject(this.#ended);
  }
}

const noEntries: readonly Entry[] = [];

/** The entries behind the first so many, safe from their reader. */
function readEntries(session: MemorySession, after: number): readonly Entry[] {
  const { entries } = session;
  for (; session.frozen < entries.length; session.frozen += 1) {
    const entry = entries[session.frozen] as Entry;
    Object.freeze(entry.body);
    Object.freeze(entry);
  }
  return after >= entries.length ? noEntries : entries.slice(after);
}

function page(sessions: readonly MemorySession[], query: SessionQuery): SessionPage {
  const limit = query.limit ?? 100;
  const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const matching = sessions
    .map(currentSummary)
    .filter((summary) => query.status === undefined || summary.status === query.status)
    .filter((summary) => query.workflowName === undefined || summary.workflowName === query.workflowName)
    .sort(newestFirst);
  const rest = after === undefined ? matching : matching.filter((summary) => newestFirst(summary, after) > 0);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  return {
    sessions: shown,
    notices: [],
    ...(rest.length > shown.length && last !== undefined ? { next: `${last.createdAt}.${last.id}` } : {}),
  };
}

function currentSummary(session: MemorySession): SessionSummary {
  const summary = session.summary ?? newSummary(session.record);
  session.summary = foldSummary(summary, session.entries.slice(session.covered));
  session.covered = session.entries.length;
  return session.summary;
}

type Place = Pick<SessionSummary, "createdAt" | "id">;

function newestFirst(a: Place, b: Place): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? -1 : Number(a.id > b.id));
}

function parseCursor(cursor: string): Place {
  const [, createdAt, id] = /^(\d+(?:\.\d+)?)\.([A-Za-z0-9_-]{1,128})$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) {
    throw new InputError("The cursor is not one that a page gave", {
      hint: "Pass `next` of the page before, unchanged.",
    });
  }
  return { createdAt: Number(createdAt), id };
}

function conflict({ record: { id: sessionId } }: MemorySession, what: string): SessionError {
  return new SessionError("SESSION_CONFLICT", `The session \`${sessionId}\` ${what}`, {
    sessionId,
    hint: "Load the session again to see where it stands.",
  });
}

function leased({ record: { id: sessionId } }: MemorySession, runner: { readonly owner: string }): SessionError {
  return new SessionError("SESSION_LEASED", `The session \`${sessionId}\` is being run by \`${runner.owner}\``, {
    sessionId,
    details: { owner: runner.owner },
    hint: "Wait until that run has ended, or cancel it.",
  });
}
