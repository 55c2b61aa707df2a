import { crc32 } from "node:zlib";
import { hex8 } from "./layout.js";

/**
 * The frame of everything that is stored, for good: one line of JSON, an object whose last field is `sum`. The sum is
 * the CRC-32 of all bytes of the line before `,"sum":`, begun with the sum of the line before.
 */
export interface SealedLine {
  readonly text: string;
  readonly sum: number;
}

/** Length of `,"sum":"xxxxxxxx"}`. */
export const sealLength = 18;

const mark = ',"sum":"';

/** Closes a line: `open` is the text of a JSON object without its closing brace. The newline is included. */
export function sealLine(open: string, seed: number): SealedLine {
  const sum = crc32(open, seed);
  return { text: `${open}${mark}${hex8(sum)}"}\n`, sum };
}

/** The sum of the line `bytes[start..end)`, newline not included; `undefined` when it does not hold. */
export function checkSeal(bytes: Buffer, start: number, end: number, seed: number): number | undefined {
  const open = end - sealLength;
  if (open <= start) return undefined;
  const sum = crc32(bytes.subarray(start, open), seed);
  return bytes.toString("latin1", open, end) === `${mark}${hex8(sum)}"}` ? sum : undefined;
}

/**
 * Where a whole line that holds ends inside `bytes[start..end)`, if one begins there. Tells a line cut short by a crash
 * from a whole one whose newline was damaged later.
 */
export function findSealEnd(bytes: Buffer, start: number, end: number, seed: number): number | undefined {
  for (let at = bytes.indexOf(mark, start); at >= 0 && at + sealLength <= end; at = bytes.indexOf(mark, at + 1)) {
    if (checkSeal(bytes, start, at + sealLength, seed) !== undefined) return at + sealLength;
  }
  return undefined;
}
