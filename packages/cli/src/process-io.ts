import type { ReadStream, WriteStream } from "node:tty";
import type { Input, Io, Output } from "./io.js";
import { StopSwitch } from "./stop-switch.js";

/**
 * The world of this process. The first SIGINT or SIGTERM goes to who listens, the second one ends the process, and so
 * does the first when nobody listens.
 *
 * @param exit ends the process at once
 */
export function processIo(exit: (code: number) => void): { readonly io: Io; readonly ended: () => void } {
  const stop = new StopSwitch(exit);
  const onInt = (): void => stop.signal("SIGINT");
  const onTerm = (): void => stop.signal("SIGTERM");
  process.on("SIGINT", onInt);
  process.on("SIGTERM", onTerm);
  const { env, platform, pid } = process;
  return {
    io: {
      stdout: output(process.stdout),
      stderr: output(process.stderr),
      stdin: input(process.stdin),
      env,
      cwd: process.cwd(),
      platform,
      user: env["USER"] ?? env["LOGNAME"] ?? env["USERNAME"],
      owner: `strands (process ${pid})`,
      onStop: (listener) => stop.onStop(listener),
    },
    ended: () => {
      process.off("SIGINT", onInt);
      process.off("SIGTERM", onTerm);
    },
  };
}

function output(stream: WriteStream): Output {
  let open = true;
  // A reader that has seen enough, as in `| head`, closes the pipe. That is its right and no error.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO" && error.code !== "ERR_STREAM_DESTROYED") throw error;
    open = false;
  });
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
    write(text) {
      if (open) stream.write(text);
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
