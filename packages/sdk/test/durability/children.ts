import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { expect } from "vitest";

const child = join(import.meta.dirname, "kill-child.mjs");

/** What a child process says when it comes to its end. */
interface Ended {
  readonly status: string;
  readonly points: number;
}

/** A step as recorded, without what differs from one session to the next. */
export interface RecordedStep {
  readonly key: string;
  readonly kind: string;
  readonly body: unknown;
}

/** One session in a directory of its own, moved forward by child processes. */
export class KilledSession {
  readonly #workload: string;
  readonly #directory: string;

  constructor(workload: string) {
    this.#workload = workload;
    this.#directory = mkdtempSync(join(tmpdir(), "strands-kill-"));
  }

  /** Runs a child until it ends, or until it dies at the given point: then `undefined`. */
  run(dieAt: number | "pause"): Promise<Ended | undefined> {
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [child, this.#workload, this.#directory, String(dieAt)], (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout) as Ended);
        else if (error.signal === "SIGKILL") resolve(undefined);
        else reject(new Error(`the child failed: ${stderr}`));
      });
    });
  }

  /** Everything recorded about steps, by key: branches may have taken turns in any order. */
  async story(): Promise<readonly RecordedStep[]> {
    const entries = await this.entries();
    const steps = entries.filter(({ kind }) => !kind.startsWith("run."));
    const story = steps.map(({ key, kind, body }) => {
      const { id: _id, digest: _digest, ...rest } = body as { id?: string; digest?: string };
      return { key, kind, body: rest };
    });
    return story.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async entries(): Promise<readonly Entry[]> {
    const repository = createFileRepository({ directory: join(this.#directory, "sessions") });
    const { entries } = await repository.load("s");
    await repository.close?.();
    return entries;
  }

  report(): string {
    return readFileSync(join(this.#directory, "out", "report.md"), "utf8");
  }

  /** No recorded step was asked for again, and nothing twice unless a process died in between. */
  expectNoRepeats(): void {
    const done = new Set<string>();
    let underWay = new Set<string>();
    for (const line of readFileSync(join(this.#directory, "log"), "utf8").trimEnd().split("\n")) {
      const [what, key = ""] = line.split(/ (.*)/);
      if (what === "born") underWay = new Set();
      else if (what === "done") done.add(key);
      else {
        expect(done.has(key), `${key} ran again`).toBe(false);
        expect(underWay.has(key), `${key} ran twice`).toBe(false);
        underWay.add(key);
      }
    }
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
