import type { Content, Part } from "@google/genai";
import type { JsonValue, Message, ToolCall, ToolResult } from "@strands/core";
import type { ToolNames } from "@strands/provider-kit";
import { inputObject } from "@strands/provider-kit";

/**
 * The conversation as `generateContent` takes it: user and model in turns. Neighbours of one role are one turn, and empty
 * text is left out.
 */
export function toGeminiMessages(messages: readonly Message[], names: ToolNames): Content[] {
  const turns: { role: string; parts: Part[] }[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "model" : "user";
    const parts = partsOf(message, names);
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else if (parts.length > 0) turns.push({ role, parts });
  }
  return turns;
}

function partsOf(message: Message, names: ToolNames): Part[] {
  switch (message.role) {
    case "user":
      return textParts(message.content);
    case "assistant":
      return [...textParts(message.content), ...(message.toolCalls ?? []).map((call) => functionCall(call, names))];
    case "tool":
      return message.results.map((result) => functionResponse(result, names));
  }
}

function textParts(text: string): Part[] {
  return text === "" ? [] : [{ text }];
}

function functionCall({ id, name, input, providerData }: ToolCall, names: ToolNames): Part {
  const signature = signatureOf(providerData);
  return {
    functionCall: { id, name: names.toProvider(name), args: inputObject(input) },
    // Models from Gemini 3 on refuse the call without the signature it came with.
    ...(signature === undefined ? {} : { thoughtSignature: signature }),
  };
}

function signatureOf(data: JsonValue | undefined): string | undefined {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  const { thoughtSignature } = data as { thoughtSignature?: JsonValue };
  return typeof thoughtSignature === "string" ? thoughtSignature : undefined;
}

/** The API wants an object, and reads these two names in it. */
function functionResponse({ callId, name, content, isError }: ToolResult, names: ToolNames): Part {
  const response = isError ? { error: content } : { output: content };
  return { functionResponse: { id: callId, name: names.toProvider(name), response } };
}
