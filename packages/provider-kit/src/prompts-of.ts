import type { JsonValue, ModelRequest } from "@strands/core";

/** All texts of a request that came from people, models or tools: no error may repeat them. */
export function* promptsOf({ system, messages }: ModelRequest): Generator<string> {
  yield system;
  for (const message of messages) {
    if (message.role === "tool") for (const { content } of message.results) yield textOf(content);
    else yield message.content;
    if (message.role === "assistant") for (const { input } of message.toolCalls ?? []) yield textOf(input);
  }
}

function textOf(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
