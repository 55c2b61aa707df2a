// Runs or resumes sessions in a process of its own. `kill`: one session to its end, answering what it asks, and dies by
// SIGKILL at a chosen point of its life. `contend`: resumes every session it is told of, at the same time as others do.
// Model calls are written to a log that outlives the process.
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { Worker } from "node:worker_threads";

const { mode, kind, place, durability, name, log, dieAt, afterUs, ids } = JSON.parse(process.argv[2]);
const say = appendFileSync;
/** The part of its life that each point so far was in. */
const life = [];
let phase = "start";

// A point is a piece of a model's answer, or a call to the storage. From there it dies at once, or is killed from beside
// a little later, in the middle of whatever it does then.
let die = () => process.kill(process.pid, "SIGKILL");
if (mode === "kill" && afterUs > 0) {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const killer = new Worker(new URL("killer-child.mjs", import.meta.url), { workerData: { flag, afterUs } });
  killer.unref();
  die = () => {
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  };
}

function point() {
  life.push(phase);
  if (life.length !== dieAt) return;
  say(log, `died ${phase}\n`);
  die();
}

function watch(holder, key) {
  const original = holder[key];
  holder[key] = function (...args) {
    point();
    const result = original.apply(this, args);
    point();
    return result;
  };
}

if (mode === "kill") say(log, "born\n");
point();
const { WorkflowClient } = await import("@strands/core");
const { answerOf, answerTo, workload } = await import(`${durability}/workloads.mjs`);
point();
const sessions = await openRepository();
point();

const client = new WorkflowClient({
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  sessions,
  owner: `process ${process.pid}`,
  artifacts: { write: async () => ({ location: "nowhere" }) },
  async *model(request) {
    say(log, `call ${request.sessionId ?? ""} ${request.stepKey}\n`);
    for (const piece of mode === "kill" ? answerTo(request) : ["done"]) {
      point();
      yield piece;
    }
  },
});

const result = await (mode === "kill" ? runToItsEnd() : contend());
phase = "end";
point();
await client.close();
point();
await sessions.close?.();
point();
if (mode === "kill") process.stdout.write(`${JSON.stringify({ ...result, life })}\n`);

async function openRepository() {
  switch (kind) {
    case "sqlite": {
      const { createSqliteRepository } = await import("@strands/sessions/sqlite");
      const { prototype } = createRequire(import.meta.url)("libsql");
      const { prepare } = prototype;
      prototype.prepare = function (sql) {
        const statement = prepare.call(this, sql);
        watch(statement, "run");
        watch(statement, "all");
        return statement;
      };
      watch(prototype, "exec");
      watch(prototype, "close");
      return createSqliteRepository({ ...place, driver: "libsql" });
    }
    case "postgres": {
      const { createPostgresRepository } = await import("@strands/sessions/postgres");
      watchSockets();
      return createPostgresRepository({ ...place, maxConnections: 2 });
    }
    case "s3": {
      const { createS3Repository } = await import("@strands/sessions/s3");
      watchSockets();
      return createS3Repository(place);
    }
    default: {
      const { watchFiles } = await import(`${durability}/watch-files.mjs`);
      const { createFileRepository } = await import("@strands/sessions/file");
      watchFiles(point);
      return createFileRepository(place);
    }
  }
}

/** What is sent, and what comes back. */
function watchSockets() {
  watch(Socket.prototype, "write");
  watch(Socket.prototype, "push");
}

async function runToItsEnd() {
  markAppends();
  client.on("step_complete", (event) => {
    if (!event.replayed) say(log, `done  ${event.stepKey}\n`);
  });
  const stored = await sessions.load("s").catch((error) => {
    if (error.code === "SESSION_NOT_FOUND") return undefined;
    throw error;
  });
  phase = "before";
  let questions = openQuestions(stored?.entries ?? []);
  let result;
  do {
    for (const question of questions) {
      await client.answer("s", { response: answerOf(question), interruptId: question.id, digest: question.digest });
    }
    const isNew = stored === undefined && result === undefined;
    const run = isNew ? client.start(workload(name), { sessionId: "s" }) : client.resume("s");
    // A process may die after the end was recorded and before it told anybody.
    result = await run.result.catch((error) => {
      if (error.code === "SESSION_COMPLETED") return { status: "completed" };
      throw error;
    });
    questions = result.status === "paused" ? result.interrupts : [];
  } while (questions.length > 0);
  return { status: result.status, error: result.error?.message };
}

/** Tells points in an append from those between two, before the first and after the last. */
function markAppends() {
  const claim = sessions.claim.bind(sessions);
  sessions.claim = async (...given) => {
    const claimed = await claim(...given);
    const append = claimed.append.bind(claimed);
    claimed.append = async (seq, entries) => {
      phase = "append";
      await append(seq, entries);
      phase = entries.at(-1)?.kind === "run.completed" ? "end" : "between";
    };
    return claimed;
  };
}

function openQuestions(entries) {
  const answered = new Set();
  for (const { kind, key, body } of entries) {
    if (kind === "model") say(log, `done  ${key.replace(/\/model\/\d+$/, "")}\n`);
    if (kind === "interrupt.answered") answered.add(body.id);
  }
  return entries.flatMap(({ kind, body }) => (kind === "interrupt.opened" && !answered.has(body.id) ? [body] : []));
}

async function contend() {
  process.stdout.write("ready\n");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  process.stdin.destroy();
  for (const id of ids) {
    const outcome = await client.resume(id).result.then(
      ({ status }) => status,
      (error) => error.code ?? String(error),
    );
    process.stdout.write(`${id} ${outcome}\n`);
  }
}
