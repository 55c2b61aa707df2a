import type { JsonValue, ModelRequest, ToolCall, ToolResult } from "@strands/core";
import type { ToolNames } from "@strands/provider-kit";
import { inputObject } from "@strands/provider-kit";
import type { Message, Tool } from "ollama";

/** The ids are newer than the SDK's types; servers that do not know them pass over them. */
type MessageWithIds = Message & { tool_call_id?: string; tool_calls?: (ToolCallOfMessage & { id: string })[] };
type ToolCallOfMessage = NonNullable<Message["tool_calls"]>[number];

/** The conversation as Ollama takes it: the system prompt is a message, each tool result is one of its own. */
export function toOllamaMessages(request: ModelRequest, names: ToolNames): Message[] {
  const messages: MessageWithIds[] = [];
  if (request.system !== "") messages.push({ role: "system", content: request.system });
  for (const message of request.messages) {
    if (message.role === "user") messages.push({ role: "user", content: message.content });
    else if (message.role === "tool") for (const result of message.results) messages.push(toolMessage(result, names));
    else {
      const calls = (message.toolCalls ?? []).map((call) => toolCall(call, names));
      messages.push({
        role: "assistant",
        content: message.content,
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
      });
    }
  }
  return messages;
}

export function toOllamaTools({ tools }: ModelRequest, names: ToolNames): Tool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: "function",
    // The SDK's type knows a part of JSON Schema only; the server takes all of it.
    function: {
      name: names.toProvider(name),
      description,
      parameters: inputSchema as NonNullable<Tool["function"]["parameters"]>,
    },
  }));
}

function toolCall({ id, name, input }: ToolCall, names: ToolNames): ToolCallOfMessage & { id: string } {
  return { id, function: { name: names.toProvider(name), arguments: inputObject(input) } };
}

/** Ollama has no mark for a failed call, so the text says it. */
function toolMessage({ callId, name, content, isError }: ToolResult, names: ToolNames): MessageWithIds {
  const text = contentText(content);
  return {
    role: "tool",
    tool_name: names.toProvider(name),
    tool_call_id: callId,
    content: isError ? `Error: ${text}` : text,
  };
}

function contentText(content: JsonValue): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}
