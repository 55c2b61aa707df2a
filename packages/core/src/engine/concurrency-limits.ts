import { InputError } from "../error/errors.js";
import type { Cancellation } from "./cancellation.js";

/** Gives a call's place to the next one. A second call has no effect. */
export type Release = () => void;

interface Places {
  readonly limit: number;
  active: number;
  /** Calls that wait, first come first served. */
  readonly queue: Set<() => boolean>;
}

/**
 * How many model calls may be under way at once, by provider. A client has its own; several clients given the same one
 * share its limits.
 *
 * @example
 * const concurrency = new ConcurrencyLimits({ openai: 4 });
 * const clients = [new WorkflowClient({ concurrency }), new WorkflowClient({ concurrency })];
 */
export class ConcurrencyLimits {
  readonly #providers = new Map<string, Places>();

  /** @throws {@link InputError} `INPUT_INVALID` for a limit that is no whole number above 0 */
  constructor(limits: Readonly<Record<string, number>>) {
    for (const [provider, limit] of Object.entries(limits)) {
      if (!Number.isSafeInteger(limit) || limit < 1) {
        throw new InputError(`The concurrency limit of \`${provider}\` is \`${String(limit)}\``, {
          hint: "Give a whole number above 0, or leave the provider out for no limit.",
        });
      }
      this.#providers.set(provider, { limit, active: 0, queue: new Set() });
    }
  }

  /**
   * Takes a place for one call: at once when there is one, else in the order of asking. A call that is cancelled leaves
   * the queue, or gives its place back, even when its model goes on.
   *
   * @internal
   */
  acquire(provider: string, cancellation: Cancellation): Release | Promise<Release> | undefined {
    const places = this.#providers.get(provider);
    if (places === undefined) return undefined;
    if (places.active < places.limit) {
      places.active += 1;
      return hold(places, cancellation);
    }
    return new Promise((resolve, reject) => {
      const enter = (): boolean => {
        if (cancellation.cancelled) return false;
        off();
        resolve(hold(places, cancellation));
        return true;
      };
      places.queue.add(enter);
      const off = cancellation.onCancel((reason) => {
        places.queue.delete(enter);
        reject(reason);
      });
    });
  }
}

function hold(places: Places, cancellation: Cancellation): Release {
  let held = true;
  let off = (): void => {};
  const release = (): void => {
    if (!held) return;
    held = false;
    off();
    // The place goes from hand to hand: nobody who asks meanwhile gets in between.
    for (const next of places.queue) {
      places.queue.delete(next);
      if (next()) return;
    }
    places.active -= 1;
  };
  off = cancellation.onCancel(release);
  return release;
}
