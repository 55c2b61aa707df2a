import type { Message, Model, ModelChunk, ModelProvider, ModelRequest } from "@strands/core";
import { modelRequest as requestOf } from "@strands/testing/model";

/** A request with one user message, for tests. */
export function modelRequest(user: string, changes: Partial<ModelRequest> = {}): ModelRequest {
  return requestOf({
    agentId: "researcher",
    system: "You are a researcher.",
    messages: [{ role: "user", content: user }],
    ...changes,
  });
}

/** The model of a provider, for tests. */
export async function modelOf(provider: ModelProvider): Promise<Model> {
  return await provider.model({ provider: provider.name, modelId: "m", host: undefined, region: undefined });
}

/** Every chunk of an answer. */
export async function chunksOf(
  model: Model,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of model.stream(request, { signal })) chunks.push(chunk);
  return chunks;
}

/** The text of an answer. */
export async function textOf(model: Model, request: ModelRequest): Promise<string> {
  return joined(await chunksOf(model, request));
}

/** The text in chunks. */
export function joined(chunks: readonly ModelChunk[]): string {
  return chunks.map((chunk) => (typeof chunk === "string" ? chunk : chunk.type === "text" ? chunk.text : "")).join("");
}

/** A conversation of so many turns. */
export function conversation(turns: number, answer: string, last: string): Message[] {
  const messages: Message[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    messages.push({ role: "user", content: `Question ${turn}` }, { role: "assistant", content: answer });
  }
  return [...messages, { role: "user", content: last }];
}
