import type { IdSource } from "../../src/platform/ports.js";

/** Ids that count up, each kind for itself: `session-1`, `run-1`, `interrupt-1`. */
export function sequentialIds(): IdSource {
  const counts = new Map<string, number>();
  return {
    next(kind) {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return `${kind}-${count}`;
    },
  };
}
