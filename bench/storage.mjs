// What each repository costs: an append, many runs at once, a list of many sessions, a long session read again, bytes kept.
// Postgres and S3 are measured when a server is named: `STRANDS_BENCH_POSTGRES` (a connection string) and `STRANDS_BENCH_S3`
// (`http://key:secret@host:port/bucket`).
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileSpec, createMemoryRepository, WorkflowClient } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { createPostgresRepository } from "@strands/sessions/postgres";
import { createS3Repository } from "@strands/sessions/s3";
import { createSqliteRepository } from "@strands/sessions/sqlite";
import { time } from "./lib/measure.mjs";
import { chainSpec, model } from "./lib/workload.mjs";

const postgres = process.env["STRANDS_BENCH_POSTGRES"];
const s3 = process.env["STRANDS_BENCH_S3"];
let places = 0;

/** Makes repositories, each on an empty place of its own; `sizeOf` gives the bytes it keeps, where that can be seen. */
const kinds = {
  memory: () => {
    const repository = createMemoryRepository();
    return { open: () => repository };
  },
  file: (directory) => ({ open: () => createFileRepository({ directory }), sizeOf: () => bytesIn(directory) }),
  sqlite: (directory) => ({
    open: () => createSqliteRepository({ file: join(directory, "sessions.db") }),
    sizeOf: () => bytesIn(directory),
  }),
  ...(postgres === undefined
    ? {}
    : {
        postgres: () => {
          places += 1;
          const schema = `bench_${process.pid}_${places}`;
          return { open: () => createPostgresRepository({ connectionString: postgres, schema }) };
        },
      }),
  ...(s3 === undefined ? {} : { s3: () => openS3(new URL(s3)) }),
};

export async function run() {
  const rows = [];
  for (const kind of Object.keys(kinds)) {
    const { p50, p99, late, bytes } = await appends(kind);
    const figure = (value, unit, digits = 2) => (value === undefined ? "" : `${value.toFixed(digits)} ${unit}`);
    const add = (what, ours, aim = "") => rows.push({ name: `${kind}: ${what}`, ours, floor: "", ratio: "", aim });
    add("append, median", figure(p50, "ms"));
    add("append, 99 of 100", figure(p99, "ms"));
    rows.push({
      name: `${kind}: append, the last tenth of 2,000 over the first`,
      ours: figure(late.last, "ms"),
      floor: figure(late.first, "ms"),
      ratio: (late.last / late.first).toFixed(2),
      aim: "≤ 1",
    });
    add("bytes kept for an entry", figure(bytes, "B", 0));
    add("runs of 5 steps, 32 at once", figure(await concurrentRuns(kind), "per second", 0));
    add("first page of 10,000 sessions", figure(await firstPage(kind), "ms", 1), "< 200 ms");
    add("10,000 entries, read again", figure(await longSession(kind), "ms", 0));
  }
  return { title: "Repositories", rows };
}

async function appends(kind) {
  return withPlace(kind, async ({ open, sizeOf }) => {
    const repository = open();
    await repository.create(record("one", 0));
    const claim = await repository.claim("one", { afterEpoch: 0, afterSeq: 0, owner: "bench", purpose: "run" });
    const count = 2_000;
    const times = [];
    const before = sizeOf?.();
    for (let seq = 1; seq <= count; seq += 1) times.push(await time(() => claim.append(seq, [entry(seq)])));
    await claim.release();
    await repository.close?.();
    const bytes = sizeOf === undefined ? undefined : (sizeOf() - before) / count;
    const tenth = count / 10;
    const late = { first: at(times.slice(0, tenth), 0.5), last: at(times.slice(-tenth), 0.5) };
    return { p50: at(times, 0.5), p99: at(times, 0.99), late, bytes };
  });
}

/** Runs per second. */
async function concurrentRuns(kind) {
  return withPlace(kind, async ({ open }) => {
    const client = new WorkflowClient({ model, sessions: open() });
    const program = compileSpec(chainSpec(5));
    const all = (count) => Promise.all(Array.from({ length: count }, () => client.run(program)));
    await all(32);
    const rounds = kind === "s3" ? 2 : 6;
    const spent = await time(async () => {
      for (let round = 0; round < rounds; round += 1) await all(32);
    });
    await client.close();
    return (32 * rounds * 1000) / spent;
  });
}

async function firstPage(kind) {
  return withPlace(kind, async ({ open }) => {
    const repository = open();
    for (let made = 0; made < 10_000; made += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => repository.create(record(`s${made + i}`, made + i))));
    }
    await repository.close?.();
    const reader = open();
    // What is loaded or connected once is not what is asked here.
    await reader.load("s0");
    const spent = await time(() => reader.list());
    await reader.close?.();
    return spent;
  });
}

async function longSession(kind) {
  return withPlace(kind, async ({ open }) => {
    const repository = open();
    await repository.create(record("one", 0));
    const claim = await repository.claim("one", { afterEpoch: 0, afterSeq: 0, owner: "bench", purpose: "run" });
    // Ten entries an append: what a busy run with branches makes.
    for (let seq = 1; seq <= 10_000; seq += 10) {
      await claim.append(
        seq,
        Array.from({ length: 10 }, (_, i) => entry(seq + i)),
      );
    }
    await claim.release();
    await repository.close?.();
    const reader = open();
    const spent = await time(() => reader.load("one"));
    await reader.close?.();
    return spent;
  });
}

async function withPlace(kind, work) {
  const directory = mkdtempSync(join(tmpdir(), "strands-bench-"));
  try {
    return await work(kinds[kind](directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function openS3({ origin, username, password, pathname, protocol, host }) {
  places += 1;
  const endpoint = username === "" ? origin : `${protocol}//${host}`;
  const credentials = { accessKeyId: username, secretAccessKey: password };
  const options = {
    bucket: pathname.slice(1),
    prefix: `bench-${process.pid}-${places}/`,
    clientOptions: { endpoint, credentials, region: "us-east-1", forcePathStyle: true },
  };
  return { open: () => createS3Repository(options) };
}

function record(id, age) {
  return {
    id,
    workflowName: "bench",
    patternType: "chain",
    specHash: "0".repeat(64),
    spec: chainSpec(5),
    variables: {},
    createdAt: 1_700_000_000_000 + age,
  };
}

function entry(seq) {
  const usage = { inputTokens: 120, outputTokens: 80 };
  const body = { agentId: "a", text: "x".repeat(180), finish: "stop", usage, provider: "bench" };
  return { v: 1, seq, epoch: 1, key: `steps/${seq}/model/0`, kind: "model", at: 1_700_000_000_000 + seq, body };
}

function at(times, part) {
  return [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * part)];
}

function bytesIn(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
