import type { ContractCapabilities, ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { beginSession, entriesOf, runClaim } from "./session-contract-kit.js";
import { modelEntry } from "./session-fixtures.js";

/** What is stored and is not what this version wrote. */
export function checkDamage<S extends ContractSubject>(
  kit: SessionContractKit<S>,
  capabilities: ContractCapabilities<S>,
): void {
  const { describe, expect, expectCode } = kit;
  const { storeUnknownKind, storeNewerEntry, storeNewerRecord, damageEntry, tearTail } = capabilities;

  const begin = async ({ repository }: S, count: number): Promise<void> => {
    const claim = await beginSession(repository);
    for (let seq = 1; seq <= count; seq += 1) await claim.append(seq, [modelEntry(seq, 1)]);
    await claim.release();
  };

  describe("what a newer version wrote", () => {
    kit.testIf(storeUnknownKind, "refuses an entry of a kind it does not know", async (subject, store) => {
      await begin(subject, 0);
      await store(subject, "one");
      await expectCode(subject.reopen().load("one"), "SESSION_VERSION_UNKNOWN");
      await expectCode(subject.reopen().claim("one", runClaim(1, 0)), "SESSION_VERSION_UNKNOWN");
    });

    kit.testIf(
      storeNewerEntry,
      "refuses an entry of a newer version, and opens no epoch on it",
      async (subject, store) => {
        await begin(subject, 0);
        await store(subject, "one");
        for (let i = 0; i < 2; i += 1) {
          await expectCode(subject.reopen().load("one"), "SESSION_VERSION_UNKNOWN");
          await expectCode(subject.reopen().claim("one", runClaim(1, 0)), "SESSION_VERSION_UNKNOWN");
        }
      },
    );

    kit.testIf(storeNewerRecord, "refuses a record of a newer version", async (subject, store) => {
      await begin(subject, 1);
      await store(subject, "one");
      await expectCode(subject.reopen().load("one"), "SESSION_VERSION_UNKNOWN");
    });
  });

  describe("damage", () => {
    kit.testIf(damageEntry, "of one session is said, and leaves the others alone", async (subject, damage) => {
      await begin(subject, 3);
      const other = await beginSession(subject.repository, "two");
      await other.append(1, [modelEntry(1, 1)]);
      await damage(subject, "one");
      await expectCode(subject.reopen().load("one"), "SESSION_CORRUPT");
      await expectCode(subject.reopen().claim("one", runClaim(1, 0)), "SESSION_CORRUPT");
      expect((await entriesOf(subject.reopen(), "two")).length).toBe(1);
      expect((await subject.reopen().list()).sessions.some(({ id }) => id === "two")).toBe(true);
    });

    kit.testIf(tearTail, "that is an append cut short is set aside and said", async (subject, tear) => {
      await begin(subject, 3);
      await tear(subject, "one");
      const { entries, notices } = await subject.reopen().load("one");
      expect(entries.length).toBe(2);
      expect(notices.length).toBe(1);
      const claim = await subject.reopen().claim("one", runClaim(1, 2));
      await claim.append(3, [modelEntry(3, 2)]);
      expect((await entriesOf(subject.reopen())).length).toBe(3);
    });
  });
}
