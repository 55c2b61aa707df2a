import type { ReadStream } from "node:tty";
import { exitCodes } from "./exit-codes.js";
import type { Input, Io, StopSignal } from "./io.js";
import { processOutput } from "./process-output.js";
import { StopSwitch, stopSignals } from "./stop-switch.js";

/** The world of this process, and how a command leaves it. */
export interface ProcessIo {
  readonly io: Io;
  /** Gives signals back and waits for stdout. Gives the exit code: another one when the result could not be written. */
  end(exitCode: number): Promise<number>;
}

/**
 * The world of this process. The first SIGINT, SIGTERM or SIGHUP goes to who listens, the second one ends the process, and so
 * does the first when nobody listens.
 *
 * @param exit ends the process at once
 */
export function processIo(exit: (code: number) => void): ProcessIo {
  const stop = new StopSwitch(exit);
  const onSignal = (signal: NodeJS.Signals): void => stop.signal(signal as StopSignal);
  for (const signal of stopSignals) process.on(signal, onSignal);
  const stdout = processOutput(process.stdout);
  const stderr = processOutput(process.stderr);
  let keptBy: string | undefined;
  const { env, platform, pid } = process;
  return {
    io: {
      stdout,
      stderr,
      stdin: input(process.stdin),
      env,
      cwd: process.cwd(),
      platform,
      user: env["USER"] ?? env["LOGNAME"] ?? env["USERNAME"],
      owner: `strands (process ${pid})`,
      onStop: (listener) => stop.onStop(listener),
      keepResult: (command) => {
        keptBy = command;
      },
    },
    async end(exitCode) {
      await stdout.flush();
      for (const signal of stopSignals) process.off(signal, onSignal);
      if (stdout.failure === undefined) return exitCode;
      const kept = keptBy === undefined ? "" : `; ${keptBy} has it`;
      stderr.write(`the result could not be written (${stdout.failure})${kept}\n`);
      return exitCodes.artifact;
    },
  };
}

function input(stream: ReadStream): Input {
  return {
    isTTY: stream.isTTY === true,
    async ask(question) {
      const { createInterface } = await import("node:readline");
      const reader = createInterface({ input: stream, output: process.stderr, terminal: stream.isTTY === true });
      try {
        return await new Promise<string | undefined>((resolve) => {
          reader.once("close", () => resolve(undefined));
          // Without this the first Ctrl-C only closes the reader.
          reader.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
          reader.question(question, resolve);
        });
      } finally {
        reader.close();
      }
    },
  };
}
