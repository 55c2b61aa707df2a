import type { Entry } from "../session/entry.js";
import type { SessionRecord } from "../session/record.js";
import type { SessionRepository } from "../session/repository.js";

/** Stores a session with entries it did not come by itself: as a whole, or not at all. */
export async function copySession(
  repository: SessionRepository,
  record: SessionRecord,
  entries: readonly Entry[],
  owner: string,
): Promise<void> {
  await repository.create(record);
  try {
    const claim = await repository.claim(record.id, { afterEpoch: 0, afterSeq: 0, owner, purpose: "record" });
    const { epoch } = claim;
    try {
      if (entries.length > 0)
        await claim.append(
          1,
          entries.map((entry) => ({ ...entry, epoch })),
        );
    } finally {
      await claim.release();
    }
  } catch (error) {
    // What is left of it would look like a session that has just begun.
    await repository.delete(record.id).catch(() => undefined);
    throw error;
  }
}
