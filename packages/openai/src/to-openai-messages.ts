import type { Message, ModelRequest, ToolResult } from "@strands/core";
import { inputObject, type ToolNames } from "@strands/provider-kit";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";

/** The conversation as the API takes it: the system prompt first, each tool result a message of its own. */
export function toOpenAIMessages(request: ModelRequest, names: ToolNames): ChatCompletionMessageParam[] {
  const messages: ChatCompletionMessageParam[] = [];
  if (request.system !== "") messages.push({ role: "system", content: request.system });
  for (const message of request.messages) messages.push(...toParams(message, names));
  return messages;
}

function toParams(message: Message, names: ToolNames): ChatCompletionMessageParam[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.content }];
    case "assistant":
      return [toAssistantParam(message, names)];
    case "tool":
      return message.results.map((result) => ({
        role: "tool",
        tool_call_id: result.callId,
        content: textOf(result),
      }));
  }
}

function toAssistantParam(
  { content, toolCalls = [] }: Extract<Message, { role: "assistant" }>,
  names: ToolNames,
): ChatCompletionMessageParam {
  if (toolCalls.length === 0) return { role: "assistant", content };
  return {
    role: "assistant",
    content: content === "" ? null : content,
    tool_calls: toolCalls.map(({ id, name, input }) => ({
      id,
      type: "function",
      function: { name: names.toProvider(name), arguments: JSON.stringify(inputObject(input)) },
    })),
  };
}

/** The API has no mark for results of calls that failed, so the text has to say it. */
function textOf({ content, isError }: ToolResult): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return isError ? `Error: ${text}` : text;
}
