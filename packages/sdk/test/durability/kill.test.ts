import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordedStep } from "./children.js";
import { KilledSession } from "./children.js";

const soak = process.env["STRANDS_SOAK"] === "1";
/** Times a process is killed, by workload; each time at a random point. */
const kills = {
  chain: soak ? 2_000 : 200,
  workflow: soak ? 300 : 6,
  routing: soak ? 300 : 6,
  parallel: soak ? 300 : 6,
  evaluator_optimizer: soak ? 300 : 6,
  orchestrator_workers: soak ? 300 : 6,
  graph: soak ? 300 : 6,
};
const atOnce = 2;

interface Unbroken {
  readonly points: number;
  readonly story: readonly RecordedStep[];
  readonly ending: unknown;
  readonly report: string;
}

async function unbroken(workload: string): Promise<Unbroken> {
  const session = new KilledSession(workload);
  const ended = await session.run(0);
  expect(ended?.status).toBe("completed");
  const left = { story: await session.story(), ending: await endingOf(session), report: session.report() };
  session.remove();
  return { ...left, points: ended?.points ?? 0 };
}

/** One session, killed until the given points are used up, then finished. Gives how often it died. */
async function torment(workload: string, dieAt: readonly number[], expected: Unbroken): Promise<number> {
  const session = new KilledSession(workload);
  let died = 0;
  for (const at of [...dieAt, 0]) {
    const ended = await session.run(at);
    if (ended !== undefined) {
      expect(ended.status).toBe("completed");
      break;
    }
    died += 1;
  }
  session.expectNoRepeats();
  expect(await session.story()).toEqual(expected.story);
  expect(await endingOf(session)).toEqual(expected.ending);
  expect(session.report()).toBe(expected.report);
  session.remove();
  return died;
}

async function endingOf(session: KilledSession): Promise<unknown> {
  const last = (await session.entries()).at(-1);
  return last?.kind === "run.completed" ? { ...last.body, runId: "" } : last?.kind;
}

describe("kill -9: nothing recorded is lost or repeated, and every session ends as the unbroken one", () => {
  it.each(Object.entries(kills))(
    "%s, killed at %i random points",
    async (workload, wanted) => {
      const expected = await unbroken(workload);
      const [seed = 0] = fc.sample(fc.integer(), 1);
      // Evenly, not most of them at the first and the last.
      const points = fc.noBias(fc.integer({ min: 1, max: expected.points }));
      const plans = fc.sample(fc.array(points, { minLength: 8, maxLength: 8 }), { numRuns: wanted, seed });
      let died = 0;
      let next = 0;
      const worker = async (): Promise<void> => {
        while (died < wanted) died += await torment(workload, plans[next++] ?? [1], expected);
      };
      await Promise.all(Array.from({ length: atOnce }, worker)).catch((error: unknown) => {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      });
      expect(died).toBeGreaterThanOrEqual(wanted);
    },
    1_800_000,
  );
});
