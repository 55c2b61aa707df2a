import type { ModelRequest } from "@strands/core";

/** All that a request tells the model, piece by piece: what no error may repeat. */
export function* promptsOf({ system, messages }: ModelRequest): Generator<string> {
  yield system;
  for (const message of messages) {
    if (message.role === "tool") for (const { content } of message.results) yield textOf(content);
    else yield message.content;
    if (message.role === "assistant") for (const { input } of message.toolCalls ?? []) yield textOf(input);
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
