import { type LeaseHolder, maxLeaseMs } from "./lease.js";
import { damaged, parseStored } from "./record-text.js";

export function encodeHolder(holder: LeaseHolder): string {
  return JSON.stringify(holder);
}

/** @throws `SESSION_CORRUPT` */
export function decodeHolder(sessionId: string, text: string): LeaseHolder {
  const holder = parseStored(sessionId, "lease", text) as Partial<LeaseHolder>;
  const { id, epoch, leaseMs = 0, pid, host, started } = holder;
  const isWhole =
    typeof id === "string" && typeof epoch === "number" && typeof host === "string" && typeof started === "string";
  if (!isWhole || typeof pid !== "number") throw damaged(sessionId, "lease", "its holder");
  return { ...holder, id, epoch, pid, host, started, leaseMs: Math.min(Math.max(0, leaseMs), maxLeaseMs) };
}
