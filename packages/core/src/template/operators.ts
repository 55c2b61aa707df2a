import { percentFormat } from "./string-format.js";
import { limitFault, runtimeFault } from "./template-fault.js";
import {
  isFloat,
  isMapping,
  makeFloat,
  makeInteger,
  mappingEntries,
  mappingGet,
  numberOf,
  type PyFloat,
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

/** Binary arithmetic operators. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";

/** Comparison operators. */
export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

/** Applies an arithmetic operator the way Python does: no silent conversion between text and numbers. */
export function arithmetic(operator: ArithmeticOperator, left: unknown, right: unknown, work: Work): unknown {
  if (operator === "%" && typeof left === "string") return percentFormat(left, right, work);
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) {
    if (typeof left === "bigint" || typeof right === "bigint") work.step(20);
    return isFloat(left) || isFloat(right)
      ? floatArithmetic(operator, a, b)
      : intArithmetic(operator, left, right, a, b);
  }
  if (operator === "+") {
    const joined = concatenate(left, right, work);
    if (joined !== undefined) return joined;
  } else if (operator === "*") {
    const repeated = b === undefined ? repeat(right, left, work) : repeat(left, right, work);
    if (repeated !== undefined) return repeated;
  }
  throw runtimeFault(
    `\`${operator}\` cannot combine a ${typeName(left)} and a ${typeName(right)}`,
    joinHint(operator, left, right),
  );
}

function joinHint(operator: string, left: unknown, right: unknown): string | undefined {
  const text = operator === "+" && (typeof left === "string" || typeof right === "string");
  return text ? "Use `~` to join text with anything." : undefined;
}

function concatenate(left: unknown, right: unknown, work: Work): unknown {
  if (typeof left === "string" && typeof right === "string") {
    work.text(left.length + right.length);
    return left + right;
  }
  const lists = Array.isArray(left) && Array.isArray(right);
  if (!lists && !(left instanceof PyTuple && right instanceof PyTuple)) return undefined;
  const a = sequenceItems(left) ?? [];
  const b = sequenceItems(right) ?? [];
  work.items(a.length + b.length);
  return lists ? [...a, ...b] : new PyTuple([...a, ...b]);
}

function repeat(value: unknown, times: unknown, work: Work): unknown {
  const number = numberOf(times);
  if (number === undefined || isFloat(times)) return undefined;
  const count = Math.max(0, number);
  if (typeof value === "string") {
    work.text(value.length * count);
    return value.length === 0 ? "" : value.repeat(count);
  }
  const items = Array.isArray(value) || value instanceof PyTuple ? sequenceItems(value) : undefined;
  if (items === undefined) return undefined;
  work.items(items.length * count);
  const all: unknown[] = [];
  for (let round = 0; items.length > 0 && round < count; round++) all.push(...items);
  return value instanceof PyTuple ? new PyTuple(all) : all;
}

function floatArithmetic(operator: ArithmeticOperator, a: number, b: number): number | PyFloat {
  switch (operator) {
    case "+":
      return makeFloat(a + b);
    case "-":
      return makeFloat(a - b);
    case "*":
      return makeFloat(a * b);
    case "**":
      return floatPower(a, b);
    default:
      if (b === 0) throw runtimeFault("Division by zero");
      return makeFloat(operator === "/" ? a / b : operator === "//" ? floatFloor(a, b) : floatModulo(a, b));
  }
}

function floatPower(a: number, b: number): number | PyFloat {
  const result = a ** b;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    throw runtimeFault("A power is too large, or it is no real number");
  return makeFloat(result);
}

function floatModulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

/** Python's `//` of floats: by way of the remainder, since the quotient may have been rounded up. */
function floatFloor(a: number, b: number): number {
  const rest = a % b;
  const whole = Math.round((a - rest) / b);
  return (rest !== 0 && rest < 0 !== b < 0 ? whole - 1 : whole) || 0 * Math.sign(a / b);
}

function intArithmetic(operator: ArithmeticOperator, left: unknown, right: unknown, a: number, b: number): unknown {
  if (typeof left !== "bigint" && typeof right !== "bigint") {
    if (operator === "/" && b !== 0) return makeFloat(a / b);
    const quick = smallArithmetic(operator, a, b);
    if (quick !== undefined && Number.isSafeInteger(quick)) return quick === 0 ? 0 : quick;
  }
  return bigArithmetic(operator, toBigInt(left), toBigInt(right));
}

function smallArithmetic(operator: ArithmeticOperator, a: number, b: number): number | undefined {
  switch (operator) {
    case "/":
      return undefined;
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "//":
      return b === 0 ? undefined : Math.floor(a / b);
    case "%":
      return b === 0 ? undefined : floatModulo(a, b);
    default:
      return b < 0 ? undefined : a ** b;
  }
}

function toBigInt(value: unknown): bigint {
  return typeof value === "bigint" ? value : BigInt(Number(value));
}

function bigArithmetic(operator: ArithmeticOperator, a: bigint, b: bigint): unknown {
  switch (operator) {
    case "+":
      return makeInteger(a + b);
    case "-":
      return makeInteger(a - b);
    case "*":
      checkBits(bitLength(a) + bitLength(b));
      return makeInteger(a * b);
    case "**":
      checkBits((bitLength(a) - 1) * Math.abs(Number(b)));
      return b < 0n ? quotient(1n, a ** -b) : makeInteger(a ** b);
    case "/":
      return quotient(a, b);
    default: {
      if (b === 0n) throw runtimeFault("Division by zero");
      const rest = a % b;
      const shifted = rest !== 0n && rest < 0n !== b < 0n;
      if (operator === "%") return makeInteger(shifted ? rest + b : rest);
      return makeInteger(a / b - (shifted ? 1n : 0n));
    }
  }
}

/** The float nearest to `a / b`. */
function quotient(a: bigint, b: bigint): number | PyFloat {
  if (b === 0n) throw runtimeFault("Division by zero");
  const shift = Math.max(0, 66 + bitLength(b) - bitLength(a));
  const scaled = (a << BigInt(shift)) / b;
  // A sign behind the last digit tells what was cut off from a tie.
  const rest = (a << BigInt(shift)) % b === 0n ? 0n : scaled < 0n ? -1n : 1n;
  return makeFloat(Number(scaled * 4n + rest) * 2 ** (-shift - 2));
}

function bitLength(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  return magnitude < 2n ? 1 : magnitude.toString(2).length;
}

function checkBits(bits: number): void {
  if (bits > 16_384) throw limitFault("An integer of the template is too large");
}

/** Python's unary minus. */
export function negate(value: unknown): unknown {
  if (typeof value === "bigint") return makeInteger(-value);
  const number = numberOf(value);
  if (number === undefined) throw runtimeFault(`\`-\` cannot be applied to a ${typeName(value)}`);
  if (isFloat(value)) return makeFloat(-number);
  return number === 0 ? 0 : -number;
}

/** Evaluates one comparison. */
export function compare(operator: ComparisonOperator, left: unknown, right: unknown, work: Work): boolean {
  switch (operator) {
    case "==":
      return isEqual(left, right, work);
    case "!=":
      return !isEqual(left, right, work);
    case "in":
      return contains(right, left, work);
    case "not in":
      return !contains(right, left, work);
    default: {
      const order = ordering(operator, left, right, work);
      if (Number.isNaN(order)) return false;
      return operator === "<" ? order < 0 : operator === "<=" ? order <= 0 : operator === ">" ? order > 0 : order >= 0;
    }
  }
}

/** Python's `==`: numbers by value, text and containers by content, never across kinds. */
export function isEqual(left: unknown, right: unknown, work: Work): boolean {
  if (left instanceof Undefined || right instanceof Undefined) return undefinedEqual(left, right);
  if (typeof left === "string" && typeof right === "string" && left.length === right.length) work.touch(left);
  if (left === right) return true;
  if (typeof left === "string" || left === null || typeof right === "string" || right === null) return false;
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) return numberOrder(left, right, a, b) === 0;
  if (a !== undefined || b !== undefined) return false;
  work.step();
  return containersEqual(left, right, work);
}

function undefinedEqual(left: unknown, right: unknown): boolean {
  for (const side of [left, right]) {
    if (side instanceof Undefined && !side.lenient) throw undefinedFault(side);
  }
  return left instanceof Undefined && right instanceof Undefined;
}

function containersEqual(left: unknown, right: unknown, work: Work): boolean {
  if (isMapping(left) && isMapping(right)) return mappingsEqual(left, right, work);
  if (left instanceof PyRange && right instanceof PyRange) {
    return isEqual(rangeItems(left, work), rangeItems(right, work), work);
  }
  const unordered = left instanceof PySet || (left instanceof PyView && left.kind !== "dict_values");
  const otherUnordered = right instanceof PySet || (right instanceof PyView && right.kind !== "dict_values");
  const a = sequenceItems(left);
  const b = sequenceItems(right);
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  work.step(a.length >> 2);
  if (unordered || otherUnordered) return unordered && otherUnordered && a.every((item) => includes(b, item, work));
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  work.enter();
  const same = a.every((item, index) => isEqual(item, b[index], work));
  work.leave();
  return same;
}

function mappingsEqual(
  left: Parameters<typeof mappingEntries>[0],
  right: Parameters<typeof mappingEntries>[0],
  work: Work,
): boolean {
  const entries = mappingEntries(left);
  work.step(entries.length);
  if (entries.length !== mappingEntries(right).length) return false;
  work.enter();
  const same = entries.every(([key, value]) => {
    const other = mappingGet(right, key);
    return other !== undefined && isEqual(value, other, work);
  });
  work.leave();
  return same;
}

/** Less than zero, zero or more, as `<` sees two values of one kind; NaN when no order holds. */
export function ordering(operator: string, left: unknown, right: unknown, work: Work): number {
  if (typeof left === "string" && typeof right === "string") {
    work.touch(left);
    return compareText(left, right);
  }
  const a = numberOf(left);
  const b = numberOf(right);
  if (a !== undefined && b !== undefined) return numberOrder(left, right, a, b);
  const lists = Array.isArray(left) && Array.isArray(right);
  if (lists || (left instanceof PyTuple && right instanceof PyTuple))
    return compareSequences(operator, left, right, work);
  throw runtimeFault(
    `\`${operator}\` cannot compare a ${typeName(left)} with a ${typeName(right)}`,
    "Convert one side, for example with `| int` or `| string`.",
  );
}

/** Orders two numbers by their exact values, given also as doubles; NaN has no order. */
function numberOrder(left: unknown, right: unknown, a: number, b: number): number {
  const exactLeft = typeof left === "bigint" ? left : a;
  const exactRight = typeof right === "bigint" ? right : b;
  return exactLeft < exactRight ? -1 : exactLeft > exactRight ? 1 : a === b ? 0 : Number.NaN;
}

function compareSequences(operator: string, left: unknown, right: unknown, work: Work): number {
  const a = sequenceItems(left) ?? [];
  const b = sequenceItems(right) ?? [];
  work.enter();
  let order = a.length - b.length;
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    work.step();
    if (isEqual(a[index], b[index], work)) continue;
    order = ordering(operator, a[index], b[index], work);
    break;
  }
  work.leave();
  return order;
}

/** Orders text by code point, which differs from JavaScript's order beyond U+FFFF. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return fixUp(a) - fixUp(b);
  }
  return left.length - right.length;
}

function fixUp(unit: number): number {
  return unit < 0xd800 ? unit : unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Python's `item in container`. */
export function contains(container: unknown, item: unknown, work: Work): boolean {
  if (container instanceof Undefined && container.lenient) return false;
  if (typeof container === "string") {
    if (typeof item !== "string") throw runtimeFault(`\`in\` needs text on the left of a str, not a ${typeName(item)}`);
    work.touch(container);
    return container.includes(item);
  }
  if (isMapping(container)) {
    work.touch(item);
    return mappingGet(container, item) !== undefined;
  }
  const items = container instanceof PyRange ? rangeItems(container, work) : sequenceItems(container);
  if (items === undefined) throw runtimeFault(`\`in\` cannot search a ${typeName(container)}`);
  return includes(items, item, work);
}

function includes(items: readonly unknown[], item: unknown, work: Work): boolean {
  work.step(1 + (items.length >> 2));
  return items.some((other) => isEqual(other, item, work));
}

/** Spells a range out. */
export function rangeItems(range: PyRange, work: Work): number[] {
  work.items(range.length);
  return Array.from({ length: range.length }, (_, index) => range.start + index * range.step);
}
