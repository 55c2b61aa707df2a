import { runtimeFault } from "./template-fault.js";

/** A float as Python's `repr` writes it: shortest digits that read back the same, an exponent below 1e-4 and from 1e16 on. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 16) {
    if (Object.is(value, -0)) return "-0.0";
    const plain = exponent < 0 ? fixedFromExponent(mantissa, exponent) : String(value);
    return plain.includes(".") ? plain : `${plain}.0`;
  }
  return `${mantissa}e${exponentSuffix(exponent)}`;
}

function fixedFromExponent(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
}

function exponentSuffix(exponent: number): string {
  return `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** `value` with exactly `digits` decimals; exact ties go to the even neighbour, as in Python. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return floatRepr(value);
  if (digits > 100) throw runtimeFault("A number format cannot have more than 100 decimals");
  if (Math.abs(value) >= 1e21) return digits > 0 ? `${BigInt(value)}.${"0".repeat(digits)}` : `${BigInt(value)}`;
  const text = value.toFixed(digits);
  const exact = value.toFixed(Math.min(100, digits + 30));
  const rest = exact.slice(digits === 0 ? exact.indexOf(".") + 1 : exact.indexOf(".") + 1 + digits);
  const negative = value < 0 || Object.is(value, -0);
  const signed = negative && !text.startsWith("-") ? `-${text}` : text;
  if (!/^50*$/.test(rest)) return signed;
  const truncated = exact.slice(0, exact.indexOf(".") + (digits === 0 ? 0 : 1 + digits));
  return Number(truncated.at(-1)) % 2 === 0 ? truncated : signed;
}

/** Python's `round(value, digits)` for a float. */
export function roundHalfEven(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 22) return value;
  if (digits >= 0) return Number(fixed(value, digits));
  const unit = 10 ** -digits;
  return Number.isFinite(unit) ? Number(fixed(value / unit, 0)) * unit : 0;
}

interface NumberSpec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const specPattern =
  /^(?:([\s\S])(?=[<>=^]))?([<>=^])?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

/** Reads a format specification such as `>10.2f`. Width and precision are bounded by the caller's string budget. */
export function parseFormatSpec(spec: string, maxWidth: number): NumberSpec {
  const match = specPattern.exec(spec);
  if (match === null) throw runtimeFault(`The format \`${spec.slice(0, 40)}\` is not valid`);
  const width = Number(match[7] ?? 0);
  const precision = match[9] === undefined ? undefined : Number(match[9]);
  if (width > maxWidth || (precision ?? 0) > maxWidth)
    throw runtimeFault(`The format \`${spec.slice(0, 40)}\` is too wide`);
  const grouping = match[8] ?? "";
  const type = match[10] ?? "";
  if (grouping !== "" && !(grouping === "," ? "deEfFgG%" : "deEfFgG%boxX").includes(type))
    throw runtimeFault(`The format \`${type}\` has no groups of digits`);
  const zero = match[6] !== undefined;
  return {
    fill: match[1] ?? (zero ? "0" : " "),
    align: match[2] ?? (zero ? "=" : ""),
    sign: match[3] ?? "-",
    alternate: match[5] !== undefined,
    width,
    grouping,
    precision,
    type,
  };
}

/** Formats an int (as `bigint`) or a float (as `number`) after a specification. */
export function formatNumber(value: number | bigint, spec: NumberSpec): string {
  const negative = typeof value === "bigint" ? value < 0n : value < 0 || Object.is(value, -0);
  const magnitude = typeof value === "bigint" ? (negative ? -value : value) : Math.abs(value);
  const base = { b: 2, o: 8, x: 16, X: 16 }[spec.type];
  let body =
    typeof magnitude === "bigint" && "bcdnoxX".includes(spec.type || "d")
      ? intBody(magnitude, base ?? 10, spec)
      : floatBody(Number(magnitude), spec);
  const prefix = spec.alternate && base !== undefined ? `0${spec.type}` : "";
  const sign = (negative ? "-" : spec.sign === "-" ? "" : spec.sign) + prefix;
  if (spec.grouping !== "") {
    const width = spec.align === "=" && spec.fill === "0" ? spec.width - sign.length : 0;
    body = group(body, spec.grouping, base === undefined ? 3 : 4, width);
  }
  if (spec.align === "=") return sign + body.padStart(spec.width - sign.length, spec.fill);
  return alignText(sign + body, spec, ">");
}

/** Pads text to the width of a specification. */
export function alignText(text: string, spec: Pick<NumberSpec, "fill" | "align" | "width">, usual: string): string {
  const missing = spec.width - [...text].length;
  if (missing <= 0) return text;
  const align = spec.align === "" ? usual : spec.align;
  const left = align === "<" ? 0 : align === "^" ? missing >> 1 : missing;
  return spec.fill.repeat(left) + text + spec.fill.repeat(missing - left);
}

function intBody(value: bigint, base: number, spec: NumberSpec): string {
  if (spec.type === "c") {
    if (value > 0x10ffffn) throw runtimeFault("There is no such character");
    return String.fromCodePoint(Number(value));
  }
  const digits = value.toString(base).padStart(spec.precision ?? 0, "0");
  return spec.type === "X" ? digits.toUpperCase() : digits;
}

function floatBody(value: number, spec: NumberSpec): string {
  const upper = "EFG".includes(spec.type || " ");
  const text = floatText(value, spec);
  return upper ? text.toUpperCase() : text;
}

function floatText(value: number, spec: NumberSpec): string {
  if (!Number.isFinite(value)) return floatRepr(value) + (spec.type === "%" ? "%" : "");
  const precision = spec.precision ?? 6;
  switch (spec.type.toLowerCase()) {
    case "f":
      return fixed(value, precision);
    case "%":
      return `${fixed(value * 100, precision)}%`;
    case "e":
      return exponential(value, precision);
    case "":
      return spec.precision === undefined ? floatRepr(value) : general(value, Math.max(1, precision), true);
    case "g":
    case "n":
      return general(value, Math.max(1, precision), false);
    default:
      throw runtimeFault(`The format \`${spec.type}\` does not fit a float`);
  }
}

function exponential(value: number, precision: number): string {
  const [mantissa = "", exponent = "0"] = rounded(value, Math.min(precision, 100)).split("e");
  return `${mantissa}e${exponentSuffix(Number(exponent))}`;
}

/** `toExponential`, but exact ties go to the even neighbour. */
function rounded(value: number, digits: number): string {
  const [mantissa = "", exponent] = value.toExponential(100).split("e");
  const kept = digits === 0 ? 1 : digits + 2;
  const isTie = /^\.?50*$/.test(mantissa.slice(kept)) && Number(mantissa[kept - 1]) % 2 === 0;
  return isTie ? `${mantissa.slice(0, kept)}e${exponent}` : value.toExponential(digits);
}

function general(value: number, precision: number, keepPoint: boolean): string {
  const digits = Math.min(precision, 100);
  const [mantissa = "", suffix = "0"] = rounded(value, digits - 1).split("e");
  const exponent = Number(suffix);
  if (exponent >= -4 && exponent < (keepPoint ? digits - 1 : digits)) {
    const text = fixed(value, Math.min(100, Math.max(0, digits - 1 - exponent)));
    const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
    return keepPoint && !short.includes(".") ? `${short}.0` : short;
  }
  return `${mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa}e${exponentSuffix(exponent)}`;
}

function group(body: string, separator: string, size: number, width: number): string {
  const [, digits = "", rest = ""] = /^(\d*(?:[\da-fA-F]+$)?)([\s\S]*)$/.exec(body) ?? [];
  const room = width - rest.length;
  const whole = digits.padStart(room - Math.floor((room - 1) / (size + 1)), "0");
  let text = "";
  for (let end = whole.length; end > 0; end -= size) {
    text = whole.slice(Math.max(0, end - size), end) + (text === "" ? "" : separator + text);
  }
  return text + rest;
}
