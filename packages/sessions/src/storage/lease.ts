import { SessionError } from "@strands/core";
import { livenessOf, type ProcessIdentity } from "./process-identity.js";

/** Time as leases need it: never the wall clock. */
export interface LeaseTime {
  /** Milliseconds that never go back. */
  monotonicMs(): number;
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** Calls `tick` every so often until the result is called; does not keep the process alive. */
  every(ms: number, tick: () => unknown): () => void;
}

export interface LeaseRules {
  readonly leaseMs: number;
  readonly me: ProcessIdentity;
  readonly time: LeaseTime;
}

/** Who holds a lease. */
export interface LeaseHolder extends ProcessIdentity {
  /** Who, for people to read. */
  readonly id: string;
  readonly epoch: number;
  /** How long the holder's heartbeat may rest before it counts as gone. */
  readonly leaseMs: number;
  /** Different for every claim, where the epoch does not tell them apart. */
  readonly token?: string;
}

/**
 * Whether the holder of a lease still runs. A holder on this machine is looked up; any other is watched until its
 * heartbeat moves or has rested for the lease time.
 * @param look what the heartbeat says now, `undefined` once the lease was given back
 */
export async function isHeldBy(
  holder: LeaseHolder,
  look: () => Promise<string | undefined> | string | undefined,
  rules: LeaseRules,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const liveness = livenessOf(holder, rules.me);
  if (liveness !== "unknown") return liveness !== "gone";
  const { time } = rules;
  // The holder beats by its own lease time, which may be longer than ours.
  const theirs = holder.leaseMs > 0 && holder.leaseMs <= maxLeaseMs ? holder.leaseMs : 0;
  const waitMs = Math.max(rules.leaseMs, theirs);
  const seen = await look();
  if (seen === undefined) return false;
  const begun = time.monotonicMs();
  for (let left = waitMs; left > 0; left = waitMs - (time.monotonicMs() - begun)) {
    await time.sleep(Math.min(left, waitMs / 6), signal);
    const now = await look();
    if (now === undefined) return false;
    if (now !== seen) return true;
  }
  return false;
}

export const maxLeaseMs = 3_600_000;

export function leasedError(sessionId: string, holder: LeaseHolder, leaseMs: number): SessionError {
  const { id, pid, host, epoch } = holder;
  return new SessionError("SESSION_LEASED", `The session \`${sessionId}\` is being run by \`${id}\``, {
    sessionId,
    details: { owner: id, pid, host, epoch },
    retryAfterMs: leaseMs,
    hint: `Process ${pid} on ${host} holds it. Wait until that run has ended or stop it; if it is stuck, end the process.`,
  });
}
