import type { SessionQuery, SessionRepository, SessionSummary } from "@strands/core";
import type { ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { beginSession, runClaim } from "./session-contract-kit.js";
import { modelEntry, sampleEntry, sampleRecord } from "./session-fixtures.js";

/** Pages, filters and what a summary shows. */
export function checkPaging<S extends ContractSubject>(kit: SessionContractKit<S>): void {
  const { describe, test, expect, expectCode } = kit;

  describe("pages", () => {
    test("hold a hundred sessions when nobody says otherwise", async ({ repository, reopen }) => {
      await createMany(repository, 103);
      const first = await reopen().list();
      expect(first.sessions.length).toBe(100);
      const second = await reopen().list({ cursor: first.next as string });
      expect(second.sessions.length).toBe(3);
      expect(second.next).toBe(undefined);
    });

    test("may hold one session each", async ({ repository, reopen }) => {
      await createMany(repository, 7);
      const pages = await readPages(reopen(), { limit: 1 });
      expect(pages.map((page) => page.map(({ id }) => id))).toEqual([
        ["s6"],
        ["s5"],
        ["s4"],
        ["s3"],
        ["s2"],
        ["s1"],
        ["s0"],
      ]);
    });

    test("end where the sessions end, without an empty one", async ({ repository, reopen }) => {
      await createMany(repository, 6);
      expect((await reopen().list({ limit: 6 })).next).toBe(undefined);
      expect((await readPages(reopen(), { limit: 3 })).map((page) => page.length)).toEqual([3, 3]);
    });

    test("put sessions of one moment in order of their ids", async ({ repository, reopen }) => {
      for (const id of ["b", "B", "a-1", "a_1", "10", "9"]) {
        await repository.create(sampleRecord(`id${id}`, { createdAt: 1000 }));
      }
      const ids = (await readPages(reopen(), { limit: 2 })).flat().map(({ id }) => id);
      expect(ids).toEqual([...ids].sort());
      expect(ids.length).toBe(6);
    });

    test("go on in another handle, and behind a session that is gone", async ({ repository, reopen }) => {
      await createMany(repository, 6);
      const first = await repository.list({ limit: 2 });
      await repository.delete("s4");
      await repository.delete("s5");
      const second = await reopen().list({ limit: 2, cursor: first.next as string });
      expect(second.sessions.map(({ id }) => id)).toEqual(["s3", "s2"]);
    });

    test("show every old session once while new ones come", async ({ repository, reopen }) => {
      await createMany(repository, 12);
      const lister = reopen();
      const seen: string[] = [];
      let cursor: string | undefined;
      let made = 0;
      do {
        const [page] = await Promise.all([
          lister.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) }),
          repository.create(sampleRecord(`new${made}`, { createdAt: 5000 + made })),
        ]);
        made += 1;
        seen.push(...page.sessions.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== undefined);
      const old = seen.filter((id) => id.startsWith("s"));
      expect(old).toEqual(Array.from({ length: 12 }, (_, i) => `s${11 - i}`));
      expect(new Set(seen).size).toBe(seen.length);
    });

    test("refuse cursors of all sorts", async ({ repository }) => {
      await createMany(repository, 2);
      for (const cursor of ["", "x", "1", "1.", ".a", "1.a/b", "1.a\0", "-1.a", "NaN.a", "1.a b", "' or 1=1 --"]) {
        await expectCode(repository.list({ cursor }), "INPUT_INVALID");
      }
    });
  });

  describe("filters", () => {
    test("give whole pages", async ({ repository, reopen }) => {
      for (let i = 0; i < 10; i += 1) {
        await repository.create(
          sampleRecord(`s${i}`, { createdAt: 1000 + i, workflowName: i % 2 === 0 ? "even" : "odd" }),
        );
      }
      const pages = await readPages(reopen(), { limit: 2, workflowName: "even" });
      expect(pages.map((page) => page.map(({ id }) => id))).toEqual([["s8", "s6"], ["s4", "s2"], ["s0"]]);
    });

    test("that fit nothing give an empty page without a cursor", async ({ repository, reopen }) => {
      await createMany(repository, 3);
      expect(await reopen().list({ status: "failed" })).toEqual({ sessions: [], notices: [] });
      expect(await reopen().list({ workflowName: "Sample" })).toEqual({ sessions: [], notices: [] });
    });

    test("by status follow a session from one to the next", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      const idsOf = async (status: SessionSummary["status"]): Promise<readonly string[]> =>
        (await reopen().list({ status })).sessions.map(({ id }) => id);
      await claim.append(1, [started(1, 1)]);
      expect(await idsOf("running")).toEqual(["one"]);
      await claim.append(2, [
        sampleEntry(2, 1, { key: "run/r/paused", kind: "run.paused", body: { runId: "r", interrupts: [] } }),
      ]);
      expect(await idsOf("running")).toEqual([]);
      expect(await idsOf("paused")).toEqual(["one"]);
      await claim.release();
      const next = await reopen().claim("one", runClaim(1, 2));
      const error = { name: "RunError", code: "RUN_STEP_FAILED", message: "it broke" } as const;
      await next.append(3, [
        started(3, 2),
        sampleEntry(4, 2, { key: "run/r/failed", kind: "run.failed", body: { runId: "r", error } }),
      ]);
      expect(await idsOf("paused")).toEqual([]);
      expect((await reopen().list({ status: "failed" })).sessions[0]?.error).toBe("it broke");
      await next.append(5, [started(5, 2)]);
      const [summary] = (await reopen().list({ status: "running" })).sessions;
      expect(summary?.error).toBe(undefined);
    });
  });

  describe("summaries", () => {
    test("add up usage over writers, at the latest when the status changes", async ({ repository, reopen }) => {
      const claim = await beginSession(repository);
      await claim.append(1, [modelEntry(1, 1), modelEntry(2, 1)]);
      await claim.release();
      const next = await reopen().claim("one", runClaim(1, 2));
      await next.append(3, [modelEntry(3, 2)]);
      await next.append(4, [
        sampleEntry(4, 2, { key: "run/r/off", kind: "run.cancelled", body: { runId: "r", reason: "enough" } }),
      ]);
      await next.release();
      const [summary] = (await reopen().list()).sessions;
      expect(summary?.usage).toEqual({ inputTokens: 9, outputTokens: 12 });
      expect(summary?.status).toBe("cancelled");
      expect(summary?.updatedAt).toBe(1_700_000_000_004);
    });

    test("show what the record says", async ({ repository, reopen }) => {
      await repository.create(sampleRecord("one", { patternType: "graph", specHash: "f".repeat(64) }));
      expect((await reopen().list()).sessions).toEqual([
        {
          id: "one",
          workflowName: "sample",
          patternType: "graph",
          specHash: "f".repeat(64),
          status: "running",
          createdAt: 1_700_000_000_000,
          updatedAt: 1_700_000_000_000,
          usage: { inputTokens: 0, outputTokens: 0 },
          pending: [],
        },
      ]);
    });
  });
}

async function createMany(repository: SessionRepository, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await repository.create(sampleRecord(`s${i}`, { createdAt: 1000 + i }));
}

async function readPages(
  repository: SessionRepository,
  query: SessionQuery,
): Promise<readonly (readonly SessionSummary[])[]> {
  const pages: (readonly SessionSummary[])[] = [];
  let cursor: string | undefined;
  do {
    const page = await repository.list({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page.sessions);
    cursor = page.next;
  } while (cursor !== undefined);
  return pages;
}

function started(seq: number, epoch: number): ReturnType<typeof sampleEntry> {
  return sampleEntry(seq, epoch, { key: "run/r", kind: "run.started", body: { runId: "r", owner: "o" } });
}
