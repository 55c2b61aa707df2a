import { SessionError } from "../error/errors.js";
import { restoreProgram } from "../program/compile-spec.js";
import { entryVersion } from "../session/entry.js";
import { findBadField, isKnownKind } from "../session/entry-shape.js";
import { findBadRecordField } from "../session/record-shape.js";
import { isTime } from "../session/shape.js";
import { toPointer } from "../spec/check-pointer.js";
import type { Spec } from "../spec/spec.js";
import type { SessionFile } from "./session-file.js";
import { contentDigest, sessionFileVersion } from "./session-file.js";

type Members = Readonly<Record<string, unknown>>;
type Place = readonly (string | number)[];

const missing = "it is missing, or not what it has to be";

/**
 * Checks a document that says it is an exported session.
 *
 * @throws {@link SessionError} `SESSION_VERSION_UNKNOWN` or `SESSION_CORRUPT`, with a JSON pointer to the place
 */
export function readSessionFile(source: unknown): SessionFile {
  const file = membersOf(typeof source === "string" ? parse(source) : source, []);
  if (file["format"] !== "strands-session") throw damaged(["format"], "it is not `strands-session`");
  checkVersion(file["version"], sessionFileVersion, ["version"]);
  const record = membersOf(file["record"], ["record"]);
  checkRecord(record);
  const entries = file["entries"];
  if (!Array.isArray(entries)) throw damaged(["entries"], "it is not a list");
  const keys = new Set<unknown>();
  for (const [index, entry] of entries.entries()) checkEntry(entry, index, keys);
  // All that the type asks for has been looked at.
  const checked = file as unknown as SessionFile;
  if (digestOf(checked) !== file["sha256"]) throw damaged(["sha256"], "the content was changed since it was exported");
  return checked;
}

function digestOf(file: SessionFile): string {
  try {
    return contentDigest(file);
  } catch (cause) {
    throw damaged([], "its values are nested too deeply", cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Engines quote the text in this message; the place is all that is wanted of it.
    const at = /position \d+(?: \(line \d+ column \d+\))?/.exec(String(cause))?.[0];
    throw damaged([], `it is not JSON${at === undefined ? "" : `, at ${at}`}`);
  }
}

function checkRecord(record: Members): void {
  const bad = findBadRecordField(record);
  if (bad !== undefined) throw damaged(["record", ...bad], missing);
  // All that a record has to hold has been looked at.
  const spec = record["spec"] as unknown as Spec;
  let type: string;
  try {
    type = restoreProgram(spec).pattern.type;
  } catch (cause) {
    throw damaged(["record", "spec"], "the workflow cannot be run", cause);
  }
  if (record["patternType"] !== type) throw damaged(["record", "patternType"], `the workflow's is \`${type}\``);
}

function checkEntry(source: unknown, index: number, keys: Set<unknown>): void {
  const at = (...more: Place): Place => ["entries", index, ...more];
  const entry = membersOf(source, at());
  const { v, seq, key, kind, body, epoch, at: time } = entry;
  checkVersion(v, entryVersion, at("v"));
  if (seq !== index + 1) throw damaged(at("seq"), `it is not ${index + 1}`);
  if (typeof key !== "string" || keys.has(key)) throw damaged(at("key"), "it is missing, or there twice");
  keys.add(key);
  if (!Number.isFinite(epoch)) throw damaged(at("epoch"), "it is not a number");
  if (!isTime(time)) throw damaged(at("at"), "it is not a time");
  if (!isKnownKind(kind)) throw damaged(at("kind"), "this version does not know it");
  const bad = findBadField(kind, body);
  if (bad !== undefined) throw damaged(at("body", ...bad), missing);
}

function membersOf(value: unknown, place: Place): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw damaged(place, "it is not an object");
}

function checkVersion(version: unknown, known: number, place: Place): void {
  if (version === known) return;
  if (typeof version !== "number" || version < known) throw damaged(place, `it is not ${known}`);
  throw new SessionError(
    "SESSION_VERSION_UNKNOWN",
    `The session file was written by a newer version: ${pointer(place)}`,
    {
      sessionId: "",
      hint: "Import it with that version, or a later one.",
    },
  );
}

function damaged(place: Place, what: string, cause?: unknown): SessionError {
  return new SessionError("SESSION_CORRUPT", `The session file is damaged at ${pointer(place)}: ${what}`, {
    sessionId: "",
    hint: "Export the session again.",
    cause,
  });
}

function pointer(place: Place): string {
  return `\`${place.length === 0 ? "/" : toPointer(place)}\``;
}
