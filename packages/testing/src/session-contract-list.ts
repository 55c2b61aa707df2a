import type { Entry, SessionStatus, SessionSummary } from "@strands/core";
import type { ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { beginSession, runClaim } from "./session-contract-kit.js";
import { modelEntry, sampleEntry, sampleRecord } from "./session-fixtures.js";

/** Listing. */
export function checkList<S extends ContractSubject>(kit: SessionContractKit<S>): void {
  const { describe, test, expect, expectCode } = kit;

  describe("list", () => {
    test("is empty at first", async ({ repository }) => {
      expect(await repository.list()).toEqual({ sessions: [], notices: [] });
    });

    test("shows the newest first, page by page, each once", async ({ repository, reopen }) => {
      const expected: string[] = [];
      for (let i = 0; i < 25; i += 1) {
        const id = `s${(i * 7) % 25}`;
        // Two share a time.
        await repository.create(sampleRecord(id, { createdAt: 1_700_000_000_000 + (i === 13 ? 12 : i) * 1000 }));
        expected.unshift(id);
      }
      const seen: SessionSummary[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await reopen().list({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.sessions);
        cursor = page.next;
        pages += 1;
      } while (cursor !== undefined);
      expect(pages).toBe(3);
      expect(seen.map(({ id }) => id).sort()).toEqual([...expected].sort());
      const times = seen.map(({ createdAt }) => createdAt);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    });

    test("does not lose a page's place when sessions come and go", async ({ repository }) => {
      for (let i = 0; i < 6; i += 1) await repository.create(sampleRecord(`s${i}`, { createdAt: 1000 + i }));
      const first = await repository.list({ limit: 2 });
      expect(first.sessions.map(({ id }) => id)).toEqual(["s5", "s4"]);
      await repository.create(sampleRecord("s6", { createdAt: 1006 }));
      await repository.delete("s4");
      const second = await repository.list({ limit: 2, cursor: first.next as string });
      expect(second.sessions.map(({ id }) => id)).toEqual(["s3", "s2"]);
    });

    test("refuses a cursor it did not give", async ({ repository }) => {
      await expectCode(repository.list({ cursor: "../../etc" }), "INPUT_INVALID");
    });

    test("follows the status, and filters by it and by name", async ({ repository, reopen }) => {
      for (const [i, [id, last]] of lifecycles.entries()) {
        await repository.create(sampleRecord(id, { createdAt: 1000 + i, workflowName: i < 2 ? "early" : "late" }));
        const claim = await repository.claim(id, runClaim(0, 0));
        await claim.append(1, [
          sampleEntry(1, 1, { key: "run/r", kind: "run.started", body: { runId: "r", owner: "o" } }),
        ]);
        await claim.append(2, [modelEntry(2, 1)]);
        if (last !== undefined) await claim.append(3, [last]);
        await claim.release();
      }
      for (const [id] of lifecycles) {
        const page = await reopen().list({ status: id as SessionStatus });
        expect(page.sessions.map((summary) => summary.id)).toEqual([id]);
      }
      expect((await reopen().list({ workflowName: "early" })).sessions.length).toBe(2);
      expect((await reopen().list({ workflowName: "early", status: "failed" })).sessions.length).toBe(0);
      const [failed] = (await reopen().list({ status: "failed" })).sessions;
      expect(failed?.error).toBe("it broke");
      expect(failed?.usage).toEqual({ inputTokens: 3, outputTokens: 4 });
    });

    test("shows which questions wait", async ({ repository }) => {
      const claim = await beginSession(repository);
      const question = {
        id: "q1",
        digest: "d",
        stepKey: "steps/0",
        type: "input",
        prompt: "Go on?",
        context: "",
      } as const;
      await claim.append(1, [sampleEntry(1, 1, { key: "steps/0", kind: "interrupt.opened", body: question })]);
      expect((await repository.list()).sessions[0]?.pending).toEqual([
        { id: "q1", stepKey: "steps/0", prompt: "Go on?" },
      ]);
      const answer = { id: "q1", digest: "d", response: "yes", source: "person" } as const;
      await claim.append(2, [sampleEntry(2, 1, { key: "steps/0/answer", kind: "interrupt.answered", body: answer })]);
      expect((await repository.list()).sessions[0]?.pending).toEqual([]);
    });
  });
}

const lifecycles: readonly (readonly [SessionStatus, Entry | undefined])[] = [
  ["running", undefined],
  ["paused", sampleEntry(3, 1, { key: "run/r/paused", kind: "run.paused", body: { runId: "r", interrupts: ["q"] } })],
  [
    "completed",
    sampleEntry(3, 1, {
      key: "run/r/end",
      kind: "run.completed",
      body: { runId: "r", lastResponse: "ok", agentId: "writer" },
    }),
  ],
  [
    "failed",
    sampleEntry(3, 1, {
      key: "run/r/end",
      kind: "run.failed",
      body: { runId: "r", error: { name: "RunError", code: "RUN_STEP_FAILED", message: "it broke" } },
    }),
  ],
  ["cancelled", sampleEntry(3, 1, { key: "run/r/end", kind: "run.cancelled", body: { runId: "r", reason: "enough" } })],
];
