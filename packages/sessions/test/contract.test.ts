import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createMemoryRepository, type SessionRepository } from "@strands/core";
import { createFileRepository, type Durability } from "@strands/sessions/file";
import { sessionRepositoryContract } from "@strands/testing";
import { describe, expect, it } from "vitest";
import { FileRepository } from "../src/file/file-repository.js";
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
  capabilities: {
    storeEntry: "it holds what this process put into it",
    storeNewerRecord: "it holds what this process put into it",
    damageEntry: "it holds what this process put into it",
    tearTail: "nothing is written",
    openOnMachine: "it is not shared between machines",
    openFaulty: "there is no storage that could fail",
  },
  skip: {
    "refuses what is not JSON, writes nothing of it and goes on": "entries are kept as they are given",
  },
});

const journal = (directory: string, sessionId: string): string => join(directory, sessionId, "journal-00000001.jsonl");

const storeLine = (path: string, open: string): void => {
  const sum = Number.parseInt(readFileSync(path, "utf8").trimEnd().slice(-10, -2), 16);
  appendFileSync(path, sealLine(open, sum).text);
};

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
      storeEntry: ({ directory }, sessionId, entry) => storeLine(journal(directory, sessionId), entry.slice(0, -1)),
      storeNewerRecord: ({ directory }, sessionId) =>
        writeFileSync(join(directory, sessionId, "record.json"), sealLine('{"v":2,"record":{}', 0).text),
      damageEntry: ({ directory }, sessionId) => {
        const path = journal(directory, sessionId);
        writeFileSync(path, readFileSync(path, "utf8").replace("answer 2", "answer 9"));
      },
      tearTail: ({ directory }, sessionId) => {
        const path = journal(directory, sessionId);
        truncateSync(path, readFileSync(path).length - 9);
      },
      openOnMachine: ({ directory }, { host, leaseMs, time }) =>
        new FileRepository({ directory, durability, leaseMs }, { time, me: { pid: 77, host, started: "1" } }),
      openFaulty: "`file-faults.test.ts` fails at every call, `crash-points.test.ts` kills a process there",
    },
  });
}
