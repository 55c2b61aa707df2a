import type { Message, ModelRequest, ToolCall, ToolResult } from "@strands/core";
import { inputObject, type ToolNames } from "@strands/provider-kit";
import type { CallOptions, PromptMessage, ToolCallPart, ToolResultPart } from "./language-model.js";

/** A request as the AI SDK takes it. What nobody set is left out. */
export function toAiSdkOptions(request: ModelRequest, names: ToolNames, abortSignal: AbortSignal): CallOptions {
  const { system, messages, tools, temperature, topP, maxTokens, outputSchema } = request;
  const first: readonly PromptMessage[] = system === "" ? [] : [{ role: "system", content: system }];
  const declared = tools.map(
    ({ name, description, inputSchema }) =>
      ({ type: "function", name: names.toProvider(name), description, inputSchema }) as const,
  );
  return {
    prompt: [...first, ...messages.map((message) => toMessage(message, names))],
    abortSignal,
    ...(declared.length === 0 ? {} : { tools: declared, toolChoice: { type: "auto" } }),
    ...(outputSchema === undefined ? {} : { responseFormat: { type: "json", name: "answer", schema: outputSchema } }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
  };
}

function toMessage(message: Message, names: ToolNames): PromptMessage {
  switch (message.role) {
    case "user":
      return { role: "user", content: [{ type: "text", text: message.content }] };
    case "assistant": {
      const calls = (message.toolCalls ?? []).map((call) => toCall(call, names));
      // Several vendors refuse an empty text next to calls, and a message without any part.
      const text = message.content === "" && calls.length > 0 ? [] : [{ type: "text" as const, text: message.content }];
      return { role: "assistant", content: [...text, ...calls] };
    }
    case "tool":
      return { role: "tool", content: message.results.map((result) => toResult(result, names)) };
  }
}

function toCall({ id, name, input, providerData }: ToolCall, names: ToolNames): ToolCallPart {
  const call = {
    type: "tool-call",
    toolCallId: id,
    toolName: names.toProvider(name),
    input: inputObject(input),
  } as const;
  return providerData === undefined ? call : { ...call, providerOptions: providerData };
}

function toResult({ callId, name, content, isError }: ToolResult, names: ToolNames): ToolResultPart {
  const kind = typeof content === "string" ? "text" : "json";
  return {
    type: "tool-result",
    toolCallId: callId,
    toolName: names.toProvider(name),
    output: { type: isError ? `error-${kind}` : kind, value: content },
  };
}
