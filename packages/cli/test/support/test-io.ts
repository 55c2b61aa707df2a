import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io, Output, StopSignal } from "../../src/io.js";
import { main } from "../../src/main.js";

/** How the world around a command looks. */
export interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdoutTTY?: boolean;
  readonly stderrTTY?: boolean;
  readonly columns?: number;
  /** Lines a person types; with any, stdin is a terminal. */
  readonly typed?: readonly string[];
  /** Looks at each piece of stderr, for example to press Ctrl-C at the right moment. */
  readonly onStderr?: (text: string, stop: (signal: StopSignal) => void) => void;
}

/** What a command left behind. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for a test, with files in it. */
export class Workplace {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "strands-cli-")));

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** Runs one command line in this process. */
  async strands(argv: readonly string[], world: World = {}): Promise<Ended> {
    let stdout = "";
    let stderr = "";
    const listeners = new Set<(signal: StopSignal) => void>();
    const stop = (signal: StopSignal): void => {
      for (const listener of [...listeners]) listener(signal);
    };
    const answers = [...(world.typed ?? [])];
    const columns = world.columns ?? 80;
    const out: Output = {
      isTTY: world.stdoutTTY ?? false,
      columns,
      write: (text) => {
        stdout += text;
      },
    };
    const err: Output = {
      isTTY: world.stderrTTY ?? false,
      columns,
      write: (text) => {
        stderr += text;
        world.onStderr?.(text, stop);
      },
    };
    const io: Io = {
      stdout: out,
      stderr: err,
      stdin: { isTTY: world.typed !== undefined, ask: async () => answers.shift() },
      env: { NO_COLOR: "1", STRANDS_SESSION_DIR: this.path("sessions"), ...world.env },
      cwd: this.folder,
      platform: "linux",
      user: "ada",
      owner: "test",
      onStop(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      keepResult: () => undefined,
    };
    const code = await main(argv, io);
    return { code, stdout, stderr };
  }

  /** The one session there is, by its id. */
  async onlySession(): Promise<string> {
    const { stdout } = await this.strands(["sessions", "list", "--json"]);
    const { sessions } = JSON.parse(stdout) as { readonly sessions: readonly { readonly id: string }[] };
    if (sessions.length !== 1) throw new Error(`There are ${sessions.length} sessions`);
    return sessions[0]?.id ?? "";
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
