import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { temporaryDirectory } from "./session-directory.js";
import type { StorageKind } from "./storage-places.js";

/** Processes of the chaos tests. */
export const storageChild = join(import.meta.dirname, "../storage-child.mjs");

/** Where the workflows are that they run. */
export const durability = pathToFileURL(join(import.meta.dirname, "../../../sdk/test/durability")).href;

/** The parts of a process's life: until it knows the session, until its first append, in an append, between, after the last. */
export const phases = ["start", "before", "append", "between", "end"] as const;
export type Phase = (typeof phases)[number];

/** How a process dies: at a point of its life, counted from 1, or so much later; never at 0. */
export interface Death {
  readonly dieAt: number;
  readonly afterUs: number;
}

/** What a process says that came to its end. */
interface Ended {
  readonly status: string;
  readonly error?: string;
  readonly life: readonly Phase[];
}

/** One session in a place of its own, moved forward by child processes. */
export class Victim {
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

  /** Runs a child until it ends, or until it dies as told: then `undefined`. */
  run(death: Death): Promise<Ended | undefined> {
    const { kind } = this.#kind;
    const task = { mode: "kill", kind, place: this.#place, durability, name: this.#name, log: this.#log, ...death };
    return new Promise((resolve, reject) => {
      // One that hangs is ended with another signal than the one that is meant to end it.
      const limits = { timeout: 120_000, killSignal: "SIGABRT" } as const;
      execFile(process.execPath, [storageChild, JSON.stringify(task)], limits, (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout) as Ended);
        else if (error.signal === "SIGKILL") resolve(undefined);
        else reject(new Error(`the child failed (${error.signal ?? error.code}): ${stderr}`));
      });
    });
  }

  /** Everything recorded, by key: branches may have taken turns in any order. With it what a list says of the session. */
  async story(): Promise<unknown> {
    const repository = this.#kind.open(this.#place);
    const { entries } = await repository.load("s");
    const { sessions } = await repository.list();
    await repository.close?.();
    const story = entries
      .filter(({ kind }) => !/^run\.(started|paused)$/.test(kind))
      .map(({ key, kind, body }) => {
        const { id: _id, digest: _digest, runId: _run, ...rest } = body as Readonly<Record<string, unknown>>;
        return { key: key.replace(/^run\/[^/]+/, "run"), kind, body: rest };
      });
    return { listed: sessions.map(({ id, status }) => ({ id, status })), story: story.sort(byKey) };
  }

  /** The part of its life that each process died in. */
  deaths(): readonly Phase[] {
    return this.#lines().flatMap((line) => (line.startsWith("died ") ? [line.slice(5) as Phase] : []));
  }

  /** No recorded step was asked for again, and nothing twice unless a process died in between. */
  expectNoRepeats(): void {
    const done = new Set<string>();
    let underWay = new Set<string>();
    for (const line of this.#lines()) {
      const [what, key = ""] = line.split(/ \S* (.*)/);
      if (what === "born") underWay = new Set();
      else if (what === "done") done.add(key);
      else if (what === "call") {
        expect(done.has(key), `${key} ran again`).toBe(false);
        expect(underWay.has(key), `${key} ran twice`).toBe(false);
        underWay.add(key);
      }
    }
  }

  #lines(): readonly string[] {
    return readFileSync(this.#log, "utf8").trimEnd().split("\n");
  }
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1;
}
