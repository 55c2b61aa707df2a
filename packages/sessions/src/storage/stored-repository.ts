import { randomUUID } from "node:crypto";
import type {
  ClaimRequest,
  SessionClaim,
  SessionPage,
  SessionQuery,
  SessionRecord,
  SessionRepository,
  StoredSession,
} from "@strands/core";
import { foldSummary, newSummary } from "@strands/core";
import { decodeEntries } from "./entry-text.js";
import { decodeHolder, encodeHolder } from "./holder-text.js";
import { isHeldBy, type LeaseRules, leasedError } from "./lease.js";
import { cursorBehind, parseCursor } from "./list-cursor.js";
import type { Head, Medium } from "./medium.js";
import { decodeRecord, encodeRecord } from "./record-text.js";
import { conflict, isSessionId, notFound, takenError, unusableId } from "./session-id.js";
import { storageFailure } from "./storage-failure.js";
import { StoredClaim } from "./stored-claim.js";

interface Lease<H extends Head> {
  readonly head: H;
  readonly holder: string;
}

/** The rules that are the same whatever a session is stored in. */
export class StoredRepository<H extends Head> implements SessionRepository {
  readonly name: string;
  readonly #medium: Medium<H>;
  readonly #rules: LeaseRules;
  readonly #claims: Set<StoredClaim> = new Set();
  /** Leases, by session, that could not be given back yet. */
  readonly #unreleased: Map<string, Lease<H>> = new Map();

  constructor(medium: Medium<H>, rules: LeaseRules) {
    this.name = medium.name;
    this.#medium = medium;
    this.#rules = rules;
  }

  async create(record: SessionRecord): Promise<void> {
    if (!isSessionId(record.id)) throw unusableId(record.id);
    const session = { record, text: encodeRecord(record), summary: newSummary(record) };
    const stored = await this.#guard(record.id, "created", () => this.#medium.insert(session));
    if (!stored) throw takenError(record.id);
  }

  load(sessionId: string): Promise<StoredSession> {
    return this.#guard(sessionId, "read", async () => {
      const reading = await this.#medium.read(sessionId, 0);
      if (reading === undefined) throw notFound(sessionId);
      const { head } = reading;
      const record = decodeRecord(sessionId, head.record);
      return { record, entries: decodeEntries(sessionId, reading.entries, 1), epoch: head.epoch, notices: [] };
    });
  }

  async claim(sessionId: string, request: ClaimRequest): Promise<SessionClaim> {
    const { signal } = request;
    signal?.throwIfAborted();
    try {
      return await this.#guard(sessionId, "claimed", () => this.#claim(sessionId, request));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  async list(query: SessionQuery = {}): Promise<SessionPage> {
    const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    try {
      const { summaries, more, notices } = await this.#medium.page(query, after, query.limit ?? 100);
      const last = summaries.at(-1);
      return {
        sessions: summaries,
        notices,
        ...(more && last !== undefined ? { next: cursorBehind(last) } : {}),
      };
    } catch (error) {
      throw storageFailure("The sessions could not be listed", error, this.#medium.explain);
    }
  }

  delete(sessionId: string): Promise<void> {
    return this.#guard(sessionId, "deleted", async () => {
      await this.#releaseAgain(sessionId);
      for (;;) {
        const reading = await this.#medium.read(sessionId, Number.MAX_SAFE_INTEGER);
        if (reading === undefined) throw notFound(sessionId);
        await this.#refuseHeld(sessionId, reading.head, undefined);
        // Somebody may have claimed it since.
        if (await this.#medium.remove(reading.head)) return;
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#claims].map((claim) => claim.release()));
    await this.#medium.close();
  }

  async #claim(sessionId: string, request: ClaimRequest): Promise<SessionClaim> {
    const { afterEpoch, afterSeq, owner, purpose, signal } = request;
    const { leaseMs, me, time } = this.#rules;
    if (purpose === "run") await this.#releaseAgain(sessionId);
    const reading = await this.#medium.read(sessionId, afterSeq);
    if (reading === undefined) throw notFound(sessionId);
    const { head } = reading;
    if (purpose === "run") await this.#refuseHeld(sessionId, head, signal);
    signal?.throwIfAborted();
    if (head.epoch !== afterEpoch) throw conflict(sessionId, "has been moved on by somebody else");
    if (head.seq < afterSeq) throw conflict(sessionId, "holds less than was read: the rest was never acknowledged");
    const seen = decodeEntries(sessionId, reading.entries, afterSeq + 1);

    const holder = encodeHolder({ ...me, id: owner, epoch: afterEpoch + 1, leaseMs, token: randomUUID() });
    const lease = purpose === "run" ? { head, holder } : undefined;
    try {
      const epoch = await this.#medium.open(head, { purpose, holder });
      if (epoch === undefined) throw conflict(sessionId, "has been moved on by somebody else");
      const missed = decodeEntries(sessionId, epoch.missed, head.seq + 1);
      const stop = lease && time.every(leaseMs / 3, () => this.#medium.beat(head, holder).catch(() => {}));
      const claim: StoredClaim = new StoredClaim({
        sessionId,
        epoch,
        tail: [...seen, ...missed],
        seq: head.seq + missed.length,
        summary: foldSummary(head.summary, missed),
        explain: this.#medium.explain,
        onRelease: async () => {
          this.#claims.delete(claim);
          stop?.();
          await this.#release(sessionId, lease);
        },
      });
      this.#claims.add(claim);
      return claim;
    } catch (error) {
      // It may have been opened all the same; then nobody here is going to give the lease back.
      await this.#release(sessionId, lease);
      throw error;
    }
  }

  async #refuseHeld(sessionId: string, head: H, signal: AbortSignal | undefined): Promise<void> {
    if (head.lease === undefined) return;
    const holder = decodeHolder(sessionId, head.lease);
    const isHeld = await isHeldBy(holder, () => this.#medium.pulse(head), this.#rules, signal);
    if (isHeld) throw leasedError(sessionId, holder, this.#rules.leaseMs);
  }

  async #release(sessionId: string, lease: Lease<H> | undefined): Promise<void> {
    if (lease === undefined) return;
    try {
      await this.#medium.release(lease.head, lease.holder);
      this.#unreleased.delete(sessionId);
    } catch {
      // Others would wait until this process ends, so it is tried again when somebody here wants the session.
      this.#unreleased.set(sessionId, lease);
    }
  }

  #releaseAgain(sessionId: string): Promise<void> {
    return this.#release(sessionId, this.#unreleased.get(sessionId));
  }

  async #guard<T>(sessionId: string, what: string, work: () => Promise<T>): Promise<T> {
    if (!isSessionId(sessionId)) throw notFound(sessionId);
    try {
      return await work();
    } catch (error) {
      throw storageFailure(`The session \`${sessionId}\` could not be ${what}`, error, this.#medium.explain);
    }
  }
}
