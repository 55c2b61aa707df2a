import type { JsonObject, JsonValue } from "@strands/core";

/** How a sample is made. */
export interface SampleOptions {
  /** What texts are about. */
  readonly topic: string;
  /** Whether properties that are not required are given too. */
  readonly optional: boolean;
}

/** Whether a value looks like a JSON Schema rather than like an example. */
export function isSchema(value: JsonValue): value is JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return "$schema" in value || (typeof own(value, "type") === "string" && ("properties" in value || "items" in value));
}

/** A plausible value for a JSON Schema: the same for the same schema and topic, never deep, never large. */
export function sampleValue(schema: JsonValue, options: SampleOptions): JsonValue {
  return sample(schema, options, "", schema, 0);
}

function sample(
  schema: JsonValue | undefined,
  options: SampleOptions,
  name: string,
  root: JsonValue,
  depth: number,
): JsonValue {
  if (!isObject(schema) || depth > 8) return textFor(name, options.topic);
  const reference = own(schema, "$ref");
  if (typeof reference === "string") return sample(resolve(reference, root), options, name, root, depth + 1);
  for (const key of ["const", "default"]) {
    const given = own(schema, key);
    if (given !== undefined) return given;
  }
  for (const key of ["enum", "examples"]) {
    const given = own(schema, key);
    if (Array.isArray(given) && given[0] !== undefined) return given[0] as JsonValue;
  }
  for (const key of ["anyOf", "oneOf", "allOf"]) {
    const given = own(schema, key);
    const chosen = Array.isArray(given)
      ? (given.find((each) => own(each, "type") !== "null") as JsonValue | undefined)
      : undefined;
    if (chosen !== undefined) return sample(chosen, options, name, root, depth + 1);
  }
  return sampleByType(schema, options, name, root, depth);
}

function sampleByType(
  schema: JsonObject,
  options: SampleOptions,
  name: string,
  root: JsonValue,
  depth: number,
): JsonValue {
  switch (typeOf(schema)) {
    case "object":
      return sampleObject(schema, options, root, depth);
    case "array": {
      const count = Math.min(4, Math.max(numberOf(schema, "minItems") ?? 1, 1));
      if (numberOf(schema, "maxItems") === 0 || depth > 6) return [];
      return Array.from({ length: count }, () =>
        sample(own(schema, "items"), options, singular(name), root, depth + 1),
      );
    }
    case "integer":
    case "number":
      return numberFor(schema, name);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return sized(formatted(own(schema, "format")) ?? textFor(name, options.topic), schema);
  }
}

function sampleObject(schema: JsonObject, options: SampleOptions, root: JsonValue, depth: number): JsonObject {
  const properties = own(schema, "properties");
  const required = own(schema, "required");
  const needed = Array.isArray(required) ? required.filter((each): each is string => typeof each === "string") : [];
  const names = options.optional && isObject(properties) ? [...Object.keys(properties), ...needed] : needed;
  const chosen = [...new Set(names)].slice(0, 32);
  return Object.fromEntries(
    chosen.map((each) => [each, sample(own(properties, each), options, each, root, depth + 1)]),
  );
}

function typeOf(schema: JsonObject): string | undefined {
  const type = own(schema, "type");
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return type.find((each): each is string => typeof each === "string" && each !== "null");
  if (own(schema, "properties") !== undefined || own(schema, "required") !== undefined) return "object";
  return own(schema, "items") === undefined ? undefined : "array";
}

function numberFor(schema: JsonObject, name: string): number {
  const least = numberOf(schema, "minimum") ?? exclusive(schema, "exclusiveMinimum", 1);
  const most = numberOf(schema, "maximum") ?? exclusive(schema, "exclusiveMaximum", -1);
  const usual = /year/i.test(name) ? 2025 : 3;
  const value = Math.min(most ?? Number.MAX_SAFE_INTEGER, Math.max(least ?? -Number.MAX_SAFE_INTEGER, usual));
  const step = numberOf(schema, "multipleOf");
  return step === undefined || step <= 0 ? value : Math.ceil(value / step) * step;
}

function exclusive(schema: JsonObject, key: string, inward: number): number | undefined {
  const limit = numberOf(schema, key);
  return limit === undefined ? undefined : limit + inward;
}

function formatted(format: JsonValue | undefined): string | undefined {
  if (typeof format !== "string") return undefined;
  const samples: Readonly<Record<string, string>> = {
    date: "2025-01-01",
    "date-time": "2025-01-01T12:00:00Z",
    time: "12:00:00Z",
    email: "someone@example.com",
    uri: "https://example.com/",
    url: "https://example.com/",
    uuid: "00000000-0000-4000-8000-000000000000",
  };
  return Object.hasOwn(samples, format) ? samples[format] : undefined;
}

const texts: readonly (readonly [RegExp, string])[] = [
  [/expression|formula|calculation/i, "2 + 2"],
  [/url|uri|link|website/i, "https://example.com/"],
  [/e-?mail/i, "someone@example.com"],
  [/path|file(?:name)?$|directory|folder/i, "notes.md"],
  [/city|location|place|address/i, "Paris"],
  [/time_?zone/i, "UTC"],
  [/language|locale/i, "en"],
  [/date|day/i, "2025-01-01"],
  [/^code$|script|snippet/i, "print(1)"],
  [/(?:^|_)id$|Id$/, "example-1"],
];

function textFor(name: string, topic: string): string {
  return texts.find(([pattern]) => pattern.test(name))?.[1] ?? topic;
}

function sized(text: string, schema: JsonObject): string {
  const least = Math.min(1000, numberOf(schema, "minLength") ?? 0);
  const most = numberOf(schema, "maxLength") ?? Number.POSITIVE_INFINITY;
  return text.padEnd(least, ".").slice(0, Math.max(0, most));
}

function singular(name: string): string {
  return name.replace(/s$/, "");
}

function resolve(reference: string, root: JsonValue): JsonValue | undefined {
  if (!reference.startsWith("#")) return undefined;
  const parts = reference
    .slice(1)
    .split("/")
    .filter((part) => part !== "");
  return parts.reduce<JsonValue | undefined>(
    (value, part) => own(value, part.replaceAll("~1", "/").replaceAll("~0", "~")),
    root,
  );
}

function numberOf(schema: JsonObject, key: string): number | undefined {
  const value = own(schema, key);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function own(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
