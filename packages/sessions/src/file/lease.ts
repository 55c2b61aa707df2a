import { linkSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isHeldBy, type LeaseHolder, type LeaseRules } from "../storage/lease.js";
import { isThere } from "./durable-files.js";
import { durableVersion, leaseFile, recordFile, releasedFile } from "./layout.js";
import { readHeaderFile, type SegmentHeader } from "./segment-header.js";
import { errnoOf, isAbsent } from "./storage-error.js";

/**
 * The latest claim for the purpose `run` that was not released.
 * @param over the epoch of a claim that is over although its lease could not be given back
 */
export function findLease(
  directory: string,
  epochs: readonly number[],
  over: number | undefined,
): SegmentHeader | undefined {
  for (let i = epochs.length - 1; i >= 0; i -= 1) {
    const epoch = epochs[i] as number;
    const reading = readHeaderFile(directory, epoch);
    if (reading?.type !== "header" || reading.header.purpose !== "run") continue;
    return epoch === over || isReleased(directory, epoch) ? undefined : reading.header;
  }
  return undefined;
}

/** Whether the holder of a lease still runs; see {@link isHeldBy}. */
export function isHeld(
  directory: string,
  lease: SegmentHeader,
  rules: LeaseRules,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const look = (): string | undefined =>
    isReleased(directory, lease.segment) ? undefined : readBeat(directory, lease.segment);
  return isHeldBy(holderOf(lease), look, rules, signal);
}

export function holderOf({ owner, segment, leaseMs }: SegmentHeader): LeaseHolder {
  return { ...owner, epoch: segment, leaseMs };
}

/** Lets observers on other machines see that a run goes on, until the result is called. */
export function startHeartbeat(directory: string, epoch: number, rules: LeaseRules): () => void {
  let beat = 0;
  return rules.time.every(rules.leaseMs / 3, () => {
    beat += 1;
    tryWriteLease(directory, epoch, `{"v":${durableVersion},"beat":${beat}}\n`);
  });
}

/**
 * Gives a lease back. Says whether it could: where it could not, others wait until this process ends. A second name of the
 * record tells it, as a file of its own costs some systems a millisecond; where there are no links the lease file does.
 */
export function writeReleased(directory: string, epoch: number): boolean {
  try {
    linkSync(join(directory, recordFile), join(directory, releasedFile(epoch)));
    return true;
  } catch (error) {
    return errnoOf(error) === "EEXIST" || tryWriteLease(directory, epoch, released);
  }
}

const released = `{"v":${durableVersion},"released":true}\n`;

function isReleased(directory: string, epoch: number): boolean {
  return isThere(join(directory, releasedFile(epoch))) || readBeat(directory, epoch) === released;
}

/** What the lease file says; empty when there is none yet. Half-written text is no harm: it only looks like a beat. */
function readBeat(directory: string, epoch: number): string {
  try {
    return readFileSync(join(directory, leaseFile(epoch)), "utf8");
  } catch (error) {
    if (isAbsent(error)) return "";
    throw error;
  }
}

function tryWriteLease(directory: string, epoch: number, text: string): boolean {
  try {
    writeFileSync(join(directory, leaseFile(epoch)), text, { mode: 0o600 });
    return true;
  } catch {
    // A lease saves work and nothing rests on it: at worst somebody else takes over and this writer is fenced.
    return false;
  }
}
