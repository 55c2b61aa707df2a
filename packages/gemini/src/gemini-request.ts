import type { FunctionDeclaration, GenerateContentConfig, GenerateContentParameters } from "@google/genai";
import type { ModelRequest, ToolDeclaration } from "@strands/core";
import { ToolNames } from "@strands/provider-kit";
import { toGeminiMessages } from "./to-gemini-messages.js";

/** A request as `generateContentStream` takes it, and what is needed to read the answer. */
export interface GeminiRequest {
  readonly parameters: GenerateContentParameters;
  readonly names: ToolNames;
}

/** Translates a request. What the agent does not set is not sent. */
export function toGeminiRequest(
  request: ModelRequest,
  modelId: string,
  transport: Pick<GenerateContentConfig, "abortSignal" | "httpOptions">,
): GeminiRequest {
  const names = new ToolNames(request.tools.map(({ name }) => name));
  const config: GenerateContentConfig = {
    ...transport,
    ...(request.system.trim() === "" ? {} : { systemInstruction: request.system }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.topP === undefined ? {} : { topP: request.topP }),
    ...(request.maxTokens === undefined ? {} : { maxOutputTokens: request.maxTokens }),
    ...(request.tools.length === 0
      ? {}
      : { tools: [{ functionDeclarations: request.tools.map((tool) => declarationOf(tool, names)) }] }),
    ...structuredOutput(request, modelId),
  };
  return { parameters: { model: modelId, contents: toGeminiMessages(request.messages, names), config }, names };
}

/** Models before Gemini 3 refuse JSON mode together with tools: then the engine alone holds the answer to its schema. */
function structuredOutput({ outputSchema, tools }: ModelRequest, modelId: string): GenerateContentConfig {
  const refused = tools.length > 0 && /gemini-[12](?:\.|-|$)/.test(modelId);
  if (outputSchema === undefined || refused) return {};
  return { responseMimeType: "application/json", responseJsonSchema: outputSchema };
}

function declarationOf({ name, description, inputSchema }: ToolDeclaration, names: ToolNames): FunctionDeclaration {
  const { properties } = inputSchema;
  const takesNothing = properties === undefined || Object.keys(Object(properties)).length === 0;
  return {
    name: names.toProvider(name),
    description,
    // An object without properties is refused where a schema is left out.
    ...(takesNothing ? {} : { parametersJsonSchema: inputSchema }),
  };
}
