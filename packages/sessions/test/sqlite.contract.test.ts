import { join } from "node:path";
import type { SessionRepository } from "@strands/core";
import { createSqliteRepository } from "@strands/sessions/sqlite";
import { sessionRepositoryContract } from "@strands/testing";
import { describe, expect, it } from "vitest";
import { findSqliteDriver, type OpenSqlite, type SqliteDriver } from "../src/sqlite/sqlite-driver.js";
import { openSqliteRepository } from "../src/sqlite/sqlite-repository.js";
import { failingSqlite } from "./support/failing-sqlite.js";
import { temporaryDirectory } from "./support/session-directory.js";

interface Subject {
  readonly file: string;
  readonly opened: SessionRepository[];
  readonly repository: SessionRepository;
  readonly reopen: () => SessionRepository;
}

// Without a compiler only `libsql` can be installed everywhere; the others run where Node or the machine brings them.
for (const driver of ["node:sqlite", "better-sqlite3", "libsql"] satisfies SqliteDriver[]) {
  const found = await findSqliteDriver(driver).catch((error: unknown) => error as Error);
  const reason = found instanceof Error ? ` (${found.message})` : "";
  it.skipIf(reason !== "")(`${driver} can be loaded${reason}`, () => expect(reason).toBe(""));
  if (!(found instanceof Error)) checkDriver(driver, found);
}

function checkDriver(driver: SqliteDriver, openDatabase: OpenSqlite): void {
  const change = (file: string, sql: string, ...values: readonly string[]): void => {
    const database = openDatabase(file);
    database.run(sql, ...values);
    database.close();
  };

  const storeEntry = (file: string, entry: string): void => {
    change(file, "update strands_sessions set seq = 1");
    change(file, "insert into strands_entries select number, 1, ? from strands_sessions", entry);
  };

  sessionRepositoryContract<Subject>({
    name: `sqlite, ${driver}`,
    describe,
    it,
    expect,
    create: () => {
      const file = join(temporaryDirectory(), "sessions.db");
      const opened: SessionRepository[] = [];
      const open = (): SessionRepository => {
        const repository = createSqliteRepository({ file, driver });
        opened.push(repository);
        return repository;
      };
      return { file, opened, repository: open(), reopen: open };
    },
    destroy: async ({ opened }) => {
      for (const repository of opened) await repository.close?.();
    },
    capabilities: {
      storeEntry: ({ file }, _, entry) => storeEntry(file, entry),
      storeNewerRecord: ({ file }) =>
        change(file, "update strands_records set record = replace(record, ?, ?)", '"v":1', '"v":2'),
      damageEntry: ({ file }) =>
        change(file, "update strands_entries set entry = substr(entry, 1, 40) where seq = 2 and session = 1"),
      tearTail: "the database keeps or drops an append whole",
      openOnMachine: ({ file }, { host, leaseMs, time }) =>
        openSqliteRepository({ file, leaseMs }, { time, me: { pid: 77, host, started: "1" } }),
      openFaulty: ({ file }, { host, leaseMs, time }, failsNow) =>
        openSqliteRepository(
          { file, leaseMs, durability: "process" },
          {
            time,
            me: { pid: 77, host, started: "1" },
            findDriver: async () => failingSqlite(openDatabase, failsNow),
          },
        ),
    },
  });
}
