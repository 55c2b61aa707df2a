import { keysOf } from "./ordered-record.js";
import { limitFault, runtimeFault, TemplateFault } from "./template-fault.js";

/**
 * Values inside the engine. Strings, booleans, `null`, arrays and plain records are themselves; an integer is an
 * integral `number` or a `bigint`; a float is a fractional `number`, or {@link PyFloat} when its value is integral.
 * Anything else that comes from outside (functions, symbols, class instances) is opaque.
 */
export class PyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A fixed sequence, printed with parentheses. */
export class PyTuple {
  readonly items: readonly unknown[];
  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A key and its items, from `groupby`. */
export class PyGroup extends PyTuple {}

/** A set of distinct values, from `set(...)` in a condition. */
export class PySet {
  readonly items: readonly unknown[];
  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** What `.keys()`, `.values()` and `.items()` give. */
export class PyView {
  readonly kind: "dict_keys" | "dict_values" | "dict_items";
  readonly items: readonly unknown[];
  constructor(kind: PyView["kind"], items: readonly unknown[]) {
    this.kind = kind;
    this.items = items;
  }
}

/** An arithmetic sequence that is not spelled out until somebody walks it. */
export class PyRange {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }
}

/** A map made by a template; its keys may be of any hashable kind. */
export class PyDict {
  readonly entries: Map<string, readonly [unknown, unknown]> = new Map();
  get(key: unknown): unknown {
    return this.entries.get(hashKey(key))?.[1];
  }
  has(key: unknown): boolean {
    return this.entries.has(hashKey(key));
  }
  set(key: unknown, value: unknown): void {
    const hash = hashKey(key);
    const old = this.entries.get(hash);
    this.entries.set(hash, [old === undefined ? key : old[0], value]);
  }
  delete(key: unknown): boolean {
    return this.entries.delete(hashKey(key));
  }
}

/** A name or attribute that has no value. Using it is an error, unless it is lenient. */
export class Undefined {
  readonly lenient: boolean;
  /** The root name, when a root name is what is missing. */
  readonly name: string | undefined;
  readonly #message: string | (() => string);
  /** @param message a function where it takes work: most often nobody asks */
  constructor(message: string | (() => string), lenient: boolean, name?: string) {
    this.#message = message;
    this.lenient = lenient;
    this.name = name;
  }

  get message(): string {
    return typeof this.#message === "string" ? this.#message : this.#message();
  }
}

/** Positional and named arguments of a call. */
export interface CallArguments {
  readonly args: readonly unknown[];
  readonly kwargs: ReadonlyMap<string, unknown> | undefined;
}

/** Something a template may call: a method of a value, a macro or one of the few global functions. */
export class Callable {
  readonly name: string;
  readonly call: (call: CallArguments) => unknown;
  constructor(name: string, call: (call: CallArguments) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** What `namespace()` gives: the one thing whose attributes a template can set. */
export class Namespace {
  readonly attributes: Map<string, unknown> = new Map();
}

/** The variable `loop`. */
export interface LoopState {
  readonly length: number;
  readonly depth0: number;
  readonly items: readonly unknown[];
  index0: number;
  lastChanged: readonly unknown[] | undefined;
  readonly recurse: ((items: unknown) => string) | undefined;
}

/** `loop` as a value. */
export class Loop {
  readonly state: LoopState;
  constructor(state: LoopState) {
    this.state = state;
  }
}

/** A float with this value. */
export function makeFloat(value: number): number | PyFloat {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

/** Whether a value is a Python float. Integral numbers from 1e21 on are floats too: JSON cannot hold such integers. */
export function isFloat(value: unknown): value is number | PyFloat {
  return (
    value instanceof PyFloat || (typeof value === "number" && (!Number.isInteger(value) || Math.abs(value) >= 1e21))
  );
}

/** Whether a value is a Python int, booleans left out. */
export function isInteger(value: unknown): value is number | bigint {
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e21);
}

/** Whether a value is an int or a boolean, as an index must be. */
export function isIndex(value: unknown): value is number | bigint | boolean {
  return typeof value === "boolean" || isInteger(value);
}

/** Shortens a `bigint` to a number where that is exact. */
export function makeInteger(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** The numeric value of an int, float or boolean as a double. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof PyFloat) return value.value;
  return typeof value === "bigint" ? Number(value) : undefined;
}

/** Whether a value is a plain record: no class instance, no exotic object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return !(Symbol.toStringTag in value);
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf");
}

/** The value of an own data property; accessors and inherited properties do not exist for templates. */
export function ownValue(target: object, key: string | number): unknown {
  return Object.getOwnPropertyDescriptor(target, key)?.value;
}

/** Whether a value is a map. */
export function isMapping(value: unknown): value is PyDict | Readonly<Record<string, unknown>> {
  return value instanceof PyDict || isRecord(value);
}

/** Own, enumerable data entries of a map, in order. */
export function mappingEntries(value: PyDict | Readonly<Record<string, unknown>>): (readonly [unknown, unknown])[] {
  if (value instanceof PyDict) return [...value.entries.values()];
  const entries: [string, unknown][] = [];
  for (const key of keysOf(value)) {
    const found = ownValue(value, key);
    if (found !== undefined) entries.push([key, found]);
  }
  return entries;
}

/** Number of {@link mappingEntries}, without making them. */
export function mappingSize(value: PyDict | Readonly<Record<string, unknown>>): number {
  if (value instanceof PyDict) return value.entries.size;
  let size = 0;
  for (const key of keysOf(value)) if (ownValue(value, key) !== undefined) size += 1;
  return size;
}

/** The value under a key, `undefined` when there is none. */
export function mappingGet(value: PyDict | Readonly<Record<string, unknown>>, key: unknown): unknown {
  if (value instanceof PyDict) return value.get(key);
  if (typeof key === "string") return ownValue(value, key);
  hashKey(key);
  return undefined;
}

/** The elements of a list, tuple, set or view, `undefined` for anything else. */
export function sequenceItems(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return listItems(value);
  if (value instanceof PyTuple || value instanceof PySet || value instanceof PyView) return value.items;
  return undefined;
}

/** Number of {@link sequenceItems}, without looking at them. */
export function sequenceLength(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return sequenceItems(value)?.length;
}

/** An element of a list as {@link sequenceItems} gives it, without looking at the others. */
export function listItem(list: readonly unknown[], index: number): unknown {
  return ownValue(list, index) ?? null;
}

function listItems(list: readonly unknown[]): readonly unknown[] {
  for (let index = 0; index < list.length; index++) {
    const descriptor = Object.getOwnPropertyDescriptor(list, index);
    if (descriptor === undefined || !("value" in descriptor) || descriptor.value === undefined)
      return patchedItems(list);
  }
  return list;
}

function patchedItems(list: readonly unknown[]): readonly unknown[] {
  return Array.from({ length: list.length }, (_, index) => listItem(list, index));
}

/** Text that is equal for keys Python holds equal: `1`, `1.0` and `true` are one key, `"1"` is another. */
export function hashKey(key: unknown, depth = 0): string {
  if (typeof key === "string") return `s${key}`;
  if (key === null) return "n";
  if (key instanceof Undefined && key.lenient) return "u";
  if (typeof key === "bigint") return `i${key}`;
  const number = numberOf(key);
  if (number !== undefined) return `i${number === 0 ? 0 : number}`;
  if (depth > 20) throw limitFault("A map key is nested too deeply");
  if (key instanceof PyTuple) return `t(${key.items.map((item) => escapeHash(hashKey(item, depth + 1))).join(",")})`;
  throw runtimeFault(`A ${typeName(key)} cannot be a map key`);
}

function escapeHash(hash: string): string {
  return hash.replace(/[\\,()]/g, "\\$&");
}

/** Python's name for the type of a value, for errors; where there is no value, that is the error. */
export function typeName(value: unknown): string {
  if (value === null) return "NoneType";
  if (typeof value === "string") return "str";
  if (typeof value === "boolean") return "bool";
  if (isFloat(value)) return "float";
  if (isInteger(value)) return "int";
  if (Array.isArray(value)) return "list";
  if (value instanceof PyTuple) return "tuple";
  if (value instanceof PySet) return "set";
  if (value instanceof PyView) return value.kind;
  if (value instanceof PyRange) return "range";
  if (value instanceof Callable) return "function";
  if (value instanceof Undefined) throw undefinedFault(value);
  if (value instanceof Namespace) return "Namespace";
  if (value instanceof Loop) return "LoopContext";
  return isMapping(value) ? "dict" : "object";
}

/** The error for using something that has no value. */
export function undefinedFault(value: Undefined): TemplateFault {
  return new TemplateFault("TEMPLATE_UNDEFINED", value.message, { undefinedName: value.name });
}

/** Python truth. */
export function isTruthy(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value !== "";
  if (typeof value === "number") return value !== 0;
  if (value === null) return false;
  if (typeof value === "bigint") return value !== 0n;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Undefined) {
    if (value.lenient) return false;
    throw undefinedFault(value);
  }
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof PyTuple || value instanceof PySet || value instanceof PyView) return value.items.length > 0;
  if (value instanceof PyRange) return value.length > 0;
  return isMapping(value) ? mappingSize(value) > 0 : true;
}

const surrogate = /[\ud800-\udfff]/;

/** Whether a string may have fewer characters than units. */
export function isWide(text: string): boolean {
  return surrogate.test(text);
}

/** The code points of a string as strings, which is how Python counts. */
export function codePoints(text: string): readonly string[] {
  return isWide(text) ? [...text] : text.split("");
}

/** Length in code points. */
export function codePointLength(text: string): number {
  if (!isWide(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Python `text[start:stop]` with plain, already clamped bounds. */
export function codePointSlice(text: string, start: number, stop: number): string {
  return isWide(text) ? [...text].slice(start, stop).join("") : text.slice(start, stop);
}
