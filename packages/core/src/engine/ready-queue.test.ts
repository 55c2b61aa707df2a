import { describe, expect, it } from "vitest";
import { ReadyQueue } from "./ready-queue.js";

/** Takes until nothing is ready. */
function takeAll(queue: ReadyQueue): number[] {
  const taken: number[] = [];
  for (let index = queue.take(); index !== undefined; index = queue.take()) taken.push(index);
  return taken;
}

/** A queue of items that are the lists of what they wait for. */
const queueOf = (...after: readonly (readonly number[])[]): ReadyQueue =>
  new ReadyQueue(after, (item: readonly number[]) => item);

describe("a ready queue", () => {
  it("gives everything in order when nothing waits", () => {
    const queue = new ReadyQueue(["a", "b", "c"], undefined);
    expect([queue.take(), queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([
      0,
      1,
      2,
      undefined,
      undefined,
    ]);
  });

  it("gives nothing when it is empty", () => {
    expect(new ReadyQueue([], undefined).take()).toBeUndefined();
  });

  it("holds an item back until all it waits for is done", () => {
    const queue = queueOf([], [], [0, 1]);
    expect(takeAll(queue)).toEqual([0, 1]);
    queue.done(1);
    expect(takeAll(queue)).toEqual([]);
    queue.done(0);
    expect(takeAll(queue)).toEqual([2]);
  });

  it("gives an item as soon as it is ready, behind those that were ready before", () => {
    const queue = queueOf([], [0], [], [0]);
    expect(queue.take()).toBe(0);
    queue.done(0);
    expect(takeAll(queue)).toEqual([2, 1, 3]);
  });

  it("never gives what waits for an item that is not done", () => {
    const queue = queueOf([], [0], [1]);
    expect(takeAll(queue)).toEqual([0]);
    expect(takeAll(queue)).toEqual([]);
  });
});
