// A workflow inside your own program: only @strands/core, a model of your own, ten lines.
import { WorkflowClient } from "@strands/core";

const spec = {
  version: 0,
  name: "embedded",
  runtime: { provider: "mine" },
  agents: { poet: { prompt: "You write one line." } },
  pattern: { type: "chain", config: { steps: [{ agent: "poet", input: "A line about {{ topic }}, please." }] } },
};

const client = new WorkflowClient({
  model: async function* (request) {
    for (const word of `You asked: ${request.messages.at(-1)?.content}`.split(" ")) yield `${word} `;
  },
});
client.on("step_complete", (event) => console.error(`done: ${event.type}`));
const result = await client.run(spec, { variables: { topic: "tea" } });
console.log(result.status === "completed" ? result.lastResponse : result);
await client.close();
