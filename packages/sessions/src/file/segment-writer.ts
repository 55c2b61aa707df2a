import { fdatasync, fstatSync, ftruncateSync } from "node:fs";
import { join } from "node:path";
import type { Entry, SessionClaim, SessionSummary, StrandsError } from "@strands/core";
import { foldSummary, InternalError } from "@strands/core";
import { orderFault } from "../storage/order-fault.js";
import { conflict } from "../storage/session-id.js";
import { showsChange } from "../storage/stored-claim.js";
import { isGone, isThere, keepBlob, letGo, syncDirectory, syncFile, writeAll } from "./durable-files.js";
import { encodeEntries } from "./entry-line.js";
import { fenceFile, segmentFile } from "./layout.js";
import { publishSegment } from "./publish-segment.js";
import { readHeaderFile, type SegmentHeader } from "./segment-header.js";
import { storageError } from "./storage-error.js";
import { dropSummary, writeSummary } from "./summary-cache.js";

export interface SegmentWriterOptions {
  readonly sessionId: string;
  readonly directory: string;
  /** Whether an append waits until the disk has it. */
  readonly sync: boolean;
  /** Makes the names of sessions durable. */
  readonly syncRoot: () => Promise<void>;
  readonly header: SegmentHeader;
  readonly fd: number;
  /** End of the header. */
  readonly offset: number;
  /** Sum of the header. */
  readonly seed: number;
  readonly tail: readonly Entry[];
  /** As it was when the claim was made. */
  readonly summary: SessionSummary;
  /** Called once, when the writer is done. */
  readonly onRelease: () => void;
}

/** The claim on one segment: its only writer. */
export class SegmentWriter implements SessionClaim {
  readonly epoch: number;
  readonly tail: readonly Entry[];
  readonly #options: SegmentWriterOptions;
  readonly #fence: string;
  #offset: number;
  #sum: number;
  #seq: number;
  #summary: SessionSummary;
  #ended: StrandsError | undefined;
  #busy = false;
  #released = false;

  constructor(options: SegmentWriterOptions) {
    const { header, directory, tail, offset, seed, summary } = options;
    this.#options = options;
    this.epoch = header.segment;
    this.tail = tail;
    this.#fence = join(directory, fenceFile(header.segment + 1));
    this.#offset = offset;
    this.#sum = seed;
    this.#seq = header.base - 1;
    this.#summary = summary;
  }

  async append(expectedSeq: number, entries: readonly Entry[]): Promise<void> {
    const { directory, sync, fd, sessionId } = this.#options;
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#released) throw conflict(sessionId, "is no longer held: this claim was released");
    if (this.#busy) throw new InternalError("An append was begun before the one before it had ended");
    this.#ended = orderFault({ sessionId, epoch: this.epoch, seq: this.#seq }, expectedSeq, entries);
    if (this.#ended !== undefined) throw this.#ended;
    if (entries.length === 0) return;

    const encoded = encodeEntries(entries, this.#sum);
    const summary = foldSummary(this.#summary, entries);
    const isStatus = showsChange(this.#summary, summary);
    this.#busy = true;
    try {
      for (const { name, json } of encoded.blobs) await keepBlob(directory, name, json, sync);
      if (isStatus) dropSummary(directory);
      const bytes = this.#write(encoded.text);
      if (sync) await this.#synced(isStatus);
      const seq = this.#seq + entries.length;
      // Only now may it be acknowledged: a successor that is not here yet will read what has been written.
      if (isThere(this.#fence)) await this.#settle(seq, encoded.sum);
      else if (fstatSync(fd).nlink === 0) throw conflict(sessionId, "has been deleted");
      this.#seq = seq;
      this.#sum = encoded.sum;
      this.#offset += bytes;
      this.#summary = summary;
      if (isStatus) this.#keepSummary();
    } catch (error) {
      this.#ended ??= storageError(sessionId, "written", error);
      throw this.#ended;
    } finally {
      this.#busy = false;
      if (this.#released) letGo(fd);
    }
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    const { fd, onRelease } = this.#options;
    onRelease();
    if (!this.#busy) letGo(fd);
  }

  #write(text: string): number {
    const { fd } = this.#options;
    const bytes = Buffer.from(text);
    try {
      writeAll(fd, bytes, this.#offset);
    } catch (error) {
      try {
        // An entry without its end counts for nobody, so taking it back is safe, and leaves a tidy file.
        ftruncateSync(fd, this.#offset);
      } catch {
        // Then readers set the unfinished entry aside.
      }
      throw error;
    }
    return bytes.length;
  }

  /**
   * Waits until the disk has what was written. The first entries wait for the names they are found under as well: those of
   * the segment and of the session, which whoever made it may not have lived to make durable. Those that change the
   * summary wait until the disk has forgotten the one before.
   */
  async #synced(isStatus: boolean): Promise<void> {
    const { fd, directory, syncRoot, header } = this.#options;
    const isFirst = this.#seq < header.base;
    if (!isFirst && !isStatus) return datasync(fd);
    const syncs = [datasync(fd), syncDirectory(directory), isFirst ? syncRoot() : undefined];
    for (const sync of await Promise.allSettled(syncs)) if (sync.status === "rejected") throw sync.reason;
  }

  /**
   * Somebody wants the next epoch. Whether what was just written counts is decided once, by the header of the next
   * segment; when there is none yet, this writer publishes one that says it does. Either way its turn is over.
   */
  async #settle(seq: number, sum: number): Promise<void> {
    const { directory, sessionId, sync, header } = this.#options;
    const over = conflict(sessionId, "has been taken over by somebody else");
    const next = this.epoch + 1;
    for (let round = 0; round < 2; round += 1) {
      const reading = readHeaderFile(directory, next);
      if (reading?.type === "header") {
        if (reading.header.base > seq) {
          this.#ended = over;
          return;
        }
        // Nor may a power cut take away what decided, and leave what was refused.
        if (sync) await Promise.all([syncFile(join(directory, segmentFile(next))), syncDirectory(directory)]);
        throw over;
      }
      if (reading !== undefined) throw over;
      const seal: SegmentHeader = { ...header, segment: next, base: seq + 1, chain: sum, purpose: "seal" };
      const published = await publishSegment(directory, seal, sync);
      if (published === undefined) continue;
      letGo(published.fd);
      this.#ended = over;
      return;
    }
    throw over;
  }

  #keepSummary(): void {
    const { directory } = this.#options;
    writeSummary(directory, this.#summary, this.#seq);
    // A successor may have written a newer one in between.
    if (isGone(this.#fence)) return;
    try {
      dropSummary(directory);
    } catch {
      // Then the successor's next one replaces it.
    }
  }
}

function datasync(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error === null ? resolve() : reject(error)));
  });
}
