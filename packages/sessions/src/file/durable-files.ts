import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { blobDirectory, isAbandoned, temporaryName } from "./layout.js";
import { errnoOf } from "./storage-error.js";

/** Writes every byte; a short write goes on where it stopped. */
export function writeAll(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}

/** Makes the names in a directory durable. Windows keeps them without being asked and cannot be asked. */
export function syncDirectory(directory: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(directory, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncFile(path: string): void {
  const fd = openSync(path, "r+");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes a directory and what it is in, durably when asked, readable by nobody else. */
export function makeDirectory(directory: string, sync: boolean): void {
  const first = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (first === undefined || !sync) return;
  const stop = dirname(first);
  for (let made = directory; made !== stop && made !== dirname(made); ) {
    made = dirname(made);
    syncDirectory(made);
  }
}

/** Writes a new file, whole or with an error. */
export function writeNewFile(path: string, text: string, sync: boolean): void {
  const fd = openSync(path, "wx", 0o600);
  try {
    writeAll(fd, Buffer.from(text), 0);
    if (sync) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Puts a whole file in the place of another, or of none. Not synced: for what can be made again. */
export function replaceFile(directory: string, name: string, text: string): void {
  const temporary = join(directory, temporaryName(name));
  try {
    writeNewFile(temporary, text, false);
    renameSync(temporary, join(directory, name));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export interface PublishedFile {
  /** Open for writing. */
  readonly fd: number;
  readonly bytes: number;
}

/**
 * Makes a file appear under its name with its whole content, unless the name is taken: `undefined` then. Of any number
 * of callers one succeeds.
 * @param stillWanted asked only where hard links do not exist and the content appears after the name
 */
export function publishFile(
  directory: string,
  name: string,
  text: string,
  sync: boolean,
  stillWanted: () => boolean,
): PublishedFile | undefined {
  const content = Buffer.from(text);
  const temporary = join(directory, temporaryName(name));
  const path = join(directory, name);
  let fd = openSync(temporary, "wx", 0o600);
  try {
    writeAll(fd, content, 0);
    if (sync) fsyncSync(fd);
    try {
      linkSync(temporary, path);
    } catch (error) {
      if (!cannotLink.has(errnoOf(error) ?? "")) throw error;
      closeSync(fd);
      fd = -1;
      fd = openSync(path, "wx", 0o600);
      if (!stillWanted()) throw takenError;
      writeAll(fd, content, 0);
      if (sync) fsyncSync(fd);
    }
    unlinkSync(temporary);
    if (sync) syncDirectory(directory);
    return { fd, bytes: content.length };
  } catch (error) {
    if (fd >= 0) closeSync(fd);
    rmSync(temporary, { force: true });
    if (errnoOf(error) === "EEXIST") return undefined;
    throw error;
  }
}

const takenError: unknown = { code: "EEXIST" };

/** What systems answer that have no hard links (FAT, some network and phone file systems). */
const cannotLink: ReadonlySet<string> = new Set(["EPERM", "EACCES", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

/** Keeps a long text under the SHA-256 of its bytes and gives that name. What is there already is verified, not written. */
export function keepBlob(directory: string, json: string, sync: boolean): string {
  const content = Buffer.from(json);
  const name = createHash("sha256").update(content).digest("hex");
  const blobs = join(directory, blobDirectory);
  if (readBlob(directory, name) !== undefined) {
    // Whoever wrote it may have died before it was durable.
    if (sync) syncFile(join(blobs, name));
    if (sync) syncDirectory(blobs);
    return name;
  }
  if (!existsSync(blobs)) makeDirectory(blobs, sync);
  const temporary = join(blobs, temporaryName(name));
  try {
    writeNewFile(temporary, json, sync);
    renameSync(temporary, join(blobs, name));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (sync) syncDirectory(blobs);
  return name;
}

/** The text kept under a name; `undefined` when it is missing or not what the name says. */
export function readBlob(directory: string, name: string): string | undefined {
  const path = join(directory, blobDirectory, name);
  if (!existsSync(path)) return undefined;
  const content = readFileSync(path);
  return createHash("sha256").update(content).digest("hex") === name ? content.toString() : undefined;
}

/** Removes what dead processes left half made. Failing is no harm: the next one tries again. */
export function removeAbandoned(directory: string, names: readonly string[] = readdirSync(directory)): void {
  for (const name of names) {
    if (!name.startsWith(".") || !isAbandoned(directory, name)) continue;
    try {
      rmSync(join(directory, name), { recursive: true, force: true });
    } catch {
      // Somebody else may be removing it too.
    }
  }
}
