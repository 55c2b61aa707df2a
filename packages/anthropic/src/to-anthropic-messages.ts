import type { ContentBlockParam, MessageParam } from "@anthropic-ai/sdk/resources/messages";
import type { Message, ToolCall, ToolResult } from "@strands/core";
import type { ToolNames } from "@strands/provider-kit";
import { inputObject, isObject } from "@strands/provider-kit";

type Turn = { role: "user" | "assistant"; content: ContentBlockParam[] };

/**
 * The conversation as the Messages API takes it: user and assistant in turns, tool results as the first blocks of the user's
 * turn. Neighbours of one role are one turn, and empty text is left out, since the API refuses it.
 */
export function toAnthropicMessages(messages: readonly Message[], names: ToolNames): MessageParam[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = blocksOf(message, names);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) turns.push({ role, content });
  }
  for (const turn of turns) if (turn.role === "user") resultsFirst(turn);
  return turns;
}

function blocksOf(message: Message, names: ToolNames): ContentBlockParam[] {
  switch (message.role) {
    case "user":
      return textBlocks(message.content);
    case "assistant": {
      const calls = message.toolCalls ?? [];
      return [
        ...calls.flatMap(thinkingOf),
        ...textBlocks(message.content),
        ...calls.map((call) => toolUse(call, names)),
      ];
    }
    case "tool":
      return message.results.map(toolResult);
  }
}

function textBlocks(text: string): ContentBlockParam[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

/** The thinking before a tool call has to come back with it, signed as it was: see `AnthropicAnswer`. */
function thinkingOf({ providerData }: ToolCall): ContentBlockParam[] {
  if (!isObject(providerData)) return [];
  const { thinking } = providerData;
  return Array.isArray(thinking) ? (thinking as unknown as ContentBlockParam[]) : [];
}

function toolUse({ id, name, input }: ToolCall, names: ToolNames): ContentBlockParam {
  return { type: "tool_use", id: safeId(id), name: names.toProvider(name), input: inputObject(input) };
}

function toolResult({ callId, content, isError }: ToolResult): ContentBlockParam {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return {
    type: "tool_result",
    tool_use_id: safeId(callId),
    // An error without words is refused.
    content: isError && text.trim() === "" ? "failed" : text,
    ...(isError ? { is_error: true } : {}),
  };
}

/** Ids of calls as the API takes them: other providers make others. */
function safeId(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, "_");
}

function resultsFirst(turn: Turn): void {
  const isResult = (block: ContentBlockParam) => block.type === "tool_result";
  turn.content = [...turn.content.filter(isResult), ...turn.content.filter((block) => !isResult(block))];
}
