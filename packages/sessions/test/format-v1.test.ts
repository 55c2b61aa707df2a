import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFileRepository } from "@strands/sessions/file";
import { modelEntry, sampleRecord, valueEntry } from "@strands/testing";
import { expect, it } from "vitest";
import { FileRepository } from "../src/file/file-repository.js";
import { recordClaim, runClaim, temporaryDirectory } from "./support/session-directory.js";

// A session as version 1 stores it, byte for byte. It never changes: what reads differently or writes differently breaks
// sessions that people have. See decisions/0002-journal-format.md.
const stored = fileURLToPath(new URL("./__fixtures__/format-v1", import.meta.url));

const entries = [
  modelEntry(1, 1),
  valueEntry(2, 1, "é"),
  modelEntry(3, 1),
  valueEntry(4, 2, "x".repeat(65_530)),
] as const;

it("reads a session of version 1, and goes on with it", async () => {
  const directory = temporaryDirectory();
  cpSync(stored, join(directory, "one"), { recursive: true });
  const repository = createFileRepository({ directory });
  expect(await repository.load("one")).toEqual({ record: sampleRecord("one"), entries, epoch: 2, notices: [] });
  const claim = await repository.claim("one", recordClaim(2, 4));
  await claim.append(5, [modelEntry(5, 3)]);
  await claim.release();
  expect((await repository.load("one")).entries).toEqual([...entries, modelEntry(5, 3)]);
});

it("writes the bytes of version 1", async () => {
  const directory = temporaryDirectory();
  const me = { pid: 7, host: "somewhere", space: "boot pid:[1]", started: "42" };
  const repository = new FileRepository({ directory, durability: "none" }, { me });
  await repository.create(sampleRecord("one"));
  const first = await repository.claim("one", runClaim(0, 0));
  await first.append(1, entries.slice(0, 1));
  await first.append(2, entries.slice(1, 3));
  await first.release();
  const second = await repository.claim("one", recordClaim(1, 3));
  await second.append(4, entries.slice(3));
  await second.release();
  const all = readdirSync(stored, { recursive: true, withFileTypes: true });
  // A cache: it began with another text, and may.
  const files = all.filter((entry) => entry.isFile() && entry.name !== "summary.json");
  expect(files.length).toBe(4);
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    const written = readFileSync(join(directory, "one", path.slice(stored.length + 1)), "utf8");
    expect([name, written]).toEqual([name, readFileSync(path, "utf8")]);
  }
});
