import type { SessionQuery, SessionRecord, SessionSummary } from "@strands/core";
import type { ListPlace } from "./list-cursor.js";

/** Where a session stands in its storage. */
export interface Head {
  /** JSON of the record, as `encodeRecord` made it. */
  readonly record: string;
  readonly epoch: number;
  /** `seq` of the last entry. */
  readonly seq: number;
  readonly summary: SessionSummary;
  /** Who holds the session, as `encodeHolder` made it; absent when nobody does. */
  readonly lease: string | undefined;
}

export interface Reading<H extends Head> {
  readonly head: H;
  /** Texts of the entries behind the `seq` asked for up to the head's. */
  readonly entries: readonly string[];
}

export interface NewSession {
  readonly record: SessionRecord;
  /** JSON of the record. */
  readonly text: string;
  readonly summary: SessionSummary;
}

/** How a claim wants the next epoch opened. */
export interface OpenRequest {
  readonly purpose: "run" | "record";
  /**
   * Text of the lease that a claim for the purpose `run` takes; that of somebody else stays otherwise. It is different for
   * every claim.
   */
  readonly holder: string;
}

export interface Appended {
  /** `seq` of the first. */
  readonly seq: number;
  readonly texts: readonly string[];
  /** As it is with them. */
  readonly summary: SessionSummary;
  /** Whether a list shows something else, apart from usage and time. */
  readonly showsChange: boolean;
}

/** One epoch of one session, opened by this process. */
export interface OpenEpoch {
  readonly epoch: number;
  /** Texts of the entries that came between the head the claim was made on and the claim. */
  readonly missed: readonly string[];
  /** Stores all or nothing. `false` when a newer epoch exists or the `seq` is taken, and nothing of it counts. */
  append(added: Appended): Promise<boolean>;
}

export interface MediumPage {
  readonly summaries: readonly SessionSummary[];
  /** There are more behind the last one. */
  readonly more: boolean;
  readonly notices: readonly string[];
}

/**
 * What a kind of storage does; everything else about a repository is the same for all of them. A failure is whatever
 * the client library throws. A call whose outcome is in doubt (a connection lost, a time-out) is settled by looking, so
 * that what has come to pass is never reported as a failure when the storage can be asked.
 */
export interface Medium<H extends Head = Head> {
  readonly name: string;
  /** `false` when the id is taken. */
  insert(session: NewSession): Promise<boolean>;
  /** The session at one moment, with the entries behind `afterSeq`; `undefined` when there is none. */
  read(sessionId: string, afterSeq: number): Promise<Reading<H> | undefined>;
  /** Opens the epoch after the head's; `undefined` when somebody else did or the session is gone. */
  open(head: H, request: OpenRequest): Promise<OpenEpoch | undefined>;
  /** Something that changes while the holder of a lease lives; `undefined` once the lease is not that one any more. */
  pulse(head: H): Promise<string | undefined>;
  /** Moves the heartbeat of a lease, as long as it is the one that was taken with `holder`. */
  beat(head: H, holder: string): Promise<void>;
  /** Ends that lease; nothing when it is not that one any more. */
  release(head: H, holder: string): Promise<void>;
  /** Newest first. */
  page(query: SessionQuery, after: ListPlace | undefined, limit: number): Promise<MediumPage>;
  /** Removes the session; `false` when it was claimed or removed since. */
  remove(head: H): Promise<boolean>;
  /** Names a failure of the client library, without anything secret. */
  explain(error: unknown): Explanation;
  close(): Promise<void>;
}

export interface Explanation {
  /** Short and stable, as the library has it. */
  readonly code: string;
  readonly hint?: string;
  /** Absent when the error may hold a secret. */
  readonly cause?: unknown;
}
