import type { JsonObject, ModelRequest, ToolDeclaration } from "@strands/core";
import type { ToolNames } from "@strands/provider-kit";
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionFunctionTool,
} from "openai/resources/chat/completions";
import { fitsStrictSchema } from "./fits-strict-schema.js";
import { toOpenAIMessages } from "./to-openai-messages.js";

/** The request as the API takes it. What nobody set is not sent. */
export function toOpenAIRequest(
  request: ModelRequest,
  modelId: string,
  names: ToolNames,
  reasoning: boolean,
): ChatCompletionCreateParamsStreaming {
  const { temperature, topP, maxTokens, tools, outputSchema } = request;
  return {
    model: modelId,
    messages: toOpenAIMessages(request, names),
    stream: true,
    stream_options: { include_usage: true },
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => toTool(tool, names)) }),
    ...(reasoning || temperature === undefined ? {} : { temperature }),
    ...(reasoning || topP === undefined ? {} : { top_p: topP }),
    ...(maxTokens === undefined ? {} : { [reasoning ? "max_completion_tokens" : "max_tokens"]: maxTokens }),
    ...responseFormat(outputSchema),
  };
}

function toTool({ name, description, inputSchema }: ToolDeclaration, names: ToolNames): ChatCompletionFunctionTool {
  return { type: "function", function: { name: names.toProvider(name), description, parameters: inputSchema } };
}

/** The API takes objects only; any other schema is left to the engine's own check. */
function responseFormat(
  schema: JsonObject | undefined,
): Pick<ChatCompletionCreateParamsStreaming, "response_format"> | undefined {
  if (schema?.["type"] !== "object") return undefined;
  return {
    response_format: {
      type: "json_schema",
      json_schema: { name: "answer", schema, strict: fitsStrictSchema(schema) },
    },
  };
}
