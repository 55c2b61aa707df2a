import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSqliteRepository } from "@strands/sessions/sqlite";
import { modelEntry, sampleRecord } from "@strands/testing";
import { describe, expect, it } from "vitest";
import { findSqliteDriver, type OpenSqlite } from "../src/sqlite/sqlite-driver.js";
import { openSqliteRepository } from "../src/sqlite/sqlite-repository.js";
import { failure, runClaim, temporaryDirectory } from "./support/session-directory.js";

describe("createSqliteRepository", () => {
  it("touches nothing before the first call, and makes the directory then", async () => {
    const directory = join(temporaryDirectory(), "a", "b");
    const repository = createSqliteRepository({ file: join(directory, "s.db") });
    expect(() => statSync(directory)).toThrow();
    await repository.create(sampleRecord("one"));
    await repository.close?.();
    expect(readdirSync(directory)).toContain("s.db");
  });

  it.skipIf(!existsSync("/proc/self"))("says that nothing can be made there, and does not try for ever", async () => {
    const repository = createSqliteRepository({ file: "/proc/strands/s.db" });
    await expect(repository.create(sampleRecord("one"))).rejects.toMatchObject({ code: "SESSION_STORAGE" });
  });

  it.skipIf(process.platform === "win32")("keeps its files to their owner", async () => {
    const directory = temporaryDirectory();
    const repository = createSqliteRepository({ file: join(directory, "s.db") });
    await repository.create(sampleRecord("one"));
    const modes = readdirSync(directory).map((name) => [name, statSync(join(directory, name)).mode & 0o777]);
    expect(modes).toEqual([
      ["s.db", 0o600],
      ["s.db-shm", 0o600],
      ["s.db-wal", 0o600],
    ]);
    await repository.close?.();
  });

  it("refuses options that cannot be", () => {
    expect(() => createSqliteRepository({ file: "" })).toThrow(/`file`/);
    expect(() => createSqliteRepository({ file: ":memory:" })).toThrow(/`file`/);
    expect(() => createSqliteRepository({ file: "x", durability: "much" as never })).toThrow(/durability/);
    expect(() => createSqliteRepository({ file: "x", leaseMs: 0 })).toThrow(/leaseMs/);
  });

  it("waits for the disk as the durability says", async () => {
    for (const [durability, mode] of [
      ["full", 2],
      ["process", 1],
      ["none", 0],
    ] as const) {
      const file = join(temporaryDirectory(), "s.db");
      const open = await findSqliteDriver();
      let seen: unknown;
      const repository = openSqliteRepository(
        { file, durability },
        {
          findDriver: async () => (path) => {
            const database = open(path);
            const { exec } = database;
            database.exec = (sql) => {
              exec.call(database, sql);
              seen = database.all("pragma synchronous")[0]?.["synchronous"];
            };
            return database;
          },
        },
      );
      await repository.create(sampleRecord("one"));
      expect(seen).toBe(mode);
      await repository.close?.();
    }
  });

  it("says what to do about a session that is not there", async () => {
    const repository = createSqliteRepository({ file: join(temporaryDirectory(), "s.db") });
    const error = await failure(repository.load("absent"));
    expect([error.code, error.hint?.includes("list the sessions")]).toEqual(["SESSION_NOT_FOUND", true]);
    await repository.close?.();
  });

  it("says which libraries it tried", async () => {
    const error = await failure(findSqliteDriver("no-such-library" as never));
    expect(error.code).toBe("SESSION_STORAGE");
    expect(error.message).toContain("no-such-library");
    expect(error.hint).toContain("libsql");
  });
});

describe("a database", () => {
  it("of a newer version is refused and left alone", async () => {
    const file = join(temporaryDirectory(), "s.db");
    const repository = createSqliteRepository({ file });
    await repository.create(sampleRecord("one"));
    await repository.close?.();
    const database = (await findSqliteDriver())(file);
    database.run("update strands_schema set version = ?", 99);
    database.close();
    const error = await failure(createSqliteRepository({ file }).load("one"));
    expect(error.code).toBe("SESSION_VERSION_UNKNOWN");
    expect(error.message).toContain("version `99`");
  });

  it("that is none is named", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "s.db"), "not a database ".repeat(100));
    const error = await failure(createSqliteRepository({ file: join(directory, "s.db") }).load("one"));
    expect(error.message).toContain("SQLITE_NOTADB");
    mkdirSync(join(directory, "folder"));
    const other = await failure(createSqliteRepository({ file: join(directory, "folder") }).load("one"));
    expect(other.message).toContain("EISDIR");
  });

  it("of somebody else keeps its tables", async () => {
    const file = join(temporaryDirectory(), "s.db");
    const open = await findSqliteDriver();
    const theirs = open(file);
    theirs.exec("create table sessions (a text); insert into sessions values ('theirs')");
    theirs.close();
    chmodSync(file, 0o644);
    const repository = createSqliteRepository({ file });
    await repository.create(sampleRecord("one"));
    await repository.close?.();
    const again = open(file);
    expect(again.all("select a from sessions")[0]?.["a"]).toBe("theirs");
    again.close();
  });

  it("takes the appends of one turn in one transaction", async () => {
    const file = join(temporaryDirectory(), "s.db");
    const open = await findSqliteDriver();
    let commits = 0;
    const repository = openSqliteRepository(
      { file },
      {
        findDriver: async () => (path) => {
          const database = open(path);
          const { exec } = database;
          database.exec = (sql) => {
            if (sql === "commit") commits += 1;
            exec.call(database, sql);
          };
          return database;
        },
      },
    );
    const claims = [];
    for (let i = 0; i < 8; i += 1) {
      await repository.create(sampleRecord(`s${i}`));
      claims.push(await repository.claim(`s${i}`, runClaim(0, 0)));
    }
    commits = 0;
    await Promise.all(claims.map((claim) => claim.append(1, [modelEntry(1, 1)])));
    expect(commits).toBe(1);
    for (let i = 0; i < 8; i += 1) expect((await repository.load(`s${i}`)).entries.length).toBe(1);
    await repository.close?.();
  });

  it("gets the same four calls for an append, however long the session is", async () => {
    const open = await findSqliteDriver();
    const calls: string[] = [];
    const findDriver = async (): Promise<OpenSqlite> => (file) => {
      const database = open(file);
      const note = <T>(sql: string, work: () => T): T => {
        calls.push(sql.split(" ").slice(0, 2).join(" "));
        return work();
      };
      return {
        exec: (sql) => note(sql, () => database.exec(sql)),
        all: (sql, ...values) => note(sql, () => database.all(sql, ...values)),
        run: (sql, ...values) => note(sql, () => database.run(sql, ...values)),
        close: () => database.close(),
      };
    };
    const file = join(temporaryDirectory(), "s.db");
    const repository = openSqliteRepository({ file, durability: "process", leaseMs: 3_600_000 }, { findDriver });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    calls.length = 0;
    for (let seq = 1; seq <= 300; seq += 1) await claim.append(seq, [modelEntry(seq, 1)]);
    const each = ["begin immediate", "update strands_sessions", "insert into", "commit"];
    expect(calls).toEqual(Array.from({ length: 300 }, () => each).flat());
    await repository.close?.();
  });
});
