import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import type { SessionRepository } from "@strands/core";
import pg from "pg";
import { FileRepository } from "../../src/file/file-repository.js";
import { openPostgresRepository } from "../../src/postgres/postgres-repository.js";
import { postgresSteps } from "../../src/postgres/postgres-schema.js";
import { S3Objects } from "../../src/s3/s3-objects.js";
import { openS3Repository } from "../../src/s3/s3-repository.js";
import { findSqliteDriver } from "../../src/sqlite/sqlite-driver.js";
import { openSqliteRepository } from "../../src/sqlite/sqlite-repository.js";
import type { LeaseRules } from "../../src/storage/lease.js";
import { startPostgres } from "./postgres-server.js";
import { startS3 } from "./s3-server.js";
import { temporaryDirectory } from "./session-directory.js";

type Internals = Pick<LeaseRules, "me" | "time">;

/** An empty place for sessions whose content can be kept as text. */
export interface KeptPlace {
  open(internals: Internals): SessionRepository;
  /** All that is stored. */
  dump(): Promise<string>;
  /** Puts there what {@link dump} gave once. */
  restore(text: string): Promise<void>;
}

/** A kind of storage, and the name its content is kept under. */
export interface KeptStorage {
  readonly file: string;
  start(): Promise<{ place(): Promise<KeptPlace>; stop(): Promise<void> }>;
}

const files: KeptStorage = {
  file: "file.json",
  start: async () => ({
    async place() {
      const directory = temporaryDirectory();
      return {
        open: (internals) => new FileRepository({ directory, durability: "none" }, internals),
        async dump() {
          const found = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) =>
            each.isFile(),
          );
          const paths = found.map(({ parentPath, name }) => relative(directory, join(parentPath, name)));
          const texts = paths.map((path) => [path.split(sep).join("/"), readFileSync(join(directory, path), "utf8")]);
          return listing(texts as [string, string][]);
        },
        async restore(text) {
          for (const [path, content] of Object.entries(JSON.parse(text) as Record<string, string>)) {
            mkdirSync(dirname(join(directory, path)), { recursive: true });
            writeFileSync(join(directory, path), content);
          }
        },
      };
    },
    stop: async () => {},
  }),
};

const sqlite: KeptStorage = {
  file: "sqlite.sql",
  start: async () => ({
    async place() {
      const file = join(temporaryDirectory(), "sessions.db");
      const openDatabase = await findSqliteDriver();
      return {
        open: (internals) => openSqliteRepository({ file, durability: "none" }, internals),
        async dump() {
          const database = openDatabase(file);
          const made = database.all("select sql from sqlite_master where sql is not null and name not like 'sqlite_%'");
          const lines = made.map(({ sql }) => `${String(sql)};`);
          for (const table of ["schema", "sessions", "records", "entries"]) {
            const columns = database
              .all(`pragma table_info(strands_${table})`)
              .map(({ name }) => `quote(${String(name)})`);
            const rows = database.all(`select ${columns.join(" || ', ' || ")} as row from strands_${table}`);
            for (const { row } of rows) lines.push(`insert into strands_${table} values (${String(row)});`);
          }
          database.close();
          return `${lines.join("\n")}\n`;
        },
        async restore(text) {
          const database = openDatabase(file);
          database.exec(text);
          database.close();
        },
      };
    },
    stop: async () => {},
  }),
};

const columns = {
  schema_version: ["version"],
  sessions: [
    "number",
    "id",
    "created_at",
    "workflow_name",
    "status",
    "epoch",
    "seq",
    "token",
    "lease",
    "beat",
    "summary",
  ],
  records: ["session", "record"],
  entries: ["session", "seq", "entry"],
};

const postgres: KeptStorage = {
  file: "postgres.sql",
  async start() {
    const server = await startPostgres();
    const pool = new pg.Pool({ connectionString: server.url, max: 4 });
    let schemas = 0;
    return {
      async place() {
        schemas += 1;
        const schema = `kept_${schemas}`;
        return {
          open: (internals) => openPostgresRepository({ pool, schema }, internals),
          async dump() {
            const lines = ["create schema $schema;", "create table $schema.schema_version (version integer not null);"];
            lines.push(...postgresSteps.map((step) => step("$schema")));
            for (const [table, names] of Object.entries(columns)) {
              const values = names.map((name) => `quote_nullable(${name}::text)`).join(" || ', ' || ");
              const { rows } = await pool.query(
                `select ${values} as row from ${schema}.${table} order by ${names.slice(0, 2)}`,
              );
              const into = `insert into $schema.${table} (${names.join(", ")}) overriding system value values`;
              for (const { row } of rows) lines.push(`${into} (${row});`);
            }
            lines.push(
              "select setval(pg_get_serial_sequence('$schema.sessions', 'number'), max(number)) from $schema.sessions;",
            );
            return `${lines.join("\n")}\n`;
          },
          async restore(text) {
            await pool.query(text.replaceAll("$schema", schema));
          },
        };
      },
      async stop() {
        await pool.end();
        await server.stop();
      },
    };
  },
};

const s3: KeptStorage = {
  file: "s3.json",
  async start() {
    const bucket = "sessions";
    const server = await startS3(bucket);
    const credentials = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
    const { endpoint } = server;
    const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });
    let prefixes = 0;
    return {
      async place() {
        prefixes += 1;
        const prefix = `kept-${prefixes}/`;
        const objects = new S3Objects({ bucket, prefix, client });
        return {
          open: (internals) => openS3Repository({ bucket, prefix, client }, internals),
          async dump() {
            const keys = await objects.list(prefix, undefined);
            const texts = keys.map(async (key) => [key.slice(prefix.length), (await objects.get(key)) ?? ""] as const);
            return listing(await Promise.all(texts));
          },
          async restore(text) {
            for (const [key, content] of Object.entries(JSON.parse(text) as Record<string, string>)) {
              await objects.put(`${prefix}${key}`, content);
            }
          },
        };
      },
      async stop() {
        client.destroy();
        await server.stop();
      },
    };
  },
};

export const keptStorages: readonly KeptStorage[] = [files, sqlite, postgres, s3];

function listing(texts: readonly (readonly [string, string])[]): string {
  const inOrder = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(inOrder), undefined, 2)}\n`;
}
