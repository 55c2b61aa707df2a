// Runs or resumes one session and dies by SIGKILL at a chosen point: a piece of a model's answer, or a call to the file
// system. Every model call and every finished step is written to a log that outlives the process.
import fs, { appendFileSync, existsSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

const [directory, dieAt] = [process.argv[2], Number(process.argv[3])];
const log = join(directory, "log");
const append = appendFileSync;
let points = 0;

function point() {
  points += 1;
  if (points === dieAt) process.kill(process.pid, "SIGKILL");
}

const watched =
  /^(write|writev|open|close|fdatasync|fsync|link|rename|unlink|mkdir|mkdtemp|ftruncate|truncate|rm|rmdir|writeFile|appendFile|copyFile)(Sync)?$/;
for (const name of Object.keys(fs).filter((key) => watched.test(key))) {
  const original = fs[name];
  fs[name] = (...args) => {
    point();
    const result = original.apply(fs, args);
    if (name.endsWith("Sync")) point();
    return result;
  };
}
for (const name of Object.keys(fs.promises).filter((key) => watched.test(key))) {
  const original = fs.promises[name];
  fs.promises[name] = async (...args) => {
    point();
    const result = await original.apply(fs.promises, args);
    point();
    return result;
  };
}
syncBuiltinESMExports();

const { WorkflowClient } = await import("@strands/core");
const { createFileRepository } = await import("@strands/sessions/file");
const { createFileArtifactStore } = await import("@strands/sdk");
const { answerTo, spec } = await import("./workload.mjs");

const client = new WorkflowClient({
  // Every process lives at the same moment, so that their entries can be compared.
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  sessions: createFileRepository({ directory: join(directory, "sessions"), durability: "full" }),
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
const exists = existsSync(join(directory, "sessions", "s"));
const run = exists ? client.resume("s") : client.start(spec, { sessionId: "s" });
// A process may die after the end was recorded and before it told anybody.
const result = await run.result.catch((error) => {
  if (error.code === "SESSION_COMPLETED") return { status: "completed" };
  throw error;
});
await client.close();
process.stdout.write(`${JSON.stringify({ status: result.status, error: result.error?.message, points })}\n`);
