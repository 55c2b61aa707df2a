import type { SessionRepository } from "@strands/core";
import type { ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { beginSession, codeOf, entriesOf, failureOf, recordClaim, runClaim } from "./session-contract-kit.js";
import { modelEntry, sampleRecord, valueEntry } from "./session-fixtures.js";

/** Several writers and readers at once. */
export function checkWriters<S extends ContractSubject>(kit: SessionContractKit<S>): void {
  const { describe, test, expect, expectCode } = kit;

  describe("writers and readers at once", () => {
    test("creates many sessions at once", async ({ repository, reopen }) => {
      const ids = Array.from({ length: 24 }, (_, i) => `s${i}`);
      const other = reopen();
      await Promise.all(ids.map((id, i) => (i % 2 === 0 ? repository : other).create(sampleRecord(id))));
      expect((await reopen().list()).sessions.map(({ id }) => id).sort()).toEqual([...ids].sort());
    });

    test("shows a session that is being created whole or not at all", async ({ repository, reopen }) => {
      const other = reopen();
      for (let i = 0; i < 8; i += 1) {
        const id = `s${i}`;
        const look = async (): Promise<string> => {
          const code = await codeOf(other.load(id).then(({ record }) => expect(record).toEqual(sampleRecord(id))));
          expect(["ok", "SESSION_NOT_FOUND"].includes(code)).toBe(true);
          return code;
        };
        await Promise.all([look(), repository.create(sampleRecord(id)), look()]);
        expect(await look()).toBe("ok");
      }
    });

    test("shows a reader a prefix, however it falls between appends", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const reader = reopen();
      const read = async (): Promise<number> => {
        const { entries } = await reader.load("one");
        expect(entries.every(({ seq }, i) => seq === i + 1)).toBe(true);
        return entries.length;
      };
      for (let seq = 1; seq <= 20; seq += 2) {
        const appending = claim.append(seq, [modelEntry(seq, 1), modelEntry(seq + 1, 1)]);
        const [first, second] = await Promise.all([read(), read(), appending]);
        for (const length of [first, second]) expect(length === seq - 1 || length === seq + 1).toBe(true);
      }
      expect((await entriesOf(reader)).length).toBe(20);
    });

    test("keeps apart what writers of many sessions append at the same time", async ({ repository, reopen }) => {
      const ids = Array.from({ length: 8 }, (_, i) => `s${i}`);
      await Promise.all(
        ids.map(async (id) => {
          const claim = await beginSession(repository, id);
          for (let seq = 1; seq <= 10; seq += 1) await claim.append(seq, [valueEntry(seq, 1, `${id} ${seq}`)]);
          await claim.release();
        }),
      );
      for (const id of ids) {
        const values = (await entriesOf(reopen(), id)).map(({ body }) => (body as { value: unknown }).value);
        expect(values).toEqual(Array.from({ length: 10 }, (_, i) => `${id} ${i + 1}`));
      }
    });

    test("lets writers take turns: each sees what those before it appended", async ({ repository, reopen }) => {
      await repository.create(sampleRecord("one"));
      const handles: readonly SessionRepository[] = [repository, reopen(), reopen()];
      for (let turn = 0; turn < 12; turn += 1) {
        const handle = handles[turn % handles.length] as SessionRepository;
        const purpose = turn % 3 === 0 ? recordClaim : runClaim;
        const claim = await handle.claim("one", purpose(turn, 0));
        expect(claim.epoch).toBe(turn + 1);
        expect(claim.tail.map(({ epoch }) => epoch)).toEqual(Array.from({ length: turn }, (_, i) => i + 1));
        await claim.append(turn + 1, [modelEntry(turn + 1, turn + 1)]);
        await claim.release();
      }
    });

    test("accepts what was acknowledged and nothing else when writers push each other aside", async (subject) => {
      const { repository, reopen } = subject;
      await repository.create(sampleRecord("one"));
      const acknowledged: string[] = [];
      const work = async (handle: SessionRepository, name: string): Promise<void> => {
        for (let made = 0; made < 6; made += 1) {
          const { epoch, entries } = await handle.load("one");
          const key = `${name}/${made}`;
          const code = await codeOf(
            handle.claim("one", recordClaim(epoch, entries.length)).then(async (claim) => {
              const seq = entries.length + claim.tail.length + 1;
              await claim.append(seq, [valueEntry(seq, claim.epoch, name, key)]);
            }),
          );
          if (code === "ok") acknowledged.push(key);
          else expect(code).toBe("SESSION_CONFLICT");
        }
      };
      await Promise.all([work(repository, "a"), work(reopen(), "b"), work(reopen(), "c")]);
      expect((await entriesOf(reopen())).map(({ key }) => key).sort()).toEqual([...acknowledged].sort());
    });

    test("settles an append that is under way when its writer lets go", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const [code] = await Promise.all([codeOf(claim.append(1, [modelEntry(1, 1)])), claim.release()]);
      expect((await entriesOf(reopen())).length).toBe(code === "ok" ? 1 : 0);
      await (await reopen().claim("one", runClaim(1, 0))).release();
    });
  });

  describe("claims one after the other", () => {
    test("number epochs, also when nobody appended", async ({ repository, reopen }) => {
      await repository.create(sampleRecord("one"));
      for (let epoch = 0; epoch < 6; epoch += 1) {
        const claim = await repository.claim("one", epoch % 2 === 0 ? recordClaim(epoch, 0) : runClaim(epoch, 0));
        expect(claim.epoch).toBe(epoch + 1);
        expect(claim.tail).toEqual([]);
        await claim.release();
      }
      expect((await reopen().load("one")).epoch).toBe(6);
    });

    test("give the tail asked for, all of it or nothing of it", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const entries = [1, 2, 3, 4, 5].map((seq) => modelEntry(seq, 1));
      await claim.append(1, entries);
      await claim.release();
      for (let seen = 0; seen <= 5; seen += 1) {
        const next = await reopen().claim("one", recordClaim(1 + seen, seen));
        expect(next.tail).toEqual(entries.slice(seen));
      }
    });

    test("are refused epochs that cannot be", async ({ repository }) => {
      await repository.create(sampleRecord("one"));
      for (const epoch of [-1, 0.5, Number.NaN, 1]) {
        await expectCode(repository.claim("one", recordClaim(epoch, 0)), "SESSION_CONFLICT");
      }
      expect((await repository.load("one")).epoch).toBe(0);
    });

    test("do not end the lease of somebody else when they are released late", async ({ repository, reopen }) => {
      const first = await beginSession(repository);
      const recorder = await reopen().claim("one", recordClaim(1, 0));
      await recorder.release();
      await expectCode(reopen().claim("one", runClaim(2, 0)), "SESSION_LEASED");
      await first.release();
      const second = await reopen().claim("one", runClaim(2, 0));
      await first.release();
      await recorder.release();
      await expectCode(reopen().claim("one", runClaim(3, 0)), "SESSION_LEASED");
      await second.append(1, [modelEntry(1, 3)]);
    });

    test("keep nobody from reading or listing", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.append(1, [modelEntry(1, 1)]);
      expect((await reopen().load("one")).epoch).toBe(1);
      expect((await reopen().list()).sessions.length).toBe(1);
    });

    test("say who holds the session", async ({ repository, reopen }) => {
      await beginSession(repository);
      const error = await failureOf(reopen().claim("one", { ...runClaim(1, 0), owner: "somebody else" }));
      expect(error.code).toBe("SESSION_LEASED");
      expect(error.details?.["owner"]).toBe("runner");
      expect(typeof error.hint).toBe("string");
    });

    test("may be made on a session that has ended", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.append(1, [valueEntry(1, 1, "last")]);
      await claim.release();
      const again = await reopen().claim("one", runClaim(1, 1));
      await again.append(2, [valueEntry(2, 2, "more")]);
      expect((await entriesOf(repository)).length).toBe(2);
    });
  });

  describe("closing", () => {
    test("is safe twice, and lets go of sessions", async ({ repository, reopen }) => {
      const other = reopen();
      if (other === repository) return;
      await (await beginSession(other)).append(1, [modelEntry(1, 1)]);
      await other.close?.();
      await other.close?.();
      await (await repository.claim("one", runClaim(1, 1))).release();
    });

    test("is not needed for what was acknowledged to be there", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.append(1, [modelEntry(1, 1)]);
      expect((await entriesOf(reopen())).length).toBe(1);
      expect(repository.name.length > 0).toBe(true);
    });
  });
}
