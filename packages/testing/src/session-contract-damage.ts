import type { ContractCapabilities, ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { beginSession, entriesOf, runClaim } from "./session-contract-kit.js";
import { modelEntry } from "./session-fixtures.js";

/** What is stored and is not what this version wrote. */
export function checkDamage<S extends ContractSubject>(
  kit: SessionContractKit<S>,
  capabilities: ContractCapabilities<S>,
): void {
  const { describe, expect, expectCode } = kit;
  const { storeEntry, storeNewerRecord, damageEntry, tearTail } = capabilities;

  const begin = async ({ repository }: S, count: number): Promise<void> => {
    const claim = await beginSession(repository);
    for (let seq = 1; seq <= count; seq += 1) await claim.append(seq, [modelEntry(seq, 1)]);
    await claim.release();
  };

  describe("what a newer version wrote", () => {
    kit.testIf(storeEntry, "refuses an entry of a kind it does not know", async (subject, store) => {
      await begin(subject, 0);
      await store(subject, "one", entryJson({ kind: "future.kind" }));
      await expectCode(subject.reopen().load("one"), "SESSION_VERSION_UNKNOWN");
      await expectCode(subject.reopen().claim("one", runClaim(1, 0)), "SESSION_VERSION_UNKNOWN");
    });

    kit.testIf(storeEntry, "refuses an entry of a newer version, and opens no epoch on it", async (subject, store) => {
      await begin(subject, 0);
      await store(subject, "one", entryJson({ v: 2 }));
      for (let i = 0; i < 2; i += 1) {
        await expectCode(subject.reopen().load("one"), "SESSION_VERSION_UNKNOWN");
        await expectCode(subject.reopen().claim("one", runClaim(1, 0)), "SESSION_VERSION_UNKNOWN");
      }
    });

    kit.testIf(storeNewerRecord, "refuses a record of a newer version", async (subject, store) => {
      await begin(subject, 1);
      await store(subject, "one");
      await expectCode(subject.reopen().load("one"), "SESSION_VERSION_UNKNOWN");
    });
  });

  describe("damage", () => {
    for (const [place, entry] of forgeries) {
      kit.testIf(storeEntry, `is named, with the session: ${place}`, async (subject, store) => {
        await begin(subject, 0);
        await store(subject, "one", entry);
        const load = subject.reopen().load("one");
        await expectCode(load, "SESSION_CORRUPT");
        const message = await load.then(() => "", String);
        expect(["`one`", place].filter((part) => !message.includes(part))).toEqual([]);
      });
    }

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

/** A well-formed entry, apart from what is changed. */
function entryJson(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ v: 1, seq: 1, epoch: 1, key: "k", kind: "value", at: 1, body: { value: 1 }, ...changes });
}

/** Entries that would break whoever reads them later, by the place that is wrong. */
const forgeries: readonly (readonly [place: string, entry: string])[] = [
  ["`body.correction`", modelJson({ correction: { length: 1 } })],
  ["`body.failedUsage.inputTokens`", modelJson({ failedUsage: { inputTokens: "7", outputTokens: 1 } })],
  ["`body.usage.outputTokens`", modelJson({ usage: { inputTokens: 1, outputTokens: 1e300 } })],
  ["`body.toolCalls.0.name`", modelJson({ toolCalls: [{ id: "c", input: {} }] })],
  ["`body.startedAt`", modelJson({ startedAt: 1e300 })],
  [
    "`body.value`",
    `${entryJson({}).slice(0, -'{"value":1}}'.length)}{"value":${"[".repeat(9999)}${"]".repeat(9999)}}}`,
  ],
  ["`body.path`", entryJson({ kind: "artifact.written", body: JSON.parse('{"__proto__":{"path":"x"}}') })],
];

function modelJson(changes: Readonly<Record<string, unknown>>): string {
  return entryJson({ kind: "model", body: { ...modelEntry(1, 1).body, ...changes } });
}
