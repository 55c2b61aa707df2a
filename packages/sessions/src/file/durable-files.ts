import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
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

/** Waits until the disk has a file, without holding up what else this process does. */
function synced(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(fd, (error) => (error === null ? resolve() : reject(error)));
  });
}

async function syncPath(path: string, flags: "r" | "r+"): Promise<void> {
  const fd = openSync(path, flags);
  try {
    await synced(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes what a file holds durable, whoever wrote it. */
export async function syncFile(path: string): Promise<void> {
  await syncPath(path, "r+");
}

/** Makes the names in a directory durable. Windows keeps them without being asked and cannot be asked. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform !== "win32") await syncPath(directory, "r");
}

/** Makes a directory and what it is in, durably when asked, readable by nobody else. */
export async function makeDirectory(directory: string, sync: boolean): Promise<void> {
  const first = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (first === undefined || !sync) return;
  const stop = dirname(first);
  for (let made = directory; made !== stop && made !== dirname(made); ) {
    made = dirname(made);
    await syncDirectory(made);
  }
}

/** Writes a new file, whole or with an error, and waits until the disk has it when asked. */
export async function writeNewFile(path: string, text: string, sync: boolean): Promise<void> {
  const fd = openSync(path, "wx", 0o600);
  try {
    writeAll(fd, Buffer.from(text), 0);
    if (sync) await synced(fd);
  } finally {
    closeSync(fd);
  }
}

/** Puts a whole file in the place of another, or of none. Not synced: for what can be made again. */
export function replaceFile(directory: string, name: string, text: string): void {
  const temporary = join(directory, temporaryName(name));
  try {
    writeFileSync(temporary, text, { flag: "wx", mode: 0o600 });
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
export async function publishFile(
  directory: string,
  name: string,
  text: string,
  sync: boolean,
  stillWanted: () => boolean,
): Promise<PublishedFile | undefined> {
  const content = Buffer.from(text);
  const temporary = join(directory, temporaryName(name));
  const path = join(directory, name);
  let fd = openSync(temporary, "wx", 0o600);
  try {
    writeAll(fd, content, 0);
    if (sync) await synced(fd);
    try {
      linkSync(temporary, path);
    } catch (error) {
      if (!cannotLink.has(errnoOf(error) ?? "")) throw error;
      closeSync(fd);
      fd = -1;
      fd = openSync(path, "wx", 0o600);
      if (!stillWanted()) throw takenError;
      writeAll(fd, content, 0);
      if (sync) await synced(fd);
    }
    unlinkSync(temporary);
    if (sync) await syncDirectory(directory);
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

/** The SHA-256 of a text's bytes: the name it is kept under. */
export function blobName(json: string): string {
  return createHash("sha256").update(json).digest("hex");
}

/** Keeps a long text under its name. What is there already is verified, not written. */
export async function keepBlob(directory: string, name: string, json: string, sync: boolean): Promise<void> {
  const blobs = join(directory, blobDirectory);
  if (readBlob(directory, name) !== undefined) {
    // Whoever wrote it may have died before it was durable.
    if (sync) await syncFile(join(blobs, name));
    if (sync) await syncDirectory(blobs);
    return;
  }
  if (!existsSync(blobs)) await makeDirectory(blobs, sync);
  const temporary = join(blobs, temporaryName(name));
  try {
    await writeNewFile(temporary, json, sync);
    renameSync(temporary, join(blobs, name));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (sync) await syncDirectory(blobs);
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
