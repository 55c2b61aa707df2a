// A workflow file with a tool of the program that runs it.
import { fileURLToPath } from "node:url";
import { createClient, loadWorkflow } from "@strands/sdk";

/** A tool is an object. `effect: "read"` says that it may be called again after a crash. */
const forecast = {
  name: "forecast",
  description: "Tomorrow's weather in a city.",
  inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  effect: "read",
  execute: ({ city }) => (city === "Bergen" ? { sky: "rain", degrees: 9 } : { sky: "clear", degrees: 24 }),
};

const { program } = await loadWorkflow(fileURLToPath(new URL("workflow.yaml", import.meta.url)));
const client = createClient({ tools: [forecast] });
client.on("tool_start", ({ toolName, input }) => console.error(`${toolName} ${JSON.stringify(input)}`));
const result = await client.run(program, { variables: { places: process.argv[2] ?? "Bergen and Nice" } });
await client.close();
if (result.status !== "completed") throw result.error;
console.log(result.lastResponse);
