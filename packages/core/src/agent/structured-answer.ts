import { readJsonAnswer } from "../model/json-answer.js";
import type { SchemaProblem } from "../model/json-schema.js";
import { listProblems, schemaProblems } from "../model/json-schema.js";
import type { JsonObject, JsonValue } from "../spec/json.js";

/**
 * Reads an answer that has to fit a schema: the first JSON value in it that does.
 *
 * @returns the value, or what is wrong with the answer in words for the model
 */
export function readStructured(
  schema: JsonObject,
  text: string,
): { readonly data: JsonValue } | { readonly problem: string } {
  let problems: readonly SchemaProblem[] | undefined;
  const found = readJsonAnswer(text, (value) => {
    const misfit = schemaProblems(schema, value);
    problems ??= misfit;
    return misfit.length === 0 ? { data: value } : undefined;
  });
  if (found !== undefined) return found;
  return { problem: problems === undefined ? "there is no JSON value in it" : listProblems(problems) };
}

/**
 * The value of an answer that was accepted when it came. What a later version would judge otherwise is taken as it is: the
 * decision has been recorded.
 */
export function acceptedData(schema: JsonObject, text: string): JsonValue {
  const read = readStructured(schema, text);
  return "data" in read ? read.data : (readJsonAnswer(text, (value) => ({ value }))?.value ?? null);
}

/** What a model is told about the shape of its answers. */
export function schemaInstruction(schema: JsonObject): string {
  return `Your final answer is one JSON value and nothing else. It has to fit this JSON Schema:\n${JSON.stringify(schema)}`;
}

/** Asks again for an answer that did not fit. */
export function correctionFor(problem: string, cutOff: boolean): string {
  const cut = cutOff ? " It was cut off at its length limit: make it shorter." : "";
  return `Your last answer does not fit the JSON Schema asked for: ${problem}.${cut} Give the whole answer again as one JSON value that fits, without any other text.`;
}
