import type { JSONOutputFormat, Tool, ToolChoice } from "@anthropic-ai/sdk/resources/messages";
import type { JsonObject, JsonValue } from "@strands/core";
import { isObject } from "@strands/provider-kit";
import type { ModelFamily } from "./model-family.js";

/** How the model is held to a JSON Schema. */
export type AnswerShape =
  | { readonly mode: "format"; readonly format: JSONOutputFormat }
  | { readonly mode: "tool"; readonly tool: Tool; readonly choice: ToolChoice }
  /** Not held: the engine checks the answer and asks again. */
  | { readonly mode: "none" };

/** The SDK's function that rewrites a schema to what `output_config.format` allows. */
export type ToFormat = (schema: JsonObject) => JSONOutputFormat;

/**
 * The strongest mode that the model has: its own format where it can say the schema, on older models a tool that has to be called,
 * whose arguments are the answer.
 *
 * @param toolName name of that tool, different from those of the agent
 * @param otherTools whether the agent has tools, which the model may call first
 */
export function answerShape(
  schema: JsonObject | undefined,
  family: ModelFamily,
  toFormat: ToFormat,
  { toolName, otherTools }: { readonly toolName: string; readonly otherTools: boolean },
): AnswerShape {
  if (schema?.["type"] !== "object") return { mode: "none" };
  if (family.structuredOutput) {
    return isClosed(schema) && !isRecursive(schema) ? { mode: "format", format: toFormat(schema) } : { mode: "none" };
  }
  const tool: Tool = {
    name: toolName,
    description: "Gives the final answer. Call it once, when the answer is complete.",
    // The cast says what was checked above: the type is `object`.
    input_schema: schema as unknown as Tool.InputSchema,
  };
  const choice: ToolChoice = otherTools ? { type: "any" } : { type: "tool", name: toolName };
  return { mode: "tool", tool, choice };
}

/** Keywords whose values are schemas by name, or one schema, or several. */
const schemaMaps = ["properties", "$defs"];
const schemaPlaces = ["items", "anyOf", "oneOf", "allOf"];

/**
 * Whether all objects in it list their properties and every schema says what it is. The format closes all objects, so that one with
 * free names could only be empty.
 */
function isClosed(schema: JsonValue): boolean {
  if (!isObject(schema)) return false;
  if (typeof schema["$ref"] === "string") return schema["$ref"].startsWith("#/$defs/");
  const { type, properties, patternProperties, additionalProperties } = schema;
  if (type === "object") {
    if (patternProperties !== undefined || isObject(additionalProperties)) return false;
    if (!isObject(properties) || Object.keys(properties).length === 0) return false;
  }
  const says = ["type", "enum", "const", "anyOf", "oneOf", "allOf"].some((key) => Object.hasOwn(schema, key));
  return says && childrenOf(schema).every(isClosed);
}

/** Whether a definition refers to a definition, which may close a circle: the format refuses those. */
function isRecursive(schema: JsonObject): boolean {
  const definitions = schema["$defs"];
  return isObject(definitions) && Object.values(definitions).some(hasReference);
}

function hasReference(schema: JsonValue): boolean {
  return isObject(schema) && (Object.hasOwn(schema, "$ref") || childrenOf(schema).some(hasReference));
}

function childrenOf(schema: JsonObject): JsonValue[] {
  const named = schemaMaps.flatMap((key) => (isObject(schema[key]) ? Object.values(schema[key]) : []));
  return [...named, ...schemaPlaces.flatMap((key) => schema[key] ?? [])];
}
