// One of several processes that try to resume the same session at the same moment. It tells its parent when it has begun
// a model call, and finishes the call only when the parent says so.
import { StrandsError, WorkflowClient } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";

let release = () => {};

process.on("message", async (message) => {
  if (message.type === "release") return release();
  if (message.type === "answer") return answer(message);
  let calls = 0;
  const client = new WorkflowClient({
    sessions: createFileRepository({ directory: message.directory, durability: "process" }),
    owner: `process ${process.pid}`,
    async *model() {
      calls += 1;
      process.send({ type: "proceeding", round: message.round });
      await new Promise((resolve) => {
        release = resolve;
      });
      yield "done";
    },
  });
  const outcome = await client.resume(message.sessionId).result.then(
    (result) => result.status,
    (error) => (StrandsError.isInstance(error) ? error.code : String(error)),
  );
  await client.close();
  process.send({ type: "ended", round: message.round, outcome, calls });
});
/** Answers the open question of a session; of several processes that do, one is first. */
async function answer({ directory, sessionId, round, response }) {
  const client = new WorkflowClient({ sessions: createFileRepository({ directory, durability: "process" }) });
  const outcome = await client.answer(sessionId, { response, by: `process ${response}` }).then(
    () => "recorded",
    (error) => `${error.code}: ${error.message}`,
  );
  await client.close();
  process.send({ type: "ended", round, outcome, calls: 0 });
}

process.send({ type: "ready" });
