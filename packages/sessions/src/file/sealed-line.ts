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
  for (let i = 0; i < mark.length; i += 1) if (bytes[open + i] !== mark.charCodeAt(i)) return undefined;
  if (bytes[end - 2] !== 0x22 || bytes[end - 1] !== 0x7d) return undefined;
  const sum = crc32(bytes.subarray(start, open), seed);
  return readHex8(bytes, open + mark.length) === sum ? sum : undefined;
}

/** Eight lower-case hexadecimal digits; -1 when they are not. */
function readHex8(bytes: Buffer, at: number): number {
  let value = 0;
  for (let i = at; i < at + 8; i += 1) {
    const code = bytes[i] as number;
    const digit = code >= 0x30 && code <= 0x39 ? code - 0x30 : code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
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
