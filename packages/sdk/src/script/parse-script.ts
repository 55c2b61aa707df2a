import { InputError, type JsonValue, type Usage } from "@strands/core";
import type {
  AnswerScript,
  ProviderErrorCode,
  ScriptedAnswer,
  ScriptedError,
  ScriptedToolCall,
} from "./answer-script.js";

/**
 * Makes a script of the plain data of an answers file:
 *
 * ```yaml
 * steps/0: One answer, for every call of this step
 * steps/1: [The first answer, The answer when a person has sent it back]
 * writer:
 *   text: An answer of this agent, in whatever step
 *   error: { code: PROVIDER_RATE_LIMIT, times: 2, retryAfterMs: 500 }
 * analyst:
 *   - toolCalls: [{ name: calculator, input: { expression: 6 * 7 } }]
 *   - text: It is 42
 *     usage: { inputTokens: 120, outputTokens: 8 }
 * ```
 *
 * @param data the parsed YAML or JSON
 * @param file its name, for messages
 * @throws InputError `INPUT_INVALID` when the data has another shape; the message says where
 */
export function parseScript(data: unknown, file: string): AnswerScript {
  const entries = Object.entries(record(data, { file, path: "" }));
  return {
    file,
    answers: new Map(entries.map(([key, value]) => [key, answersOf(value, { file, path: key })])),
  };
}

/** A place in the file. */
interface Place {
  readonly file: string;
  readonly path: string;
}

function answersOf(value: unknown, place: Place): readonly ScriptedAnswer[] {
  if (!Array.isArray(value)) return [answerOf(value, place)];
  if (value.length === 0) throw problem(place, "is an empty list", "Give at least one answer, or leave the key out.");
  return value.map((item, index) => answerOf(item, at(place, `[${index}]`)));
}

function answerOf(value: unknown, place: Place): ScriptedAnswer {
  if (typeof value === "string") return { text: value, toolCalls: [], usage: undefined, error: undefined };
  const fields = record(value, place);
  onlyKeys(fields, ["text", "toolCalls", "usage", "error"], place);
  const text = optional(fields, "text", place, string);
  const toolCalls = optional(fields, "toolCalls", place, toolCallsOf) ?? [];
  const error = optional(fields, "error", place, errorOf);
  if (text === undefined && toolCalls.length === 0 && error === undefined) {
    throw problem(place, "has neither `text` nor `toolCalls` nor `error`", "Give one of them.");
  }
  return { text, toolCalls, usage: optional(fields, "usage", place, usageOf), error };
}

function toolCallsOf(value: unknown, place: Place): readonly ScriptedToolCall[] {
  if (!Array.isArray(value)) throw problem(place, `is ${kindOf(value)}`, "Give a list of `{ name, input }`.");
  return value.map((item, index) => {
    const here = at(place, `[${index}]`);
    const fields = record(item, here);
    onlyKeys(fields, ["name", "input"], here);
    if (!Object.hasOwn(fields, "name")) throw problem(here, "has no `name`", "Name the tool to call.");
    return { name: string(fields["name"], at(here, ".name")), input: optional(fields, "input", here, json) ?? {} };
  });
}

function usageOf(value: unknown, place: Place): Usage {
  const fields = record(value, place);
  onlyKeys(fields, ["inputTokens", "outputTokens"], place);
  return {
    inputTokens: optional(fields, "inputTokens", place, wholeNumber) ?? 0,
    outputTokens: optional(fields, "outputTokens", place, wholeNumber) ?? 0,
  };
}

function errorOf(value: unknown, place: Place): ScriptedError {
  const fields = typeof value === "string" ? { code: value } : record(value, place);
  onlyKeys(fields, ["code", "times", "message", "retryAfterMs"], place);
  const code = fields["code"];
  if (typeof code !== "string" || !Object.hasOwn(providerErrorCodes, code)) {
    throw problem(
      at(place, ".code"),
      `is ${shown(code)}`,
      `Give one of ${Object.keys(providerErrorCodes).join(", ")}.`,
    );
  }
  return {
    code: code as ProviderErrorCode,
    times: optional(fields, "times", place, wholeNumber) ?? Number.POSITIVE_INFINITY,
    message: optional(fields, "message", place, string) ?? `The script answers with ${code}`,
    retryAfterMs: optional(fields, "retryAfterMs", place, wholeNumber),
  };
}

/** Every code of a provider: the type check finds one that is missing. */
const providerErrorCodes: Readonly<Record<ProviderErrorCode, true>> = {
  PROVIDER_NOT_CONFIGURED: true,
  PROVIDER_AUTH: true,
  PROVIDER_RATE_LIMIT: true,
  PROVIDER_TIMEOUT: true,
  PROVIDER_UNAVAILABLE: true,
  PROVIDER_BAD_REQUEST: true,
  PROVIDER_BAD_RESPONSE: true,
  PROVIDER_CONTENT_FILTER: true,
  PROVIDER_CONTEXT_OVERFLOW: true,
};

function optional<T>(
  fields: Readonly<Record<string, unknown>>,
  key: string,
  place: Place,
  read: (value: unknown, place: Place) => T,
): T | undefined {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return value === undefined || value === null ? undefined : read(value, at(place, `.${key}`));
}

function string(value: unknown, place: Place): string {
  if (typeof value !== "string")
    throw problem(place, `is ${kindOf(value)}`, "Give a text; quote it if it looks like a number.");
  return value;
}

function wholeNumber(value: unknown, place: Place): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0)
    throw problem(place, `is ${shown(value)}`, "Give a whole number, 0 or more.");
  return Number(value);
}

/** Takes what JSON can say; anything else, such as a date that YAML made, is refused. */
function json(value: unknown, place: Place, depth = 0): JsonValue {
  if (depth > 64) throw problem(place, "is nested too deeply", "Stay within 64 levels.");
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => json(item, at(place, `[${index}]`), depth + 1));
  const entries = Object.entries(record(value, place));
  return Object.fromEntries(entries.map(([key, item]) => [key, json(item, at(place, `.${key}`), depth + 1)]));
}

function record(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || prototype === null) return value as Readonly<Record<string, unknown>>;
  const hint =
    place.path === ""
      ? "Give a map of step keys or agent ids to answers, such as `steps/0: Hello`."
      : "Give a text, a list of answers, or an object with `text`, `toolCalls`, `usage` or `error`.";
  throw problem(place, `is ${kindOf(value)}`, hint);
}

function onlyKeys(fields: Readonly<Record<string, unknown>>, known: readonly string[], place: Place): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const plain = (key: string): string => key.replaceAll("_", "").toLowerCase();
  const meant = known.find((key) => plain(key) === plain(unknown));
  throw problem(
    place,
    `has the unknown key \`${unknown}\``,
    meant === undefined ? `Known keys: ${known.join(", ")}.` : `Did you mean \`${meant}\`?`,
  );
}

function problem(place: Place, what: string, hint: string): InputError {
  const where = place.path === "" ? "The script" : `\`${place.path}\``;
  return new InputError(`${place.file}: ${where} ${what}`, { hint, details: { file: place.file, path: place.path } });
}

function at(place: Place, part: string): Place {
  return { file: place.file, path: `${place.path}${part}` };
}

function shown(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? `\`${value}\`` : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  return typeof value === "object" ? "an object" : `a ${typeof value === "string" ? "text" : typeof value}`;
}
