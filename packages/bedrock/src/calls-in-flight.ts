/** One call that is under way. */
export interface CallInFlight {
  /** Aborted with the caller's signal, when the provider is closed, and by `stop`. */
  readonly signal: AbortSignal;
  /** Whether closing the provider ended it. */
  readonly closed: boolean;
  /** To be called when the call is over, however it ended: frees what it held, and ends what is still under way. */
  stop(): void;
}

/** The calls of one provider that are under way, so that closing it ends them. */
export class CallsInFlight {
  readonly #calls = new Set<AbortController>();
  #closed = false;

  /** @param outer the caller's signal */
  begin(outer: AbortSignal): CallInFlight {
    const calls = this.#calls;
    const controller = new AbortController();
    // Not AbortSignal.any: tied to a signal that lives as long as the provider, each call would leave something behind.
    const abort = (): void => controller.abort(outer.reason);
    outer.addEventListener("abort", abort, { once: true });
    calls.add(controller);
    if (outer.aborted) abort();
    else if (this.#closed) controller.abort(closing);
    return {
      signal: controller.signal,
      get closed() {
        return controller.signal.reason === closing;
      },
      stop() {
        outer.removeEventListener("abort", abort);
        calls.delete(controller);
        controller.abort();
      },
    };
  }

  /** Ends all calls, and every call that begins from now on. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#calls) controller.abort(closing);
  }
}

const closing = new DOMException("The provider was closed", "AbortError");
