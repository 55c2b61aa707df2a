import type { SessionRecord } from "@strands/core";
import { findBadRecordField, InputError, SessionError } from "@strands/core";
import { versionUnknown } from "./session-id.js";

/** Version of what is stored around the entries. */
export const recordVersion = 1;

/**
 * A record as JSON.
 * @throws `INPUT_INVALID` when it is not JSON
 */
export function recordJson(record: SessionRecord): string {
  const { id, createdAt } = record;
  const bad = createdAt < 0 ? ["createdAt"] : findBadRecordField(record);
  if (bad !== undefined) throw new InputError(`The record of session \`${id}\` has no valid \`${bad.join(".")}\``);
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
  const bad = record?.id === sessionId ? findBadRecordField(record) : ["id"];
  if (record === undefined || bad !== undefined) throw damaged(sessionId, "record", validRecord(bad));
  return record;
}

/** What a record should have been, for the members to its bad field. */
export function validRecord(bad: readonly string[] = []): string {
  return `a valid \`${["record", ...bad].join(".")}\``;
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
