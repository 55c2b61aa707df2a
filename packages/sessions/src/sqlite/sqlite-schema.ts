import { stepsFrom } from "../storage/schema-version.js";
import type { SqliteDatabase } from "./sqlite-driver.js";

/**
 * How the tables came to be what they are, a step for each version. A step that was released never changes; a new
 * version is a new step at the end. `decisions/0010-repositories.md` describes them.
 */
export const sqliteSteps: readonly string[] = [
  `create table strands_sessions (
     number integer primary key autoincrement,
     id text not null unique,
     created_at real not null,
     workflow_name text not null,
     status text not null,
     epoch integer not null default 0,
     seq integer not null default 0,
     lease text,
     beat integer not null default 0,
     summary text not null
   ) strict;
   create index strands_sessions_newest on strands_sessions (created_at desc, id);
   create index strands_sessions_by_status on strands_sessions (status, created_at desc, id);
   create index strands_sessions_by_workflow on strands_sessions (workflow_name, created_at desc, id);
   create table strands_records (session integer primary key, record text not null) strict;
   create table strands_entries (
     session integer not null,
     seq integer not null,
     entry text not null,
     primary key (session, seq)
   ) strict, without rowid;`,
];

/**
 * Brings the tables of a database to the version of this code, inside a transaction of the caller.
 * @throws `SESSION_VERSION_UNKNOWN` when they are of a newer one
 */
export function migrate(database: SqliteDatabase, file: string, steps: readonly string[]): void {
  const missing = missingSteps(database, file, steps);
  if (missing.length === 0) return;
  database.exec("create table if not exists strands_schema (version integer not null) strict");
  for (const step of missing) database.exec(step);
  database.exec("delete from strands_schema");
  database.run("insert into strands_schema (version) values (?)", steps.length);
}

/** @throws `SESSION_VERSION_UNKNOWN`, `SESSION_CORRUPT` */
export function missingSteps(database: SqliteDatabase, file: string, steps: readonly string[]): readonly string[] {
  const isThere =
    database.all("select 1 from sqlite_master where type = 'table' and name = 'strands_schema'").length > 0;
  const stored = isThere ? database.all("select version from strands_schema")[0] : undefined;
  return stepsFrom(steps, stored === undefined ? 0 : Number(stored["version"]), file);
}
