// The repositories to measure, and beside each the bare means it is made of: `floor` writes texts and reads them again.
import {
  closeSync,
  fdatasync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createMemoryRepository } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { createPostgresRepository } from "@strands/sessions/postgres";
import { createS3Repository } from "@strands/sessions/s3";
import { createSqliteRepository } from "@strands/sessions/sqlite";
import { requireClient, startServer } from "./storage-server.mjs";

const sync = promisify(fdatasync);
let places = 0;

/** Each gives a maker of places, every place empty, and what ends it. */
export const kinds = {
  async memory() {
    const place = () => {
      const repository = createMemoryRepository();
      return { open: () => repository, remove: () => {} };
    };
    return { place, stop: () => {} };
  },
  async file() {
    const place = () => {
      const directory = temporary();
      const open = () => createFileRepository({ directory });
      return { open, sizeOf: () => bytesIn(directory), floor: bareFile(directory), remove: () => remove(directory) };
    };
    return { place, stop: () => {} };
  },
  async sqlite() {
    const place = () => {
      const directory = temporary();
      const open = () => createSqliteRepository({ file: join(directory, "sessions.db") });
      return { open, sizeOf: () => bytesIn(directory), floor: bareSqlite(directory), remove: () => remove(directory) };
    };
    return { place, stop: () => {} };
  },
  async postgres() {
    const server = await startServer("postgres");
    const { Pool } = requireClient("pg");
    const pool = new Pool({ connectionString: server.url });
    const place = () => {
      places += 1;
      const schema = `place_${places}`;
      return {
        open: () => createPostgresRepository({ connectionString: server.url, schema }),
        sizeOf: () => bytesOfSchema(pool, schema),
        floor: barePostgres(pool, `bare_${places}`),
        remove: () => pool.query(`drop schema if exists ${schema} cascade`),
      };
    };
    const stop = async () => {
      await pool.end();
      await server.stop();
    };
    return { place, stop };
  },
  async s3() {
    const server = await startServer("s3");
    const library = requireClient("@aws-sdk/client-s3");
    const clientOptions = {
      endpoint: server.url,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    };
    const client = new library.S3Client(clientOptions);
    const place = () => {
      places += 1;
      const prefix = `place-${places}/`;
      return {
        open: () => createS3Repository({ bucket, prefix, clientOptions }),
        sizeOf: () => bytesUnder(client, library, prefix),
        floor: bareS3(client, library, { prefix: `bare-${places}/`, index: `${prefix}index/` }),
        remove: () => {},
      };
    };
    const stop = async () => {
      client.destroy();
      await server.stop();
    };
    return { place, stop };
  },
};

const bucket = "sessions";

/** A line is written and waited for. */
function bareFile(directory) {
  const file = join(directory, ".bare");
  let fd;
  return {
    async append(text) {
      fd ??= openSync(file, "a");
      writeSync(fd, `${text}\n`);
      await sync(fd);
    },
    async read() {
      return readFileSync(file, "utf8").trimEnd().split("\n");
    },
    close: () => fd !== undefined && closeSync(fd),
  };
}

/** A row is inserted in a transaction of its own, with the settings our repository has. */
function bareSqlite(directory) {
  let database;
  const open = () => {
    const opened = new (requireClient("libsql"))(join(directory, "bare.db"));
    opened.exec("pragma journal_mode = wal; pragma synchronous = full; create table bare (entry text)");
    return opened;
  };
  return {
    async append(text) {
      database ??= open();
      database.exec("begin immediate");
      database.prepare("insert into bare values (?)").run(text);
      database.exec("commit");
    },
    async read() {
      const rows = database.prepare("select entry from bare order by rowid").all();
      return rows.map(({ entry }) => entry);
    },
    close: () => database?.close(),
  };
}

/** One `insert`. */
function barePostgres(pool, table) {
  let made;
  return {
    async append(text) {
      made ??= pool.query(
        `create table ${table} (number integer generated always as identity primary key, entry text)`,
      );
      await made;
      await pool.query(`insert into ${table} (entry) values ($1)`, [text]);
    },
    async read() {
      const { rows } = await pool.query(`select entry from ${table} order by number`);
      return rows.map(({ entry }) => entry);
    },
  };
}

/** One conditional PUT; reading is a list and a GET of each object, as many at once as the client has connections. */
function bareS3(client, library, { prefix, index }) {
  let count = 0;
  return {
    append(text) {
      const key = `${prefix}${String(++count).padStart(10, "0")}`;
      return client.send(new library.PutObjectCommand({ Bucket: bucket, Key: key, Body: text, IfNoneMatch: "*" }));
    },
    async read() {
      const objects = [];
      for (;;) {
        const StartAfter = objects.at(-1)?.Key;
        const page = await client.send(
          new library.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter }),
        );
        objects.push(...(page.Contents ?? []));
        if (!page.IsTruncated) return Promise.all(objects.map(({ Key }) => get(Key)));
      }
    },
    /** A list of as many keys of the same index as a page needs, and a GET for each. */
    async page() {
      await client.send(new library.ListObjectsV2Command({ Bucket: bucket, Prefix: index, MaxKeys: 101 }));
      return this.read();
    },
  };

  async function get(key) {
    const { Body } = await client.send(new library.GetObjectCommand({ Bucket: bucket, Key: key }));
    return Body.transformToString();
  }
}

async function bytesOfSchema(pool, schema) {
  const { rows } = await pool.query(
    `select sum(pg_total_relation_size(c.oid))::integer as bytes from pg_class c
     join pg_namespace n on n.oid = relnamespace where nspname = $1 and relkind = 'r'`,
    [schema],
  );
  return rows[0].bytes;
}

async function bytesUnder(client, library, prefix) {
  let bytes = 0;
  for (let StartAfter; ; ) {
    const page = await client.send(new library.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter }));
    for (const { Key, Size } of page.Contents ?? []) {
      bytes += Size;
      StartAfter = Key;
    }
    if (!page.IsTruncated) return bytes;
  }
}

function temporary() {
  return mkdtempSync(join(tmpdir(), "strands-bench-"));
}

function remove(directory) {
  rmSync(directory, { recursive: true, force: true });
}

function bytesIn(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes("bare"))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
