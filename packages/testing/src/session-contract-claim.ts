import type { SessionClaim } from "@strands/core";
import type { ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { beginSession, codeOf, entriesOf, failureOf, recordClaim, runClaim } from "./session-contract-kit.js";
import { modelEntry, sampleRecord } from "./session-fixtures.js";

/** Claims, leases and fencing. */
export function checkClaim<S extends ContractSubject>(kit: SessionContractKit<S>): void {
  const { describe, test, expect, expectCode } = kit;

  describe("claim", () => {
    test("lets exactly one of many simultaneous claims through", async ({ repository, reopen }) => {
      await repository.create(sampleRecord("one"));
      for (let epoch = 0; epoch < 5; epoch += 1) {
        const handles = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? repository : reopen()));
        const purpose = epoch % 2 === 0 ? "run" : "record";
        const settled = await Promise.allSettled(
          handles.map((handle, i) => handle.claim("one", { afterEpoch: epoch, afterSeq: 0, owner: `c${i}`, purpose })),
        );
        const won = settled.filter((result) => result.status === "fulfilled");
        expect(won.length).toBe(1);
        for (const result of settled) {
          if (result.status === "rejected")
            await expectCode(Promise.reject(result.reason), "SESSION_CONFLICT", "SESSION_LEASED");
        }
        expect(won[0]?.value.epoch).toBe(epoch + 1);
        await won[0]?.value.release();
      }
    });

    test("refuses a claim made on an older epoch", async ({ repository }) => {
      await (await beginSession(repository)).release();
      await expectCode(repository.claim("one", runClaim(0, 0)), "SESSION_CONFLICT");
      await expectCode(repository.claim("one", runClaim(7, 0)), "SESSION_CONFLICT");
      await expectCode(repository.claim("one", recordClaim(0, 0)), "SESSION_CONFLICT");
    });

    test("hands over after release, with what is new", async ({ repository, reopen }) => {
      const first = await beginSession(repository);
      const entries = [modelEntry(1, 1), modelEntry(2, 1), modelEntry(3, 1)];
      await first.append(1, entries);
      await first.release();
      const second = await reopen().claim("one", runClaim(1, 1));
      expect(second.epoch).toBe(2);
      expect(second.tail).toEqual(entries.slice(1));
      await second.append(4, [modelEntry(4, 2)]);
      expect(await entriesOf(repository)).toEqual([...entries, modelEntry(4, 2)]);
      expect((await repository.load("one")).epoch).toBe(2);
    });

    test("refuses a second runner while the first one holds the session", async ({ repository, reopen }) => {
      const first = await beginSession(repository);
      const error = await failureOf(reopen().claim("one", runClaim(1, 0)));
      expect(error.code).toBe("SESSION_LEASED");
      expect(error.message.includes("runner")).toBe(true);
      expect(error.retryable).toBe(true);
      await first.append(1, [modelEntry(1, 1)]);
      await first.release();
      await (await reopen().claim("one", runClaim(1, 1))).release();
    });

    test("lets somebody record while a run goes on, which fences the runner", async ({ repository, reopen }) => {
      const runner = await beginSession(repository);
      await runner.append(1, [modelEntry(1, 1)]);
      const recorder = await reopen().claim("one", recordClaim(1, 1));
      await expectCode(runner.append(2, [modelEntry(2, 1, "too late")]), "SESSION_CONFLICT");
      await recorder.append(2, [modelEntry(2, 2, "in time")]);
      await expectCode(runner.append(3, [modelEntry(3, 1)]), "SESSION_CONFLICT");
      await recorder.release();
      await expectCode(reopen().claim("one", runClaim(2, 2)), "SESSION_LEASED");
      await runner.release();
      const next = await reopen().claim("one", runClaim(2, 2));
      await next.append(3, [modelEntry(3, 3)]);
      expect(await entriesOf(repository)).toEqual([modelEntry(1, 1), modelEntry(2, 2, "in time"), modelEntry(3, 3)]);
    });

    test("counts a racing append if and only if it is acknowledged", async ({ repository, reopen }) => {
      for (let round = 0; round < 24; round += 1) {
        const id = `race-${round}`;
        const old = await beginSession(repository, id);
        await old.append(1, [modelEntry(1, 1)]);
        const other = reopen();
        const append = (): Promise<string> => codeOf(old.append(2, [modelEntry(2, 1), modelEntry(3, 1)]));
        const claim = (): Promise<SessionClaim> => other.claim(id, recordClaim(1, 1));
        const later = async <T>(work: () => Promise<T>, turns: number): Promise<T> => {
          for (let i = 0; i < turns; i += 1) await Promise.resolve();
          return work();
        };
        const [outcome, claimed] = await Promise.all(
          round % 2 === 0 ? [append(), later(claim, round)] : [later(append, round), claim()],
        );
        expect(claimed.tail.length).toBe(outcome === "ok" ? 2 : 0);
        expect(outcome === "ok" ? "SESSION_CONFLICT" : outcome).toBe("SESSION_CONFLICT");
        expect(await codeOf(old.append(outcome === "ok" ? 4 : 2, [modelEntry(4, 1)]))).toBe("SESSION_CONFLICT");
        expect((await entriesOf(repository, id)).length).toBe(outcome === "ok" ? 3 : 1);
      }
    });

    test("refuses a claim by one who has seen more than there is", async ({ repository }) => {
      await (await beginSession(repository)).release();
      await expectCode(repository.claim("one", runClaim(1, 5)), "SESSION_CONFLICT");
    });

    test("gives up at once when the signal is aborted", async ({ repository }) => {
      await repository.create(sampleRecord("one"));
      const signal = AbortSignal.abort(new Error("enough"));
      const reason = await repository.claim("one", { ...runClaim(0, 0), signal }).catch((error: unknown) => error);
      expect((reason as Error).message).toBe("enough");
      expect((await repository.load("one")).epoch).toBe(0);
    });
  });
}
