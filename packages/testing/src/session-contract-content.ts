import type { Entry } from "@strands/core";
import type { ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { beginSession, codeOf, entriesOf, runClaim } from "./session-contract-kit.js";
import { modelEntry, sampleEntry, sampleRecord, valueEntry } from "./session-fixtures.js";

/** What may be stored: odd, long, many. */
export function checkContent<S extends ContractSubject>(kit: SessionContractKit<S>): void {
  const { describe, test, expect, expectCode } = kit;

  describe("content", () => {
    test("takes the shortest and the longest id", async ({ repository, reopen }) => {
      for (const id of ["a", "-", "x".repeat(128)]) {
        const claim = await beginSession(repository, id);
        await claim.append(1, [modelEntry(1, 1)]);
        expect((await entriesOf(reopen(), id)).length).toBe(1);
      }
      expect((await repository.list()).sessions.length).toBe(3);
    });

    test("keeps a record of a megabyte", async ({ repository, reopen }) => {
      const record = sampleRecord("one", { variables: { text: "long ".repeat(200_000) } });
      await repository.create(record);
      expect(JSON.stringify((await reopen().load("one")).record) === JSON.stringify(record)).toBe(true);
    });

    test("keeps times with fractions, and the time zero", async ({ repository, reopen }) => {
      await repository.create(sampleRecord("old", { createdAt: 0 }));
      await repository.create(sampleRecord("new", { createdAt: 1_700_000_000_000.25 }));
      expect((await reopen().load("old")).record.createdAt).toBe(0);
      expect((await reopen().load("new")).record.createdAt).toBe(1_700_000_000_000.25);
      expect((await reopen().list()).sessions.map(({ id }) => id)).toEqual(["new", "old"]);
    });

    test("keeps workflow names that hold anything, and finds sessions by them", async ({ repository, reopen }) => {
      const names = ["w\0rk", "half \ud800", "\ud83d\ude00 %_'\"; --", "", "w"];
      for (const [i, workflowName] of names.entries()) {
        await repository.create(sampleRecord(`s${i}`, { workflowName, labels: { "\u2028": workflowName } }));
      }
      for (const [i, workflowName] of names.entries()) {
        expect((await reopen().load(`s${i}`)).record.workflowName).toBe(workflowName);
        expect((await reopen().list({ workflowName })).sessions.map(({ id }) => id)).toEqual([`s${i}`]);
      }
    });

    test("keeps every kind of entry as it is", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.append(1, everyKind);
      expect(await entriesOf(reopen())).toEqual(everyKind);
    });

    test("keeps ten thousand entries", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const entries = Array.from({ length: 10_000 }, (_, i) => valueEntry(i + 1, 1, i));
      for (let i = 0; i < entries.length; i += 500) await claim.append(i + 1, entries.slice(i, i + 500));
      const stored = await entriesOf(reopen());
      expect(stored.length).toBe(10_000);
      expect(stored.every(({ seq, body }, i) => seq === i + 1 && (body as { value: unknown }).value === i)).toBe(true);
      await claim.release();
      expect((await reopen().claim("one", runClaim(1, 9_999))).tail.length).toBe(1);
    });

    test("keeps an append of a thousand entries", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const entries = Array.from({ length: 1000 }, (_, i) => modelEntry(i + 1, 1));
      await claim.append(1, entries);
      await claim.append(1001, [modelEntry(1001, 1)]);
      expect(await entriesOf(reopen())).toEqual([...entries, modelEntry(1001, 1)]);
    });

    test("keeps several megabytes in one append", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const entries = [1, 2, 3].map((seq) => valueEntry(seq, 1, `${seq}`.repeat(2_000_000)));
      await claim.append(1, entries);
      const stored = await entriesOf(reopen());
      expect(stored.length).toBe(3);
      for (const [i, entry] of entries.entries()) {
        expect(JSON.stringify(stored[i]) === JSON.stringify(entry)).toBe(true);
      }
    });

    test("keeps the same key twice: what keys mean is not its business", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.append(1, [valueEntry(1, 1, "a", "k"), valueEntry(2, 1, "b", "k")]);
      await claim.append(3, [valueEntry(3, 1, "c", "k")]);
      expect((await entriesOf(reopen())).map(({ key }) => key)).toEqual(["k", "k", "k"]);
    });

    test("keeps times of entries as they are, however clocks jump", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const times = [1_700_000_000_000, 5, 4_000_000_000_000, 1_600_000_000_000.5];
      const entries = times.map((at, i) => ({ ...modelEntry(i + 1, 1), at }) as Entry);
      for (const entry of entries) await claim.append(entry.seq, [entry]);
      await claim.append(5, [ended(5, 7)]);
      expect((await entriesOf(reopen())).map(({ at }) => at)).toEqual([...times, 7]);
      expect((await reopen().list()).sessions.map(({ updatedAt }) => updatedAt)).toEqual([7]);
    });

    test("refuses what is not JSON, writes nothing of it and goes on", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.append(1, [modelEntry(1, 1)]);
      const circular: Record<string, unknown> = {};
      circular["self"] = circular;
      const broken = valueEntry(3, 1, circular as never);
      await expectCode(claim.append(2, [modelEntry(2, 1), broken]), "INPUT_INVALID");
      await expectCode(claim.append(2, [{ ...modelEntry(2, 1), kind: "never heard of" } as never]), "INPUT_INVALID");
      expect((await entriesOf(reopen())).length).toBe(1);
      await claim.append(2, [modelEntry(2, 1)]);
      expect((await entriesOf(reopen())).length).toBe(2);
    });
  });

  describe("order of entries", () => {
    test("refuses entries of another epoch", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await expectCode(claim.append(1, [modelEntry(1, 2)]), "SESSION_CONFLICT");
      expect(await entriesOf(reopen())).toEqual([]);
    });

    test("refuses a gap inside an append, and all of it", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await expectCode(claim.append(1, [modelEntry(1, 1), modelEntry(3, 1)]), "SESSION_CONFLICT");
      expect(await entriesOf(reopen())).toEqual([]);
    });

    test("refuses numbers that cannot be", async ({ repository, reopen }) => {
      for (const [id, seq] of [
        ["zero", 0],
        ["negative", -1],
        ["half", 1.5],
        ["nan", Number.NaN],
      ] as const) {
        const claim = await beginSession(repository, id);
        await expectCode(claim.append(seq, [modelEntry(seq, 1)]), "SESSION_CONFLICT");
        expect(await entriesOf(reopen(), id)).toEqual([]);
      }
    });

    test("says no to a writer that was wrong once, whatever it tries", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await expectCode(claim.append(2, [modelEntry(2, 1)]), "SESSION_CONFLICT");
      for (let i = 0; i < 3; i += 1) {
        await expectCode(claim.append(1, [modelEntry(1, 1)]), "SESSION_CONFLICT");
      }
      await claim.release();
      const next = await reopen().claim("one", runClaim(1, 0));
      expect(await codeOf(next.append(1, [modelEntry(1, 2)]))).toBe("ok");
    });
  });
}

function ended(seq: number, at: number): Entry {
  const body = { runId: "r", reason: "enough" };
  return { ...sampleEntry(seq, 1, { key: "run/r/end", kind: "run.cancelled", body }), at } as Entry;
}

const call = { id: "c", name: "look", input: { at: ["x", null, 1.5] } };
const question = { id: "q", digest: "d", stepKey: "steps/0", type: "input", prompt: "Go on?", context: "" } as const;

const everyKind: readonly Entry[] = [
  sampleEntry(1, 1, { key: "run/r", kind: "run.started", body: { runId: "r", owner: "o" } }),
  modelEntry(2, 1),
  sampleEntry(3, 1, { key: "t/intent", kind: "tool.intent", body: { agentId: "a", call, effect: "once" } }),
  sampleEntry(4, 1, {
    key: "t",
    kind: "tool.result",
    body: { result: { callId: "c", name: "look", content: "seen", isError: false } },
  }),
  valueEntry(5, 1, null),
  sampleEntry(6, 1, { key: "steps/0", kind: "interrupt.opened", body: question }),
  sampleEntry(7, 1, {
    key: "steps/0/answer",
    kind: "interrupt.answered",
    body: { id: "q", digest: "d", response: "", source: "person" },
  }),
  sampleEntry(8, 1, { key: "run/r/paused", kind: "run.paused", body: { runId: "r", interrupts: [] } }),
  sampleEntry(9, 1, {
    key: "artifacts",
    kind: "artifacts.intent",
    body: { files: [{ path: "a.md", sha256: "0".repeat(64), bytes: 0 }] },
  }),
  sampleEntry(10, 1, { key: "artifacts/0", kind: "artifact.written", body: { path: "a.md" } }),
  sampleEntry(11, 1, {
    key: "run/r/failed",
    kind: "run.failed",
    body: { runId: "r", error: { name: "RunError", code: "RUN_STEP_FAILED", message: "no" } },
  }),
  sampleEntry(12, 1, { key: "run/r/off", kind: "run.cancelled", body: { runId: "r", reason: "no", rejected: true } }),
  sampleEntry(13, 1, {
    key: "run/r/end",
    kind: "run.completed",
    body: { runId: "r", lastResponse: "ok", agentId: "a" },
  }),
];
