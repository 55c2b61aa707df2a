import { randomInt } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type StorageKind, storageKinds } from "./support/storage-places.js";
import { type Death, type Phase, phases, Victim } from "./support/victim.js";

const soak = process.env["STRANDS_SOAK"] === "1";
/** Times a process is killed at a random point, for each pattern and each repository. */
const kills = soak ? 50 : 2;
/** How often one session loses its process at most; sessions under way at once. */
const deathsOfOne = 5;
const atOnce = soak ? 2 : 1;
const patterns = ["chain", "workflow", "routing", "parallel", "evaluator_optimizer", "orchestrator_workers", "graph"];
const seed = fc.readConfigureGlobal().seed ?? randomInt(2 ** 31);

/** A place in a life, in millionths; half of them are killed a little later, wherever they are by then. */
const deaths = fc.record({
  millionth: fc.noBias(fc.nat({ max: 999_999 })),
  afterUs: fc.oneof(fc.constant(0), fc.noBias(fc.integer({ min: 1, max: 3_000 }))),
});
type Plan = readonly { readonly millionth: number; readonly afterUs: number }[];

/** The deaths of one session: the first in a given phase of the life, exactly there; the others anywhere. */
function deathsOf(plan: Plan, first: Phase, life: readonly Phase[]): readonly Death[] {
  const all = life.map((_, index) => index + 1);
  const fitting = all.filter((at) => life[at - 1] === first);
  return plan.map(({ millionth, afterUs }, index) => {
    const points = index === 0 && fitting.length > 0 ? fitting : all;
    const dieAt = points[Math.floor((millionth * points.length) / 1_000_000)] ?? 1;
    return { dieAt, afterUs: index === 0 ? 0 : afterUs };
  });
}

/** Kills processes until they died often enough, and gives the phases they died in. */
async function torment(kind: StorageKind, pattern: string, number: number): Promise<readonly Phase[]> {
  const unbroken = new Victim(kind, pattern);
  const { status, life = [] } = (await unbroken.run({ dieAt: 0, afterUs: 0 })) ?? {};
  expect(status).toBe("completed");
  const expected = await unbroken.story();
  const plans: Plan[] = fc.sample(fc.array(deaths, { minLength: deathsOfOne, maxLength: deathsOfOne }), {
    numRuns: kills * 4,
    seed: seed + number,
  });
  const died: Phase[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (died.length < kills) {
      const index = next++;
      const plan = plans[index];
      if (plan === undefined) throw new Error(`only ${died.length} of ${kills} processes died`);
      const victim = new Victim(kind, pattern);
      const planned = deathsOf(plan, phases[(index + number) % phases.length] as Phase, life);
      let before = 0;
      for (const death of [...planned, { dieAt: 0, afterUs: 0 }]) {
        const ended = await victim.run(died.length < kills ? death : { dieAt: 0, afterUs: 0 });
        if (ended !== undefined) {
          expect(ended.status, ended.error).toBe("completed");
          break;
        }
        died.push(...victim.deaths().slice(before));
        before = victim.deaths().length;
      }
      victim.expectNoRepeats();
      expect(await victim.story()).toEqual(expected);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return died;
}

describe.each(storageKinds)("kill -9 with sessions in $kind", (kind) => {
  let stop: () => Promise<void> = async () => {};
  beforeAll(async () => {
    stop = await kind.start();
  }, 60_000);
  afterAll(() => stop(), 60_000);

  it.each(patterns.map((pattern, index) => [pattern, index] as const))(
    "%s: nothing recorded is lost or repeated, and it ends as the unbroken one",
    async (pattern, index) => {
      const number = storageKinds.indexOf(kind) * patterns.length + index;
      const begun = performance.now();
      const died = await torment(kind, pattern, number).catch((error: unknown) => {
        throw new Error(`STRANDS_SEED=${seed}: ${String(error)}`, { cause: error });
      });
      expect(died.length).toBeGreaterThanOrEqual(kills);
      if (!soak) return;
      const counts = phases.map((phase) => `${phase} ${died.filter((other) => other === phase).length}`).join(", ");
      const seconds = ((performance.now() - begun) / 1000).toFixed(0);
      process.stdout.write(
        `${kind.kind} ${pattern}: killed ${died.length} times (${counts}), seed ${seed}, ${seconds} s\n`,
      );
      expect(new Set(died)).toEqual(new Set(phases));
    },
    900_000,
  );
});
