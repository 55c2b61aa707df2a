/** A time in milliseconds since the epoch, as people and logs write it: ISO 8601, UTC. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
