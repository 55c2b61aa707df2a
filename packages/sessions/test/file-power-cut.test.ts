import { join } from "node:path";
import { StrandsError } from "@strands/core";
import type { Durability } from "@strands/sessions/file";
import { describe, expect, it, vi } from "vitest";
import { runOn, type Seen, storyOf } from "./support/client-workload.js";
import { type Random, seededRandom } from "./support/disk-model.js";
import { checkComplete, checkStored, goOn, openAs, storedBatches, toldNothing } from "./support/file-workload.js";
import { fastDirectory } from "./support/session-directory.js";
import { watchedDisk } from "./support/watched-disk.js";

vi.mock("node:fs", async (original) => {
  const { watchedDisk: disk } = await import("./support/watched-disk.js");
  return disk.replace(await original<typeof import("node:fs")>());
});

const soak = process.env["STRANDS_SOAK"] === "1";
/** The first state's number; a soak may begin elsewhere. */
const firstSeed = Number(process.env["STRANDS_SEED"] ?? 1);

const failedSync = { errno: "EIO", calls: ["sync"], moment: "before" } as const;

/**
 * Lets one process after another work until it comes to grief: it is killed, or a sync fails, or the power is gone, which
 * the disk shows. Gives up after one to three power cuts.
 */
async function suffer(
  base: string,
  random: Random,
  calls: number,
  go: (process: number) => Promise<void>,
  afterCut: () => Promise<boolean>,
): Promise<boolean> {
  watchedDisk.watch(base, new Map(), random);
  let left = 1 + random(3);
  for (let process = 1; left > 0; process += 1) {
    const accident = random(4);
    if (accident === 3) watchedDisk.failAt(1 + random(30), failedSync, false);
    // A sync is when most is under way.
    else if (random(2) === 0) watchedDisk.dieAt(1 + random(calls / 8), "sync");
    else watchedDisk.dieAt(1 + random(calls));
    try {
      await go(process);
    } catch (error) {
      if (!watchedDisk.isDead && watchedDisk.struck === undefined) throw error;
      if (!StrandsError.isInstance(error)) throw error;
    }
    watchedDisk.heal();
    if (accident > 1) continue;
    left -= 1;
    watchedDisk.watch(base, watchedDisk.powerCut(), random);
    if (!(await afterCut())) return false;
  }
  return true;
}

/** Goes on in a turn of its own, as runs do, where one ends early: a power cut can leave the fence of a later epoch. */
async function inTurns(work: () => Promise<void>): Promise<void> {
  for (let left = 9; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!StrandsError.isInstance(error) || error.code !== "SESSION_CONFLICT" || left === 0) throw error;
    }
  }
}

/** Tries so many states, each with a seed of its own, which an error names. */
async function inStates(count: number, attempt: (base: string, random: Random) => Promise<void>): Promise<void> {
  const base = join(fastDirectory(), "disk");
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    try {
      await attempt(base, seededRandom(seed));
    } catch (cause) {
      throw new Error(`seed ${seed}: ${String(cause)}`, { cause });
    } finally {
      watchedDisk.heal();
    }
  }
}

describe("a power cut", () => {
  it("takes nothing that was acknowledged, and the session goes on", { timeout: 3_600_000 }, async () => {
    await inStates(soak ? 2000 : 150, async (base, random) => {
      const directory = join(base, "data", "sessions");
      const told = toldNothing();
      const go = (process: number): Promise<void> => inTurns(() => goOn(openAs(process, directory), directory, told));
      await suffer(base, random, 500, go, async () => {
        await checkStored(openAs(100, directory), told);
        return true;
      });
      await go(101);
      await checkComplete(openAs(102, directory), told);
    });
  });

  it("in the middle of a run leaves the same result and runs no recorded step again", {
    timeout: 3_600_000,
  }, async () => {
    let expected: unknown;
    await inStates(soak ? 500 : 30, async (base, random) => {
      const directory = join(base, "data", "sessions");
      if (expected === undefined) {
        watchedDisk.watch(base, new Map(), random);
        await runOn(openAs(1, directory), "workflow", { done: new Set() });
        expected = await storyOf(openAs(1, directory));
      }
      const seen: Seen = { done: new Set() };
      const go = (process: number): Promise<void> => runOn(openAs(process, directory), "workflow", seen);
      await suffer(base, random, 700, go, async () => true);
      await go(101);
      expect(await storyOf(openAs(102, directory))).toEqual(expected);
    });
  });

  it.each(["process", "none"] satisfies Durability[])(
    "with durability `%s` leaves the beginning of what was appended, or a session that is refused in words",
    { timeout: 3_600_000 },
    async (durability) => {
      const outcomes = { whole: 0, shortened: 0, refused: 0 };
      await inStates(soak ? 500 : 60, async (base, random) => {
        const directory = join(base, "data", "sessions");
        const open = (process: number) => openAs(process, directory, durability);
        const told = { ...toldNothing(), two: "deleted" as const };
        const go = (process: number): Promise<void> => inTurns(() => goOn(open(process), directory, told));
        const survived = await suffer(base, random, 400, go, async () => {
          const before = told.acknowledged;
          told.acknowledged = 0;
          const { notices } = await open(100).list();
          try {
            const { entries } = await open(100).load("one");
            // Only in memory did it say that this one came too late.
            if (entries.some(({ key }) => told.refused.has(key))) return false;
            told.acknowledged = storedBatches(entries, told);
          } catch (error) {
            if (!StrandsError.isInstance(error)) throw error;
            const isLeft = notices.some((notice) => notice.includes("holds no record.json"));
            if (error.code !== "SESSION_NOT_FOUND" || isLeft) {
              if (!isLeft)
                expect([error.code, error.hint]).toEqual(["SESSION_CORRUPT", expect.stringContaining("backup")]);
              if (!isLeft) await open(100).delete("one");
              outcomes.refused += 1;
              return false;
            }
          }
          outcomes[told.acknowledged < before ? "shortened" : "whole"] += 1;
          return true;
        });
        if (!survived) return;
        await go(101);
        await checkComplete(open(102), told);
      });
      // Otherwise the disk of this test kept more than it promised.
      for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(0);
    },
  );
});
