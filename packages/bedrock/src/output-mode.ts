import type { ConverseStreamRequest } from "@aws-sdk/client-bedrock-runtime";
import type { JsonObject, JsonValue } from "@strands/core";
import { toolSpec } from "./to-bedrock-messages.js";

/**
 * How a model is held to an output schema: by Converse's own `outputConfig`, by a tool it has to call with the answer, or not at
 * all. Which of them a model has is known to the service alone, and changes.
 */
export type OutputMode = "native" | "tool" | "none";

/** Id of the tool that takes the answer. Ids of a workflow hold no blanks. */
export const answerTool = "give answer";

/**
 * The mode to go on with when a model has refused the one it was asked in.
 *
 * @returns `undefined` when the refusal is about something else
 */
export function nextOutputMode(mode: OutputMode, error: unknown): OutputMode | undefined {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  if (name !== "ValidationException" || typeof message !== "string") return undefined;
  if (mode === "native" && /output_?(?:config|format)|text_?format|structured.?output|schema/i.test(message))
    return "tool";
  if (mode === "tool" && /tool/i.test(message)) return "none";
  return undefined;
}

/** Adds to a request what holds the model to a schema. */
export function withOutputSchema(
  input: ConverseStreamRequest,
  schema: JsonObject,
  mode: OutputMode,
  toolName: string,
): ConverseStreamRequest {
  switch (mode) {
    case "native":
      return {
        ...input,
        outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema: definition(schema) } } },
      };
    case "tool":
      return {
        ...input,
        toolConfig: {
          tools: [
            ...(input.toolConfig?.tools ?? []),
            toolSpec(toolName, "Takes your answer. Call it once, at the end.", schema),
          ],
          // Some tool has to be called: one of the agent's own on the way, this one at the end.
          toolChoice: { any: {} },
        },
      };
    case "none":
      return input;
  }
}

function definition(schema: JsonObject): { name: string; schema: string } {
  return { name: "answer", schema: JSON.stringify(closed(schema)) };
}

/** The service takes no object that may hold more than it says; an answer that fits this fits the schema as well. */
function closed(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(
    // These hold values, not schemas.
    Object.entries(schema).map(([key, value]) => [key, key === "enum" || key === "const" ? value : closed(value)]),
  );
  return inner["type"] === "object" && typeof inner["properties"] === "object"
    ? { additionalProperties: false, ...inner }
    : inner;
}
