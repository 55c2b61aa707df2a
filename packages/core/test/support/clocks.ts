import type { Clock } from "../../src/platform/ports.js";

/** A clock that stands still until it is advanced, and says how many wait on it. */
export interface ManualClock extends Clock {
  readonly sleeping: number;
  /** Moves time forward and ends the sleeps that fall due, in the order of their time. */
  advance(ms: number): void;
  /** Resolves as soon as this many sleeps are pending. */
  untilSleeping(count?: number): Promise<void>;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

export function manualClock(start = 1_000_000): ManualClock {
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
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const sleeper = {
          due: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        signal?.addEventListener("abort", () => {
          if (sleepers.delete(sleeper)) reject(signal.reason);
        });
        sleepers.add(sleeper);
        notify();
      }),
    get sleeping() {
      return sleepers.size;
    },
    advance(ms) {
      now += ms;
      const due = [...sleepers].filter((sleeper) => sleeper.due <= now).sort((a, b) => a.due - b.due);
      for (const sleeper of due) sleeper.wake();
    },
    untilSleeping: (count = 1) =>
      new Promise((resolve) => {
        watchers.add({ count, resolve });
        notify();
      }),
  };
}

/** A clock whose sleeps end at once and move time forward by what was asked for. */
export interface SkippingClock extends Clock {
  /** Every wait asked for, in milliseconds. */
  readonly waits: readonly number[];
  /** Moves time forward. */
  pass(ms: number): void;
}

export function skippingClock(start = 1_000_000): SkippingClock {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
    pass(ms) {
      now += ms;
    },
  };
}
