import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** The launcher, which runs what was built. */
export const launcher: string = join(import.meta.dirname, "..", "..", "bin", "strands.js");

/** How a child ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `strands` of its own process. */
export class Child {
  readonly process: ChildProcess;
  readonly ended: Promise<ChildEnd>;
  #stdout = "";
  #stderr = "";
  readonly #waiting = new Set<() => void>();

  constructor(
    args: readonly string[],
    options: {
      readonly cwd: string;
      readonly env: Readonly<Record<string, string>>;
      readonly node?: readonly string[];
      /** Where stdout and stderr go: a pipe that is read, or an open file. */
      readonly stdout?: number;
      readonly stderr?: number;
    },
  ) {
    const { PATH = "" } = process.env;
    this.process = spawn(process.execPath, [...(options.node ?? []), launcher, ...args], {
      cwd: options.cwd,
      env: { PATH, NO_COLOR: "1", ...options.env },
      stdio: ["pipe", options.stdout ?? "pipe", options.stderr ?? "pipe"],
    });
    this.process.stdout?.on("data", (data: Buffer) => {
      this.#stdout += data.toString();
    });
    this.process.stderr?.on("data", (data: Buffer) => {
      this.#stderr += data.toString();
      for (const look of [...this.#waiting]) look();
    });
    this.ended = new Promise((resolve) => {
      this.process.on("close", (code, signal) => resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  /** Resolves when stderr holds the text, or the child has ended. */
  async untilStderr(text: string): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!this.#stderr.includes(text)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
    await Promise.race([seen, this.ended]);
  }
}
