import type { Entry } from "@strands/core";
import { entryVersion, isKnownKind, isTime } from "@strands/core";
import { badPath, encodeBody } from "./encode-body.js";
import { damaged, parseStored } from "./record-text.js";
import { versionUnknown } from "./session-id.js";

/**
 * An entry as one text of JSON, in which anything odd (a NUL, half a character) is escaped.
 * @throws `INPUT_INVALID` when it cannot be stored
 */
export function encodeEntry(entry: Entry): string {
  const body = encodeBody(entry);
  const { seq, epoch, key, kind, at } = entry;
  return `{"v":${entryVersion},"seq":${seq},"epoch":${epoch},"key":${JSON.stringify(key)},"kind":"${kind}","at":${at},"body":${body}}`;
}

/**
 * The entries of texts, the first of which has to be number `firstSeq`.
 * @throws `SESSION_CORRUPT`, `SESSION_VERSION_UNKNOWN`
 */
export function decodeEntries(sessionId: string, texts: readonly string[], firstSeq: number): readonly Entry[] {
  return texts.map((text, i) => decodeEntry(sessionId, text, firstSeq + i));
}

function decodeEntry(sessionId: string, text: string, seq: number): Entry {
  const place = `entry ${seq}`;
  const fields = parseStored(sessionId, place, text) as Readonly<Record<string, unknown>>;
  const { v, kind, key, body } = fields;
  if (typeof v === "number" && v > entryVersion) throw versionUnknown(sessionId, place, `the version \`${v}\``);
  if (v !== entryVersion) throw damaged(sessionId, place, `version ${entryVersion}`);
  if (fields["seq"] !== seq) throw damaged(sessionId, place, `number ${seq}`);
  if (typeof kind !== "string" || typeof key !== "string") throw damaged(sessionId, place, "a kind and a key");
  if (!isKnownKind(kind)) throw versionUnknown(sessionId, place, `the unknown kind \`${kind.slice(0, 64)}\``);
  if (!Number.isInteger(fields["epoch"]) || !isTime(fields["at"])) {
    throw damaged(sessionId, place, "an epoch and a time");
  }
  const bad = badPath(kind, body);
  if (bad !== undefined) throw damaged(sessionId, place, `a valid \`${bad}\``);
  // Everything its readers lean on has been looked at.
  return fields as unknown as Entry;
}
