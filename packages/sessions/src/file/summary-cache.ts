import { linkSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { SessionRecord, SessionSummary } from "@strands/core";
import { newSummary } from "@strands/core";
import { replaceFile } from "./durable-files.js";
import { durableVersion, recordFile, summaryFile } from "./layout.js";
import { checkSeal, sealLine } from "./sealed-line.js";
import { isAbsent } from "./storage-error.js";

interface Kept {
  readonly v: unknown;
  readonly summary?: SessionSummary;
  /** In place of a summary, while there is nothing more to tell. */
  readonly record: SessionRecord;
}

function encodeSummary(summary: SessionSummary, seq: number): string {
  return sealLine(`{"v":${durableVersion},"seq":${seq},"summary":${JSON.stringify(summary)}`, 0).text;
}

/**
 * Gives a new session its first summary: what its record says. A second name of the record is enough, since a summary is
 * replaced and never written over; a file of its own costs some systems a millisecond.
 */
export function beginSummary(directory: string): void {
  try {
    linkSync(join(directory, recordFile), join(directory, summaryFile));
  } catch {
    // Not all file systems have links. Then it is made with the first claim.
  }
}

/** The summary kept beside a journal; `undefined` when it is missing, damaged or of another version: then it is made again. */
export function readSummary(directory: string, sessionId: string): SessionSummary | undefined {
  try {
    const bytes = readFileSync(join(directory, summaryFile));
    if (checkSeal(bytes, 0, bytes.length - 1, 0) === undefined) return undefined;
    const { v, record, summary = newSummary(record) } = JSON.parse(bytes.toString()) as Kept;
    return v === durableVersion && summary.id === sessionId ? summary : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the summary away before an entry that changes it is appended: a crash in between leaves a session without a
 * summary, which is made again, and never one whose summary is behind.
 */
export function dropSummary(directory: string): void {
  try {
    unlinkSync(join(directory, summaryFile));
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** Makes a summary anew that is missing, or that a power cut has brought back from before. */
export function restoreSummary(directory: string, summary: SessionSummary, seq: number): void {
  const kept = readSummary(directory, summary.id);
  if (kept === undefined || shown(kept) !== shown(summary)) writeSummary(directory, summary, seq);
}

/** What a kept summary has to have right; usage and time may lag behind. */
function shown({ status, pending, error }: SessionSummary): string {
  return JSON.stringify([status, pending, error]);
}

export function writeSummary(directory: string, summary: SessionSummary, seq: number): void {
  try {
    replaceFile(directory, summaryFile, encodeSummary(summary, seq));
  } catch {
    // A cache: readers make it again from the journal.
  }
}
