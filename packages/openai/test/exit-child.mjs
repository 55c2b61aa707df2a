// Makes one call and does nothing more: the process has to end by itself, with the provider and its connections still open.
import { createOpenAIProvider } from "@strands/openai";

const provider = createOpenAIProvider({ env: {}, baseUrl: process.argv[2] });
const model = await provider.model({ provider: "openai", modelId: "m", host: undefined, region: undefined });
const request = { system: "", messages: [{ role: "user", content: "Hello" }], tools: [] };
let text = "";
for await (const chunk of model.stream(request, { signal: new AbortController().signal })) {
  if (typeof chunk === "string") text += chunk;
}
process.stdout.write(text);
