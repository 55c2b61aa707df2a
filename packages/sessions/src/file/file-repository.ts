import { readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type {
  ClaimRequest,
  SessionClaim,
  SessionPage,
  SessionQuery,
  SessionRecord,
  SessionRepository,
  SessionSummary,
  StoredSession,
} from "@strands/core";
import { foldSummary, newSummary } from "@strands/core";
import { checkDurability, type Durability } from "../storage/durability.js";
import { type LeaseRules, leasedError } from "../storage/lease.js";
import { leaseRules, type RepositoryInternals } from "../storage/lease-options.js";
import { conflict, notFound, takenError, unusableId } from "../storage/session-id.js";
import { defaultSessionDirectory } from "./default-directory.js";
import {
  discard,
  isGone,
  isThere,
  keepPart,
  makeDirectory,
  removeAbandoned,
  SharedDirectorySync,
  syncDirectory,
  writeNewFile,
} from "./durable-files.js";
import { type JournalPosition, type JournalReading, journalStart, readJournal } from "./journal-reader.js";
import { blobDirectory, isDirectoryId, recordFile, segmentEpochs, segmentFile, temporaryName } from "./layout.js";
import { findLease, holderOf, isHeld, startHeartbeat, writeReleased } from "./lease.js";
import { listSessions } from "./list-sessions.js";
import { publishSegment, raiseFence } from "./publish-segment.js";
import { readHeaderFile, type SegmentHeader } from "./segment-header.js";
import { SegmentWriter } from "./segment-writer.js";
import { encodeRecord, readRecord } from "./session-record.js";
import { errnoOf, isAbsent, storageError } from "./storage-error.js";
import { beginSummary, readSummary, restoreSummary } from "./summary-cache.js";

export interface FileRepositoryOptions {
  /** Where sessions live; made when first needed. @defaultValue {@link defaultSessionDirectory} of this machine */
  readonly directory?: string;
  /** @defaultValue "full" */
  readonly durability?: Durability;
  /**
   * How long the heartbeat of a runner on another machine may rest before it counts as gone, in milliseconds. A runner
   * on this machine is looked up and needs no waiting.
   * @defaultValue 15000
   */
  readonly leaseMs?: number;
}

/**
 * Keeps sessions as files, one directory each. Nothing touches the disk before the first call.
 * @example
 * const sessions = createFileRepository({ directory: "./sessions" });
 */
export function createFileRepository(options: FileRepositoryOptions = {}): SessionRepository {
  return new FileRepository(options);
}

/** How many sessions a repository remembers its place in. */
const maxPlaces = 500;

/** Where a reader stood, so that the next claim reads only what is new. */
interface Place {
  readonly position: JournalPosition;
  readonly summary: SessionSummary;
}

/** @internal */
export class FileRepository implements SessionRepository {
  readonly name = "file";
  readonly #options: FileRepositoryOptions;
  readonly #sync: boolean;
  readonly #places: Map<string, Place> = new Map();
  readonly #writers: Set<SegmentWriter> = new Set();
  /** Epochs, by session, whose lease could not be given back yet, as on a full disk. */
  readonly #unreleased: Map<string, number> = new Map();
  #root: string | undefined;
  readonly #rootSync = new SharedDirectorySync();
  /** Whether the name of the directory of all sessions was made durable. */
  #rooted = false;
  readonly #rules: LeaseRules;

  constructor(options: FileRepositoryOptions, internals: RepositoryInternals = {}) {
    const { durability = "full", leaseMs } = options;
    checkDurability(durability);
    this.#options = options;
    this.#rules = leaseRules(leaseMs, internals);
    this.#sync = durability === "full";
  }

  async create(record: SessionRecord): Promise<void> {
    const { id } = record;
    if (!isDirectoryId(id)) {
      throw unusableId(id);
    }
    const line = encodeRecord(record);
    const summary = newSummary(record);
    try {
      await this.#place(record, line.text);
    } catch (error) {
      throw storageError(id, "created", error);
    }
    this.#remember(id, { position: journalStart(line.sum), summary });
  }

  async load(sessionId: string): Promise<StoredSession> {
    const directory = this.#find(sessionId);
    try {
      const { record, reading, summary, epoch } = readWhole(sessionId, directory);
      this.#remember(sessionId, { position: reading.position, summary });
      return { record, entries: reading.entries, epoch, notices: reading.notices };
    } catch (error) {
      throw isAbsent(error) ? notFound(sessionId) : storageError(sessionId, "read", error);
    }
  }

  async claim(sessionId: string, request: ClaimRequest): Promise<SessionClaim> {
    request.signal?.throwIfAborted();
    const directory = this.#find(sessionId);
    try {
      for (;;) {
        const writer = await this.#tryClaim(sessionId, directory, request);
        if (writer !== undefined) return writer;
      }
    } catch (error) {
      if (request.signal?.aborted === true) throw error;
      throw isAbsent(error) && isGone(directory) ? notFound(sessionId) : storageError(sessionId, "claimed", error);
    }
  }

  async list(query: SessionQuery = {}): Promise<SessionPage> {
    return listSessions(this.#directory(), query, (sessionId) => {
      const directory = join(this.#directory(), sessionId);
      try {
        return readSummary(directory, sessionId) ?? readWhole(sessionId, directory).summary;
      } catch (error) {
        throw storageError(sessionId, "read", error);
      }
    });
  }

  async delete(sessionId: string): Promise<void> {
    const directory = this.#find(sessionId);
    try {
      this.#releaseAgain(sessionId, directory);
      const lease = findLease(directory, segmentEpochs(readdirSync(directory)), this.#unreleased.get(sessionId));
      const rules = this.#rules;
      if (lease !== undefined && (await isHeld(directory, lease, rules, undefined))) {
        throw leasedError(sessionId, holderOf(lease), rules.leaseMs);
      }
      const grave = join(this.#directory(), temporaryName(sessionId));
      renameSync(directory, grave);
      if (this.#sync) await this.#rootSync.sync(this.#directory());
      rmSync(grave, { recursive: true, force: true, maxRetries: 3 });
      this.#places.delete(sessionId);
      this.#unreleased.delete(sessionId);
    } catch (error) {
      throw isAbsent(error) ? notFound(sessionId) : storageError(sessionId, "deleted", error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#writers].map((writer) => writer.release()));
  }

  /** One try at the next epoch; `undefined` when it has to be looked at anew. */
  async #tryClaim(sessionId: string, directory: string, request: ClaimRequest): Promise<SegmentWriter | undefined> {
    const { afterEpoch, afterSeq, owner, purpose, signal } = request;
    const rules = this.#rules;
    const names = readdirSync(directory);
    const epochs = segmentEpochs(names);
    const latest = epochs.at(-1) ?? 0;
    const isStale =
      !Number.isInteger(afterEpoch) ||
      afterEpoch < 0 ||
      latest < afterEpoch ||
      !onlySeals(directory, epochs, afterEpoch);
    if (purpose === "run") {
      this.#releaseAgain(sessionId, directory);
      const lease = findLease(directory, epochs, this.#unreleased.get(sessionId));
      if (lease !== undefined && (await isHeld(directory, lease, rules, signal))) {
        throw leasedError(sessionId, holderOf(lease), rules.leaseMs);
      }
      signal?.throwIfAborted();
    }
    if (isStale) throw conflict(sessionId, "has been moved on by somebody else");

    // First the fence, then the look at what is there: so whatever was acknowledged is seen.
    const epoch = latest + 1;
    if (latest > 0) raiseFence(directory, epoch);
    const { reading, summary } = this.#readTail(sessionId, directory, epochs, afterSeq);
    // What was read is built upon, and its writer may have died before the disk had it, or the name it is found under.
    if (this.#sync && latest > 0) {
      const { epoch: last, from, to } = reading.tail;
      if (last > 0) {
        await keepPart(join(directory, segmentFile(last)), from, to);
        await syncDirectory(directory);
      }
    }
    const { seq, chain } = reading.position;
    if (afterSeq > seq) throw conflict(sessionId, "holds less than was read: the rest was never acknowledged");
    const header: SegmentHeader = {
      segment: epoch,
      base: seq + 1,
      chain,
      purpose,
      leaseMs: rules.leaseMs,
      owner: { id: owner, ...rules.me },
    };
    // Synced with the first entries: until then the segment holds nothing that was acknowledged.
    const published = await publishSegment(directory, header, false);
    if (published === undefined) return undefined;
    // From here on nothing may fail: the epoch is taken.
    if (reading.position.epoch >= 0) this.#remember(sessionId, { position: reading.position, summary });
    removeAbandoned(directory, names);
    if (names.includes(blobDirectory)) removeAbandoned(join(directory, blobDirectory));
    restoreSummary(directory, summary, seq);

    const stop = purpose === "run" ? startHeartbeat(directory, epoch, rules) : undefined;
    const writer: SegmentWriter = new SegmentWriter({
      sessionId,
      directory,
      sync: this.#sync,
      syncRoot: () => this.#rootSync.sync(this.#directory()),
      header,
      fd: published.fd,
      offset: published.offset,
      seed: published.sum,
      tail: reading.entries.slice(reading.entries.length - (seq - afterSeq)),
      summary,
      onRelease: () => {
        this.#writers.delete(writer);
        if (stop === undefined) return;
        stop();
        if (!writeReleased(directory, epoch)) this.#unreleased.set(sessionId, epoch);
      },
    });
    this.#writers.add(writer);
    return writer;
  }

  /** Gives back a lease that could not be given back when its writer ended. */
  #releaseAgain(sessionId: string, directory: string): void {
    const epoch = this.#unreleased.get(sessionId);
    if (epoch !== undefined && writeReleased(directory, epoch)) this.#unreleased.delete(sessionId);
  }

  /** Reads at least what comes after `afterSeq`, from where this repository stood when it can. */
  #readTail(
    sessionId: string,
    directory: string,
    epochs: readonly number[],
    afterSeq: number,
  ): { readonly reading: JournalReading; readonly summary: SessionSummary } {
    const place = this.#places.get(sessionId);
    if (place !== undefined && place.position.epoch >= 0 && place.position.seq <= afterSeq) {
      try {
        const reading = readJournal(sessionId, directory, epochs, place.position);
        return { reading, summary: foldSummary(place.summary, reading.entries) };
      } catch {
        // What was remembered does not fit what is there: read it all, and let that say what is wrong.
      }
    }
    const { record, sum } = readRecord(sessionId, directory);
    const reading = readJournal(sessionId, directory, epochs, journalStart(sum));
    return { reading, summary: foldSummary(newSummary(record), reading.entries) };
  }

  /** Builds a session aside and puts it in its place in one step. */
  async #place(record: SessionRecord, line: string): Promise<void> {
    const root = this.#directory();
    if (!this.#rooted || !isThere(root)) await makeDirectory(root, this.#sync);
    this.#rooted = this.#sync;
    const made = join(root, temporaryName(record.id));
    const place = join(root, record.id);
    try {
      await makeDirectory(made, false);
      const written = writeNewFile(join(made, recordFile), line, this.#sync);
      // The file is there at once, so that its bytes and its name can be made durable together.
      beginSummary(made);
      await Promise.all([written, this.#sync ? syncDirectory(made) : undefined]);
      // Lists are in order of this time, so that they need not open every session.
      const seconds = record.createdAt / 1000;
      utimesSync(join(made, recordFile), seconds, seconds);
      if (isThere(place)) throw takenError(record.id);
      // Its name is made durable with the first entries.
      renameSync(made, place);
    } catch (error) {
      discard(made);
      const code = errnoOf(error);
      if (code === "EEXIST" || code === "ENOTEMPTY" || code === "ENOTDIR") throw takenError(record.id);
      throw error;
    }
  }

  /** The directory of a session. An id that cannot be one never becomes a path. */
  #find(sessionId: string): string {
    if (!isDirectoryId(sessionId)) throw notFound(sessionId);
    const directory = join(this.#directory(), sessionId);
    try {
      if (isThere(join(directory, recordFile))) return directory;
    } catch (error) {
      throw storageError(sessionId, "read", error);
    }
    throw notFound(sessionId);
  }

  #directory(): string {
    this.#root ??= this.#options.directory ?? defaultSessionDirectory(process.env, process.platform, homedir());
    return this.#root;
  }

  #remember(sessionId: string, place: Place): void {
    this.#places.delete(sessionId);
    this.#places.set(sessionId, place);
    if (this.#places.size <= maxPlaces) return;
    const [oldest] = this.#places.keys();
    if (oldest !== undefined) this.#places.delete(oldest);
  }
}

/** Reads a session as it is at one moment: again when a new segment appeared meanwhile. */
function readWhole(
  sessionId: string,
  directory: string,
): {
  readonly record: SessionRecord;
  readonly reading: JournalReading;
  readonly summary: SessionSummary;
  readonly epoch: number;
} {
  const { record, sum } = readRecord(sessionId, directory);
  for (;;) {
    const epochs = segmentEpochs(readdirSync(directory));
    const reading = readJournal(sessionId, directory, epochs, journalStart(sum));
    const epoch = epochs.at(-1) ?? 0;
    if (epoch !== (segmentEpochs(readdirSync(directory)).at(-1) ?? 0)) continue;
    return { record, reading, summary: foldSummary(newSummary(record), reading.entries), epoch };
  }
}

/** Whether nobody has claimed after an epoch: seals are the last act of the writer of the epoch before them. */
function onlySeals(directory: string, epochs: readonly number[], afterEpoch: number): boolean {
  return epochs.every((epoch) => {
    if (epoch <= afterEpoch) return true;
    const reading = readHeaderFile(directory, epoch);
    return reading?.type === "header" && reading.header.purpose === "seal";
  });
}
