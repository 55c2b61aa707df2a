import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileRepository } from "@strands/sessions/file";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// biome-ignore lint/correctness/useImportExtensions: the child processes run this file as it is
import { stepCount } from "./workload.mjs";

const child = join(import.meta.dirname, "kill-child.mjs");
const kills = process.env["STRANDS_SOAK"] === "1" ? 2_000 : 200;
const atOnce = 2;

interface Ended {
  readonly status: string;
  readonly points: number;
}

/** Runs the child until it ends, or until it dies at the given point: then `undefined`. */
function runChild(directory: string, dieAt: number): Promise<Ended | undefined> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [child, directory, String(dieAt)], (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as Ended);
      else if (error.signal === "SIGKILL") resolve(undefined);
      else reject(new Error(`the child failed: ${stderr}`));
    });
  });
}

async function storyOf(directory: string): Promise<readonly { key: string; kind: string; body: unknown }[]> {
  const repository = createFileRepository({ directory: join(directory, "sessions") });
  const { entries } = await repository.load("s");
  await repository.close?.();
  return entries.filter(({ kind }) => !kind.startsWith("run.")).map(({ key, kind, body }) => ({ key, kind, body }));
}

describe("kill -9", () => {
  let root: string;
  let expected: Awaited<ReturnType<typeof storyOf>>;
  let report: string;
  let points: number;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "strands-kill-"));
    const calm = mkdtempSync(join(root, "calm-"));
    const ended = await runChild(calm, 0);
    expect(ended?.status).toBe("completed");
    points = ended?.points ?? 0;
    expected = await storyOf(calm);
    report = readFileSync(join(calm, "out", "report.md"), "utf8");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** One session, killed until the given points are used up, then finished. Gives how often it died. */
  async function torment(dieAt: readonly number[]): Promise<number> {
    const directory = mkdtempSync(join(root, "rough-"));
    let died = 0;
    for (const at of [...dieAt, 0]) {
      const ended = await runChild(directory, at);
      if (ended === undefined) {
        died += 1;
        continue;
      }
      expect(ended.status).toBe("completed");
      break;
    }
    const log = readFileSync(join(directory, "log"), "utf8").trimEnd().split("\n");
    const calls = log.filter((line) => line.startsWith("call "));
    const done = new Set<string>();
    for (const line of log) {
      const [what, key] = line.split(" ") as [string, string];
      // A step whose end was acknowledged is never asked for again.
      if (what === "call") expect(done.has(key), `${key} ran again`).toBe(false);
      else done.add(key);
    }
    expect(calls.length).toBeLessThanOrEqual(stepCount + died);
    expect(await storyOf(directory)).toEqual(expected);
    expect(readFileSync(join(directory, "out", "report.md"), "utf8")).toBe(report);
    rmSync(directory, { recursive: true, force: true });
    return died;
  }

  it(`${kills} random points: nothing recorded is lost or repeated, and every session ends as the unbroken one`, async () => {
    const [seed = 0] = fc.sample(fc.integer(), 1);
    const plans = fc.sample(fc.array(fc.integer({ min: 1, max: points }), { minLength: 8, maxLength: 8 }), {
      numRuns: kills,
      seed,
    });
    let died = 0;
    let next = 0;
    const worker = async (): Promise<void> => {
      while (died < kills) died += await torment(plans[next++] ?? [1]);
    };
    await Promise.all(Array.from({ length: atOnce }, worker)).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    });
    expect(died).toBeGreaterThanOrEqual(kills);
  }, 1_800_000);
});
