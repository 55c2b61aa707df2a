import { fstatSync, writeSync } from "node:fs";
import type { Output } from "./io.js";

/** The part of a stream of this process that is written to. */
export interface OutputStream {
  readonly fd: number;
  readonly isTTY?: boolean;
  readonly columns?: number;
  on(event: "error", listener: (error: Error) => void): unknown;
  write(text: string, done?: () => void): unknown;
}

/** An output that never throws: what cannot be written is remembered. */
export interface ProcessOutput extends Output {
  /** Why text could not be written; `undefined` when it could, or when its reader went away. */
  readonly failure: string | undefined;
  /** Resolves once everything is out, or cannot go out. */
  flush(): Promise<void>;
}

/** Writes some of the bytes from a place on, and gives how many. */
type WriteSome = (fd: number, bytes: Uint8Array, from: number) => number;

/** Whether a stream is a file, and how files are written; tests bring their own. */
export interface FileWriting {
  readonly isFile?: boolean;
  readonly write?: WriteSome;
}

/**
 * Writes to a stream of this process until that fails. A reader that has seen enough, as in `| head`, closes the pipe:
 * that is its right and no failure.
 */
export function processOutput(
  stream: OutputStream,
  { isFile = isRegularFile(stream.fd), write = writeSync }: FileWriting = {},
): ProcessOutput {
  let open = true;
  let failure: string | undefined;
  const fail = (error: unknown): void => {
    const code = (error as NodeJS.ErrnoException).code ?? "error";
    if (open && (isFile || !readerGone.has(code))) failure = code;
    open = false;
  };
  stream.on("error", fail);
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      // A terminal that was never told its size says 0.
      const { columns = 0 } = stream;
      return columns > 0 ? columns : 80;
    },
    get failure() {
      return failure;
    },
    write(text) {
      if (!open) return;
      if (!isFile) {
        stream.write(text);
        return;
      }
      try {
        writeWhole(stream.fd, Buffer.from(text), write);
      } catch (error) {
        fail(error);
      }
    },
    async flush() {
      if (open && !isFile) await new Promise<void>((resolve) => stream.write("", resolve));
    },
  };
}

const readerGone: ReadonlySet<string> = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED"]);

/** A full disk takes what still fits and says so only when asked again, which streams of Node do not do. */
function writeWhole(fd: number, bytes: Uint8Array, write: WriteSome): void {
  for (let from = 0; from < bytes.length; ) {
    const count = write(fd, bytes, from);
    if (count === 0) throw Object.assign(new Error("Nothing was written"), { code: "ENOSPC" });
    from += count;
  }
}

function isRegularFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
