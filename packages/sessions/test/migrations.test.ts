import { join } from "node:path";
import { modelEntry, sampleRecord } from "@strands/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgresRepository } from "../src/postgres/postgres-repository.js";
import { postgresSteps } from "../src/postgres/postgres-schema.js";
import { findSqliteDriver } from "../src/sqlite/sqlite-driver.js";
import { openSqliteRepository } from "../src/sqlite/sqlite-repository.js";
import { sqliteSteps } from "../src/sqlite/sqlite-schema.js";
import { type PostgresServer, startPostgres } from "./support/postgres-server.js";
import { startChild } from "./support/run-child.js";
import { failure, runClaim, temporaryDirectory } from "./support/session-directory.js";

const soak = process.env["STRANDS_SOAK"] === "1";

/** Steps of versions to come: the second leans on the first, and would fail if it were taken twice. */
interface Migrating {
  readonly kind: "sqlite" | "postgres";
  readonly steps: readonly string[];
  /** A new place, as options in JSON. */
  place(): object;
  open(place: object, steps: readonly string[]): ReturnType<typeof openSqliteRepository>;
  /** Rows of a statement, in which `$schema.` or `strands_` stand before the names of tables. */
  look(place: object, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly tables: string;
}

const sqlite: Migrating = {
  kind: "sqlite",
  steps: [
    "create table strands_notes (session integer not null, note text not null) strict",
    "alter table strands_notes add column who text; insert into strands_notes select number, 'kept', id from strands_sessions",
  ],
  place: () => ({ file: join(temporaryDirectory(), "sessions.db") }),
  open: (place, steps) =>
    openSqliteRepository(place as { readonly file: string }, { steps: [...sqliteSteps, ...steps] }),
  async look(place, sql) {
    const database = (await findSqliteDriver())((place as { readonly file: string }).file);
    try {
      return database.all(sql.replaceAll("$schema.", "strands_").replace("strands_schema_version", "strands_schema"));
    } finally {
      database.close();
    }
  },
  tables: "select name from sqlite_master where name like 'strands%' and type = 'table' order by name",
};

let server: PostgresServer;
let admin: pg.Pool;
let schemas = 0;
beforeAll(async () => {
  server = await startPostgres();
  admin = new pg.Pool({ connectionString: server.url, max: 2 });
}, 60_000);
afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

const postgres: Migrating = {
  kind: "postgres",
  steps: [
    "create table $schema.notes (session bigint not null, note text not null)",
    "alter table $schema.notes add column who text; insert into $schema.notes select number, 'kept', id from $schema.sessions",
  ],
  place() {
    schemas += 1;
    return { connectionString: server.url, schema: `migrating_${schemas}` };
  },
  open: (place, steps) =>
    openPostgresRepository(
      { ...place, maxConnections: 1 },
      { steps: [...postgresSteps, ...steps.map((step) => (schema: string) => step.replaceAll("$schema", schema))] },
    ),
  async look(place, sql) {
    return (await admin.query(sql.replaceAll("$schema", (place as { readonly schema: string }).schema))).rows;
  },
  tables: "select table_name as name from information_schema.tables where table_schema = '$schema' order by name",
};

describe.each([sqlite, postgres])("tables in $kind", (migrating) => {
  const { kind, steps, open, look } = migrating;
  const version = async (place: object): Promise<unknown> =>
    (await look(place, "select version from $schema.schema_version"))[0]?.["version"];
  const notes = (place: object): Promise<unknown> => look(place, "select note, who from $schema.notes order by who");
  const task = (place: object, dieAt?: number): string => JSON.stringify({ kind, place, steps, dieAt });
  const child = (json: string) => startChild([process.execPath, join(import.meta.dirname, "migrate-child.mjs"), json]);

  /** A place with two sessions, made by the version before the steps. */
  async function old(): Promise<object> {
    const place = migrating.place();
    const repository = open(place, []);
    await repository.create(sampleRecord("a"));
    await repository.create(sampleRecord("b"));
    const claim = await repository.claim("a", runClaim(0, 0));
    await claim.append(1, [modelEntry(1, 1)]);
    await claim.release();
    await repository.close?.();
    return place;
  }

  async function expectWhole(place: object): Promise<void> {
    const repository = open(place, steps);
    expect((await repository.list()).sessions.map(({ id }) => id).sort()).toEqual(["a", "b"]);
    const { entries, epoch } = await repository.load("a");
    expect(entries).toEqual([modelEntry(1, 1)]);
    const claim = await repository.claim("a", runClaim(epoch, 1));
    await claim.append(2, [modelEntry(2, epoch + 1)]);
    await claim.release();
    await repository.close?.();
    expect(await version(place)).toBe(3);
    expect(await notes(place)).toEqual([
      { note: "kept", who: "a" },
      { note: "kept", who: "b" },
    ]);
  }

  it("come to be by all steps, in order, and by none of them twice", async () => {
    const place = migrating.place();
    for (let i = 0; i < 2; i += 1) {
      const repository = open(place, steps);
      expect((await repository.list()).sessions).toEqual([]);
      await repository.close?.();
      expect(await version(place)).toBe(3);
      expect(await notes(place)).toEqual([]);
    }
  });

  it("are brought forward by the steps that are missing, with what is in them", async () => {
    const place = await old();
    expect(await version(place)).toBe(1);
    const between = open(place, steps.slice(0, 1));
    await between.list();
    await between.close?.();
    expect(await version(place)).toBe(2);
    await expectWhole(place);
  });

  it("stay as they were when a step fails, and go forward once it is mended", async () => {
    const place = await old();
    const tables = await look(place, migrating.tables);
    const broken = open(place, [steps[0] ?? "", "this is no statement"]);
    expect((await failure(broken.list())).code).toBe("SESSION_STORAGE");
    expect((await failure(broken.load("a"))).code).toBe("SESSION_STORAGE");
    await broken.close?.();
    expect(await version(place)).toBe(1);
    expect(await look(place, migrating.tables)).toEqual(tables);
    await expectWhole(place);
  });

  it("of a newer version are refused with the version, and left alone", async () => {
    const place = await old();
    const newer = open(place, steps);
    await newer.list();
    await newer.close?.();
    const before = [await look(place, migrating.tables), await notes(place)];
    const today = open(place, []);
    const work = [
      () => today.load("a"),
      () => today.list(),
      () => today.create(sampleRecord("c")),
      () => today.claim("a", runClaim(1, 1)),
      () => today.delete("a"),
    ];
    for (const attempt of work) {
      const error = await failure(attempt());
      expect(error.code).toBe("SESSION_VERSION_UNKNOWN");
      expect(error.message).toContain("holds session tables of version `3`; this version of Strands knows `1`");
      expect(error.hint).toContain("update");
    }
    await today.close?.();
    expect([await look(place, migrating.tables), await notes(place)]).toEqual(before);
    await expectWhole(place);
  });

  it.each([-1, 0.5])("that say they are of version %d are refused", async (odd) => {
    const place = await old();
    // A column of whole numbers takes no other: the table is one that somebody else made.
    await look(place, "drop table $schema.schema_version");
    await look(place, `create table $schema.schema_version as select ${odd} as version`);
    const error = await failure(open(place, []).load("a"));
    expect([error.code, error.message.includes(`version \`${odd}\``)]).toEqual(["SESSION_CORRUPT", true]);
  });

  it("are brought forward by one of many processes, and the others wait for it", async () => {
    for (const place of [migrating.place(), await old()]) {
      const children = Array.from({ length: 6 }, () => child(task(place)));
      for (const { next } of children) expect(await next()).toBe("ready");
      for (const { tell } of children) tell("go");
      const said = await Promise.all(children.map(async ({ ended }) => (await ended)[1]));
      expect(new Set(said).size).toBe(1);
      expect(said[0]).toMatch(/^[02] sessions$/);
      expect(await version(place)).toBe(3);
      if (said[0] === "2 sessions") await expectWhole(place);
    }
  }, 120_000);

  it("are whole whenever a process is killed: of the old version or the new one, and the next goes on", async () => {
    let dieAt = 1;
    for (let survived = false; !survived; dieAt += soak ? 1 : 5) {
      const place = await old();
      const { tell, ended } = child(task(place, dieAt));
      tell("go");
      survived = (await ended).length === 3;
      expect([1, 3]).toContain(await version(place));
      expect((await look(place, migrating.tables)).length).toBe((await version(place)) === 1 ? 4 : 5);
      await expectWhole(place);
    }
    expect(dieAt).toBeGreaterThan(10);
  }, 300_000);
});
