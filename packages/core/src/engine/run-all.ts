import { RunError } from "../error/errors.js";
import type { Cancellation } from "./cancellation.js";
import { ReadyQueue } from "./ready-queue.js";
import type { Seat } from "./seat.js";
import type { Lines } from "./seats.js";
import { Seats } from "./seats.js";
import { suspend } from "./suspend.js";

/** Work that is divided among lines. */
export interface Division<T, R> {
  readonly items: readonly T[];
  /** Lines at work at once. @defaultValue all of them */
  readonly limit: number | undefined;
  /** Promises a result; it does not throw at once. */
  readonly work: (item: T, index: number, seat: Seat, cancellation: Cancellation) => Promise<R>;
  /** Indices of the items that have to be done before one begins. */
  readonly after: ((item: T) => readonly number[]) | undefined;
}

/**
 * Works on every item, so many at a time, and gives the results in their order. The first failure cancels the others. Lines
 * that wait for a person give up their seats to the next; when no line is left at work, so does the line they belong to.
 *
 * @param outer the seat of that line
 */
export async function runAll<T, R>(
  { items, limit = items.length, work, after }: Division<T, R>,
  parent: Cancellation,
  outer: Seat,
): Promise<R[]> {
  const { cancellation, detach } = parent.child(true);
  const results = new Array<R>(items.length);
  const queue = new ReadyQueue(items, after);
  let suspended = false;
  let refused: RunError | undefined;

  const lines: Lines = {
    next: () => (refused === undefined && !cancellation.cancelled ? queue.take() : undefined),
    begin(index, place) {
      const done = (result: R): void => {
        results[index] = result;
        queue.done(index);
        place.end();
      };
      const failed = (error: unknown): void => {
        if (error === suspend) suspended = true;
        else if (error instanceof RunError && error.code === "RUN_BUDGET_EXCEEDED") refused ??= error;
        else cancellation.cancel(error);
        place.end();
      };
      work(items[index] as T, index, place, cancellation).then(done, failed);
    },
  };
  try {
    // A branch that ignores the cancellation is left behind: what it does later is not recorded.
    await cancellation.race(new Seats(limit, outer, lines).run());
  } finally {
    detach();
  }
  cancellation.throwIfCancelled();
  if (refused !== undefined) throw refused;
  if (suspended) throw suspend;
  return results;
}
