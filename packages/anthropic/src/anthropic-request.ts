import type { MessageCreateParamsStreaming, Tool } from "@anthropic-ai/sdk/resources/messages";
import type { ModelRequest, ToolDeclaration } from "@strands/core";
import { ToolNames } from "@strands/provider-kit";
import { modelFamily } from "./model-family.js";
import { answerShape, type ToFormat } from "./structured-output.js";
import { toAnthropicMessages } from "./to-anthropic-messages.js";

/** A request as the Messages API takes it, and what is needed to read the answer. */
export interface AnthropicRequest {
  readonly body: MessageCreateParamsStreaming;
  readonly names: ToolNames;
  /** Name of the tool whose arguments are the answer, when there is one. */
  readonly answerTool: string | undefined;
}

/** No tool of a spec has this id: it is not one that a spec may hold. */
const answerToolId = "strands answer";

/** Translates a request. What the agent does not set is not sent, except for `max_tokens`, which the API needs. */
export function toAnthropicRequest(request: ModelRequest, modelId: string, toFormat: ToFormat): AnthropicRequest {
  const names = new ToolNames([...request.tools.map(({ name }) => name), answerToolId]);
  const family = modelFamily(modelId);
  const toolName = names.toProvider(answerToolId);
  const otherTools = request.tools.length > 0;
  const shape = answerShape(request.outputSchema, family, toFormat, { toolName, otherTools });
  const tools = [...request.tools.map((tool) => toTool(tool, names)), ...(shape.mode === "tool" ? [shape.tool] : [])];
  const body: MessageCreateParamsStreaming = {
    model: modelId,
    stream: true,
    max_tokens: request.maxTokens ?? family.maxTokens,
    messages: toAnthropicMessages(request.messages, names),
    ...(request.system.trim() === "" ? {} : { system: request.system }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.topP === undefined ? {} : { top_p: request.topP }),
    ...(tools.length === 0 ? {} : { tools }),
    ...(shape.mode === "tool" ? { tool_choice: shape.choice } : {}),
    ...(shape.mode === "format" ? { output_config: { format: shape.format } } : {}),
  };
  return { body, names, answerTool: shape.mode === "tool" ? toolName : undefined };
}

function toTool({ name, description, inputSchema }: ToolDeclaration, names: ToolNames): Tool {
  return {
    name: names.toProvider(name),
    ...(description === "" ? {} : { description }),
    // The API wants an object at the top, and tools without a schema take none.
    input_schema: { ...inputSchema, type: "object" },
  };
}
