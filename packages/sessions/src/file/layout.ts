import { statSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { currentProcess, livenessOf } from "../storage/process-identity.js";
import { isSessionId } from "../storage/session-id.js";

/** Version of the files around the entries: record, segment headers, summary, lease. */
export const durableVersion = 1;

export const recordFile = "record.json";
export const summaryFile = "summary.json";
export const blobDirectory = "blobs";

/** Names Windows takes for devices, whatever the directory. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** Whether an id can be a session's and a directory's. */
export function isDirectoryId(id: string): boolean {
  return isSessionId(id) && !deviceName.test(id);
}

export function segmentFile(epoch: number): string {
  return `journal-${digits(epoch)}.jsonl`;
}

/** Stands before the segment of its epoch does: no writer of an older epoch may acknowledge anything alone. */
export function fenceFile(epoch: number): string {
  return `fence-${digits(epoch)}`;
}

export function leaseFile(epoch: number): string {
  return `lease-${digits(epoch)}.json`;
}

/** There once the lease of its epoch was given back. */
export function releasedFile(epoch: number): string {
  return `released-${digits(epoch)}`;
}

/** Epochs of the segments among the names of a session's directory, in order. */
export function segmentEpochs(names: readonly string[]): readonly number[] {
  const epochs: number[] = [];
  for (const name of names) {
    const number = /^journal-(\d{8,15})\.jsonl$/.exec(name)?.[1];
    if (number !== undefined) epochs.push(Number(number));
  }
  return epochs.sort((a, b) => a - b);
}

let temporaries = 0;

/** A name for something half made. It tells who makes it, so that what a dead process left can be told from what is being made. */
export function temporaryName(label: string): string {
  const { pid, started } = currentProcess();
  temporaries += 1;
  return `.${label}.tmp-${place()}-${pid}-${started}-${temporaries}`;
}

/** Whether something half made was left behind by a process that is gone. */
export function isAbandoned(directory: string, name: string): boolean {
  const [, where, pid, started] = /\.tmp-([0-9a-f]{8})-(\d+)-(t?\d+)-\d+$/.exec(name) ?? [];
  if (where === undefined || pid === undefined || started === undefined) return false;
  if (where === place()) {
    const liveness = livenessOf({ ...currentProcess(), pid: Number(pid), started }, currentProcess());
    if (liveness !== "unknown") return liveness === "gone";
  }
  const status = statSync(join(directory, name), { throwIfNoEntry: false });
  return status !== undefined && Date.now() - status.mtimeMs > dayMs;
}

const dayMs = 86_400_000;

function place(): string {
  const { host, space } = currentProcess();
  return hex8(crc32(`${host} ${space ?? ""}`));
}

function digits(epoch: number): string {
  return String(epoch).padStart(8, "0");
}

/** A checksum as files spell it. */
export function hex8(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}
