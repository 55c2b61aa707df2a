import type { AccessContext } from "./access.js";
import { readAttribute, readItem } from "./access.js";
import { bindArguments, intArgument, textArgument } from "./call-arguments.js";
import { iterate } from "./iteration.js";
import { capitalize, isLower, isTitle, isUpper, swapCase, titleCase } from "./string-case.js";
import { braceFormat, type FieldReader } from "./string-format.js";
import { runtimeFault } from "./template-fault.js";
import type { CallArguments } from "./values.js";
import { codePointLength, codePointSlice, codePoints, isMapping, mappingGet, PyTuple, typeName } from "./values.js";
import type { Work } from "./work.js";

/** One method of text. */
export type StringMethod = (text: string, call: CallArguments, context: AccessContext) => unknown;

const space = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const leadingSpace = new RegExp(`^[${space}]+`, "u");
const onlySpace = new RegExp(`^[${space}]+$`, "u");
const wordGap = new RegExp(`[${space}]+`, "u");
const spaceTest = new RegExp(`[${space}]`, "u");
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python ends lines at these too
const lineBreak = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

function stripEnds(text: string, chars: string | undefined, left: boolean, right: boolean): string {
  if (chars === undefined) {
    const start = left ? text.replace(leadingSpace, "") : text;
    let end = start.length;
    while (right && end > 0 && spaceTest.test(start.charAt(end - 1))) end--;
    return start.slice(0, end);
  }
  const set = new Set(chars);
  const points = codePoints(text);
  let first = 0;
  let last = points.length;
  while (left && first < last && set.has(points[first] ?? "")) first++;
  while (right && last > first && set.has(points[last - 1] ?? "")) last--;
  return points.slice(first, last).join("");
}

/** Python's `str.strip()`. */
export function strip(text: string, chars?: string): string {
  return stripEnds(text, chars, true, true);
}

/** Python's `str.split()` without arguments. */
function splitWords(text: string): string[] {
  const trimmed = strip(text);
  return trimmed === "" ? [] : trimmed.split(wordGap);
}

/** Python's `str.splitlines()`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(lineBreak)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(start, keepEnds ? end : match.index));
    start = end;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** Python's `str.replace`, announced to the budget before it is built. */
export function replaceText(text: string, old: string, replacement: string, count: number, work: Work): string {
  const parts = old === "" ? ["", ...codePoints(text), ""] : text.split(old);
  const times = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
  work.step(1 + (parts.length >> 3));
  work.text(text.length + times * Math.max(0, replacement.length - old.length));
  const head = parts.slice(0, times + 1).join(replacement);
  return times + 1 >= parts.length ? head : [head, ...parts.slice(times + 1)].join(old);
}

function optionalText(value: unknown, owner: string): string | undefined {
  return value === undefined || value === null ? undefined : textArgument(value, owner);
}

function split(text: string, call: CallArguments, fromRight: boolean, work: Work): string[] {
  const owner = fromRight ? "rsplit" : "split";
  const [sepValue, limitValue] = bindArguments(call, owner, ["sep", "maxsplit"]);
  const sep = optionalText(sepValue, owner);
  const limit = intArgument(limitValue, owner, -1);
  if (sep === "") throw runtimeFault(`\`${owner}\` needs a separator that is not empty`);
  const parts = sep === undefined ? splitWords(text) : text.split(sep);
  work.items(parts.length);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  if (sep !== undefined) {
    return fromRight
      ? [parts.slice(0, parts.length - limit).join(sep), ...parts.slice(parts.length - limit)]
      : [...parts.slice(0, limit), parts.slice(limit).join(sep)];
  }
  return splitSpaces(text, limit, fromRight);
}

function splitSpaces(text: string, limit: number, fromRight: boolean): string[] {
  const words: string[] = [];
  let rest = stripEnds(text, undefined, !fromRight, fromRight);
  const edge = fromRight ? new RegExp(`[^${space}]+$`, "u") : new RegExp(`^[^${space}]+`, "u");
  for (let round = 0; round < limit && rest !== ""; round++) {
    const word = edge.exec(rest)?.[0] ?? "";
    if (fromRight) words.unshift(word);
    else words.push(word);
    rest = stripEnds(
      fromRight ? rest.slice(0, rest.length - word.length) : rest.slice(word.length),
      undefined,
      !fromRight,
      fromRight,
    );
  }
  if (rest !== "") words[fromRight ? "unshift" : "push"](rest);
  return words;
}

function affix(text: string, call: CallArguments, owner: "startswith" | "endswith"): boolean {
  const [value, start, end] = bindArguments(call, owner, ["affix", "start", "end"], 1);
  const part = window(text, start, end, owner);
  const options = value instanceof PyTuple ? value.items : [value];
  return options.some((option) => {
    const affixText = textArgument(option, owner);
    return owner === "startswith" ? part?.startsWith(affixText) : part?.endsWith(affixText);
  });
}

/** The part of a text that a search looks at; `undefined` where it starts behind the end, where not even "" is found. */
function window(text: string, start: unknown, end: unknown, owner: string): string | undefined {
  if (start === undefined && end === undefined) return text;
  const length = codePointLength(text);
  const at = (value: unknown, usual: number): number => {
    const index = value === null ? usual : intArgument(value, owner, usual);
    return Math.max(0, index < 0 ? index + length : index);
  };
  const from = at(start, 0);
  return from > Math.min(length, at(end, length)) ? undefined : codePointSlice(text, from, at(end, length));
}

function find(text: string, call: CallArguments, owner: string, last: boolean): number {
  const [value, start, end] = bindArguments(call, owner, ["sub", "start", "end"], 1);
  const part = window(text, start, end, owner);
  const sub = textArgument(value, owner);
  if (part === undefined) return -1;
  const index = last ? part.lastIndexOf(sub) : part.indexOf(sub);
  if (index < 0) return -1;
  const length = codePointLength(text);
  const from = start === undefined || start === null ? 0 : intArgument(start, owner);
  return codePointLength(part.slice(0, index)) + Math.min(length, Math.max(0, from < 0 ? from + length : from));
}

function mustFind(text: string, call: CallArguments, owner: string, last: boolean): number {
  const index = find(text, call, owner, last);
  if (index < 0) throw runtimeFault(`\`${owner}\` did not find the text`);
  return index;
}

function pad(text: string, call: CallArguments, owner: string, align: "left" | "right" | "both", work: Work): string {
  const [widthValue, fillValue] = bindArguments(call, owner, ["width", "fillchar"], 1);
  const fill = fillValue === undefined ? " " : textArgument(fillValue, owner);
  if (codePointLength(fill) !== 1) throw runtimeFault(`\`${owner}\` needs a fill of one character`);
  const width = intArgument(widthValue, owner);
  const missing = width - codePointLength(text);
  if (missing <= 0) return text;
  work.text(width);
  const left = align === "left" ? 0 : align === "right" ? missing : (missing >> 1) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

function partition(text: string, call: CallArguments, owner: string, last: boolean): PyTuple {
  const [value] = bindArguments(call, owner, ["sep"], 1);
  const sep = textArgument(value, owner);
  if (sep === "") throw runtimeFault(`\`${owner}\` needs a separator that is not empty`);
  const index = last ? text.lastIndexOf(sep) : text.indexOf(sep);
  if (index < 0) return new PyTuple(last ? ["", "", text] : [text, "", ""]);
  return new PyTuple([text.slice(0, index), sep, text.slice(index + sep.length)]);
}

function format(text: string, call: CallArguments, context: AccessContext): string {
  const root = (name: string, automatic: number): unknown => {
    const index = name === "" ? automatic : /^\d+$/.test(name) ? Number(name) : -1;
    return index >= 0 ? call.args[index] : call.kwargs?.get(name);
  };
  return formatWith("format", text, root, context);
}

function formatMap(text: string, call: CallArguments, context: AccessContext): string {
  const [map] = bindArguments(call, "format_map", ["mapping"], 1);
  if (!isMapping(map)) throw runtimeFault(`\`format_map\` needs a map, not a ${typeName(map)}`);
  return formatWith("format_map", text, (name) => mappingGet(map, name), context);
}

function formatWith(owner: string, text: string, root: FieldReader, context: AccessContext): string {
  const read = (field: string, automatic: number): unknown => {
    const [, name = "", path = ""] = /^([^.[]*)([\s\S]*)$/.exec(field) ?? [];
    const value = root(name, automatic);
    if (value === undefined) throw runtimeFault(`\`${owner}\` has no value for \`{${field.slice(0, 40)}}\``);
    return readPath(value, path, context);
  };
  return braceFormat(text, read, context.work);
}

function readPath(root: unknown, path: string, context: AccessContext): unknown {
  let value = root;
  for (const part of path.matchAll(/\.([^.[]+)|\[([^\]]+)\]|[\s\S]/g)) {
    context.work.step();
    if (part[1] !== undefined) value = readAttribute(value, part[1], context);
    else if (part[2] !== undefined) value = readItem(value, /^\d+$/.test(part[2]) ? Number(part[2]) : part[2], context);
    else throw runtimeFault("A format field is not valid");
  }
  return value;
}

function join(text: string, call: CallArguments, { work }: AccessContext): string {
  const [value] = bindArguments(call, "join", ["iterable"], 1);
  const items = iterate(value, work).map((item) => textArgument(item, "join"));
  work.text(items.reduce((sum, item) => sum + item.length + text.length, 0));
  return items.join(text);
}

function expandTabs(text: string, call: CallArguments, { work }: AccessContext): string {
  const [value] = bindArguments(call, "expandtabs", ["tabsize"]);
  const size = intArgument(value, "expandtabs", 8);
  let column = 0;
  let result = "";
  for (const char of text) {
    if (char === "\t") {
      const width = size <= 0 ? 0 : size - (column % size);
      work.grow(result.length + width, width);
      result += " ".repeat(width);
      column += width;
    } else {
      result += char;
      column = char === "\n" || char === "\r" ? 0 : column + 1;
    }
  }
  return result;
}

function plain(name: string, method: (text: string) => unknown): StringMethod {
  return (text, call) => {
    bindArguments(call, name, []);
    return method(text);
  };
}

function every(name: string, pattern: RegExp): StringMethod {
  return plain(name, (text) => pattern.test(text));
}

function stripper(name: string, left: boolean, right: boolean): StringMethod {
  return (text, call) => {
    const [chars] = bindArguments(call, name, ["chars"]);
    return stripEnds(text, optionalText(chars, name), left, right);
  };
}

function remover(name: string, cut: (text: string, part: string) => string): StringMethod {
  return (text, call) => cut(text, textArgument(bindArguments(call, name, ["affix"], 1)[0], name));
}

function zeroFill(text: string, call: CallArguments, { work }: AccessContext): string {
  const width = intArgument(bindArguments(call, "zfill", ["width"], 1)[0], "zfill");
  const missing = width - codePointLength(text);
  if (missing <= 0) return text;
  work.text(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}

/** The methods of `str` a template may call. */
export const stringMethods: Readonly<Record<string, StringMethod>> = Object.freeze({
  __proto__: null as never,
  lower: plain("lower", (text) => text.toLowerCase()),
  upper: plain("upper", (text) => text.toUpperCase()),
  casefold: plain("casefold", (text) =>
    text
      .toLowerCase()
      .replace(/\u00df/g, "ss")
      .replace(/\u03c2/g, "\u03c3"),
  ),
  title: plain("title", titleCase),
  capitalize: plain("capitalize", capitalize),
  swapcase: plain("swapcase", swapCase),
  islower: plain("islower", isLower),
  isupper: plain("isupper", isUpper),
  istitle: plain("istitle", isTitle),
  isspace: every("isspace", onlySpace),
  isalpha: every("isalpha", /^\p{L}+$/u),
  isalnum: every("isalnum", /^[\p{L}\p{N}]+$/u),
  isdigit: every("isdigit", /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u),
  isdecimal: every("isdecimal", /^\p{Nd}+$/u),
  isnumeric: every("isnumeric", /^\p{N}+$/u),
  isascii: every("isascii", /^[\0-\x7f]*$/),
  isidentifier: every("isidentifier", /^[\p{XID_Start}_]\p{XID_Continue}*$/u),
  isprintable: plain("isprintable", (text) => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text)),
  strip: stripper("strip", true, true),
  lstrip: stripper("lstrip", true, false),
  rstrip: stripper("rstrip", false, true),
  removeprefix: remover("removeprefix", (text, part) => (text.startsWith(part) ? text.slice(part.length) : text)),
  removesuffix: remover("removesuffix", (text, part) =>
    part !== "" && text.endsWith(part) ? text.slice(0, -part.length) : text,
  ),
  split: (text, call, { work }) => split(text, call, false, work),
  rsplit: (text, call, { work }) => split(text, call, true, work),
  splitlines: (text, call, { work }) => {
    const lines = splitLines(text, bindArguments(call, "splitlines", ["keepends"])[0] === true);
    work.items(lines.length);
    return lines;
  },
  startswith: (text, call) => affix(text, call, "startswith"),
  endswith: (text, call) => affix(text, call, "endswith"),
  find: (text, call) => find(text, call, "find", false),
  rfind: (text, call) => find(text, call, "rfind", true),
  index: (text, call) => mustFind(text, call, "index", false),
  rindex: (text, call) => mustFind(text, call, "rindex", true),
  count: (text, call) => {
    const [value, start, end] = bindArguments(call, "count", ["sub", "start", "end"], 1);
    const part = window(text, start, end, "count");
    const sub = textArgument(value, "count");
    if (part === undefined) return 0;
    return sub === "" ? codePointLength(part) + 1 : part.split(sub).length - 1;
  },
  replace: (text, call, { work }) => {
    const [old, replacement, count] = bindArguments(call, "replace", ["old", "new", "count"], 2);
    return replaceText(
      text,
      textArgument(old, "replace"),
      textArgument(replacement, "replace"),
      intArgument(count, "replace", -1),
      work,
    );
  },
  join,
  format,
  format_map: formatMap,
  partition: (text, call) => partition(text, call, "partition", false),
  rpartition: (text, call) => partition(text, call, "rpartition", true),
  ljust: (text, call, { work }) => pad(text, call, "ljust", "left", work),
  rjust: (text, call, { work }) => pad(text, call, "rjust", "right", work),
  center: (text, call, { work }) => pad(text, call, "center", "both", work),
  zfill: zeroFill,
  expandtabs: expandTabs,
});
