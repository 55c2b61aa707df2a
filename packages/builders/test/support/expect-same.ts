import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";

/** The same plain data, prototypes included. `toStrictEqual` stumbles over a key called `constructor`. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  expect(actual).toEqual(expected);
  expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));
}
