// A desk where people answer the questions of many sessions: SessionManager and ResumeClient of @strands/core.
import { ResumeClient, SessionManager, WorkflowClient } from "@strands/core";

const spec = {
  version: 1,
  name: "letter",
  runtime: { provider: "mine" },
  agents: { writer: { prompt: "You write letters." } },
  pattern: {
    type: "chain",
    config: {
      steps: [
        { agent: "writer", input: "A letter to {{ name }}" },
        { type: "hitl", prompt: "Send it?", context_display: "{{ steps[0].response }}" },
        { agent: "writer", input: "The final letter to {{ name }}: {{ hitl_response }}" },
      ],
    },
  },
};
const model = async function* ({ messages }) {
  yield `[${messages.at(-1).content}]`;
};

const client = new WorkflowClient({ model });
const sessions = new SessionManager(client);
const people = new ResumeClient(client);

for (const name of ["Ann", "Bob", "Cem"]) await client.run(spec, { variables: { name }, sessionId: `for-${name}` });
for await (const { id, pending } of sessions.iterate({ status: "paused" })) console.log(id, "asks:", pending[0].prompt);

// Two people answer the same question: one answer counts, the other is told whose.
const [question] = (await sessions.get("for-Ann")).interrupts;
const { id, digest } = question.interrupt;
const first = await people.approve("for-Ann", id, { by: "kim", digest });
const second = await people.reject("for-Ann", id, "too early", { by: "lee", digest });
console.log(`kim: ${first.status}, lee: ${second.status}, it stands: ${second.answer.response} (${second.answer.by})`);
const done = await sessions.resume("for-Ann").result;
console.log(done.status, done.lastResponse);

// What if it had been answered otherwise? Go back to the entry of the question, in a session of its own.
const atSeq = (await sessions.events("for-Ann")).find(({ event }) => event.type === "interrupt_pending").seq;
const fork = await sessions.fork("for-Ann", { atSeq });
await people.respond(fork.id, fork.pending[0].id, "make it shorter");
console.log("fork:", (await sessions.resume(fork.id).result).lastResponse);

// To another place and on from there.
const file = JSON.stringify(await sessions.export("for-Bob"));
const elsewhere = new WorkflowClient({ model });
const there = new SessionManager(elsewhere);
const { pending } = await there.import(file);
await new ResumeClient(elsewhere).approve("for-Bob", pending[0].id);
console.log("elsewhere:", (await there.resume("for-Bob").result).status);

await sessions.cancel("for-Cem", "Cem has moved");
for (const { stepKey, response, usage } of await sessions.steps("for-Ann")) console.log(stepKey, response, usage);
const { deleted } = await sessions.cleanup({ maxAgeDays: 0, keepCompleted: false, dryRun: true });
console.log(
  "would be deleted:",
  deleted
    .map((session) => `${session.id} (${session.status})`)
    .sort()
    .join(", "),
);
await client.close();
await elsewhere.close();
