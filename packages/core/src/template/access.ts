import { forbiddenFault, runtimeFault } from "./template-fault.js";
import {
  codePointLength,
  codePointSlice,
  codePoints,
  isIndex,
  isMapping,
  isWide,
  Loop,
  listItem,
  mappingEntries,
  mappingGet,
  Namespace,
  numberOf,
  PyGroup,
  PyRange,
  PyTuple,
  PyView,
  sequenceItems,
  sequenceLength,
  typeName,
  Undefined,
  undefinedFault,
} from "./values.js";
import type { Work } from "./work.js";

/** Finds the allowed method of a value; `undefined` when there is none of that name. */
export type BindMethod = (target: unknown, name: string, context: AccessContext) => unknown;

/** What attribute and item lookups need from the render around them. */
export interface AccessContext {
  readonly work: Work;
  readonly lenient: boolean;
  readonly bindMethod: BindMethod;
}

/** Refuses the names through which Python and JavaScript reach their internals. */
export function refuseInternalName(name: string, at?: number): void {
  if (name.startsWith("__")) throw forbiddenFault(`\`${name.slice(0, 60)}\` is not available in templates`, at);
}

/** `target.name`: for a map the key first, then an allowed method; nothing inherited is ever seen. */
export function readAttribute(target: unknown, name: string, context: AccessContext): unknown {
  refuseInternalName(name);
  if (target instanceof Undefined) throw undefinedFault(target);
  if (isMapping(target)) {
    const found = mappingGet(target, name);
    if (found !== undefined) return found;
  } else if (target instanceof PyGroup && (name === "grouper" || name === "list")) {
    return target.items[name === "list" ? 1 : 0];
  } else if (target instanceof Loop || target instanceof Namespace) {
    const found = target instanceof Loop ? loopField(target, name) : target.attributes.get(name);
    return found === undefined ? missingAttribute(target, name, context) : found;
  }
  return context.bindMethod(target, name, context) ?? missingAttribute(target, name, context);
}

/** The callee of `target.name(...)`: a method wins over a key of the same name. */
export function readMethod(target: unknown, name: string, context: AccessContext): unknown {
  refuseInternalName(name);
  if (target instanceof Undefined) throw undefinedFault(target);
  return context.bindMethod(target, name, context) ?? readAttribute(target, name, context);
}

function missingAttribute(target: unknown, name: string, context: AccessContext): Undefined {
  return new Undefined(() => missingMessage(target, name), context.lenient);
}

function missingMessage(target: unknown, name: string): string {
  if (!isMapping(target)) return `A ${typeName(target)} has no \`${name}\``;
  const keys = mappingEntries(target).map(([key]) => `\`${String(key).slice(0, 40)}\``);
  const shown =
    keys.length === 0 ? "it is empty" : `it has ${keys.slice(0, 12).join(", ")}${keys.length > 12 ? ", ..." : ""}`;
  return `There is no \`${name.slice(0, 60)}\` here: ${shown}`;
}

/** `target[key]`: items and keys first, then an allowed method. */
export function readItem(target: unknown, key: unknown, context: AccessContext): unknown {
  if (target instanceof Undefined) throw undefinedFault(target);
  context.work.touch(key);
  if (typeof key === "string") {
    refuseInternalName(key);
    if (isMapping(target)) {
      // A key whose value is null is there.
      const found = mappingGet(target, key);
      return found === undefined ? missingAttribute(target, key, context) : found;
    }
    return new Undefined(`A ${typeName(target)} has no \`${key.slice(0, 60)}\``, context.lenient);
  }
  if (isMapping(target)) {
    const found = mappingGet(target, key);
    if (found !== undefined) return found;
    return new Undefined(() => missingMessage(target, String(numberOf(key) ?? typeName(key))), context.lenient);
  }
  if (!isIndex(key)) return new Undefined(() => `A ${typeName(key)} cannot be an index`, context.lenient);
  context.work.touch(target);
  const found = indexed(target, Number(key));
  return found === undefined ? new Undefined(noItemMessage(target, Number(key)), context.lenient) : found;
}

function noItemMessage(target: unknown, index: number): string {
  const length = target instanceof PyView ? undefined : sequenceLength(target);
  return length === undefined
    ? `A ${typeName(target)} has no item ${index}`
    : `There is no item ${index}: the list has ${length}`;
}

function indexed(target: unknown, index: number): unknown {
  if (typeof target === "string") return characterAt(target, index);
  if (target instanceof PyRange) {
    const place = index < 0 ? index + target.length : index;
    return place >= 0 && place < target.length ? target.start + place * target.step : undefined;
  }
  if (!Array.isArray(target) && !(target instanceof PyTuple)) return undefined;
  const list: readonly unknown[] = Array.isArray(target) ? target : target.items;
  const place = index < 0 ? index + list.length : index;
  return place < 0 || place >= list.length ? undefined : listItem(list, place);
}

function characterAt(text: string, index: number): string | undefined {
  const points = isWide(text) ? codePoints(text) : text;
  return points[index < 0 ? index + points.length : index];
}

function loopField(loop: Loop, name: string): unknown {
  const { state } = loop;
  switch (name) {
    case "index":
      return state.index0 + 1;
    case "index0":
      return state.index0;
    case "revindex":
      return state.length - state.index0;
    case "revindex0":
      return state.length - state.index0 - 1;
    case "first":
      return state.index0 === 0;
    case "last":
      return state.index0 === state.length - 1;
    case "length":
      return state.length;
    case "depth":
      return state.depth0 + 1;
    case "depth0":
      return state.depth0;
    case "previtem":
      return state.index0 > 0 ? state.items[state.index0 - 1] : undefined;
    case "nextitem":
      return state.items[state.index0 + 1];
    default:
      return undefined;
  }
}

/** `target[start:stop:step]` with Python's rules for absent and negative bounds. */
export function readSlice(target: unknown, bounds: readonly unknown[], context: AccessContext): unknown {
  const [start, stop, step] = bounds.map(sliceBound);
  const stride = step ?? 1;
  if (stride === 0) throw runtimeFault("The step of a slice cannot be zero");
  if (typeof target === "string") return sliceText(target, start, stop, stride, context.work);
  if (target instanceof PyRange) return sliceRange(target, start, stop, stride);
  const list = Array.isArray(target) ? target : target instanceof PyView ? undefined : sequenceItems(target);
  if (list === undefined) throw runtimeFault(`A ${typeName(target)} cannot be sliced`);
  const part = stepped(list, start, stop, stride);
  context.work.items(part.length);
  return target instanceof PyTuple ? new PyTuple(part) : part;
}

function sliceRange(range: PyRange, start: number | undefined, stop: number | undefined, stride: number): PyRange {
  const [from, to] = sliceIndices(range.length, start, stop, stride);
  return new PyRange(range.start + from * range.step, range.start + to * range.step, range.step * stride);
}

function sliceBound(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isIndex(value)) throw runtimeFault(`A slice needs whole numbers, not a ${typeName(value)}`);
  return Number(value);
}

function sliceText(
  text: string,
  start: number | undefined,
  stop: number | undefined,
  stride: number,
  work: Work,
): string {
  work.touch(text);
  if (stride !== 1) return stepped(codePoints(text), start, stop, stride).join("");
  const length = codePointLength(text);
  return codePointSlice(
    text,
    clamp(start ?? 0, length),
    Math.max(clamp(start ?? 0, length), clamp(stop ?? length, length)),
  );
}

function clamp(index: number, length: number): number {
  return Math.min(length, Math.max(0, index < 0 ? index + length : index));
}

/** Where a slice starts and where it stops before, after Python's `slice.indices`. */
function sliceIndices(
  length: number,
  start: number | undefined,
  stop: number | undefined,
  stride: number,
): readonly [number, number] {
  if (stride > 0) return [clamp(start ?? 0, length), clamp(stop ?? length, length)];
  const last = length - 1;
  const from = start === undefined ? last : Math.min(last, start < 0 ? start + length : start);
  const to = stop === undefined ? -1 : Math.min(last, Math.max(-1, stop < 0 ? stop + length : stop));
  return [Math.max(-1, from), to];
}

function stepped<T>(items: readonly T[], start: number | undefined, stop: number | undefined, stride: number): T[] {
  const [from, to] = sliceIndices(items.length, start, stop, stride);
  const part: T[] = [];
  for (let index = from; stride > 0 ? index < to : index > to; index += stride) part.push(listItem(items, index) as T);
  return part;
}
