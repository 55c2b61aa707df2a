import type { JsonValue } from "@strands/core";
import { isPlainObject } from "../field/spec-path.js";

/** A piece of JavaScript that knows how to stand at an indentation. */
export type Code = (indent: string) => string;

/** A call of a method: its name and arguments. `undefined` at the end is left out. */
export type Call = readonly [method: string, ...args: (Code | undefined)[]];

const lineWidth = 100;

/** Data as a literal, on one line when it fits. */
export function literal(value: JsonValue): Code {
  return (indent) => {
    if (typeof value === "string") return textLiteral(value);
    if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
    if (typeof value !== "object" || value === null) return String(value);
    const parts = (inner: string): readonly string[] =>
      Array.isArray(value)
        ? (value as readonly JsonValue[]).map((item) => literal(item)(inner))
        : Object.entries(value).map(([key, member]) => `${keyOf(key)}: ${literal(member as JsonValue)(inner)}`);
    const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{ ", " }"];
    const line = `${open}${parts(indent).join(", ")}${close}`;
    if (parts(indent).length === 0) return Array.isArray(value) ? "[]" : "{}";
    if (!line.includes("\n") && indent.length + line.length <= lineWidth) return line;
    const lines = parts(`${indent}  `).map((part) => `${indent}  ${part},\n`);
    return `${open.trim()}\n${lines.join("")}${indent}${close.trim()}`;
  };
}

/** Options as a literal; nothing when there are none. */
export function options(value: JsonValue): Code | undefined {
  return isPlainObject(value) && Object.keys(value).length === 0 ? undefined : literal(value);
}

/** A callback that takes a builder and gives it back after these calls. */
export function callback(parameter: string, calls: readonly Call[]): Code {
  return (indent) => {
    const inner = `${indent}  `;
    return `(${parameter}) =>\n${inner}${parameter}${chained(calls, `${inner}  `)},\n${indent}`;
  };
}

/** Calls one below the other. */
export function chained(calls: readonly Call[], indent: string): string {
  return calls.map((call) => `\n${indent}.${callText(call, indent)}`).join("");
}

function callText([method, ...args]: Call, indent: string): string {
  const given = args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
  const texts = (at: string): readonly string[] => given.map((arg) => arg?.(at) ?? "undefined");
  const line = `${method}(${texts(indent).join(", ")})`;
  const isShort = !line.includes("\n") && indent.length + line.length <= lineWidth;
  // A last argument that is broken already hugs the parentheses.
  const hugs = given.slice(0, -1).every((_, index) => !texts(indent)[index]?.includes("\n"));
  const first = line.split("\n", 1)[0] ?? "";
  if (isShort || (hugs && line.includes("\n") && indent.length + first.length <= lineWidth)) return line;
  const inner = `${indent}  `;
  return `${method}(\n${texts(inner)
    .map((text) => `${inner}${text},\n`)
    .join("")}${indent})`;
}

function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

/** Characters that do not show, or act on a terminal or the order of text. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu;

/** A text of several lines as it looks, any other in quotes. */
function textLiteral(text: string): string {
  if (text.trim().includes("\n")) {
    const body = text
      .replace(/[\\`]|\$(?=\{)/g, (character) => `\\${character}`)
      .replace(hidden, (character) => (character === "\n" ? character : escaped(character)));
    return `\`${body}\``;
  }
  return quoted(text);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(hidden, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
