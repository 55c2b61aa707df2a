/**
 * Aborts `call` when `signal` is, with the same reason, until the returned function is called: then nothing of it is left on
 * `signal`, which may outlive thousands of calls. Give `call.signal` to an SDK that leaves listeners behind. Not
 * `AbortSignal.any`: what it makes stays tied to a signal for as long as that lives.
 *
 * @param signal the caller's; none is followed when there is none
 */
export function follow(signal: AbortSignal | null | undefined, call: AbortController): () => void {
  if (!signal) return () => {};
  if (signal.aborted) {
    call.abort(signal.reason);
    return () => {};
  }
  const { calls, onAbort } = followersOf(signal);
  calls.add(call);
  return () => {
    if (!calls.delete(call) || calls.size > 0) return;
    signal.removeEventListener("abort", onAbort);
    followers.delete(signal);
  };
}

/** All calls that follow a signal share one listener: many may be under way at once, and Node warns of more than ten. */
interface Followers {
  readonly calls: Set<AbortController>;
  readonly onAbort: () => void;
}

const followers = new WeakMap<AbortSignal, Followers>();

function followersOf(signal: AbortSignal): Followers {
  const known = followers.get(signal);
  if (known !== undefined) return known;
  const calls = new Set<AbortController>();
  const onAbort = (): void => {
    for (const call of [...calls]) call.abort(signal.reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  followers.set(signal, { calls, onAbort });
  return { calls, onAbort };
}
