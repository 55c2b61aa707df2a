import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SessionRecord } from "@strands/core";
import { findBadRecordField } from "@strands/core";
import { recordJson, validRecord } from "../storage/record-text.js";
import { notFound, versionUnknown } from "../storage/session-id.js";
import { durableVersion, recordFile } from "./layout.js";
import { checkSeal, type SealedLine, sealLine } from "./sealed-line.js";
import { corrupt, isAbsent } from "./storage-error.js";

/** @throws `INPUT_INVALID` when the record is not JSON */
export function encodeRecord(record: SessionRecord): SealedLine {
  return sealLine(`{"v":${durableVersion},"record":${recordJson(record)}`, 0);
}

export interface RecordReading {
  readonly record: SessionRecord;
  /** The journal's sums begin with it: a journal fits its own record only. */
  readonly sum: number;
}

export function readRecord(sessionId: string, directory: string): RecordReading {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(directory, recordFile));
  } catch (error) {
    if (isAbsent(error)) throw notFound(sessionId);
    throw error;
  }
  const end = bytes.length - 1;
  const damaged = (expected: string): Error =>
    corrupt(sessionId, { file: recordFile, line: 1, byteOffset: 0, expected });
  const sum = bytes[end] === 10 ? checkSeal(bytes, 0, end, 0) : undefined;
  if (sum === undefined) throw damaged("one line whose sum fits");
  let fields: { readonly v?: unknown; readonly record?: SessionRecord };
  try {
    fields = JSON.parse(bytes.toString("utf8", 0, end)) as typeof fields;
  } catch {
    throw damaged("JSON");
  }
  const { v, record } = fields;
  if (v !== durableVersion) throw versionUnknown(sessionId, recordFile, `a record of version \`${String(v)}\``);
  const bad = findBadRecordField(record);
  if (record === undefined || bad !== undefined) throw damaged(validRecord(bad));
  // Some file systems do not tell `A` from `a`.
  if (record.id !== sessionId) throw notFound(sessionId);
  return { record, sum };
}
