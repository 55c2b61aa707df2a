import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClaimRequest, Entry, SessionRepository } from "@strands/core";
import { StrandsError } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { modelEntry, sampleRecord } from "@strands/testing";
import { afterEach } from "vitest";

const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A new empty directory, gone after the test. */
export function temporaryDirectory(parent: string = tmpdir()): string {
  const directory = mkdtempSync(join(parent, "strands-sessions-"));
  made.push(directory);
  return directory;
}

/** The same, in memory where the machine has such a place. */
export function fastDirectory(): string {
  return temporaryDirectory(existsSync("/dev/shm") ? "/dev/shm" : tmpdir());
}

export const segment1 = "journal-00000001.jsonl";

/** A session `one` with so many entries, its writer gone, and ways to get at its files. */
export interface StoredFiles {
  readonly root: string;
  readonly entries: readonly Entry[];
  /** A repository that remembers nothing. */
  open(): SessionRepository;
  read(file?: string): Buffer;
  write(bytes: Buffer | string, file?: string): void;
}

export async function storeSession(count: number, batch = 1): Promise<StoredFiles> {
  const root = temporaryDirectory();
  const open = (): SessionRepository => createFileRepository({ directory: root, durability: "process" });
  const repository = open();
  await repository.create(sampleRecord("one"));
  const claim = await repository.claim("one", runClaim(0, 0));
  const entries = Array.from({ length: count }, (_, i) => modelEntry(i + 1, 1));
  for (let i = 0; i < count; i += batch) await claim.append(i + 1, entries.slice(i, i + batch));
  await claim.release();
  const path = (file = segment1): string => join(root, "one", file);
  return {
    root,
    entries,
    open,
    read: (file) => readFileSync(path(file)),
    write: (bytes, file) => writeFileSync(path(file), bytes),
  };
}

export function runClaim(afterEpoch: number, afterSeq: number, owner = "runner"): ClaimRequest {
  return { afterEpoch, afterSeq, owner, purpose: "run" };
}

export function recordClaim(afterEpoch: number, afterSeq: number): ClaimRequest {
  return { afterEpoch, afterSeq, owner: "recorder", purpose: "record" };
}

/** The error of our own that work fails with. */
export async function failure(work: Promise<unknown>): Promise<StrandsError> {
  const error = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (StrandsError.isInstance(error)) return error;
  throw error;
}
