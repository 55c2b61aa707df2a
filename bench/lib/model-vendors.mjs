// Each provider of ours beside its SDK read directly: how each of them counts the pieces of a stream.

const model = "bench-model";
const signal = new AbortController().signal;
const key = "bench-key";

/** A question for so many tokens. */
const prompt = (tokens) => `Say ${tokens} tokens.`;

/** The SDKs as people use them, with retries off as ours have them. */
const direct = {
  async openai(url) {
    const { OpenAI } = await import("openai");
    const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
    return async function* (tokens) {
      const messages = [{ role: "user", content: prompt(tokens) }];
      const stream = await client.chat.completions.create({
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const chunk of stream) {
        const text = chunk.choices[0]?.delta?.content;
        if (text) yield text;
      }
    };
  },
  async ollama(url) {
    const { Ollama } = await import("ollama");
    const client = new Ollama({ host: url });
    return async function* (tokens) {
      const stream = await client.chat({ model, messages: [{ role: "user", content: prompt(tokens) }], stream: true });
      for await (const { message } of stream) if (message.content) yield message.content;
    };
  },
  async anthropic(url) {
    const { Anthropic } = await import("@anthropic-ai/sdk");
    const client = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
    return async function* (tokens) {
      const messages = [{ role: "user", content: prompt(tokens) }];
      const stream = await client.messages.create({ model, max_tokens: 4000, messages, stream: true });
      for await (const event of stream) {
        if (event.type === "content_block_delta" && event.delta.type === "text_delta") yield event.delta.text;
      }
    };
  },
  async gemini(url) {
    const { GoogleGenAI } = await import("@google/genai");
    const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
    return async function* (tokens) {
      const stream = await client.models.generateContentStream({ model, contents: prompt(tokens) });
      for await (const { text } of stream) if (text) yield text;
    };
  },
  async bedrock(url) {
    const { BedrockRuntimeClient, ConverseStreamCommand } = await import("@aws-sdk/client-bedrock-runtime");
    const { NodeHttpHandler } = await import("@smithy/node-http-handler");
    const client = new BedrockRuntimeClient({
      region: "us-east-1",
      endpoint: url,
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: key },
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler(),
    });
    return async function* (tokens) {
      const messages = [{ role: "user", content: [{ text: prompt(tokens) }] }];
      const { stream } = await client.send(new ConverseStreamCommand({ modelId: model, messages }));
      for await (const { contentBlockDelta } of stream) {
        if (contentBlockDelta?.delta?.text) yield contentBlockDelta.delta.text;
      }
    };
  },
};

const providers = {
  openai: async (url) =>
    (await import("@strands/openai")).createOpenAIProvider({ apiKey: key, baseUrl: `${url}/v1`, env: {} }),
  ollama: async (url) => (await import("@strands/ollama")).createOllamaProvider({ host: url, env: {} }),
  anthropic: async (url) =>
    (await import("@strands/anthropic")).createAnthropicProvider({ apiKey: key, baseUrl: url, env: {} }),
  gemini: async (url) => (await import("@strands/gemini")).createGeminiProvider({ apiKey: key, baseUrl: url, env: {} }),
  bedrock: async (url) =>
    (await import("@strands/bedrock")).createBedrockProvider({
      host: url,
      env: { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: key },
    }),
};

/** Names of the vendors. */
export const vendors = Object.keys(providers);

/** The two ways to the same stream of text. */
export async function waysOf(vendor, url) {
  const provider = await providers[vendor](url);
  const settings = { provider: vendor, modelId: model, host: undefined, region: "us-east-1" };
  const ours = await provider.model(settings);
  const request = (tokens) => ({
    agentId: "a",
    stepKey: "steps/0",
    modelId: model,
    system: "",
    messages: [{ role: "user", content: prompt(tokens) }],
    tools: [],
    temperature: undefined,
    topP: undefined,
    maxTokens: undefined,
    outputSchema: undefined,
    attempt: 1,
  });
  return {
    async *ours(tokens) {
      for await (const chunk of ours.stream(request(tokens), { signal })) if (typeof chunk === "string") yield chunk;
    },
    floor: await direct[vendor](url),
    close: () => provider.close?.(),
  };
}

/** Reads a stream to its end. @throws when pieces are missing */
export async function drain(stream, tokens) {
  let pieces = 0;
  for await (const _ of stream) pieces += 1;
  if (pieces !== tokens) throw new Error(`${pieces} of ${tokens} pieces came`);
}
