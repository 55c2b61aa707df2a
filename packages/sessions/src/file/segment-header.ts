import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity } from "../storage/process-identity.js";
import { durableVersion, hex8, segmentFile } from "./layout.js";
import { checkSeal, type SealedLine, sealLine } from "./sealed-line.js";
import { type Damage, isAbsent } from "./storage-error.js";

export interface SegmentOwner extends ProcessIdentity {
  /** Who, for people to read. */
  readonly id: string;
}

/** First line of a segment. It is there with the segment, and never changes. */
export interface SegmentHeader {
  /** The epoch. */
  readonly segment: number;
  /** `seq` this epoch starts from. What older segments hold from there on does not count. */
  readonly base: number;
  /** Sum of the last entry that counts before it, or of the record. */
  readonly chain: number;
  /** `seal` was published by the writer before, so that what it had written counts; it holds no entries. */
  readonly purpose: "run" | "record" | "seal";
  readonly owner: SegmentOwner;
  /** How long the owner's heartbeat may rest before it counts as gone. */
  readonly leaseMs: number;
}

export function encodeHeader(header: SegmentHeader): SealedLine {
  const { segment, base, chain, purpose, owner, leaseMs } = header;
  return sealLine(
    `{"v":${durableVersion},"segment":${segment},"base":${base},"chain":"${hex8(chain)}","purpose":"${purpose}","leaseMs":${leaseMs},"owner":${JSON.stringify(owner)}`,
    chain,
  );
}

export type HeaderReading =
  | { readonly type: "header"; readonly header: SegmentHeader; readonly sum: number; readonly end: number }
  /** No whole line: the segment was never published whole, and nothing was acknowledged from it. */
  | { readonly type: "void" }
  | { readonly type: "newer"; readonly version: number }
  | { readonly type: "bad"; readonly damage: Damage };

export function readHeader(bytes: Buffer, epoch: number): HeaderReading {
  const newline = bytes.indexOf(10);
  if (newline < 0) return { type: "void" };
  const bad = (expected: string): HeaderReading => ({
    type: "bad",
    damage: { file: segmentFile(epoch), line: 1, byteOffset: 0, expected },
  });
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(bytes.toString("utf8", 0, newline)) as Record<string, unknown>;
  } catch {
    return bad("a segment header");
  }
  const { v, segment, base, chain, purpose, owner, leaseMs } = fields;
  const seed = typeof chain === "string" && /^[0-9a-f]{8}$/.test(chain) ? Number.parseInt(chain, 16) : undefined;
  const sum = seed === undefined ? undefined : checkSeal(bytes, 0, newline, seed);
  if (seed === undefined || sum === undefined) return bad("a header whose sum fits");
  if (v !== durableVersion) return { type: "newer", version: Number(v) };
  // A purpose of a later version, as with kinds of entries.
  if (purpose !== "run" && purpose !== "record" && purpose !== "seal") return { type: "newer", version: Number(v) };
  if (segment !== epoch) return bad(`the header of segment ${epoch}`);
  if (!Number.isSafeInteger(base) || (base as number) < 1 || !isOwner(owner)) return bad("a `base` and an `owner`");
  return {
    type: "header",
    header: { segment: epoch, base: base as number, chain: seed, purpose, owner, leaseMs: Number(leaseMs) },
    sum,
    end: newline + 1,
  };
}

/** The header of a segment, without reading the rest; `undefined` when there is no such segment. */
export function readHeaderFile(directory: string, epoch: number): HeaderReading | undefined {
  let fd: number;
  try {
    fd = openSync(join(directory, segmentFile(epoch)), "r");
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
  try {
    for (let size = 4096; ; size *= 8) {
      const bytes = Buffer.allocUnsafe(size);
      const length = readSync(fd, bytes, 0, size, 0);
      const reading = readHeader(bytes.subarray(0, length), epoch);
      if (reading.type !== "void" || length < size) return reading;
    }
  } finally {
    closeSync(fd);
  }
}

function isOwner(value: unknown): value is SegmentOwner {
  if (typeof value !== "object" || value === null) return false;
  const { id, pid, host, started, space } = value as Record<string, unknown>;
  return (
    typeof id === "string" &&
    typeof pid === "number" &&
    typeof host === "string" &&
    typeof started === "string" &&
    (space === undefined || typeof space === "string")
  );
}
