import type { JsonValue } from "@strands/core";
import type { ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { beginSession, codeOf, entriesOf, runClaim } from "./session-contract-kit.js";
import { modelEntry, sampleRecord, valueEntry } from "./session-fixtures.js";

/** Creating, loading and appending. */
export function checkAppend<S extends ContractSubject>(kit: SessionContractKit<S>): void {
  const { describe, test, expect, expectCode } = kit;

  describe("create and load", () => {
    test("gives back what was stored", async ({ repository, reopen }) => {
      const record = sampleRecord("one", { labels: { output: "./out" }, variables: odd });
      await repository.create(record);
      const stored = await reopen().load("one");
      expect(stored.record).toEqual(record);
      expect(stored.entries).toEqual([]);
      expect(stored.epoch).toBe(0);
    });

    test("refuses an id that is taken, and keeps the first", async ({ repository, reopen }) => {
      await repository.create(sampleRecord("one"));
      await expectCode(reopen().create(sampleRecord("one", { workflowName: "second" })), "SESSION_EXISTS");
      expect((await repository.load("one")).record.workflowName).toBe("sample");
    });

    test("lets one of many simultaneous creations win", async ({ repository }) => {
      const tries = Array.from({ length: 8 }, (_, i) =>
        repository.create(sampleRecord("one", { workflowName: `try-${i}` })),
      );
      const outcomes = await Promise.all(tries.map(codeOf));
      expect(outcomes.filter((code) => code === "ok").length).toBe(1);
      expect(outcomes.filter((code) => code === "SESSION_EXISTS").length).toBe(7);
    });

    test("knows when there is no such session", async ({ repository }) => {
      for (const id of ["absent", "../one", "", ".", "a/b", "a\0b", "\ud800", "x".repeat(200)]) {
        await expectCode(repository.load(id), "SESSION_NOT_FOUND");
        await expectCode(repository.claim(id, runClaim(0, 0)), "SESSION_NOT_FOUND");
        await expectCode(repository.delete(id), "SESSION_NOT_FOUND");
      }
    });

    test("refuses an id that is not made of letters, digits, `_` and `-`", async ({ repository }) => {
      for (const id of [
        "",
        ".",
        "..",
        "../one",
        "a/b",
        "a\\b",
        "a\0b",
        "a b",
        "é",
        "\ud800",
        "x".repeat(129),
        ".tmp",
      ]) {
        await expectCode(repository.create(sampleRecord(id)), "INPUT_INVALID");
      }
      expect((await repository.list()).sessions).toEqual([]);
    });

    test("takes names of built-in properties for ordinary ids", async ({ repository }) => {
      for (const id of ["toString", "constructor", "__proto__", "null", "0"]) {
        await repository.create(sampleRecord(id));
        expect((await repository.load(id)).record.id).toBe(id);
      }
    });
  });

  describe("append", () => {
    test("keeps entries in order, whole and without gaps", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const entries = [modelEntry(1, 1), valueEntry(2, 1, { a: [1, "two", null] }), modelEntry(3, 1), modelEntry(4, 1)];
      await claim.append(1, entries.slice(0, 1));
      await claim.append(2, entries.slice(1, 3));
      await claim.append(4, entries.slice(3));
      expect(await entriesOf(reopen())).toEqual(entries);
    });

    test("keeps odd values", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.append(1, [valueEntry(1, 1, odd, 'odd \u2028 \ud800 " key')]);
      const [entry] = await entriesOf(reopen());
      expect(JSON.stringify(entry)).toBe(JSON.stringify(valueEntry(1, 1, odd, 'odd \u2028 \ud800 " key')));
      expect(({} as Record<string, unknown>)["polluted"]).toBe(undefined);
    });

    test("keeps long values, also the same one twice", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const sizes = [65_500, 65_537, 70_000, 70_000, 5_000_000];
      for (const [i, size] of sizes.entries()) await claim.append(i + 1, [valueEntry(i + 1, 1, "ü".repeat(size / 2))]);
      const stored = await entriesOf(reopen());
      expect(stored.length).toBe(sizes.length);
      for (const [i, size] of sizes.entries()) {
        expect(JSON.stringify(stored[i]) === JSON.stringify(valueEntry(i + 1, 1, "ü".repeat(size / 2)))).toBe(true);
      }
    });

    test("takes an empty append as nothing", async ({ repository }) => {
      const claim = await beginSession(repository);
      await claim.append(1, []);
      await claim.append(1, [modelEntry(1, 1)]);
      expect((await entriesOf(repository)).length).toBe(1);
    });

    test("refuses a seq that is taken or leaves a gap, and everything after", async ({ repository }) => {
      for (const [id, seq] of [
        ["taken", 1],
        ["gap", 3],
      ] as const) {
        const claim = await beginSession(repository, id);
        await claim.append(1, [modelEntry(1, 1)]);
        await expectCode(claim.append(seq, [modelEntry(seq, 1, "wrong")]), "SESSION_CONFLICT");
        await expectCode(claim.append(2, [modelEntry(2, 1)]), "SESSION_CONFLICT");
        expect(await entriesOf(repository, id)).toEqual([modelEntry(1, 1)]);
      }
    });

    test("refuses entries after release", async ({ repository }) => {
      const claim = await beginSession(repository);
      await claim.release();
      await claim.release();
      await expectCode(claim.append(1, [modelEntry(1, 1)]), "SESSION_CONFLICT");
      expect(await entriesOf(repository)).toEqual([]);
    });

    test("keeps sessions apart", async ({ repository }) => {
      const kept: string[] = [];
      for (const id of ["a", "A", "a-", "a_b"]) {
        // Storage that does not tell `A` from `a` has to say so.
        const code = await codeOf(repository.create(sampleRecord(id)));
        expect(code === "ok" || (id === "A" && code === "SESSION_EXISTS")).toBe(true);
        if (code === "ok") kept.push(id);
      }
      for (const id of kept) await (await repository.claim(id, runClaim(0, 0))).append(1, [valueEntry(1, 1, id)]);
      for (const id of kept) expect(await entriesOf(repository, id)).toEqual([valueEntry(1, 1, id)]);
    });

    test("gives snapshots that do not grow", async ({ repository }) => {
      const claim = await beginSession(repository);
      await claim.append(1, [modelEntry(1, 1)]);
      const before = await repository.load("one");
      await claim.append(2, [modelEntry(2, 1)]);
      expect(before.entries.length).toBe(1);
    });
  });
}

const odd: Record<string, JsonValue> = JSON.parse(
  `{"__proto__":{"polluted":true},"constructor":{"prototype":null},"":"","empty":[],"none":null,
    "numbers":[0,-1,1e-7,1.5,9007199254740991,1e300],"text":"\\u0000\\u2028\\ud83d\\ude00\\ud800 \\"\\\\ \\r\\n\\t é"}`,
) as Record<string, JsonValue>;
