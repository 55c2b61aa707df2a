import type { SessionRepository } from "@strands/core";
import { createPostgresRepository } from "@strands/sessions/postgres";
import { sessionRepositoryContract } from "@strands/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgresRepository } from "../src/postgres/postgres-repository.js";
import { failingPool } from "./support/failing-pool.js";
import { type PostgresServer, startPostgres } from "./support/postgres-server.js";

let server: PostgresServer;
let admin: pg.Pool;
let schemas = 0;

beforeAll(async () => {
  server = await startPostgres();
  admin = new pg.Pool({ connectionString: server.url, max: 8 });
  admin.on("error", () => {});
}, 60_000);

afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

interface Subject {
  readonly schema: string;
  readonly opened: SessionRepository[];
  readonly repository: SessionRepository;
  readonly reopen: () => SessionRepository;
}

const storeEntry = async ({ schema }: Subject, entry: string): Promise<void> => {
  await admin.query(`update ${schema}.sessions set seq = 1`);
  await admin.query(`insert into ${schema}.entries select number, 1, $1 from ${schema}.sessions`, [entry]);
};

sessionRepositoryContract<Subject>({
  name: "postgres",
  describe,
  it,
  expect,
  create: () => {
    schemas += 1;
    const schema = `contract_${schemas}`;
    const opened: SessionRepository[] = [];
    const open = (): SessionRepository => {
      const repository = createPostgresRepository({ connectionString: server.url, schema, maxConnections: 3 });
      opened.push(repository);
      return repository;
    };
    const repository = open();
    return {
      schema,
      opened,
      repository,
      // A pool for every look would wear the server out.
      reopen: () => (opened.length > 3 ? (opened[1 + (opened.length % 3)] as SessionRepository) : open()),
    };
  },
  destroy: async ({ opened, schema }) => {
    for (const repository of opened) await repository.close?.();
    await admin.query(`drop schema if exists ${schema} cascade`);
  },
  capabilities: {
    storeEntry: (subject, _, entry) => storeEntry(subject, entry),
    storeNewerRecord: async ({ schema }) => {
      await admin.query(`update ${schema}.records set record = replace(record, '"v":1', '"v":2')`);
    },
    damageEntry: async ({ schema }) => {
      await admin.query(`update ${schema}.entries set entry = left(entry, 40) where seq = 2`);
    },
    tearTail: "the database keeps or drops an append whole",
    openOnMachine: ({ schema }, { host, leaseMs, time }) =>
      openPostgresRepository({ pool: admin, schema, leaseMs }, { time, me: { pid: 77, host, started: "1" } }),
    openFaulty: ({ schema }, { host, leaseMs, time }, failsNow) =>
      openPostgresRepository(
        { pool: failingPool(admin, failsNow), schema, leaseMs },
        { time, me: { pid: 77, host, started: "1" } },
      ),
  },
});
