import type { SessionRepository } from "@strands/core";
import { createPostgresRepository, type PostgresRepositoryOptions } from "@strands/sessions/postgres";
import { modelEntry, sampleRecord } from "@strands/testing";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Cut, type CuttingProxy, startCuttingProxy } from "./support/cutting-proxy.js";
import { type PostgresServer, startPostgres } from "./support/postgres-server.js";
import { failure, recordClaim, runClaim } from "./support/session-directory.js";

let server: PostgresServer;
let proxy: CuttingProxy;
let schemas = 0;
const opened: SessionRepository[] = [];

beforeAll(async () => {
  server = await startPostgres();
  proxy = await startCuttingProxy(Number(new URL(server.url).port));
}, 60_000);
afterEach(async () => {
  for (const repository of opened.splice(0)) await repository.close?.();
});
afterAll(async () => {
  await proxy?.stop();
  await server?.stop();
});

function throughProxy(): string {
  const url = new URL(server.url);
  url.port = String(proxy.port);
  return url.href;
}

function open(schema: string, options: PostgresRepositoryOptions = {}): SessionRepository {
  const repository = createPostgresRepository({ connectionString: throughProxy(), schema, timeoutMs: 400, ...options });
  opened.push(repository);
  return repository;
}

function newSchema(): string {
  schemas += 1;
  return `faults_${schemas}`;
}

const statements = {
  create: "insert into",
  claim: "set epoch",
  append: ".entries (session, seq, entry)",
  release: "set lease = null",
  read: "string_agg",
  delete: "delete from",
};

describe("a connection lost in the middle", () => {
  const cuts: readonly Cut[] = ["cut", "cut-answer", "hold-answer"];
  it.each(cuts.flatMap((how) => Object.entries(statements).map(([name, marker]) => [how, name, marker] as const)))(
    "%s while %s: settled by looking, nothing lost and nothing twice",
    async (how, name, marker) => {
      const repository = open(newSchema());
      await repository.list();
      const strike = (step: string): void => {
        if (step === name) proxy.cutNext(how, marker);
      };
      strike("create");
      await repository.create(sampleRecord("one"));
      strike("claim");
      const claim = await repository.claim("one", runClaim(0, 0));
      strike("append");
      await claim.append(1, [modelEntry(1, 1), modelEntry(2, 1)]);
      await claim.append(3, [modelEntry(3, 1)]);
      strike("release");
      await claim.release();
      strike("read");
      const { entries, epoch } = await repository.load("one");
      expect(entries).toEqual([modelEntry(1, 1), modelEntry(2, 1), modelEntry(3, 1)]);
      expect(epoch).toBe(1);
      await (await repository.claim("one", runClaim(1, 3))).release();
      strike("delete");
      // Whether a deletion that was asked for twice found something cannot be told.
      await repository.delete("one").catch((error: { readonly code?: string }) => {
        expect([how, name, error.code]).toEqual([how, "delete", "SESSION_NOT_FOUND"]);
      });
      expect(proxy.cuts).toBe(1);
      expect((await failure(repository.load("one"))).code).toBe("SESSION_NOT_FOUND");
    },
  );

  it("for good gives an error of ours; an append that came to pass counts, and the session goes on", async () => {
    const schema = newSchema();
    const repository = open(schema);
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    await claim.append(1, [modelEntry(1, 1)]);
    proxy.cutNext("cut-answer", statements.append, 3);
    const error = await failure(claim.append(2, [modelEntry(2, 1)]));
    expect(error.code).toBe("SESSION_STORAGE");
    expect((await failure(claim.append(2, [modelEntry(2, 1)]))).code).toBe("SESSION_STORAGE");
    await claim.release();
    const { entries } = await repository.load("one");
    expect(entries.length).toBe(2);
    const next = await repository.claim("one", runClaim(1, 2));
    await next.append(3, [modelEntry(3, 2)]);
    expect((await open(schema).load("one")).entries.length).toBe(3);
  });

  it("does not let a fenced writer through when its statement is tried again", async () => {
    const schema = newSchema();
    const repository = open(schema);
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    const appending = (async () => {
      proxy.cutNext("cut", statements.append);
      return failure(claim.append(1, [modelEntry(1, 1)]));
    })();
    const recorder = await open(schema, { connectionString: server.url }).claim("one", recordClaim(0 + 1, 0));
    await recorder.append(1, [modelEntry(1, 2)]);
    expect((await appending).code).toBe("SESSION_CONFLICT");
    expect((await repository.load("one")).entries).toEqual([modelEntry(1, 2)]);
  });
});

describe("a server", () => {
  it("that is shut down at once and started again has everything that was acknowledged", {
    timeout: 60_000,
  }, async () => {
    const schema = newSchema();
    const repository = open(schema, { connectionString: server.url, timeoutMs: 5000 });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await claim.append(acknowledged + 1, [modelEntry(acknowledged + 1, 1)]);
        acknowledged += 1;
        if (acknowledged === 40) void server.crash();
      }
    })();
    expect((await failure(writing)).code).toBe("SESSION_STORAGE");
    expect((await failure(repository.load("one"))).code).toBe("SESSION_STORAGE");
    await claim.release();
    await server.start();
    const { entries, epoch } = await repository.load("one");
    expect(entries.length).toBeGreaterThanOrEqual(acknowledged);
    expect(entries.length).toBeLessThanOrEqual(acknowledged + 1);
    const next = await repository.claim("one", runClaim(epoch, entries.length));
    await next.append(entries.length + 1, [modelEntry(entries.length + 1, next.epoch)]);
    await next.release();
  });

  it("whose idle connections it ends does not end this process", async () => {
    const repository = open(newSchema(), { connectionString: server.url });
    await repository.create(sampleRecord("one"));
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'strands'");
    await admin.end();
    expect((await repository.load("one")).entries).toEqual([]);
  });
});

describe("an append", () => {
  it("is one statement, however long the session is", async () => {
    const pool = new pg.Pool({ connectionString: server.url });
    const statements: string[] = [];
    const counted = new Proxy(pool, {
      get(target, name) {
        if (name !== "query") return Reflect.get(target, name, target);
        return (sql: string, values: unknown[]) => {
          statements.push(sql);
          return target.query(sql, values);
        };
      },
    });
    const repository = createPostgresRepository({ pool: counted, schema: newSchema() });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    statements.length = 0;
    for (let seq = 1; seq <= 300; seq += 1) await claim.append(seq, [modelEntry(seq, 1)]);
    expect(statements.length).toBe(300);
    expect(new Set(statements).size).toBe(1);
    await claim.release();
    await repository.close?.();
    await pool.end();
  });
});

describe("tables of a newer version", () => {
  it("are refused and left alone", async () => {
    const schema = newSchema();
    await open(schema, { connectionString: server.url }).create(sampleRecord("one"));
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`update ${schema}.schema_version set version = 99`);
    const error = await failure(open(schema, { connectionString: server.url }).load("one"));
    expect(error.code).toBe("SESSION_VERSION_UNKNOWN");
    expect(error.message).toBe(
      `\`${schema}\` holds session tables of version \`99\`; this version of Strands knows \`1\``,
    );
    const { rows } = await admin.query(`select version from ${schema}.schema_version`);
    expect(rows).toEqual([{ version: 99 }]);
    await admin.end();
  });
});

describe("a connection string", () => {
  const hidden = "hidden-w0rd";
  it.each([
    ["of something else", `mysql://ada:${hidden}@127.0.0.1/db`, "INPUT_INVALID"],
    ["that is none", `postgres://ada:${hidden}@[/db`, "INPUT_INVALID"],
    ["with a wrong password", "wrong", "SESSION_STORAGE"],
    ["of a server that is not there", `postgres://ada:${hidden}@127.0.0.1:1/db`, "SESSION_STORAGE"],
  ])("%s is never shown", async (_, text, code) => {
    const url = new URL(server.url);
    url.password = hidden;
    const connectionString = text === "wrong" ? url.href : text;
    const work = async (): Promise<unknown> => open(newSchema(), { connectionString }).load("one");
    const error = await failure(work());
    expect(error.code).toBe(code);
    const cause = error.cause as Error | undefined;
    const shown = [error.message, error.hint, error.stack, JSON.stringify(error), cause?.message, cause?.stack].join();
    expect(shown).not.toContain(hidden);
    expect(JSON.stringify(Object.getOwnPropertyDescriptors(cause ?? {}))).not.toContain(hidden);
  });
});

describe("createPostgresRepository", () => {
  it("wants one of a connection string and a pool, and a plain schema", () => {
    expect(() => createPostgresRepository({})).toThrow(/either/);
    expect(() => createPostgresRepository({ connectionString: server.url, schema: 'a"; drop' })).toThrow(/schema/);
  });

  it("passes on what it is told about SSL", async () => {
    const error = await failure(open(newSchema(), { connectionString: server.url, ssl: true }).load("one"));
    expect(error.code).toBe("SESSION_STORAGE");
    expect((error.cause as Error).message).toContain("does not support SSL");
  });

  it("makes its tables once when several come first", async () => {
    const schema = newSchema();
    const handles = Array.from({ length: 6 }, () => open(schema, { connectionString: server.url, timeoutMs: 5000 }));
    await Promise.all(handles.map((handle, i) => handle.create(sampleRecord(`s${i}`))));
    expect((await handles[0]?.list())?.sessions.length).toBe(6);
  });
});
