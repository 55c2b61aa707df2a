// Runs or resumes sessions in a process of its own. `kill`: one session to its end, answering what it asks, and dies by
// SIGKILL at a chosen point: a piece of a model's answer, or a call to the storage. `contend`: resumes every session it is
// told of, at the same time as others do. Model calls are written to a log that outlives the process.
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { WorkflowClient } from "@strands/core";

const { mode, kind, place, workloads, name, log, dieAt, ids } = JSON.parse(process.argv[2]);
let points = 0;

function point() {
  points += 1;
  if (points === dieAt) process.kill(process.pid, "SIGKILL");
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

async function openRepository() {
  switch (kind) {
    case "sqlite": {
      const { createSqliteRepository } = await import("@strands/sessions/sqlite");
      const Database = createRequire(import.meta.url)("libsql");
      watch(Database.prototype, "exec");
      watch(Database.prototype, "prepare");
      return createSqliteRepository({ ...place, driver: "libsql" });
    }
    case "postgres": {
      const { createPostgresRepository } = await import("@strands/sessions/postgres");
      watch(Socket.prototype, "write");
      return createPostgresRepository({ ...place, maxConnections: 2 });
    }
    case "s3": {
      const { createS3Repository } = await import("@strands/sessions/s3");
      watch(Socket.prototype, "write");
      return createS3Repository(place);
    }
    default: {
      const { createFileRepository } = await import("@strands/sessions/file");
      return createFileRepository(place);
    }
  }
}

const sessions = await openRepository();
const { answerOf, answerTo, workload } = await import(workloads);
const client = new WorkflowClient({
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  sessions,
  owner: `process ${process.pid}`,
  artifacts: { write: async () => ({ location: "nowhere" }) },
  async *model(request) {
    appendFileSync(log, `call ${request.sessionId ?? ""} ${request.stepKey}\n`);
    for (const piece of mode === "kill" ? answerTo(request) : ["done"]) {
      point();
      yield piece;
    }
  },
});

if (mode === "kill") await runToItsEnd();
else await contend();
await client.close();
await sessions.close();

async function runToItsEnd() {
  client.on("step_complete", (event) => {
    if (!event.replayed) appendFileSync(log, `done  ${event.stepKey}\n`);
  });
  appendFileSync(log, "born\n");
  const stored = await sessions.load("s").catch((error) => {
    if (error.code === "SESSION_NOT_FOUND") return undefined;
    throw error;
  });
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
  process.stdout.write(`${JSON.stringify({ status: result.status, error: result.error?.message, points })}\n`);
}

function openQuestions(entries) {
  const answered = new Set();
  for (const { kind, key, body } of entries) {
    if (kind === "model") appendFileSync(log, `done  ${key.replace(/\/model\/\d+$/, "")}\n`);
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
