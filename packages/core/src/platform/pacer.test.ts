import { expect, it } from "vitest";
import { Pacer } from "./pacer.js";

it("lets others have their turn between the many that begin at once", async () => {
  const pacer = new Pacer();
  const begun: number[] = [];
  let count = 0;
  const all = Array.from({ length: 250 }, () => pacer.turn().then(() => (count += 1)));
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    begun.push(count);
  }
  await Promise.all(all);
  expect(count).toBe(250);
  expect(begun[0]).toBeLessThan(250);
  expect(begun).toEqual([...begun].sort((a, b) => a - b));
});

it("keeps nobody waiting who begins alone", async () => {
  let begun = false;
  const turn = new Pacer().turn().then(() => {
    begun = true;
  });
  await Promise.resolve();
  expect(begun).toBe(true);
  await turn;
});
