/** Tells and waits for time. Tests inject a simulated one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Makes identifiers: unique, and short enough to type. */
export interface IdSource {
  /** A new id for a session, a run or an interrupt. Letters, digits, `_` and `-` only. */
  next(kind: "session" | "run" | "interrupt"): string;
}

/** A number in [0, 1), for jitter. */
export type Random = () => number;
