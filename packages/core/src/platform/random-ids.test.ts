import { expect, it } from "vitest";
import { random, randomIds } from "./random-ids.js";

it("makes ids that differ and that every repository takes", () => {
  const ids = Array.from({ length: 1000 }, () => randomIds.next("session"));
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
});

it("makes numbers from 0 up to 1", () => {
  for (let round = 0; round < 1000; round += 1) {
    const number = random();
    expect(number >= 0 && number < 1).toBe(true);
  }
});
