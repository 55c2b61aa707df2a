import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { makeDirectories } from "../storage/make-directories.js";
import { blobDirectory, isAbandoned, temporaryName } from "./layout.js";
import { errnoOf, isAbsent } from "./storage-error.js";

/** Writes every byte; a short write goes on where it stopped. */
export function writeAll(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}

/** Whether something is there; a failure to look is no answer. */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Whether it is certain that nothing is there. */
export function isGone(path: string): boolean {
  try {
    return !isThere(path);
  } catch {
    return false;
  }
}

/** Closes a file of which nothing more is wanted: what has to be certain about it was made so before. */
export function letGo(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // It is closed all the same.
  }
}

/** Takes away what is only in the way; left behind, it is no harm. */
export function discard(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Whoever comes when this process is gone removes it.
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

/**
 * Makes a part of a file durable that somebody else has written. It is written anew: when their sync failed, the system
 * may hold for written what never reached the disk, and would say of a mere sync that all is well.
 */
export async function keepPart(path: string, from: number, to: number): Promise<void> {
  const fd = openSync(path, "r+");
  try {
    writeAll(fd, readPart(fd, from, to), from);
    await synced(fd);
  } finally {
    closeSync(fd);
  }
}

/** The bytes of a file from one place to another, or to its end. */
export function readPart(fd: number, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, to - from));
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(fd, bytes, length, bytes.length - length, from + length);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/** Makes the names in a directory durable. Windows keeps them without being asked and cannot be asked. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform !== "win32") await syncPath(directory, "r");
}

/** Makes the names in one directory durable for any number of callers: those who come while a sync is under way share the next. */
export class SharedDirectorySync {
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** Resolves when a sync that began after this call is done. */
  sync(directory: string): Promise<void> {
    if (this.#running === undefined) return this.#begin(directory);
    const begin = (): Promise<void> => {
      this.#next = undefined;
      return this.#begin(directory);
    };
    this.#next ??= this.#running.then(begin, begin);
    return this.#next;
  }

  #begin(directory: string): Promise<void> {
    const end = (): void => {
      this.#running = undefined;
    };
    const running = syncDirectory(directory);
    this.#running = running.then(end, end);
    return running;
  }
}

/**
 * Makes a directory and what it is in, readable by nobody else. When asked, each name is durable before the next is made,
 * also that of a directory that is there: whoever made it may not have lived to see to that.
 */
export async function makeDirectory(directory: string, sync: boolean): Promise<void> {
  const above = dirname(directory);
  const isNew = !isThere(directory);
  if (isNew && sync && above !== directory) await makeDirectory(above, sync);
  makeDirectories(directory);
  if (!sync) return;
  try {
    await syncDirectory(above);
  } catch (error) {
    // What stands in a directory that is not ours to read was not made by us.
    if (isNew || errnoOf(error) !== "EACCES") throw error;
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
    discard(temporary);
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
      if (!isSameFile(fd, path)) {
        if (!cannotLink.has(errnoOf(error) ?? "")) throw error;
        letGo(fd);
        fd = -1;
        fd = openSync(path, "wx", 0o600);
        if (!stillWanted()) throw takenError;
        writeAll(fd, content, 0);
        if (sync) await synced(fd);
      }
    }
    discard(temporary);
    if (sync) await syncDirectory(directory);
    return { fd, bytes: content.length };
  } catch (error) {
    if (fd >= 0) letGo(fd);
    discard(temporary);
    if (errnoOf(error) === "EEXIST") return undefined;
    throw error;
  }
}

/** Whether a path leads to an open file: a link may have been made although the call for it failed. */
function isSameFile(fd: number, path: string): boolean {
  const there = statSync(path, { bigint: true, throwIfNoEntry: false });
  const open = fstatSync(fd, { bigint: true });
  return there !== undefined && there.ino === open.ino && there.dev === open.dev;
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
  if (!isThere(blobs)) await makeDirectory(blobs, sync);
  const temporary = join(blobs, temporaryName(name));
  try {
    await writeNewFile(temporary, json, sync);
    renameSync(temporary, join(blobs, name));
  } catch (error) {
    discard(temporary);
    throw error;
  }
  if (sync) await syncDirectory(blobs);
}

/** The text kept under a name; `undefined` when it is missing or not what the name says. */
export function readBlob(directory: string, name: string): string | undefined {
  let content: Buffer;
  try {
    content = readFileSync(join(directory, blobDirectory, name));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
  return createHash("sha256").update(content).digest("hex") === name ? content.toString() : undefined;
}

/** Removes what dead processes left half made. Failing is no harm: the next one tries again. */
export function removeAbandoned(directory: string, names?: readonly string[]): void {
  try {
    for (const name of names ?? readdirSync(directory)) {
      if (name.startsWith(".") && isAbandoned(directory, name)) discard(join(directory, name));
    }
  } catch {
    // Not to be looked at now.
  }
}
