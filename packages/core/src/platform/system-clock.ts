import type { Clock } from "./ports.js";

/** A longer timer of the platform ends at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock of the machine. Its timers do not keep a process alive longer than the wait itself. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const wait = (left: number): ReturnType<typeof setTimeout> =>
        setTimeout(
          () => {
            if (left > longestTimerMs) {
              timer = wait(left - longestTimerMs);
              return;
            }
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
          Math.min(left, longestTimerMs),
        );
      let timer = wait(ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};
