import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createMemoryRepository, type SessionRepository } from "@strands/core";
import { createFileRepository, type Durability } from "@strands/sessions/file";
import { sessionRepositoryContract } from "@strands/testing";
import { describe, expect, it } from "vitest";
import { sealLine } from "../src/file/sealed-line.js";
import { temporaryDirectory } from "./support/session-directory.js";

sessionRepositoryContract({
  name: "memory",
  describe,
  it,
  expect,
  create: () => {
    const repository = createMemoryRepository();
    return { repository, reopen: () => repository };
  },
});

for (const durability of ["full", "process", "none"] satisfies Durability[]) {
  sessionRepositoryContract({
    name: `file, durability ${durability}`,
    describe,
    it,
    expect,
    create: () => {
      const directory = temporaryDirectory();
      const open = (): SessionRepository => createFileRepository({ directory, durability });
      return { directory, repository: open(), reopen: open };
    },
    capabilities: {
      storeUnknownKind: ({ directory }, sessionId) => {
        const path = join(directory, sessionId, "journal-00000001.jsonl");
        const sum = Number.parseInt(readFileSync(path, "utf8").trimEnd().slice(-10, -2), 16);
        const open = '{"v":1,"seq":1,"epoch":1,"key":"k","kind":"future.kind","at":1,"body":{}';
        appendFileSync(path, sealLine(open, sum).text);
      },
    },
  });
}
