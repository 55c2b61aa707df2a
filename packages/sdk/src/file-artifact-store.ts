import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ArtifactError, type ArtifactFile, type ArtifactStore, type ArtifactWriteOptions } from "@strands/core";
import { makeDirectories } from "./make-directories.js";
import { whyUnwritable } from "./why-unwritable.js";

/** Where the files of {@link createFileArtifactStore} go. */
export interface FileArtifactStoreOptions {
  /** Directory below which everything stays; made when it is first needed. Relative to the working directory. */
  readonly directory: string;
}

/**
 * Makes an artifact store that writes files below a directory. A file appears under its name whole and durable, or not
 * at all. A symbolic link that leads out of the directory, or stands where the file should, is refused.
 *
 * @example
 * const artifacts = createFileArtifactStore({ directory: "./artifacts" });
 */
export function createFileArtifactStore(options: FileArtifactStoreOptions): ArtifactStore {
  const directory = resolve(options.directory);
  return {
    async write(file, { ifExists }) {
      const parts = partsOf(file.path);
      try {
        const location = await placeFor(directory, parts, file.path);
        await put(location, file, ifExists);
        return { location: join(directory, ...parts) };
      } catch (error) {
        throw writeFailed(await realReason(error, directory), file.path, join(directory, ...parts));
      }
    },
  };
}

function partsOf(path: string): readonly string[] {
  const parts = path.split("/");
  const plain = parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\\\0:]/.test(part));
  if (plain && !isAbsolute(path)) return parts;
  throw new ArtifactError("ARTIFACT_PATH_ESCAPE", `The artifact path \`${path}\` leaves the output directory`, {
    path,
    hint: "Use a relative path without `..`.",
  });
}

/** Makes the directories a file needs, and gives its real path. Links are followed only while they stay inside. */
async function placeFor(directory: string, parts: readonly string[], path: string): Promise<string> {
  await makeDirectories(directory);
  const root = await realpath(directory);
  let here = root;
  for (const part of parts.slice(0, -1)) {
    const next = join(here, part);
    const found = await lstatOrUndefined(next);
    if (found === undefined) {
      await mkdir(next).catch(ignoreExisting);
      await syncDirectory(here);
    }
    here = await realpath(next);
    if (!isInside(root, here)) throw leadsOut(path, next);
    if ((await lstatOrUndefined(here))?.isDirectory() === false) throw inTheWay(path, next, "a file", "a directory");
  }
  const target = join(here, parts.at(-1) ?? "");
  const found = await lstatOrUndefined(target);
  if (found?.isSymbolicLink() === true) throw leadsOut(path, target);
  if (found?.isDirectory() === true) throw inTheWay(path, target, "a directory", "a file");
  return target;
}

async function put(target: string, file: ArtifactFile, ifExists: ArtifactWriteOptions["ifExists"]): Promise<void> {
  const temporary = join(dirname(target), `.strands-${randomBytes(8).toString("hex")}.tmp`);
  try {
    await writeNew(temporary, file.content);
    if (ifExists === "replace") await rename(temporary, target);
    else if (!(await publish(temporary, target)) && !(ifExists === "same" && (await holds(target, file.content)))) {
      throw exists(file.path, target);
    }
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(target));
}

async function writeNew(path: string, content: string): Promise<void> {
  const handle = await open(path, "wx");
  try {
    await handle.writeFile(content, "utf8");
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a written file its name unless the name is taken; says whether it did. */
async function publish(temporary: string, target: string): Promise<boolean> {
  try {
    await link(temporary, target);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") return false;
    if (!cannotLink.has(code)) throw error;
  }
  // Without hard links there is no way to do both at once: take a look, then move.
  if ((await lstatOrUndefined(target)) !== undefined) return false;
  await rename(temporary, target);
  return true;
}

/** What systems answer that have no hard links (FAT, some network and phone file systems). */
const cannotLink: ReadonlySet<string> = new Set(["EPERM", "EACCES", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

async function holds(target: string, content: string): Promise<boolean> {
  const found = await lstatOrUndefined(target);
  if (found?.isFile() !== true || found.size !== Buffer.byteLength(content)) return false;
  return (await readFile(target)).equals(Buffer.from(content));
}

/** Makes the names in a directory durable. Windows keeps them without being asked and cannot be asked. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function lstatOrUndefined(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== "EEXIST") throw error;
}

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === "string" ? code : "";
}

function leadsOut(path: string, place: string): ArtifactError {
  return new ArtifactError(
    "ARTIFACT_PATH_ESCAPE",
    `The artifact path \`${path}\` goes through a symbolic link: \`${place}\``,
    {
      path,
      details: { link: place },
      hint: "Remove the link, or choose another output directory.",
    },
  );
}

function exists(path: string, place: string): ArtifactError {
  return new ArtifactError("ARTIFACT_EXISTS", `The file \`${place}\` exists already`, {
    path,
    hint: "Allow it to be replaced (`--force`), or choose another output directory.",
  });
}

function inTheWay(path: string, place: string, what: string, needed: string): ArtifactError {
  return new ArtifactError(
    "ARTIFACT_WRITE",
    `\`${place}\` is ${what}, and the artifact \`${path}\` needs ${needed} there`,
    {
      path,
      hint: "Move it away, or choose another output directory, then resume the session: finished steps are not run again.",
    },
  );
}

/** `ENOENT` is what making directories says of a place where nothing may be made. */
async function realReason(error: unknown, directory: string): Promise<unknown> {
  return codeOf(error) === "ENOENT" ? ((await whyUnwritable(directory)) ?? error) : error;
}

function writeFailed(error: unknown, path: string, place: string): ArtifactError {
  if (error instanceof ArtifactError) return error;
  const code = codeOf(error);
  return new ArtifactError("ARTIFACT_WRITE", `The file \`${place}\` could not be written (${code || "error"})`, {
    path,
    cause: error,
    hint: hints[code] ?? "Look at the cause, then resume the session: finished steps are not run again.",
  });
}

const hints: Readonly<Record<string, string>> = {
  EACCES: "Check that you may write to the output directory.",
  EPERM: "Check that you may write to the output directory.",
  EROFS: "The output directory is on a read-only file system: choose another one.",
  ENOSPC: "The disk is full: free some space, then resume the session.",
  EDQUOT: "Your disk quota is used up: free some space, then resume the session.",
  EEXIST: "A file stands where a directory is needed: remove it, or choose another output directory.",
  ENOTDIR: "A file stands where a directory is needed: remove it, or choose another output directory.",
  EISDIR: "A directory stands where the file should be: remove it, or choose another output directory.",
  ENAMETOOLONG: "The path is too long for this file system: give the artifact a shorter one.",
};
