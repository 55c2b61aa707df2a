import type { Message as BedrockMessage, ContentBlock, ToolConfiguration } from "@aws-sdk/client-bedrock-runtime";
import type { JsonObject, Message, ModelRequest, ToolCall, ToolResult } from "@strands/core";
import type { ToolNames } from "@strands/provider-kit";
import { inputObject } from "@strands/provider-kit";

/** What the SDK takes for any JSON value. */
type Document = NonNullable<Extract<ContentBlock, { toolUse: object }>["toolUse"]["input"]>;

/**
 * The conversation as Converse takes it: turns of `user` and `assistant` in alternation, no blank texts. Results of tools are
 * part of a user's turn.
 */
export function toBedrockMessages({ messages }: ModelRequest, names: ToolNames): BedrockMessage[] {
  const turns: { role: "user" | "assistant"; content: ContentBlock[] }[] = [];
  for (const message of messages) {
    const content = contentOf(message, names);
    const role = message.role === "assistant" ? "assistant" : "user";
    const last = turns.at(-1);
    if (content.length === 0) continue;
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  return turns;
}

/**
 * The tools. Converse refuses a conversation with calls of tools when none are declared, so the tools of old calls
 * stand in for them then.
 */
export function toBedrockTools(request: ModelRequest, names: ToolNames): NonNullable<ToolConfiguration["tools"]> {
  const declared = request.tools.map(({ name, description, inputSchema }) =>
    toolSpec(names.toProvider(name), description, inputSchema),
  );
  if (declared.length > 0) return declared;
  const called = new Set(request.messages.flatMap(callsOf).map(({ name }) => names.toProvider(name)));
  return [...called].map((name) => toolSpec(name, "No longer available.", { type: "object" }));
}

export function toolSpec(
  name: string,
  description: string,
  inputSchema: JsonObject,
): NonNullable<ToolConfiguration["tools"]>[number] {
  const inner = { name, inputSchema: { json: inputSchema as Document } };
  return { toolSpec: isBlank(description) ? inner : { ...inner, description } };
}

function callsOf(message: Message): readonly ToolCall[] {
  return message.role === "assistant" ? (message.toolCalls ?? []) : [];
}

function contentOf(message: Message, names: ToolNames): ContentBlock[] {
  switch (message.role) {
    case "user":
      return textBlocks(message.content);
    case "assistant":
      return [...textBlocks(message.content), ...callsOf(message).map((call) => toolUse(call, names))];
    case "tool":
      return message.results.map(toolResult);
  }
}

function textBlocks(text: string): ContentBlock[] {
  return isBlank(text) ? [] : [{ text }];
}

function toolUse({ id, name, input }: ToolCall, names: ToolNames): ContentBlock {
  return {
    toolUse: {
      toolUseId: toolUseId(id),
      name: names.toProvider(name),
      input: inputObject(input) as Document,
    },
  };
}

function toolResult({ callId, content, isError }: ToolResult): ContentBlock {
  const text = typeof content === "string" && !isBlank(content) ? content : JSON.stringify(content);
  return {
    toolResult: {
      toolUseId: toolUseId(callId),
      content: [{ text }],
      status: isError ? "error" : "success",
    },
  };
}

/** Ids of another provider, in a session that has moved to this one, may hold more than Bedrock takes. */
function toolUseId(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64);
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
