// Runs or resumes one session to its end, answering what it asks, and dies by SIGKILL at a chosen point: a piece of a
// model's answer, or a call to the file system; or with `pause` as soon as a question has been recorded. Every model call,
// and every step found or known to be recorded, is written to a log that outlives the process.
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { watchFiles } from "./watch-files.mjs";

const [, , name, directory, dieAt] = process.argv;
const log = join(directory, "log");
const append = appendFileSync;
let points = 0;

function point() {
  points += 1;
  if (points === Number(dieAt)) process.kill(process.pid, "SIGKILL");
}

watchFiles(point);

const { WorkflowClient } = await import("@strands/core");
const { createFileRepository } = await import("@strands/sessions/file");
const { createFileArtifactStore } = await import("@strands/sdk");
const { answerOf, answerTo, workload } = await import("./workloads.mjs");

const sessions = createFileRepository({ directory: join(directory, "sessions"), durability: "full" });
const client = new WorkflowClient({
  // Every process lives at the same moment, so that their entries can be compared.
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  sessions,
  artifacts: createFileArtifactStore({ directory: join(directory, "out") }),
  async *model(request) {
    append(log, `call ${request.stepKey}\n`);
    for (const piece of answerTo(request)) {
      point();
      yield piece;
    }
  },
});
client.on("step_complete", (event) => {
  if (!event.replayed) append(log, `done ${event.stepKey}\n`);
});
if (dieAt === "pause") client.on("interrupt_pending", ({ interrupt }) => diesAtNew(interrupt));

append(log, "born\n");
const exists = existsSync(join(directory, "sessions", "s"));
let questions = exists ? await openQuestions() : [];
let result;
do {
  for (const question of questions) {
    await client.answer("s", { response: answerOf(question), interruptId: question.id, digest: question.digest });
  }
  const run = exists || result !== undefined ? client.resume("s") : client.start(workload(name), { sessionId: "s" });
  // A process may die after the end was recorded and before it told anybody.
  result = await run.result.catch((error) => {
    if (error.code === "SESSION_COMPLETED") return { status: "completed" };
    throw error;
  });
  questions = result.status === "paused" ? result.interrupts : [];
} while (questions.length > 0);
await client.close();
process.stdout.write(`${JSON.stringify({ status: result.status, error: result.error?.message, points })}\n`);

async function openQuestions() {
  const { entries } = await sessions.load("s");
  const answered = new Set();
  for (const { kind, key, body } of entries) {
    if (kind === "model") append(log, `done ${key.replace(/\/model\/\d+$/, "")}\n`);
    if (kind === "interrupt.answered") answered.add(body.id);
  }
  return entries.flatMap(({ kind, body }) => (kind === "interrupt.opened" && !answered.has(body.id) ? [body] : []));
}

function diesAtNew({ id }) {
  if (!questions.some((question) => question.id === id)) process.kill(process.pid, "SIGKILL");
}
