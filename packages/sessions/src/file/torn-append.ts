/** A line that does not hold, and the append it is in. */
export interface TornLine {
  readonly bytes: Buffer;
  /** Where `bytes` begin in the file. */
  readonly origin: number;
  /** Where the append begins. */
  readonly begun: number;
  /** Of the line; `end` is its newline, or the end of the file. */
  readonly start: number;
  readonly end: number;
}

/** What a disk writes whole or not at all. */
const sector = 512;

/**
 * Whether a power cut can have left a line so: the file had grown before all sectors of an append had reached the disk,
 * and those that had not are zeros, which no text of ours holds. Sectors arrive in any order, so whole lines may follow,
 * but only of the same append: the next one is begun when this one is on the disk.
 */
export function isTornByHoles(torn: TornLine): boolean {
  return hasHole(torn) && isLastAppend(torn.bytes, torn.end + 1);
}

/** Whether a power cut can have left a first line so that is no header: nothing that the segment holds was acknowledged. */
export function isTornHeader(bytes: Buffer): boolean {
  const end = bytes.indexOf(10);
  return end === bytes.length - 1 || isTornByHoles({ bytes, origin: 0, begun: 0, start: 0, end });
}

/** Whether there are zeros in a line, and each run of them is missing sectors. */
function hasHole({ bytes, origin, begun, start, end }: TornLine): boolean {
  const isEdge = (at: number): boolean => at === begun || at === bytes.length || (origin + at) % sector === 0;
  let found = false;
  let at = bytes.indexOf(0, start);
  while (at >= 0 && at < end) {
    let close = at;
    while (bytes[close] === 0) close += 1;
    if (!isEdge(at) || !isEdge(close)) return false;
    found = true;
    at = bytes.indexOf(0, close);
  }
  return found;
}

/** Whether no append ends in the lines from `start` on, but in the last of them. */
function isLastAppend(bytes: Buffer, start: number): boolean {
  for (let at = start; ; ) {
    const end = bytes.indexOf(10, at);
    if (end < 0 || end === bytes.length - 1) return true;
    if (!bytes.subarray(at, end).includes(0) && !isFollowed(bytes.toString("utf8", at, end))) return false;
    at = end + 1;
  }
}

function isFollowed(line: string): boolean {
  try {
    return (JSON.parse(line) as { readonly more?: unknown } | null)?.more === true;
  } catch {
    return false;
  }
}
