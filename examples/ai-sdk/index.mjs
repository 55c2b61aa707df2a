// A workflow file whose provider is a model of the Vercel AI SDK.
import { fileURLToPath } from "node:url";
import { createOpenAI } from "@ai-sdk/openai";
import { createAiSdkProvider } from "@strands/ai-sdk";
import { createClient, loadWorkflow } from "@strands/sdk";

const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = process.env;
if (!apiKey) throw new Error("Set OPENAI_API_KEY.");

// Any provider package of the AI SDK goes here; `name` is what workflow files call it.
const openai = createOpenAI({ apiKey, ...(baseURL ? { baseURL } : {}) });
const provider = createAiSdkProvider({
  name: "vercel",
  languageModel: (modelId) => openai(modelId),
  secrets: [apiKey],
});

const { program } = await loadWorkflow(fileURLToPath(new URL("workflow.yaml", import.meta.url)));
const client = createClient({ providers: [provider] });
const result = await client.run(program, {
  variables: { product: process.argv[2] ?? "a lamp that dims with the sun" },
});
await client.close();
if (result.status !== "completed") throw result.error;
console.log(result.lastResponse);
