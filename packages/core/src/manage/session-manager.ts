import type { ResumeOptions, WorkflowClient } from "../client.js";
import { hostOf } from "../client.js";
import type { InterruptState } from "../engine/interrupt.js";
import { interruptsOf } from "../engine/interrupt.js";
import { InputError } from "../error/errors.js";
import { StrandsError } from "../error/strands-error.js";
import type { Run } from "../run.js";
import type { SessionPage, SessionRepository, StoredSession } from "../session/repository.js";
import type { SessionSummary } from "../session/summary.js";
import { foldSummary, newSummary } from "../session/summary.js";
import type { AnyShape, SessionId, SpecShape } from "../spec/spec-shape.js";
import { cancelSession } from "./cancel-session.js";
import { copySession } from "./copy-session.js";
import type { ForkOptions } from "./fork-session.js";
import { forkSession } from "./fork-session.js";
import type { SessionFilter } from "./list-sessions.js";
import { listSessions } from "./list-sessions.js";
import { readSessionFile } from "./read-session-file.js";
import type { RecordedEvent } from "./session-events.js";
import { eventsOf } from "./session-events.js";
import type { ExportOptions, SessionFile } from "./session-file.js";
import { toSessionFile } from "./session-file.js";
import type { SessionStep } from "./session-steps.js";
import { stepsOf } from "./session-steps.js";

/** A session with what its journal says about it. */
export interface SessionView extends StoredSession {
  readonly summary: SessionSummary;
  readonly interrupts: readonly InterruptState[];
}

/** What {@link SessionManager.cleanup} deletes. */
export interface CleanupOptions {
  /** Sessions that have not moved for so many days. @defaultValue 7 */
  readonly maxAgeDays?: number;
  /** Whether completed ones stay whatever their age. @defaultValue true */
  readonly keepCompleted?: boolean;
  /** Only says what would be deleted. @defaultValue false */
  readonly dryRun?: boolean;
}

/** What became of a clean-up. */
export interface CleanupResult {
  readonly deleted: readonly SessionSummary[];
  /** Those that could not be deleted, and why. */
  readonly failed: readonly { readonly sessionId: string; readonly error: StrandsError }[];
}

const dayMs = 86_400_000;

/**
 * Looks at and looks after the sessions of a client, in whatever repository they are.
 *
 * @example
 * const sessions = new SessionManager(client);
 * for await (const { id } of sessions.iterate({ status: "paused" })) console.log(id);
 */
export class SessionManager {
  readonly #client: WorkflowClient;

  /** @param client whose sessions they are; it runs what is resumed */
  constructor(client: WorkflowClient) {
    this.#client = client;
  }

  get #sessions(): SessionRepository {
    return hostOf(this.#client).sessions;
  }

  /**
   * One page, newest first by the time of creation.
   *
   * @throws {@link InputError} when the filter cannot be used
   */
  async list(filter: SessionFilter = {}): Promise<SessionPage> {
    return listSessions(this.#sessions, filter);
  }

  /** Every session that fits, page by page; `limit` is the size of a page. */
  async *iterate(filter: SessionFilter = {}): AsyncGenerator<SessionSummary, void, undefined> {
    let { cursor } = filter;
    do {
      const page = await this.list({ ...filter, ...(cursor === undefined ? {} : { cursor }) });
      yield* page.sessions;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  /** @throws {@link SessionError} `SESSION_NOT_FOUND`, `SESSION_CORRUPT`, `SESSION_VERSION_UNKNOWN` */
  async get(sessionId: string): Promise<SessionView> {
    const stored = await this.#sessions.load(sessionId);
    const { record, entries } = stored;
    return { ...stored, summary: foldSummary(newSummary(record), entries), interrupts: interruptsOf(entries) };
  }

  /** @throws {@link SessionError} `SESSION_NOT_FOUND`, and `SESSION_LEASED` while it is being run */
  async delete(sessionId: string): Promise<void> {
    await this.#sessions.delete(sessionId);
  }

  /** Goes on with a session, see {@link WorkflowClient.resume}. */
  resume<S extends SpecShape = AnyShape>(sessionId: SessionId<S>, options?: ResumeOptions<S>): Run<S> {
    return this.#client.resume(sessionId, options);
  }

  /**
   * Cancels a session: a run of this client is stopped first; one that is paused, failed or was cut off is recorded as
   * cancelled. A session that is cancelled already stays as it is. It can still be resumed.
   *
   * @returns where it stands now
   * @throws {@link SessionError} `SESSION_COMPLETED`, and `SESSION_LEASED` while another process runs it
   */
  async cancel(sessionId: string, reason = "The session was cancelled"): Promise<SessionSummary> {
    return cancelSession(hostOf(this.#client), sessionId, reason);
  }

  /**
   * Deletes sessions that have not moved for a while. Those that say they are running stay, and so does whatever the
   * repository does not give away because somebody runs it.
   *
   * @throws {@link InputError} when `maxAgeDays` is no number from 0 on
   */
  async cleanup(options: CleanupOptions = {}): Promise<CleanupResult> {
    const { maxAgeDays = 7, keepCompleted = true, dryRun = false } = options;
    if (!(maxAgeDays >= 0)) throw new InputError("`maxAgeDays` is not usable", { hint: "Give a number from 0 on." });
    const before = hostOf(this.#client).clock.now() - maxAgeDays * dayMs;
    const old: SessionSummary[] = [];
    for await (const session of this.iterate({ limit: 1000 })) {
      const kept = session.status === "running" || (keepCompleted && session.status === "completed");
      // A fork is younger than what it holds.
      if (!kept && Math.max(session.updatedAt, session.createdAt) < before) old.push(session);
    }
    if (dryRun) return { deleted: old, failed: [] };
    const deleted: SessionSummary[] = [];
    const failed: { sessionId: string; error: StrandsError }[] = [];
    for (const session of old) {
      try {
        await this.delete(session.id);
        deleted.push(session);
      } catch (error) {
        if (!StrandsError.isInstance(error)) throw error;
        // Somebody has gone on with it, or has deleted it, since it was listed.
        if (error.code === "SESSION_LEASED" || error.code === "SESSION_NOT_FOUND") continue;
        failed.push({ sessionId: session.id, error });
      }
    }
    return { deleted, failed };
  }

  /**
   * Makes a new session of the first entries of another, which stays as it is. Questions that are open there are asked
   * anew, under ids of their own and with their full time; a tool call that was under way is in doubt, and a person is asked
   * unless it only reads. Its label `forkedFrom` says where it comes from.
   *
   * @throws {@link SessionError} `SESSION_NOT_FOUND`, `SESSION_EXISTS`, and `SESSION_COMPLETED` when that entry is the end
   * @throws {@link InputError} when there is no such entry
   */
  async fork(sessionId: string, options: ForkOptions = {}): Promise<SessionSummary> {
    const { id } = await forkSession(hostOf(this.#client), sessionId, options);
    return (await this.get(id)).summary;
  }

  /** What each agent was asked and what it answered, in the order they began. Rejects like {@link get}. */
  async steps(sessionId: string): Promise<readonly SessionStep[]> {
    return stepsOf((await this.#sessions.load(sessionId)).entries);
  }

  /**
   * The events its journal stands for: begin and end of each run, finished steps, tool calls, questions and answers. What is
   * told and not recorded, such as tokens, is not among them. Rejects like {@link get}.
   *
   * @param options `fromSeq`: number of the first entry that is told of
   */
  async events(sessionId: string, options: { readonly fromSeq?: number } = {}): Promise<readonly RecordedEvent[]> {
    return eventsOf(await this.#sessions.load(sessionId), options.fromSeq ?? 1);
  }

  /** A session as one JSON document, without what looks like a credential. Rejects like {@link get}. */
  async export(sessionId: string, options: ExportOptions = {}): Promise<SessionFile> {
    const { sessions, clock } = hostOf(this.#client);
    return toSessionFile(await sessions.load(sessionId), clock.now(), options);
  }

  /**
   * Stores an exported session under the id it had.
   *
   * @param file the document, or its text
   * @throws {@link SessionError} `SESSION_EXISTS`; `SESSION_CORRUPT` and `SESSION_VERSION_UNKNOWN` with the place in the file
   */
  async import(file: SessionFile | string): Promise<SessionSummary> {
    const { record, entries } = readSessionFile(file);
    const { sessions, owner } = hostOf(this.#client);
    await copySession(sessions, record, entries, owner);
    return (await this.get(record.id)).summary;
  }
}
