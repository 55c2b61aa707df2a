import { type JsonValue, nearest, quoteValue, type SpecIssue } from "@strands/core";
import type { z } from "zod";
import { describePlace } from "./describe-place.js";
import { keysOf, schemaAt } from "./schema-at.js";
import { isSensitive } from "./sensitive-place.js";

type Path = readonly (string | number)[];
type ZodIssue = z.core.$ZodIssue;

/** Which parts of a document came from referenced files, so that their content is never shown. */
export type IsHidden = (path: readonly (string | number)[]) => boolean;

/** A problem with the path it stands at, before it has a position. */
export interface Found {
  readonly code: string;
  readonly path: Path;
  readonly message: string;
  readonly suggestion?: string;
  readonly severity: SpecIssue["severity"];
  /** What is missing, when the path is that of the mapping it is missing in. */
  readonly about?: Path;
  /** What was most likely meant: another name for the last key of the path, or another value there. */
  readonly fix?: { readonly name?: string; readonly set?: string };
}

/** Everything needed to put one of zod's issues into words. */
interface Context {
  readonly data: JsonValue;
  readonly base: Path;
  readonly schema: z.ZodType;
  readonly hidden: IsHidden;
}

/** Puts zod's issues into plain words: unions are narrowed to the variant that was meant, misspelt keys are paired. */
export function explainIssues(
  issues: readonly ZodIssue[],
  data: JsonValue,
  base: Path,
  schema: z.ZodType,
  hidden: IsHidden,
): Found[] {
  const context: Context = { data, base, schema, hidden };
  const narrowed = issues.flatMap((issue) => narrow(issue, [], schema, context));
  const renamed = new Set<string>();
  const found: Found[] = [];
  for (const entry of narrowed)
    if (entry.issue.code === "unrecognized_keys") unknownKeys(entry, context, renamed, found);
  for (const entry of narrowed) {
    if (entry.issue.code === "unrecognized_keys") continue;
    const one = explain(entry, context, renamed);
    if (one !== undefined) found.push(one);
  }
  return found;
}

/** An issue with its path from `base`, and the schema of the mapping or value it is about. */
interface Narrowed {
  readonly issue: ZodIssue;
  readonly path: Path;
  readonly schema: z.ZodType | undefined;
  /** The other variants, when the mapping could have been one of several. */
  readonly others: readonly z.ZodType[];
}

function narrow(
  issue: ZodIssue,
  prefix: Path,
  schema: z.ZodType | undefined,
  context: Context,
  others: readonly z.ZodType[] = [],
): Narrowed[] {
  const path = [...prefix, ...(issue.path as Path)];
  const own = schema === undefined ? undefined : schemaAt(schema, issue.path as Path, valueAt(context.data, prefix));
  if (issue.code === "unrecognized_keys") {
    const variant = variantOf(unionOptions(own), issue.keys, valueAt(context.data, path));
    return [variant === undefined ? { issue, path, schema: own, others } : { issue, path, ...variant }];
  }
  if (issue.code !== "invalid_union") return [{ issue, path, schema: own, others }];
  const variants = issue.errors.map((errors, index) => ({ errors, index, cost: costOf(errors) }));
  const [best] = variants.sort((a, b) => a.cost - b.cost || a.index - b.index);
  // Of several plain types none fits better than another: say them all.
  if (best === undefined || variants.every((variant) => variant.cost >= wrongKind)) {
    return [{ issue, path, schema: own, others }];
  }
  const options = unionOptions(own);
  const rest = options.filter((_, index) => index !== best.index);
  return best.errors.flatMap((error) => narrow(error, path, options[best.index], context, rest));
}

const wrongKind = 1000;

/** How far a value is from one variant of a union: keys too many and too few, or another kind of value altogether. */
function costOf(errors: readonly ZodIssue[]): number {
  let cost = 0;
  for (const error of errors) {
    if (error.code === "invalid_type" && error.path.length === 0) return wrongKind;
    if (error.code === "invalid_value" && error.path.length === 0)
      return error.values.length > 1 ? wrongKind - 1 : wrongKind;
    cost += error.code === "unrecognized_keys" ? error.keys.length * 2 : 1;
    if (error.code === "invalid_type" && error.path.length === 1) cost += 1;
  }
  return cost;
}

/** The variant zod chose by itself, because no other came into question: the one that lacks just these keys. */
function variantOf(options: readonly z.ZodType[], unknown: readonly string[], value: JsonValue | undefined) {
  const present = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const schema = options.find((option) => {
    const keys = keysOf(option);
    return present.every((key) => keys.includes(key) !== unknown.includes(key));
  });
  return schema === undefined ? undefined : { schema, others: options.filter((option) => option !== schema) };
}

function unionOptions(schema: z.ZodType | undefined): readonly z.ZodType[] {
  const definition = schema?._zod.def as { readonly options?: readonly z.ZodType[] } | undefined;
  return definition?.options ?? [];
}

/** Of one mapping, that is; a file with more of them is not a workflow. */
const maxUnknownKeys = 1000;

function unknownKeys(entry: Narrowed, context: Context, renamed: Set<string>, found: Found[]): void {
  if (entry.issue.code !== "unrecognized_keys") return;
  const path = [...context.base, ...entry.path];
  const allowed = keysOf(entry.schema);
  const value = valueAt(context.data, entry.path);
  const present = typeof value === "object" && value !== null ? new Set(Object.keys(value)) : new Set<string>();
  for (const key of entry.issue.keys.slice(0, maxUnknownKeys)) {
    const near = nearest(
      key,
      allowed.filter((name) => !present.has(name)),
    );
    const rival = near === undefined ? rivalOf(key, allowed, present, entry.others) : undefined;
    if (rival !== undefined) {
      const message = `\`${key}\` and \`${rival}\` cannot stand together in ${describePlace(path)}`;
      found.push({
        code: "unknown_key",
        path: [...path, key],
        message,
        suggestion: "keep one of the two",
        severity: "error",
      });
      continue;
    }
    if (near !== undefined) renamed.add(JSON.stringify([...path, near]));
    const place = describePlace(path);
    const name = context.hidden([...path, key]) ? "" : ` ${quoteValue(key)}`;
    found.push({
      code: "unknown_key",
      path: [...path, key],
      message: `unknown key${name} in ${place}`,
      severity: "error",
      ...suggestKey(near, allowed, present),
      ...(near === undefined ? {} : { fix: { name: near } }),
    });
  }
}

/** The key that rules this one out: each belongs to another variant of the mapping. */
function rivalOf(
  key: string,
  allowed: readonly string[],
  present: ReadonlySet<string>,
  others: readonly z.ZodType[],
): string | undefined {
  for (const other of others) {
    const keys = keysOf(other);
    if (keys.includes(key)) return allowed.find((name) => present.has(name) && !keys.includes(name));
  }
  return undefined;
}

function suggestKey(near: string | undefined, allowed: readonly string[], present: ReadonlySet<string>) {
  if (near !== undefined) return { suggestion: `did you mean \`${near}\`?` };
  const free = allowed.filter((name) => !present.has(name));
  if (allowed.length === 0) return {};
  if (free.length === 0) return { suggestion: "take it out" };
  return { suggestion: `it can have ${free.map((name) => `\`${name}\``).join(", ")}` };
}

/** One issue in words, or nothing when a misspelt key explains it already. */
function explain(entry: Narrowed, context: Context, renamed: ReadonlySet<string>): Found | undefined {
  const { issue } = entry;
  const path = [...context.base, ...entry.path];
  const value = valueAt(context.data, entry.path);
  const shown = context.hidden(path) || isSensitive(path) ? "" : shownValue(value);
  const at = { path, severity: "error" as const };
  const what = describePlace(path);
  if (value === undefined) {
    if (renamed.has(JSON.stringify(path))) return undefined;
    const key = String(path.at(-1));
    const place = describePlace(path.slice(0, -1));
    const message = `${quoteValue(key)} is missing in ${place}`;
    return { ...at, path: path.slice(0, -1), code: "missing_key", message, about: path };
  }
  switch (issue.code) {
    case "invalid_type":
      return {
        ...at,
        code: "type",
        message: `${what} must be ${kindName(issue.expected)}, not ${kindOf(value)}${shown}`,
      };
    case "invalid_value": {
      const choices = issue.values.map(String);
      const near = typeof value === "string" ? nearest(value, choices) : undefined;
      const all = `use ${choices.length === 1 ? "" : "one of "}${choices.map((choice) => `\`${choice}\``).join(", ")}`;
      const suggestion = near === undefined ? all : `did you mean \`${near}\`?`;
      return { ...at, code: "enum", message: `${what} cannot be${shown || " this"}`, suggestion };
    }
    case "too_small":
      return { ...at, code: "range", message: tooSmall(what, issue, shown) };
    case "too_big":
      return { ...at, code: "range", message: `${what} must be ${issue.maximum} at most${shown && `, not${shown}`}` };
    case "invalid_format":
      return {
        ...at,
        code: "identifier",
        message: `${what} holds characters that are not allowed${shown && `:${shown}`}`,
        suggestion: allowedCharacters(issue),
      };
    case "invalid_union":
      return { ...at, code: "type", message: `${what} must be ${unionKinds(issue)}, not ${kindOf(value)}${shown}` };
    case "custom":
      return custom(issue, at, what, shown);
    default:
      return { ...at, code: "type", message: `${what} is not what the format asks for` };
  }
}

function custom(issue: ZodIssue, at: { path: Path; severity: "error" }, what: string, shown: string): Found {
  const kind = issue.code === "custom" ? issue.params?.["kind"] : undefined;
  if (kind === "empty_map") return { ...at, code: "empty", message: `${what} needs at least one entry` };
  return {
    ...at,
    code: "duplicate_item",
    message: `${what} is given twice${shown && `:${shown}`}`,
    suggestion: "take one out",
  };
}

function tooSmall(what: string, issue: z.core.$ZodIssueTooSmall, shown: string): string {
  if (issue.origin === "array") {
    return `${what} needs at least ${issue.minimum === 1 ? "one entry" : `${issue.minimum} entries`}`;
  }
  if (issue.origin === "string") return `${what} must not be empty`;
  const bound = issue.inclusive === false ? `above ${issue.minimum}` : `${issue.minimum} at least`;
  return `${what} must be ${bound}${shown && `, not${shown}`}`;
}

function allowedCharacters(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (issue.pattern?.startsWith("/^[a-z0-9]") === true) return "use small letters, digits, `.`, `_` and `-`";
  if (issue.pattern?.includes(":") === true) return "use letters, digits, `.`, `_`, `:` and `-`";
  return "use letters, digits, `_` and `-`";
}

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function kindName(expected: string): string {
  return kinds[expected] ?? expected;
}

function unionKinds(issue: ZodIssue): string {
  if (issue.code !== "invalid_union") return "something else";
  const names = issue.errors.flatMap((errors) => {
    const [first] = errors;
    if (first?.code === "invalid_type") return [kindName(first.expected)];
    return first?.code === "invalid_value" ? ["a type name"] : [];
  });
  return [...new Set(names)].join(" or ");
}

function kindOf(value: JsonValue): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "the text";
  if (typeof value === "number") return "the number";
  return typeof value === "boolean" ? "the value" : "a mapping";
}

/** Scalars are shown, with a space before; of lists and mappings the kind says enough. */
function shownValue(value: JsonValue | undefined): string {
  return value === undefined || typeof value === "object" ? "" : ` ${quoteValue(value)}`;
}

function valueAt(data: JsonValue, path: Path): JsonValue | undefined {
  let value: JsonValue | undefined = data;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string | number, JsonValue>>)[part];
  }
  return value;
}
