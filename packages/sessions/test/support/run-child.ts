import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { bundleChild } from "../../../../scripts/test-support/bundle-child.js";

let bundled: string | undefined;

afterAll(() => {
  if (bundled !== undefined) rmSync(dirname(bundled), { recursive: true, force: true });
});

/** The command line of `child.ts`. */
export function childCommand(...args: readonly string[]): readonly string[] {
  bundled ??= bundleChild(
    fileURLToPath(new URL("./child.ts", import.meta.url)),
    mkdtempSync(join(tmpdir(), "strands-child-")),
  );
  return [process.execPath, bundled, ...args];
}

export interface Child {
  readonly process: ChildProcess;
  /** The next line it says; rejects when it ends first. */
  next(): Promise<string>;
  tell(line: string): void;
  /** Calls back for every line it says. */
  onLine(heard: () => void): void;
  /** Everything it said, when it has ended. */
  readonly ended: Promise<readonly string[]>;
}

export function startChild(command: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
  const lines = createInterface({ input: child.stdout });
  const said: string[] = [];
  const waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  let taken = 0;
  lines.on("line", (line) => {
    said.push(line);
    if (waiting.length > 0) {
      taken += 1;
      waiting.shift()?.resolve(line);
    }
  });
  const ended = new Promise<readonly string[]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => {
      for (const { reject: fail } of waiting.splice(0)) fail(new Error(`The child ended after: ${said.join(", ")}`));
      resolve(said);
    });
  });
  return {
    process: child,
    ended,
    onLine: (heard) => {
      lines.on("line", heard);
    },
    tell: (line) => child.stdin.write(`${line}\n`),
    next: () => {
      const line = said[taken];
      if (line !== undefined) {
        taken += 1;
        return Promise.resolve(line);
      }
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
  };
}
