import { floatRepr } from "./number-format.js";
import { forbiddenFault, limitFault, runtimeFault } from "./template-fault.js";
import {
  Callable,
  isFloat,
  isInteger,
  isMapping,
  isRecord,
  Loop,
  mappingEntries,
  Namespace,
  numberOf,
  PyFloat,
  PyRange,
  PySet,
  PyTuple,
  PyView,
  sequenceItems,
  typeName,
  Undefined,
  undefinedFault,
} from "./values.js";
import type { Work } from "./work.js";

/** Python's `str(value)`, which is what printing does. */
export function toText(value: unknown, work: Work): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isInteger(value)) return integerText(value);
  if (value instanceof Undefined) {
    if (value.lenient) return "";
    throw undefinedFault(value);
  }
  return toRepr(value, work);
}

/** Python's `repr(value)`, used for whatever stands inside a list or map. */
export function toRepr(value: unknown, work: Work): string {
  work.step();
  switch (typeof value) {
    case "string":
      work.text(value.length);
      return stringRepr(value);
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
    case "number":
      return isInteger(value) ? integerText(value) : floatRepr(value as number);
    default:
      return value === null ? "None" : objectRepr(value, work);
  }
}

function integerText(value: number | bigint): string {
  if (typeof value === "number")
    return Math.abs(value) < 1e21
      ? Number.isSafeInteger(value)
        ? String(value === 0 ? 0 : value)
        : String(BigInt(value))
      : floatRepr(value);
  const bits = value < 0n ? -value : value;
  if (bits >> 14_300n !== 0n) throw limitFault("An integer is too long to print");
  return value.toString();
}

function objectRepr(value: unknown, work: Work): string {
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (value instanceof Undefined) {
    if (value.lenient) return "Undefined";
    throw undefinedFault(value);
  }
  if (value instanceof PyRange) return rangeRepr(value);
  work.enter();
  const text = containerRepr(value, work);
  work.leave();
  work.text(text.length);
  return text;
}

function rangeRepr(range: PyRange): string {
  return range.step === 1
    ? `range(${range.start}, ${range.stop})`
    : `range(${range.start}, ${range.stop}, ${range.step})`;
}

function containerRepr(value: unknown, work: Work): string {
  if (value instanceof PyTuple) return `(${joinReprs(value.items, work)}${value.items.length === 1 ? "," : ""})`;
  if (value instanceof PySet) return value.items.length === 0 ? "set()" : `{${joinReprs(value.items, work)}}`;
  if (value instanceof PyView) return `${value.kind}([${joinReprs(value.items, work)}])`;
  const items = sequenceItems(value);
  if (items !== undefined) return `[${joinReprs(items, work)}]`;
  if (isMapping(value)) return `{${entryReprs(mappingEntries(value), work)}}`;
  if (value instanceof Namespace) return `<Namespace {${entryReprs([...value.attributes], work)}}>`;
  throw opaqueFault(value);
}

function joinReprs(items: readonly unknown[], work: Work): string {
  return items.map((item) => toRepr(item, work)).join(", ");
}

function entryReprs(entries: readonly (readonly [unknown, unknown])[], work: Work): string {
  return entries.map(([key, item]) => `${toRepr(key, work)}: ${toRepr(item, work)}`).join(", ");
}

function opaqueFault(value: unknown): Error {
  if (value instanceof Callable) return runtimeFault(`\`${value.name}\` is a method; call it with \`()\``);
  if (value instanceof Loop)
    return runtimeFault("`loop` cannot be printed; use one of its fields, such as `loop.index`");
  return forbiddenFault("A value that is not plain data cannot be printed");
}

const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/u;

/** A string as Python writes it in a list: single quotes unless only double quotes avoid escapes. */
export function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let body = "";
  for (const char of text) body += escapeChar(char, quote);
  return quote + body + quote;
}

function escapeChar(char: string, quote: string): string {
  if (char === quote || char === "\\") return `\\${char}`;
  if (char === " " || (char > " " && char < "\x7f")) return char;
  if (char === "\n") return "\\n";
  if (char === "\r") return "\\r";
  if (char === "\t") return "\\t";
  if (!unprintable.test(char)) return char;
  const hex = (char.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** JSON as Python's `json.dumps(value, ensure_ascii=False)` writes it; lone surrogates and U+007F-9F become escapes. */
export function toJson(value: unknown, work: Work, indent?: string): string {
  return jsonText(value, work, indent, "\n");
}

function jsonText(value: unknown, work: Work, indent: string | undefined, newline: string): string {
  work.step();
  if (typeof value === "string") {
    work.text(value.length);
    return jsonString(value);
  }
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (isInteger(value)) return integerText(value);
  if (isFloat(value)) return jsonFloat(numberOf(value) ?? 0);
  const items = Array.isArray(value) || value instanceof PyTuple ? sequenceItems(value) : undefined;
  if (items === undefined && !isMapping(value)) throw runtimeFault(`A ${typeName(value)} cannot be written as JSON`);
  work.enter();
  const inner = newline + (indent ?? "");
  const parts =
    items === undefined
      ? mappingEntries(value as Readonly<Record<string, unknown>>).map(
          ([key, item]) => `${jsonKey(key)}: ${jsonText(item, work, indent, inner)}`,
        )
      : items.map((item) => jsonText(item, work, indent, inner));
  work.leave();
  const body =
    parts.length === 0 ? "" : indent === undefined ? parts.join(", ") : inner + parts.join(`,${inner}`) + newline;
  work.text(body.length);
  return items === undefined ? `{${body}}` : `[${body}]`;
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? floatRepr(value) : value > 0 ? "Infinity" : "-Infinity";
}

function jsonKey(key: unknown): string {
  if (typeof key === "string") return jsonString(key);
  if (key === null) return '"null"';
  if (typeof key === "boolean") return key ? '"true"' : '"false"';
  if (isInteger(key)) return `"${integerText(key)}"`;
  if (isFloat(key)) return `"${jsonFloat(numberOf(key) ?? 0)}"`;
  throw runtimeFault(`A ${typeName(key)} cannot be a key in JSON`);
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Copies plain data of the host, so that a method such as `append` never changes what the caller holds. */
export function copyPlain(
  value: unknown,
  work: Work,
  makeMap: () => { set(key: unknown, value: unknown): void },
): unknown {
  if (typeof value !== "object" || value === null) return value;
  const isList = Array.isArray(value);
  if (!isList && !isRecord(value)) return value;
  work.enter();
  let copy: unknown;
  if (isList) {
    work.items(value.length);
    copy = (sequenceItems(value) ?? []).map((item) => copyPlain(item, work, makeMap));
  } else {
    const map = makeMap();
    for (const [key, item] of mappingEntries(value)) {
      work.step();
      map.set(key, copyPlain(item, work, makeMap));
    }
    copy = map;
  }
  work.leave();
  return copy;
}
