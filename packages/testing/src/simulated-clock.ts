import type { Clock } from "@strands/core";

/** A clock whose time passes only when a test says so. */
export interface SimulatedClock extends Clock {
  /** How many sleeps have not ended. */
  readonly pending: number;
  /**
   * Lets time pass. Sleeps that fall due end in the order of their time, equal ones in the order they began; after each,
   * what waited for it runs before time goes on, so a sleep begun by it counts too.
   */
  advance(ms: number): Promise<void>;
  /** Resolves as soon as this many sleeps are pending. @defaultValue 1 */
  untilSleeping(count?: number): Promise<void>;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/**
 * Makes a clock that stands still until it is advanced.
 *
 * @param start the first time it shows, in milliseconds since the epoch
 * @example
 * const clock = simulatedClock();
 * const nap = clock.sleep(1000);
 * await clock.advance(1000);
 * await nap;
 */
export function simulatedClock(start = 0): SimulatedClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  const watchers = new Set<{ readonly count: number; readonly resolve: () => void }>();

  const notify = (): void => {
    for (const watcher of watchers) {
      if (sleepers.size < watcher.count) continue;
      watchers.delete(watcher);
      watcher.resolve();
    }
  };
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const onAbort = (): void => {
        sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        due: now + Math.max(0, ms),
        wake: () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      sleepers.add(sleeper);
      notify();
    });
  const advance = async (ms: number): Promise<void> => {
    const end = now + ms;
    await settle();
    for (let next = earliest(sleepers, end); next !== undefined; next = earliest(sleepers, end)) {
      now = Math.max(now, next.due);
      next.wake();
      await settle();
    }
    now = Math.max(now, end);
  };
  return {
    now: () => now,
    sleep,
    advance,
    untilSleeping: (count = 1) =>
      new Promise((resolve) => {
        watchers.add({ count, resolve });
        notify();
      }),
    get pending() {
      return sleepers.size;
    },
  };
}

function earliest(sleepers: ReadonlySet<Sleeper>, end: number): Sleeper | undefined {
  let found: Sleeper | undefined;
  for (const sleeper of sleepers) {
    if (sleeper.due <= end && (found === undefined || sleeper.due < found.due)) found = sleeper;
  }
  return found;
}

/** One turn of the event loop: every promise that can go on has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
