import type { SessionRecord } from "@strands/core";
import { InputError, SessionError } from "@strands/core";
import { versionUnknown } from "./session-id.js";

/** Version of what is stored around the entries. */
export const recordVersion = 1;

/**
 * A record as JSON.
 * @throws `INPUT_INVALID` when it is not JSON
 */
export function recordJson(record: SessionRecord): string {
  const { id, createdAt } = record;
  if (!(createdAt >= 0)) throw new InputError(`The record of session \`${id}\` has no valid \`createdAt\``);
  try {
    return JSON.stringify(record);
  } catch (cause) {
    throw new InputError(`The record of session \`${id}\` is not JSON`, { cause });
  }
}

/** A record with its version, as it is stored. */
export function encodeRecord(record: SessionRecord): string {
  return `{"v":${recordVersion},"record":${recordJson(record)}}`;
}

/** @throws `SESSION_CORRUPT`, `SESSION_VERSION_UNKNOWN` */
export function decodeRecord(sessionId: string, text: string): SessionRecord {
  const { v, record } = parseStored(sessionId, "record", text) as { v?: unknown; record?: SessionRecord };
  if (v !== recordVersion) throw versionUnknown(sessionId, "its record", `the version \`${String(v)}\``);
  if (typeof record !== "object" || record === null || typeof record.createdAt !== "number") {
    throw damaged(sessionId, "record", "a record");
  }
  if (typeof record.spec !== "object" || typeof record.variables !== "object" || record.id !== sessionId) {
    throw damaged(sessionId, "record", "its id, `spec` and `variables`");
  }
  return record;
}

/** An object that was stored as JSON. */
export function parseStored(sessionId: string, part: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw damaged(sessionId, part, "JSON");
}

export function damaged(sessionId: string, part: string, expected: string): SessionError {
  return new SessionError("SESSION_CORRUPT", `The session \`${sessionId}\` is damaged: ${part}: expected ${expected}`, {
    sessionId,
    details: { part, expected },
    hint: "Restore the session from a backup. Nothing was changed or skipped.",
  });
}
