import type { Clock } from "../platform/ports.js";

/** Does something once when so much time has passed, pauses left out. */
export class Countdown {
  readonly #clock: Clock;
  readonly #action: () => void;
  #leftMs: number;
  #startedAt = 0;
  #stop: AbortController | undefined;
  #ended = false;

  constructor(clock: Clock, ms: number, action: () => void) {
    this.#clock = clock;
    this.#leftMs = ms;
    this.#action = action;
    this.resume();
  }

  pause(): void {
    if (this.#stop === undefined) return;
    this.#leftMs -= this.#clock.now() - this.#startedAt;
    this.#stop.abort();
    this.#stop = undefined;
  }

  /** Goes on after a pause. */
  resume(): void {
    if (this.#ended || this.#stop !== undefined) return;
    this.#stop = new AbortController();
    this.#startedAt = this.#clock.now();
    this.#clock.sleep(Math.max(0, this.#leftMs), this.#stop.signal).then(this.#action, () => {});
  }

  /** It never happens any more. */
  end(): void {
    this.#ended = true;
    this.#stop?.abort();
  }
}
