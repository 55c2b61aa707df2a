import type { ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { beginSession, codeOf, entriesOf, recordClaim, runClaim } from "./session-contract-kit.js";
import { modelEntry, sampleRecord, valueEntry } from "./session-fixtures.js";

/** Deleting, alone and while others look. */
export function checkDelete<S extends ContractSubject>(kit: SessionContractKit<S>): void {
  const { describe, test, expect, expectCode } = kit;

  describe("delete", () => {
    test("removes a session, and lets its id be used again", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.append(1, [valueEntry(1, 1, "x".repeat(100_000))]);
      await claim.release();
      await reopen().delete("one");
      await expectCode(repository.load("one"), "SESSION_NOT_FOUND");
      await expectCode(repository.delete("one"), "SESSION_NOT_FOUND");
      expect((await repository.list()).sessions).toEqual([]);
      const again = await beginSession(repository);
      expect(again.epoch).toBe(1);
      await again.append(1, [modelEntry(1, 1)]);
      expect((await entriesOf(reopen())).length).toBe(1);
    });

    test("refuses while the session is being run", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await expectCode(reopen().delete("one"), "SESSION_LEASED");
      await claim.append(1, [modelEntry(1, 1)]);
      await claim.release();
      await reopen().delete("one");
    });

    test("never acknowledges an append to a deleted session", async ({ repository, reopen }) => {
      await (await beginSession(repository)).release();
      const recorder = await repository.claim("one", recordClaim(1, 0));
      await reopen().delete("one");
      await repository.create(sampleRecord("one"));
      await expectCode(recorder.append(1, [modelEntry(1, 2)]), "SESSION_CONFLICT");
      expect(await entriesOf(repository)).toEqual([]);
    });

    test("never acknowledges an append to the next session of the same id either", async ({ repository, reopen }) => {
      await repository.create(sampleRecord("one"));
      const old = await repository.claim("one", recordClaim(0, 0));
      const other = reopen();
      await other.delete("one");
      await other.create(sampleRecord("one"));
      // The new session is at the same epoch and the same entry as the old writer believes.
      const current = await other.claim("one", recordClaim(0, 0));
      await expectCode(old.append(1, [modelEntry(1, 1, "old")]), "SESSION_CONFLICT");
      await current.append(1, [modelEntry(1, 1, "new")]);
      await expectCode(old.append(2, [modelEntry(2, 1, "old")]), "SESSION_CONFLICT");
      expect(await entriesOf(reopen())).toEqual([modelEntry(1, 1, "new")]);
    });

    test("never acknowledges an append to a session deleted after many entries", async ({ repository, reopen }) => {
      const stale = await beginSession(repository);
      await stale.append(1, [modelEntry(1, 1)]);
      const other = reopen();
      const second = await other.claim("one", recordClaim(1, 1));
      for (let seq = 2; seq < 6; seq += 1) await second.append(seq, [modelEntry(seq, 2)]);
      await stale.release();
      await other.delete("one");
      await expectCode(stale.append(2, [modelEntry(2, 1)]), "SESSION_CONFLICT");
      await expectCode(second.append(6, [modelEntry(6, 2)]), "SESSION_CONFLICT");
      await expectCode(other.claim("one", recordClaim(2, 5)), "SESSION_NOT_FOUND");
    });

    test("takes a session nobody ever claimed", async ({ repository, reopen }) => {
      await repository.create(sampleRecord("one"));
      await reopen().delete("one");
      await expectCode(repository.load("one"), "SESSION_NOT_FOUND");
      await expectCode(repository.claim("one", runClaim(0, 0)), "SESSION_NOT_FOUND");
    });

    test("leaves the sessions beside it alone", async ({ repository, reopen }) => {
      for (const id of ["a", "aa", "a-", "a_"]) {
        const claim = await beginSession(repository, id);
        await claim.append(1, [valueEntry(1, 1, id)]);
        await claim.release();
      }
      await reopen().delete("a");
      for (const id of ["aa", "a-", "a_"]) expect(await entriesOf(reopen(), id)).toEqual([valueEntry(1, 1, id)]);
      expect((await reopen().list()).sessions.length).toBe(3);
    });

    test("shows a reader the whole session or none", async ({ repository, reopen }) => {
      const reader = reopen();
      for (let i = 0; i < 8; i += 1) {
        const id = `s${i}`;
        const claim = await beginSession(repository, id);
        for (let seq = 1; seq <= 5; seq += 1) await claim.append(seq, [modelEntry(seq, 1)]);
        await claim.release();
        const look = (): Promise<string> =>
          codeOf(reader.load(id).then(({ entries }) => expect(entries.length).toBe(5)));
        const codes = await Promise.all([look(), repository.delete(id).then(() => "ok"), look(), look()]);
        expect(codes.every((code) => code === "ok" || code === "SESSION_NOT_FOUND")).toBe(true);
      }
      expect((await reader.list()).sessions).toEqual([]);
    });

    test("succeeds once when two ask for it", async ({ repository, reopen }) => {
      const other = reopen();
      for (let i = 0; i < 6; i += 1) {
        await repository.create(sampleRecord(`s${i}`));
        const codes = await Promise.all([codeOf(repository.delete(`s${i}`)), codeOf(other.delete(`s${i}`))]);
        expect([...codes].sort()).toEqual(["SESSION_NOT_FOUND", "ok"]);
      }
    });

    test("and a claim at the same time leave a claimed session or none", async ({ repository, reopen }) => {
      const other = reopen();
      for (let i = 0; i < 6; i += 1) {
        const id = `s${i}`;
        await repository.create(sampleRecord(id));
        const claiming = other.claim(id, runClaim(0, 0)).then((claim) => claim.append(1, [modelEntry(1, 1)]));
        const [claimed, deleted] = await Promise.all([codeOf(claiming), codeOf(repository.delete(id))]);
        if (claimed === "ok") {
          // Deleted after all only when nobody could know that it was being claimed.
          const left = await codeOf(repository.load(id));
          expect(left).toBe(deleted === "ok" ? "SESSION_NOT_FOUND" : "ok");
        } else {
          expect(["SESSION_NOT_FOUND", "SESSION_CONFLICT"].includes(claimed)).toBe(true);
          expect(deleted).toBe("ok");
        }
      }
    });

    test("does not mind a writer that lets go later", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.release();
      const recorder = await repository.claim("one", recordClaim(1, 0));
      await reopen().delete("one");
      await recorder.release();
      await recorder.release();
      const again = await beginSession(reopen());
      expect(again.epoch).toBe(1);
    });

    test("removes entries for good: the next session of that id begins empty", async ({ repository, reopen }) => {
      for (let round = 0; round < 3; round += 1) {
        const claim = await beginSession(repository);
        expect(claim.tail).toEqual([]);
        await claim.append(
          1,
          Array.from({ length: 50 }, (_, i) => modelEntry(i + 1, 1, `round ${round}`)),
        );
        expect((await entriesOf(reopen())).every((entry) => JSON.stringify(entry).includes(`round ${round}`))).toBe(
          true,
        );
        await claim.release();
        await reopen().delete("one");
      }
    });
  });
}
