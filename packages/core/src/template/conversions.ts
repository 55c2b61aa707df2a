import { strip } from "./string-methods.js";
import { runtimeFault } from "./template-fault.js";
import type { PyFloat } from "./values.js";
import { isFloat, makeFloat, makeInteger, numberOf, typeName, Undefined, undefinedFault } from "./values.js";

const integerText = /^[+-]?\d+(?:_\d+)*$/;
const floatText = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const wordFloat = /^([+-]?)(inf(?:inity)?|nan)$/i;

/** Python's `int(value, base)`; `undefined` when the text or value is no integer. */
export function parseInteger(value: unknown, base = 10): number | bigint | undefined {
  if (value instanceof Undefined) throw undefinedFault(value);
  if (typeof value === "string") return integerFromText(strip(value), base);
  if (typeof value === "bigint") return value;
  const number = numberOf(value);
  if (number === undefined) return undefined;
  if (!Number.isFinite(number)) throw runtimeFault("Infinity and NaN have no integer value");
  return isFloat(value) ? makeInteger(BigInt(Math.trunc(number))) : number;
}

function integerFromText(text: string, base: number): number | bigint | undefined {
  if (text.length > 4300) throw runtimeFault("A number has too many digits");
  if (base === 10) return integerText.test(text) ? makeInteger(toBigInt(text)) : undefined;
  const match = /^([+-]?)(0[xob])?([0-9a-z_]+)$/i.exec(text);
  const prefixBase = { "0x": 16, "0o": 8, "0b": 2 }[(match?.[2] ?? "").toLowerCase()];
  if (match === null || (prefixBase !== undefined && base !== 0 && base !== prefixBase)) return undefined;
  const radix = base === 0 ? (prefixBase ?? 10) : base;
  if (radix < 2 || radix > 36) throw runtimeFault("The base of `int` lies between 2 and 36");
  let result = 0n;
  for (const digit of (match[3] ?? "").replace(/_/g, "")) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= radix) return undefined;
    result = result * BigInt(radix) + BigInt(worth);
  }
  return makeInteger(match[1] === "-" ? -result : result);
}

function toBigInt(text: string): bigint {
  const digits = text.replace(/[_+]/g, "");
  return digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits);
}

/** Python's `float(value)`; `undefined` when the text or value is no number. */
export function parseFloatValue(value: unknown): number | PyFloat | undefined {
  if (value instanceof Undefined) throw undefinedFault(value);
  if (typeof value !== "string") {
    const number = numberOf(value);
    return number === undefined ? undefined : makeFloat(number);
  }
  const text = strip(value);
  if (floatText.test(text)) return makeFloat(Number(text.replace(/_/g, "")));
  const match = wordFloat.exec(text);
  if (match === null) return undefined;
  if ((match[2] ?? "").toLowerCase() === "nan") return Number.NaN;
  return match[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Says that a value has no such conversion. */
export function conversionFault(value: unknown, target: string): Error {
  const shown = typeof value === "string" ? `\`${value.slice(0, 40)}\`` : `A ${typeName(value)}`;
  return runtimeFault(`${shown} is not ${target === "int" ? "a whole number" : "a number"}`);
}
