import { isAscii } from "node:buffer";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Entry, JsonObject } from "@strands/core";
import { entryVersion, isKnownKind, isTime } from "@strands/core";
import { badPath } from "../storage/encode-body.js";
import { versionUnknown } from "../storage/session-id.js";
import { readBlob, readPart } from "./durable-files.js";
import { segmentFile } from "./layout.js";
import { checkSeal, findSealEnd } from "./sealed-line.js";
import { readHeader, type SegmentHeader } from "./segment-header.js";
import { corrupt, type Damage } from "./storage-error.js";
import { isTornByHoles, isTornHeader } from "./torn-append.js";

/** Where a reader stands. Reading can go on from here later, as long as no newer segment starts before `seq`. */
export interface JournalPosition {
  /** Latest segment read, 0 for none. */
  readonly epoch: number;
  /** Tells that segment from another of the same name. */
  readonly inode: number;
  /** End of the last line that counts in it. */
  readonly offset: number;
  /** Where the last append that counts in it begins; the first one begins with the header. */
  readonly last: number;
  /** Lines before that. */
  readonly lines: number;
  /** Last entry that counts, 0 for none. */
  readonly seq: number;
  /** Sum of that entry, or of the record. */
  readonly chain: number;
  /** What the next line of this segment is begun with. */
  readonly seed: number;
}

export interface JournalReading {
  readonly entries: readonly Entry[];
  readonly position: JournalPosition;
  /** Where the last append that counts is. What was appended before it is on the disk. */
  readonly tail: { readonly epoch: number; readonly from: number; readonly to: number };
  readonly notices: readonly string[];
}

/** The position before the first segment. */
export function journalStart(recordSum: number): JournalPosition {
  return { epoch: 0, inode: 0, offset: 0, last: 0, lines: 0, seq: 0, chain: recordSum, seed: recordSum };
}

/**
 * Reads what counts after a position, in one pass.
 * @param epochs the segments there are, in order
 * @throws `SESSION_CORRUPT`, `SESSION_VERSION_UNKNOWN`
 */
export function readJournal(
  sessionId: string,
  directory: string,
  epochs: readonly number[],
  from: JournalPosition,
): JournalReading {
  const reader = new JournalReader(sessionId, directory, from);
  const segments = epochs.filter((epoch) => epoch >= from.epoch).map((epoch) => reader.open(epoch));
  const whole = segments.filter((segment) => segment.header !== undefined || segment.resumed);
  for (const [i, segment] of whole.entries()) {
    const next = whole[i + 1]?.header;
    reader.read(segment, next === undefined ? Number.POSITIVE_INFINITY : next.base - 1);
  }
  return reader.result(epochs.at(-1) ?? 0);
}

interface Segment {
  readonly epoch: number;
  readonly bytes: Buffer;
  /** Where `bytes` begin in the file. */
  readonly origin: number;
  readonly inode: number;
  /** Absent when the segment holds no whole header, or when reading goes on inside it. */
  readonly header: SegmentHeader | undefined;
  readonly resumed: boolean;
  /** Where the entries begin in `bytes`. */
  readonly start: number;
  readonly seed: number;
}

class JournalReader {
  readonly #sessionId: string;
  readonly #directory: string;
  readonly #from: JournalPosition;
  readonly #entries: Entry[] = [];
  readonly #notices: string[] = [];
  #position: JournalPosition;

  constructor(sessionId: string, directory: string, from: JournalPosition) {
    this.#sessionId = sessionId;
    this.#directory = directory;
    this.#from = from;
    this.#position = from;
  }

  /** Reads a segment's bytes and header. */
  open(epoch: number): Segment {
    const resumed = epoch === this.#from.epoch;
    const origin = resumed ? this.#from.offset : 0;
    const { bytes, inode } = readFrom(join(this.#directory, segmentFile(epoch)), origin);
    if (resumed) {
      if (inode !== this.#from.inode)
        throw this.#damaged({ file: segmentFile(epoch), expected: "the file read before" });
      return { epoch, bytes, origin, inode, header: undefined, resumed, start: 0, seed: this.#from.seed };
    }
    const reading = readHeader(bytes, epoch);
    switch (reading.type) {
      case "header":
        return { epoch, bytes, origin, inode, header: reading.header, resumed, start: reading.end, seed: reading.sum };
      case "newer":
        throw versionUnknown(this.#sessionId, segmentFile(epoch), `a segment of version \`${reading.version}\``);
      case "bad":
        // Its writer did not live to see it whole. The next segment, if any, tells whether something is missing here.
        if (!isTornHeader(bytes)) throw this.#damaged(reading.damage);
        break;
      case "void":
        break;
    }
    this.#notices.push(
      `${segmentFile(epoch)} has no whole header (${bytes.length} bytes): nothing was acknowledged from it`,
    );
    return { epoch, bytes, origin, inode, header: undefined, resumed, start: 0, seed: 0 };
  }

  /** Reads the entries of a segment up to `limit`, where the next one begins. */
  read(segment: Segment, limit: number): void {
    const { epoch, header, origin, inode, start, resumed } = segment;
    const file = segmentFile(epoch);
    let { seq, chain, lines } = this.#position;
    if (header !== undefined) {
      if (header.base !== seq + 1 || header.chain !== chain) {
        const expected = `a segment that goes on after entry ${seq}, not one from ${header.base}`;
        throw this.#damaged({ file, line: 1, byteOffset: 0, expected });
      }
      lines = 1;
    }
    // What follows the limit in an inner segment was never acknowledged, and is not even looked at.
    const isInner = limit !== Number.POSITIVE_INFINITY;
    let { seed } = segment;
    let offset = start;
    let counted = { offset, last: resumed ? this.#position.last : 0, lines, seq, chain, seed };
    let open: Entry[] = [];
    const { bytes } = segment;
    // One string for the whole segment where offsets agree; decoding line by line costs twice the parsing.
    const text = isAscii(bytes) ? bytes.toString("latin1") : undefined;
    const damaged = (expected: string): Error =>
      this.#damaged({ file, line: lines + 1, byteOffset: origin + offset, expected });
    while (seq < limit && offset < bytes.length) {
      const newline = bytes.indexOf(10, offset);
      const end = newline < 0 ? bytes.length : newline;
      const sum = newline < 0 ? undefined : checkSeal(bytes, offset, end, seed);
      if (sum === undefined) {
        const expected = `entry ${seq + 1} with its sum`;
        const torn = { bytes, origin, begun: counted.offset, start: offset, end };
        if (isInner || !(isTornByHoles(torn) || isCutShort(bytes, offset, end, seed, seq + 1))) throw damaged(expected);
        break;
      }
      const json = text === undefined ? bytes.toString("utf8", offset, end) : text.slice(offset, end);
      const line = this.#parse(json, epoch, seq + 1, damaged);
      if (line.more || open.length > 0) open.push(line.entry);
      seq += 1;
      lines += 1;
      offset = newline + 1;
      seed = sum;
      chain = sum;
      if (line.more) continue;
      if (open.length === 0) this.#entries.push(line.entry);
      else this.#entries.push(...open);
      open = [];
      const last = counted.lines === 1 ? 0 : origin + counted.offset;
      counted = { offset, last, lines, seq, chain, seed };
    }
    if (isInner && counted.seq !== limit) {
      const expected = `entries up to ${limit}, where the next segment begins, but they end at ${counted.seq}`;
      throw this.#damaged({ file, line: counted.lines + 1, byteOffset: origin + counted.offset, expected });
    }
    const rest = bytes.length - counted.offset;
    if (!isInner && rest > 0) {
      this.#notices.push(
        `${file} ends with an unfinished entry (${rest} bytes from byte ${origin + counted.offset}): it was never acknowledged and does not count, unless a run is writing it right now`,
      );
    }
    this.#position = { ...counted, epoch, inode, offset: origin + counted.offset };
  }

  result(lastEpoch: number): JournalReading {
    const position = this.#position;
    // A last segment without a header holds nothing, but its number is taken.
    const at = position.epoch === lastEpoch ? position : { ...position, epoch: -1 };
    const tail = { epoch: position.epoch, from: position.last, to: position.offset };
    return { entries: this.#entries, position: at, tail, notices: this.#notices };
  }

  #parse(
    json: string,
    epoch: number,
    seq: number,
    damaged: (expected: string) => Error,
  ): { readonly entry: Entry; readonly more: boolean } {
    let fields: StoredEntry;
    try {
      fields = JSON.parse(json) as StoredEntry;
    } catch {
      throw damaged("JSON");
    }
    const { v, key, kind, at, blob } = fields;
    if (v !== entryVersion) throw this.#unknown(epoch, `an entry of version \`${String(v)}\``);
    if (fields.seq !== seq) throw damaged(`entry ${seq}`);
    if (fields.epoch !== epoch) throw damaged(`an entry of epoch ${epoch}`);
    if (typeof key !== "string" || typeof kind !== "string" || !isTime(at)) throw damaged("an entry's fields");
    if (!isKnownKind(kind)) throw this.#unknown(epoch, `an entry of the unknown kind \`${kind.slice(0, 64)}\``);
    const body = blob === undefined ? fields.body : this.#blob(blob, damaged);
    const bad = badPath(kind, body);
    if (bad !== undefined) throw damaged(`a valid \`${bad}\` in an entry of kind \`${kind}\``);
    const entry = { v, seq, epoch, key, kind, at, body } as Entry;
    return { entry, more: fields.more === true };
  }

  #blob(name: unknown, damaged: (expected: string) => Error): JsonObject {
    if (typeof name !== "string" || !/^[0-9a-f]{64}$/.test(name)) throw damaged("the SHA-256 of a blob");
    const json = readBlob(this.#directory, name);
    if (json === undefined) throw damaged(`the blob ${name}, which is missing or not what its name says`);
    return JSON.parse(json) as JsonObject;
  }

  #unknown(epoch: number, what: string): Error {
    return versionUnknown(this.#sessionId, segmentFile(epoch), what);
  }

  #damaged(damage: Damage): Error {
    return corrupt(this.#sessionId, damage);
  }
}

/**
 * Whether a line that does not hold was cut short by a crash, and is not damage: it is the last one, not a whole line
 * whose newline was damaged, and not a whole line out of place.
 */
function isCutShort(bytes: Buffer, start: number, end: number, seed: number, seq: number): boolean {
  if (end < bytes.length - 1) return false;
  const whole = findSealEnd(bytes, start, bytes.length, seed);
  if (whole !== undefined && whole < bytes.length) return false;
  try {
    const fields = JSON.parse(bytes.toString("utf8", start, end)) as { readonly seq?: unknown } | null;
    return fields?.seq === seq;
  } catch {
    return true;
  }
}

interface StoredEntry {
  readonly v?: unknown;
  readonly seq?: unknown;
  readonly epoch?: unknown;
  readonly key?: unknown;
  readonly kind?: unknown;
  readonly at?: unknown;
  readonly more?: unknown;
  readonly body?: unknown;
  readonly blob?: unknown;
}

function readFrom(path: string, origin: number): { readonly bytes: Buffer; readonly inode: number } {
  const fd = openSync(path, "r");
  try {
    const { size, ino: inode } = fstatSync(fd);
    return { bytes: origin === 0 ? readFileSync(fd) : readPart(fd, origin, size), inode };
  } finally {
    closeSync(fd);
  }
}
