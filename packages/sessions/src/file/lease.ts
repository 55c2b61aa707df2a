import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SessionError } from "@strands/core";
import { durableVersion, leaseFile } from "./layout.js";
import { livenessOf, type ProcessIdentity } from "./process-identity.js";
import { readHeaderFile, type SegmentHeader } from "./segment-header.js";

/** Time as leases need it: never the wall clock. */
export interface LeaseTime {
  /** Milliseconds that never go back. */
  monotonicMs(): number;
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** Calls `tick` every so often until the result is called; does not keep the process alive. */
  every(ms: number, tick: () => void): () => void;
}

export interface LeaseRules {
  readonly leaseMs: number;
  readonly me: ProcessIdentity;
  readonly time: LeaseTime;
}

/** The latest claim for the purpose `run` that was not released. */
export function findLease(directory: string, epochs: readonly number[]): SegmentHeader | undefined {
  for (let i = epochs.length - 1; i >= 0; i -= 1) {
    const epoch = epochs[i] as number;
    const reading = readHeaderFile(directory, epoch);
    if (reading?.type !== "header" || reading.header.purpose !== "run") continue;
    return isReleased(directory, epoch) ? undefined : reading.header;
  }
  return undefined;
}

/**
 * Whether the holder of a lease still runs. A holder on this machine is looked up; any other is watched until its
 * heartbeat moves or has rested for the lease time.
 */
export async function isHeld(
  directory: string,
  lease: SegmentHeader,
  rules: LeaseRules,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const liveness = livenessOf(lease.owner, rules.me);
  if (liveness !== "unknown") return liveness !== "gone";
  const { time } = rules;
  // The holder beats by its own lease time, which may be longer than ours.
  const theirs = lease.leaseMs > 0 && lease.leaseMs <= maxLeaseMs ? lease.leaseMs : 0;
  const waitMs = Math.max(rules.leaseMs, theirs);
  const seen = readBeat(directory, lease.segment);
  const begun = time.monotonicMs();
  for (let left = waitMs; left > 0; left = waitMs - (time.monotonicMs() - begun)) {
    await time.sleep(Math.min(left, waitMs / 6), signal);
    if (isReleased(directory, lease.segment)) return false;
    if (readBeat(directory, lease.segment) !== seen) return true;
  }
  return false;
}

const maxLeaseMs = 3_600_000;

/** Lets observers on other machines see that a run goes on, until the result is called. */
export function startHeartbeat(directory: string, epoch: number, rules: LeaseRules): () => void {
  let beat = 0;
  return rules.time.every(rules.leaseMs / 3, () => {
    beat += 1;
    tryWriteLease(directory, epoch, `{"v":${durableVersion},"beat":${beat}}\n`);
  });
}

/** Gives a lease back. Says whether it could: where it could not, others wait until this process ends. */
export function writeReleased(directory: string, epoch: number): boolean {
  return tryWriteLease(directory, epoch, released);
}

export function leasedError(sessionId: string, lease: SegmentHeader, leaseMs: number): SessionError {
  const { id, pid, host } = lease.owner;
  return new SessionError("SESSION_LEASED", `The session \`${sessionId}\` is being run by \`${id}\``, {
    sessionId,
    details: { owner: id, pid, host, epoch: lease.segment },
    retryAfterMs: leaseMs,
    hint: `Process ${pid} on ${host} holds it. Wait until that run has ended or stop it; if it is stuck, end the process.`,
  });
}

const released = `{"v":${durableVersion},"released":true}\n`;

function isReleased(directory: string, epoch: number): boolean {
  return readBeat(directory, epoch) === released;
}

/** What the lease file says; empty when there is none yet. Half-written text is no harm: it only looks like a beat. */
function readBeat(directory: string, epoch: number): string {
  try {
    return readFileSync(join(directory, leaseFile(epoch)), "utf8");
  } catch {
    return "";
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
