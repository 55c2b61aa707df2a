import { follow } from "@strands/provider-kit";

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
    const unfollow = follow(outer, controller);
    calls.add(controller);
    if (this.#closed) controller.abort(closing);
    return {
      signal: controller.signal,
      get closed() {
        return controller.signal.reason === closing;
      },
      stop() {
        unfollow();
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
