import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { SessionRepository } from "@strands/core";
import { createMemoryRepository, StrandsError, WorkflowClient } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { afterAll, describe, expect, it } from "vitest";
// biome-ignore lint/correctness/useImportExtensions: the child processes run this file as it is
import { answerTo, workload } from "./workloads.mjs";

const soak = process.env["STRANDS_SOAK"] === "1";
const directory = mkdtempSync(join(tmpdir(), "strands-races-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const spec = workload("top-1");

/** Somebody with a client of their own. */
function person(sessions: SessionRepository, owner: string): WorkflowClient {
  return new WorkflowClient({
    sessions,
    owner,
    clock: { now: () => 0, sleep: () => nextTurn() },
    async *model(request) {
      yield* answerTo(request);
    },
  });
}

interface Decision {
  readonly by: string;
  /** The code of the refusal; absent when it was taken. */
  readonly refused?: string;
}

async function decide(by: string, deed: Promise<unknown>): Promise<Decision> {
  return deed.then(
    () => ({ by }),
    (error: unknown) => ({ by, refused: StrandsError.isInstance(error) ? error.code : String(error) }),
  );
}

/** One question, approved and rejected at the same moment. Gives who decided. */
async function race(open: () => SessionRepository, round: number): Promise<string> {
  const [yea, nay] = [person(open(), "yea"), person(open(), "nay")];
  const { sessionId, status } = await yea.run(spec);
  expect(status).toBe("paused");
  const deeds = [
    // An approval may come with the resume as well.
    () =>
      decide("yea", round % 3 === 0 ? resumed(yea, sessionId) : yea.answer(sessionId, { response: "yes", by: "yea" })),
    () => decide("nay", nay.answer(sessionId, { action: "reject", response: "no", by: "nay" })),
  ];
  const decisions = await Promise.all((round % 2 === 0 ? deeds : deeds.reverse()).map((deed) => deed()));

  const [winner, ...others] = decisions.filter(({ refused }) => refused === undefined).map(({ by }) => by);
  expect(others).toEqual([]);
  const [refused] = decisions.flatMap((decision) => decision.refused ?? []);
  expect(["SESSION_CONFLICT", "SESSION_LEASED"]).toContain(refused);
  const { entries } = await open().load(sessionId);
  expect(entries.flatMap(({ kind, body }) => (kind === "interrupt.answered" ? [body.by] : []))).toEqual([winner]);
  const ended = entries.at(-1)?.kind === "run.completed" ? "completed" : (await nay.resume(sessionId).result).status;
  expect(ended).toBe(winner === "yea" ? "completed" : "cancelled");
  return winner ?? "";
}

async function resumed(client: WorkflowClient, sessionId: string): Promise<void> {
  const result = await client.resume(sessionId, { response: "yes", by: "yea" }).result;
  expect(result.status).toBe("completed");
}

describe("approve against reject: one decision each time", () => {
  const memory = createMemoryRepository();
  it.each([
    { name: "memory", rounds: 1000, open: () => memory },
    {
      name: "files",
      rounds: soak ? 1000 : 100,
      open: () => createFileRepository({ directory, durability: "process" }),
    },
  ])("$rounds races in $name", async ({ rounds, open }) => {
    const wins = new Map<string, number>();
    for (let round = 0; round < rounds; round += 1) {
      const winner = await race(open, round);
      wins.set(winner, (wins.get(winner) ?? 0) + 1);
    }
    // Both have been first, or nothing was raced.
    expect([...wins.keys()].sort()).toEqual(["nay", "yea"]);
  });
});
