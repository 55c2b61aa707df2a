import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryDirectory } from "./support/session-directory.js";
import { type StorageKind, storageKinds } from "./support/storage-places.js";

const soak = process.env["STRANDS_SOAK"] === "1";
/** Times a process is killed at a random point, for each pattern and each repository. */
const kills = soak ? 50 : 2;
const child = join(import.meta.dirname, "storage-child.mjs");
const workloads = pathToFileURL(join(import.meta.dirname, "../../sdk/test/durability/workloads.mjs")).href;
const patterns = ["chain", "workflow", "routing", "parallel", "evaluator_optimizer", "orchestrator_workers", "graph"];

/** One session in a place of its own, moved forward by child processes. */
class Victim {
  readonly #kind: StorageKind;
  readonly #place: object;
  readonly #name: string;
  readonly #log: string;

  constructor(kind: StorageKind, name: string) {
    const directory = temporaryDirectory();
    this.#kind = kind;
    this.#name = name;
    this.#place = kind.place(directory);
    this.#log = join(directory, "log");
  }

  /** Runs a child until it ends, or until it dies at the given point: then `undefined`. */
  run(dieAt: number): Promise<{ readonly status: string; readonly points: number } | undefined> {
    const { kind } = this.#kind;
    const task = { mode: "kill", kind, place: this.#place, workloads, name: this.#name, log: this.#log, dieAt };
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [child, JSON.stringify(task)], (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout));
        else if (error.signal === "SIGKILL") resolve(undefined);
        else reject(new Error(`the child failed: ${stderr}`));
      });
    });
  }

  /** Everything recorded, by key: branches may have taken turns in any order. */
  async story(): Promise<unknown> {
    const repository = this.#kind.open(this.#place);
    const { entries } = await repository.load("s");
    await repository.close?.();
    const story = entries
      .filter(({ kind }) => !/^run\.(started|paused)$/.test(kind))
      .map(({ key, kind, body }) => {
        const { id: _id, digest: _digest, runId: _run, ...rest } = body as Readonly<Record<string, unknown>>;
        return { key: key.replace(/^run\/[^/]+/, "run"), kind, body: rest };
      });
    return story.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** No recorded step was asked for again, and nothing twice unless a process died in between. */
  expectNoRepeats(): void {
    const done = new Set<string>();
    let underWay = new Set<string>();
    for (const line of readFileSync(this.#log, "utf8").trimEnd().split("\n")) {
      const [what, key = ""] = line.split(/ \S* (.*)/);
      if (what === "born") underWay = new Set();
      else if (what === "done") done.add(key);
      else {
        expect(done.has(key), `${key} ran again`).toBe(false);
        expect(underWay.has(key), `${key} ran twice`).toBe(false);
        underWay.add(key);
      }
    }
  }
}

describe.each(storageKinds)("kill -9 with sessions in $kind", (kind) => {
  let stop: () => Promise<void> = async () => {};
  beforeAll(async () => {
    stop = await kind.start();
  }, 60_000);
  afterAll(() => stop());

  it.each(patterns)(
    "%s: nothing recorded is lost or repeated, and it ends as the unbroken one",
    async (pattern) => {
      const unbroken = new Victim(kind, pattern);
      const ended = await unbroken.run(0);
      expect(ended?.status).toBe("completed");
      const expected = await unbroken.story();
      const [seed = 0] = fc.sample(fc.integer(), 1);
      const points = fc.sample(fc.integer({ min: 1, max: ended?.points ?? 1 }), { numRuns: kills * 40, seed });
      let died = 0;
      while (died < kills) {
        const victim = new Victim(kind, pattern);
        for (let left = 8; ; left -= 1) {
          const outcome = await victim.run(left > 0 && died < kills ? (points.pop() ?? 1) : 0);
          if (outcome !== undefined) {
            expect([seed, outcome.status]).toEqual([seed, "completed"]);
            break;
          }
          died += 1;
        }
        victim.expectNoRepeats();
        expect([seed, await victim.story()]).toEqual([seed, expected]);
      }
    },
    1_800_000,
  );
});
