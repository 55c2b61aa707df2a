import type { Entry } from "./entry.js";
import type { SessionRecord } from "./record.js";
import type { SessionSummary } from "./summary.js";

/** A session as it was read. */
export interface StoredSession {
  readonly record: SessionRecord;
  /** In order of `seq`, without gaps. */
  readonly entries: readonly Entry[];
  /** Epoch of the latest claim, 0 when there was none. */
  readonly epoch: number;
  /** What the reader should know, for example that an unfinished line was set aside. */
  readonly notices: readonly string[];
}

export interface ClaimRequest {
  /** The `epoch` of the {@link StoredSession} the decision was made on. */
  readonly afterEpoch: number;
  /** Number of entries the caller has already seen. */
  readonly afterSeq: number;
  /** Who claims, for people to read. */
  readonly owner: string;
  /** `run` wants to be the one runner; `record` only wants to append something, such as an answer. */
  readonly purpose: "run" | "record";
  readonly signal?: AbortSignal;
}

/** One writer's turn at a session. */
export interface SessionClaim {
  readonly epoch: number;
  /** Entries after `afterSeq` that were there when the claim was made. */
  readonly tail: readonly Entry[];
  /**
   * Appends entries whose first `seq` is `expectedSeq`, all or none, as durably as the repository promises, before it
   * resolves. Calls do not overlap. Rejects with `SESSION_CONFLICT` once a newer claim exists or the seq is taken: then
   * nothing of it counts, and no later append through this claim will succeed.
   * An append that races with a claim is acknowledged exactly when it counts, that is when the claimant sees it.
   * After `SESSION_STORAGE` it may count or not: only loading tells. `INPUT_INVALID` wrote nothing and ends nothing.
   */
  append(expectedSeq: number, entries: readonly Entry[]): Promise<void>;
  /** Says that the writer is done, so that the next claim need not wait. Safe to call twice. */
  release(): Promise<void>;
}

export interface SessionQuery {
  readonly status?: SessionSummary["status"];
  readonly workflowName?: string;
  /** At most this many. @defaultValue 100 */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

export interface SessionPage {
  /** Newest first, by the time of creation. */
  readonly sessions: readonly SessionSummary[];
  /** Cursor of the next page; absent on the last one. */
  readonly next?: string;
  readonly notices: readonly string[];
}

/**
 * Where sessions live. All correctness rests on two operations. `claim` opens the epoch after `afterEpoch`, and of any
 * number of simultaneous claims after the same epoch exactly one succeeds. `append` gives each `seq` out at most once and
 * never acknowledges a writer whose epoch is no longer the newest.
 */
export interface SessionRepository {
  readonly name: string;
  /** Stores a new session. Rejects with `SESSION_EXISTS` when the id is taken. */
  create(record: SessionRecord): Promise<void>;
  /** Reads a session. Rejects with `SESSION_NOT_FOUND`, `SESSION_CORRUPT` or `SESSION_VERSION_UNKNOWN`. */
  load(sessionId: string): Promise<StoredSession>;
  /**
   * Opens the next epoch. Rejects with `SESSION_CONFLICT` when somebody else opened it first, and, for the purpose
   * `run`, with `SESSION_LEASED` while the holder of the latest epoch is alive and has not released it. A holder that
   * cannot be asked counts as gone when its lease has not moved for the repository's lease time.
   */
  claim(sessionId: string, request: ClaimRequest): Promise<SessionClaim>;
  list(query?: SessionQuery): Promise<SessionPage>;
  /** Removes a session. Rejects with `SESSION_NOT_FOUND`, and with `SESSION_LEASED` while it is being run. */
  delete(sessionId: string): Promise<void>;
  /** Ends timers and connections. */
  close?(): Promise<void>;
}
