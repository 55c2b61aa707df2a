import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { quoteValue, SpecError, type SpecIssue } from "@strands/core";
import { finishSpec } from "./finish-spec.js";
import type { ParsedSpec, ParseOptions } from "./parsed-spec.js";
import { checkRefKind, checkRefPath, type RefProblem } from "./ref/check-ref-path.js";
import { collectRefs, inlineRefs, type RefFile } from "./ref/inline-refs.js";
import { collectSchemas, inlineSchemas } from "./ref/inline-schemas.js";
import { maxBytes } from "./source/guard-text.js";
import { readSource } from "./source/source-document.js";

/** How a file is loaded. */
export interface LoadOptions extends Pick<ParseOptions, "variables" | "check"> {
  /**
   * Folders that agents may be referenced in, next to the folder of the spec itself and a folder called `agents` in it
   * or in any folder above it.
   */
  readonly refRoots?: readonly string[];
}

/** A spec that was loaded from a file. */
export interface LoadedSpec extends ParsedSpec {
  /** The path as given. */
  readonly file: string;
  /** Absolute path of the folder the file is in. */
  readonly directory: string;
  /** Absolute paths of every file that was read, the spec first. */
  readonly files: readonly string[];
}

/**
 * Reads a spec from a `.yaml`, `.yml` or `.json` file of at most 10 MiB, with the agents it references in other files.
 *
 * @throws SpecError `SPEC_NOT_FOUND` when the file cannot be read, else as `parseSpec`.
 * @throws InputError `INPUT_INVALID` when a variable is not of its declared type.
 */
export async function loadSpec(path: string, options: LoadOptions = {}): Promise<LoadedSpec> {
  const format = /\.(ya?ml|json)$/i.exec(path)?.[1]?.toLowerCase();
  if (format === undefined) {
    const hint = "A workflow is a file that ends in `.yaml`, `.yml` or `.json`.";
    throw new SpecError("SPEC_SYNTAX", `${quoteValue(path)} is neither YAML nor JSON by its name`, [], { hint });
  }
  const file = await readText(path);
  if ("code" in file) throw unreadable(path, file);
  const source = readSource(file.text, format === "json" ? "json" : "yaml", path);
  const directory = dirname(resolve(path));
  const roots = await findRoots(directory, options.refRoots ?? []);
  const files = new Map<string, RefFile | RefProblem>();
  const read = [resolve(path)];
  for (const reference of collectRefs(source.data)) {
    const target = await readReference(reference, directory, roots);
    if ("code" in target) files.set(reference, target);
    else {
      files.set(reference, { ...target, file: join(dirname(path), reference) });
      read.push(resolve(directory, reference));
    }
  }
  const inlined = inlineRefs(source, files);
  const schemas = new Map<string, RefFile | RefProblem>();
  for (const { agentId, reference, inlined: isAbsolute } of collectSchemas(inlined)) {
    // A path that came with an agent is absolute by now, which is right; whether it leads out is looked at all the same.
    const target = await (isAbsolute ? readInside : readReference)(reference, directory, roots);
    schemas.set(agentId, target);
    if (!("code" in target)) read.push(resolve(directory, reference));
  }
  return { ...finishSpec(source, inlineSchemas(inlined, schemas), options), file: path, directory, files: read };
}

async function readReference(
  reference: string,
  directory: string,
  roots: readonly Root[],
): Promise<RefFile | RefProblem> {
  return checkRefPath(reference) ?? readInside(reference, directory, roots);
}

async function readInside(reference: string, directory: string, roots: readonly Root[]): Promise<RefFile | RefProblem> {
  const outside: RefProblem = {
    code: "ref_outside",
    message: "this leads out of the folders agents may be in",
    suggestion: "keep it below the workflow's folder, or in a folder called `agents` next to or above it",
  };
  const path = resolve(directory, reference);
  // Before the file system is asked: whether something outside exists is nobody's business either.
  if (!roots.some((root) => isInside(path, root.given))) return outside;
  const kind = checkRefKind(reference);
  if (kind !== undefined) return kind;
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined)
    return {
      code: "ref_not_found",
      message: "there is no such file",
      suggestion: "check the path; it starts from this file",
    };
  if (!roots.some((root) => isInside(real, root.real))) return outside;
  const file = await readText(real);
  return "code" in file ? file : { text: file.text, directory: dirname(path) };
}

interface Root {
  readonly given: string;
  readonly real: string;
}

/** The folders references may lead into, as written and with links resolved: a link out of them does not count. */
async function findRoots(directory: string, more: readonly string[]): Promise<readonly Root[]> {
  const roots: Root[] = [];
  const resolved = async (path: string) => await realpath(path).catch(() => path);
  roots.push({ given: directory, real: await resolved(directory) });
  for (let folder = directory; ; folder = dirname(folder)) {
    roots.push({ given: join(folder, "agents"), real: join(await resolved(folder), "agents") });
    if (dirname(folder) === folder) break;
  }
  for (const root of more) roots.push({ given: resolve(root), real: await resolved(resolve(root)) });
  return roots;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A file as text: a regular file, not too large, UTF-8. */
async function readText(path: string): Promise<{ readonly text: string } | RefProblem> {
  // Opening a pipe would wait for a writer.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => error);
  if (handle instanceof Error || typeof handle !== "object" || handle === null || !("read" in handle)) {
    return openProblem((handle as NodeJS.ErrnoException).code);
  }
  const file = handle as Awaited<ReturnType<typeof open>>;
  try {
    const stats = await file.stat();
    if (stats.isDirectory())
      return { code: "ref_not_found", message: "this is a folder", suggestion: "name the file in it" };
    if (!stats.isFile()) return { code: "ref_unreadable", message: "this is not a regular file" };
    if (stats.size > maxBytes) return tooLarge;
    const bytes = await readAll(file, stats.size);
    return bytes === undefined ? tooLarge : decode(bytes);
  } catch {
    return { code: "ref_unreadable", message: "the file cannot be read" };
  } finally {
    await file.close();
  }
}

const tooLarge: RefProblem = {
  code: "too_large",
  message: `the file is larger than ${maxBytes / 1024 / 1024} MiB`,
  suggestion: "split the workflow, or move data into files of its own",
};

function openProblem(code: string | undefined): RefProblem {
  if (code === "ENOENT" || code === "ENOTDIR") return { code: "ref_not_found", message: "there is no such file" };
  if (code === "EACCES" || code === "EPERM")
    return { code: "ref_unreadable", message: "reading this file is not allowed" };
  return { code: "ref_unreadable", message: `the file cannot be opened (${code ?? "unknown reason"})` };
}

/** All bytes, also when the file is still growing; `undefined` when it grows past the limit. */
async function readAll(file: Awaited<ReturnType<typeof open>>, size: number): Promise<Uint8Array | undefined> {
  let buffer = new Uint8Array(size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > maxBytes) return undefined;
    if (length < buffer.length) continue;
    const larger = new Uint8Array(buffer.length * 2);
    larger.set(buffer);
    buffer = larger;
  }
}

function decode(bytes: Uint8Array): { readonly text: string } | RefProblem {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const line = new TextDecoder().decode(bytes).split("\ufffd", 1)[0]?.split("\n").length ?? 1;
    return { code: "encoding", message: `the file is not UTF-8 (line ${line})`, suggestion: "save it as UTF-8" };
  }
}

function unreadable(path: string, problem: RefProblem): SpecError {
  const missing = problem.code.startsWith("ref_");
  const issue: SpecIssue = {
    code: problem.code === "ref_not_found" ? "not_found" : problem.code.replace(/^ref_/, ""),
    pointer: "",
    message: problem.message,
    severity: "error",
    file: path,
    ...(problem.suggestion === undefined ? {} : { suggestion: problem.suggestion }),
  };
  const hint = problem.suggestion ?? (missing ? "Check the path and the folder you are in." : undefined);
  const message = `${quoteValue(path)}: ${problem.message}`;
  return new SpecError(missing ? "SPEC_NOT_FOUND" : "SPEC_SYNTAX", message, [issue], { hint });
}
