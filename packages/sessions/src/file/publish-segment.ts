import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { isThere, publishFile } from "./durable-files.js";
import { fenceFile, segmentFile } from "./layout.js";
import { encodeHeader, type SegmentHeader } from "./segment-header.js";
import { errnoOf } from "./storage-error.js";

export interface PublishedSegment {
  /** Open for writing. */
  readonly fd: number;
  /** End of the header. */
  readonly offset: number;
  /** Sum of the header. */
  readonly sum: number;
}

/**
 * Begins a segment with its header inside, unless somebody else has: `undefined` then.
 * @param sync whether the disk must have it now: not when entries follow, for they are synced together
 */
export async function publishSegment(
  directory: string,
  header: SegmentHeader,
  sync: boolean,
): Promise<PublishedSegment | undefined> {
  const line = encodeHeader(header);
  const isLatest = (): boolean => !isThere(join(directory, fenceFile(header.segment + 1)));
  const published = await publishFile(directory, segmentFile(header.segment), line.text, sync, isLatest);
  if (published === undefined) return undefined;
  return { fd: published.fd, offset: published.bytes, sum: line.sum };
}

/** Tells the writer of the epoch before that it may no longer acknowledge anything alone. */
export function raiseFence(directory: string, epoch: number): void {
  try {
    closeSync(openSync(join(directory, fenceFile(epoch)), "wx", 0o600));
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  }
}
