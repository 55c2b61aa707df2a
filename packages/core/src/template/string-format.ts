import { alignText, formatNumber, parseFormatSpec } from "./number-format.js";
import { stringRepr, toRepr, toText } from "./python-format.js";
import { runtimeFault } from "./template-fault.js";
import {
  codePointLength,
  codePointSlice,
  isFloat,
  isIndex,
  isMapping,
  mappingGet,
  numberOf,
  PyTuple,
  typeName,
} from "./values.js";
import type { Work } from "./work.js";

/** Where `str.format` gets the value of a field such as `0`, `name` or `a.b[c]`. */
export type FieldReader = (field: string, automatic: number) => unknown;

/** Python's `text.format(...)`. */
export function braceFormat(text: string, read: FieldReader, work: Work): string {
  let automatic = 0;
  const expand = (source: string, depth: number): string => {
    if (depth > 2) throw runtimeFault("A format field is nested too deeply");
    let out = "";
    let charged = 0;
    for (let index = 0; index < source.length; index++) {
      const char = source[index];
      if (char !== "{" && char !== "}") {
        const next = nextBrace(source, index);
        out += source.slice(index, next);
        index = next - 1;
      } else if (source[index + 1] === char && depth === 1) {
        out += char;
        index++;
      } else if (char === "}") {
        throw runtimeFault("Single `}` in a format string");
      } else {
        const end = closingBrace(source, index);
        const field = parseField(source.slice(index + 1, end));
        const value = read(field.name, field.name === "" || /^[.[]/.test(field.name) ? automatic++ : -1);
        const spec = field.spec.includes("{") ? expand(field.spec, depth + 1) : field.spec;
        out += formatValue(field.conversion === "" ? value : convert(value, field.conversion, work), spec, work);
        index = end;
      }
      work.grow(out.length, out.length - charged);
      charged = out.length;
    }
    return out;
  };
  return expand(text, 1);
}

function nextBrace(source: string, from: number): number {
  const match = /[{}]/g;
  match.lastIndex = from;
  return match.exec(source)?.index ?? source.length;
}

function closingBrace(source: string, open: number): number {
  let depth = 0;
  for (let index = open; index < source.length; index++) {
    if (source[index] === "{") depth++;
    else if (source[index] === "}" && --depth === 0) return index;
  }
  throw runtimeFault("A format string has a `{` that is never closed");
}

function parseField(field: string): { readonly name: string; readonly conversion: string; readonly spec: string } {
  const match = /^((?:[^!:[\]{}]|\[[^\]]*\])*)(?:!([^:]*))?(?::([\s\S]*))?$/.exec(field);
  if (match === null) throw runtimeFault("A format field is not valid");
  return { name: match[1] ?? "", conversion: match[2] ?? "", spec: match[3] ?? "" };
}

function convert(value: unknown, conversion: string, work: Work): string {
  if (conversion === "r" || conversion === "a") return toRepr(value, work);
  if (conversion === "s") return toText(value, work);
  throw runtimeFault(`The conversion \`!${conversion.slice(0, 10)}\` is not one of !r, !s and !a`);
}

/** Python's `format(value, spec)`. */
function formatValue(value: unknown, specText: string, work: Work): string {
  if (specText === "") return toText(value, work);
  const spec = parseFormatSpec(specText, work.limits.maxStringChars);
  work.text(spec.width + (spec.precision ?? 0));
  work.touch(value);
  if (isFloat(value)) return formatNumber(numberOf(value) ?? 0, spec);
  if (isIndex(value)) {
    if (spec.precision !== undefined && "bcdnoxX".includes(spec.type || "d"))
      throw runtimeFault("A whole number has no precision");
    return formatNumber(BigInt(value), spec);
  }
  if (typeof value !== "string") {
    throw runtimeFault(`A ${typeName(value)} cannot be formatted with \`${specText.slice(0, 40)}\``);
  }
  if (spec.grouping !== "" || (spec.type !== "" && spec.type !== "s"))
    throw runtimeFault(`The format \`${spec.type}\` does not fit text`);
  return alignText(spec.precision === undefined ? value : codePointSlice(value, 0, spec.precision), spec, "<");
}

const percentPattern = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([\s\S]|$)/gu;

/** Python's `text % values`. */
export function percentFormat(text: string, values: unknown, work: Work): string {
  const list = values instanceof PyTuple ? values.items : [values];
  let used = 0;
  const take = (): unknown => {
    if (used >= list.length) throw runtimeFault("There are fewer values than `%` places");
    return list[used++];
  };
  const result = text.replace(
    percentPattern,
    (
      _,
      key: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      type: string,
    ) => {
      work.step();
      if (type === "%") return "%";
      const columns = width === "*" ? Number(numberOf(take()) ?? 0) : Number(width ?? 0);
      const decimals =
        precision === "*" ? Number(numberOf(take()) ?? 0) : precision === undefined ? undefined : Number(precision);
      work.text(Math.abs(columns) + (decimals ?? 0));
      const value = key === undefined ? take() : keyed(values, key);
      return percentField(value, flags, columns, decimals, type, work);
    },
  );
  if (used < list.length && !isMapping(values) && !Array.isArray(values))
    throw runtimeFault("There are more values than `%` places");
  work.text(result.length);
  return result;
}

function keyed(values: unknown, key: string): unknown {
  if (!isMapping(values)) throw runtimeFault("`%(name)s` needs a map on the right of `%`");
  const value = mappingGet(values, key);
  if (value === undefined) throw runtimeFault(`There is no \`${key.slice(0, 60)}\` in the map`);
  return value;
}

function percentField(
  value: unknown,
  flags: string,
  columns: number,
  decimals: number | undefined,
  type: string,
  work: Work,
): string {
  const left = flags.includes("-") || columns < 0;
  const width = Math.abs(columns);
  const zero = flags.includes("0") && !left;
  const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "-";
  const shape = {
    fill: zero ? "0" : " ",
    align: left ? "<" : zero ? "=" : ">",
    sign,
    alternate: flags.includes("#"),
    width,
    grouping: "",
  };
  if (type === "s" || type === "r" || type === "a") {
    const text = type === "s" ? toText(value, work) : toRepr(value, work);
    work.touch(text);
    return alignText(
      decimals === undefined ? text : codePointSlice(text, 0, decimals),
      { fill: " ", align: left ? "<" : ">", width },
      ">",
    );
  }
  if (type === "c" && typeof value === "string" && codePointLength(value) === 1)
    return alignText(value, { ...shape, fill: " " }, ">");
  const number = numberOf(value);
  const known = isFloat(value) ? "diueEfFgG" : "diuoxXceEfFgG";
  if (number === undefined || !known.includes(type) || type === "") {
    throw runtimeFault(
      type === "" ? "A format string ends in `%`" : `\`%${type}\` cannot show ${stringRepr(typeName(value))}`,
    );
  }
  if ("diuoxXc".includes(type)) {
    if (!Number.isFinite(number)) throw runtimeFault(`\`%${type}\` needs a finite number`);
    const whole = typeof value === "bigint" ? value : BigInt(Math.trunc(number));
    return formatNumber(whole, { ...shape, precision: decimals, type: "iu".includes(type) ? "d" : type });
  }
  return formatNumber(number, { ...shape, precision: decimals ?? 6, type });
}
