// Saves one session of each kind that can be resumed, for later versions to resume. Run it once for each release:
// node packages/sdk/test/saved/save-child.mjs conformance/sessions/<version>
import { WorkflowClient } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { asking, plain, savedModel, spec, weather } from "./workload.mjs";

const directory = process.argv[2];
let now = Date.UTC(2026, 10, 22);
const clock = { now: () => (now += 1000), sleep: () => Promise.resolve() };

function open(options) {
  const sessions = createFileRepository({ directory });
  return new WorkflowClient({ model: savedModel(options), tools: [weather], clock, owner: "strands", sessions });
}

const failing = open({ failing: true });
await failing.run(spec(plain), { sessionId: "failed" });
await failing.close();

const client = open();
await client.run(spec(asking), { sessionId: "paused", variables: { topic: "tea", ünï: ["a", { b: null }] } });
await client.run(spec(plain), { sessionId: "completed" });
await client.run(spec(asking), { sessionId: "answered" });
await client.answer("answered", { response: "no", by: "maria" });
const run = client.start(spec(plain), { sessionId: "cancelled" });
client.once("step_complete", () => run.cancel("enough"));
await run.result;
await client.close();
