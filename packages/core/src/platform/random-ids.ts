import type { IdSource, Random } from "./ports.js";

/** Random ids: UUIDs, as the format's existing tools use. */
export const randomIds: IdSource = { next: () => crypto.randomUUID() };

/** The platform's random numbers. Good for jitter, not for secrets. */
export const random: Random = () => Math.random();
