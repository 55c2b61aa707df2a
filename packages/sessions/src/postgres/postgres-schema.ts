import type { Pool, PoolClient } from "pg";
import { stepsFrom } from "../storage/schema-version.js";

/** Statements for a schema, a step for each version. */
export type PostgresSteps = readonly ((schema: string) => string)[];

/**
 * How the tables came to be what they are, a step for each version. A step that was released never changes; a new
 * version is a new step at the end. `decisions/0010-repositories.md` describes them.
 */
export const postgresSteps: PostgresSteps = [
  (schema) => `
    create table ${schema}.sessions (
      number bigint generated always as identity primary key,
      id text collate "C" not null unique,
      created_at double precision not null,
      workflow_name text not null,
      status text not null,
      epoch integer not null default 0,
      seq integer not null default 0,
      token text not null,
      lease text,
      beat integer not null default 0,
      summary text not null
    );
    create index sessions_newest on ${schema}.sessions (created_at desc, id);
    create index sessions_by_status on ${schema}.sessions (status, created_at desc, id);
    create index sessions_by_workflow on ${schema}.sessions (md5(workflow_name), created_at desc, id);
    create table ${schema}.records (
      session bigint primary key references ${schema}.sessions on delete cascade,
      record text not null
    );
    create table ${schema}.entries (
      session bigint not null references ${schema}.sessions on delete cascade,
      seq integer not null,
      entry text not null,
      primary key (session, seq)
    );`,
];

/**
 * Brings the tables of a schema to the version of this code.
 * @throws `SESSION_VERSION_UNKNOWN` when they are of a newer one
 */
export async function migrate(pool: Pool, schema: string, steps: PostgresSteps): Promise<void> {
  if (stepsFrom(steps, await storedVersion(pool, schema), schema).length === 0) return;
  const client = await pool.connect();
  try {
    await client.query("begin");
    // Of several processes that come first, one makes the tables and the others wait for it.
    await client.query("select pg_advisory_xact_lock(hashtext($1))", [`strands ${schema}`]);
    if ((await schemaExists(client, schema)) === false) await client.query(`create schema ${schema}`);
    await client.query(`create table if not exists ${schema}.schema_version (version integer not null)`);
    const missing = stepsFrom(steps, await storedVersion(client, schema), schema);
    for (const step of missing) await client.query(step(schema));
    await client.query(`delete from ${schema}.schema_version`);
    await client.query(`insert into ${schema}.schema_version (version) values ($1)`, [steps.length]);
    await client.query("commit");
    client.release();
  } catch (error) {
    // The connection goes with its transaction.
    client.release(true);
    throw error;
  }
}

/** 0 where there are no tables yet. */
async function storedVersion(pool: Pool | PoolClient, schema: string): Promise<number> {
  const exists = await pool.query("select to_regclass($1) is not null as found", [`${schema}.schema_version`]);
  if (exists.rows[0]?.found !== true) return 0;
  const { rows } = await pool.query(`select version from ${schema}.schema_version`);
  return Number(rows[0]?.version ?? 0);
}

async function schemaExists(client: PoolClient, schema: string): Promise<boolean> {
  const { rows } = await client.query("select to_regnamespace($1) is not null as found", [schema]);
  return rows[0]?.found === true;
}
