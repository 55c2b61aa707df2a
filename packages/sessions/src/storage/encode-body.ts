import type { Entry, EntryKind } from "@strands/core";
import { findBadField, InputError, isKnownKind, isTime } from "@strands/core";

/** The first field of a body that is not what it must be, as a path; `undefined` when all are. */
export function badPath(kind: EntryKind, body: unknown): string | undefined {
  const members = findBadField(kind, body);
  return members === undefined ? undefined : ["body", ...members].join(".");
}

/**
 * The body of an entry as JSON.
 * @throws `INPUT_INVALID` when the entry cannot be stored
 */
export function encodeBody(entry: Entry): string {
  const { key, kind, at, body } = entry;
  const bad = !isKnownKind(kind) ? "kind" : typeof key !== "string" ? "key" : !isTime(at) ? "at" : badPath(kind, body);
  if (bad !== undefined) {
    throw new InputError(`The entry \`${String(key)}\` cannot be stored: its \`${bad}\` is not valid`);
  }
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw new InputError(`The entry \`${key}\` cannot be stored: its body is not JSON`, { cause });
  }
}
