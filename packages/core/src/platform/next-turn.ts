/** Where there is one, this takes microseconds; a timer takes a millisecond or more. */
const { setImmediate } = globalThis as { readonly setImmediate?: (callback: () => void) => void };

/** Resolves when timers and input of the platform have had their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate === undefined) setTimeout(resolve, 0);
    else setImmediate(resolve);
  });
}
