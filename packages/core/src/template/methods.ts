import type { AccessContext } from "./access.js";
import { bindArguments, intArgument } from "./call-arguments.js";
import { iterate } from "./iteration.js";
import { isEqual } from "./operators.js";
import { sortItems } from "./sort-items.js";
import { stringMethods } from "./string-methods.js";
import { runtimeFault } from "./template-fault.js";
import type { CallArguments } from "./values.js";
import {
  Callable,
  isFloat,
  isMapping,
  Loop,
  mappingEntries,
  mappingGet,
  numberOf,
  PyDict,
  PyTuple,
  PyView,
  typeName,
} from "./values.js";

type Method<T> = (target: T, call: CallArguments, context: AccessContext) => unknown;
type Table<T> = Readonly<Record<string, Method<T>>>;
type Mapping = PyDict | Readonly<Record<string, unknown>>;

/** Methods that change their target. A template that calls one works on copies of what it was given. */
export const mutatingMethods: ReadonlySet<string> = new Set([
  "append",
  "extend",
  "insert",
  "pop",
  "remove",
  "clear",
  "reverse",
  "sort",
  "update",
  "setdefault",
  "popitem",
]);

/** Finds the allowed method of a value; what is in no table does not exist. */
export function bindMethod(target: unknown, name: string, context: AccessContext): unknown {
  const method = findMethod(target, name);
  return method === undefined
    ? undefined
    : new Callable(name, (call) => {
        context.work.touch(target);
        return method(target as never, call, context);
      });
}

function findMethod(target: unknown, name: string): Method<never> | undefined {
  if (typeof target === "string") return stringMethods[name] as Method<never> | undefined;
  if (Array.isArray(target)) return listMethods[name] as Method<never> | undefined;
  if (target instanceof PyTuple) return tupleMethods[name] as Method<never> | undefined;
  if (target instanceof Loop) return loopMethods[name] as Method<never> | undefined;
  if (isMapping(target)) return mapMethods[name] as Method<never> | undefined;
  return isFloat(target) ? (floatMethods[name] as Method<never> | undefined) : undefined;
}

function count(items: readonly unknown[], call: CallArguments, { work }: AccessContext): number {
  const [value] = bindArguments(call, "count", ["value"], 1);
  work.step(items.length);
  return items.filter((item) => isEqual(item, value, work)).length;
}

function indexOf(items: readonly unknown[], call: CallArguments, { work }: AccessContext): number {
  const [value, start] = bindArguments(call, "index", ["value", "start"], 1);
  const from = intArgument(start, "index", 0);
  work.step(items.length);
  const index = items.findIndex((item, place) => place >= from && isEqual(item, value, work));
  if (index < 0) throw runtimeFault("`index` did not find the value in the list");
  return index;
}

function pop(items: unknown[], call: CallArguments): unknown {
  const index = intArgument(bindArguments(call, "pop", ["index"])[0], "pop", -1);
  const place = index < 0 ? index + items.length : index;
  if (place < 0 || place >= items.length) throw runtimeFault("`pop` has no item at this index");
  return items.splice(place, 1)[0];
}

function remove(items: unknown[], call: CallArguments, context: AccessContext): null {
  items.splice(indexOf(items, { args: bindArguments(call, "remove", ["value"], 1), kwargs: undefined }, context), 1);
  return null;
}

function grow(items: unknown[], added: readonly unknown[], { work }: AccessContext): null {
  work.items(items.length + added.length);
  items.push(...added);
  return null;
}

const listMethods: Table<unknown[]> = Object.freeze({
  __proto__: null as never,
  count,
  index: indexOf,
  append: (items, call, context) => grow(items, bindArguments(call, "append", ["value"], 1), context),
  extend: (items, call, context) =>
    grow(items, iterate(bindArguments(call, "extend", ["values"], 1)[0], context.work), context),
  insert: (items, call, { work }) => {
    const [index, value] = bindArguments(call, "insert", ["index", "value"], 2);
    work.items(items.length + 1);
    items.splice(intArgument(index, "insert"), 0, value);
    return null;
  },
  pop,
  remove,
  clear: (items, call) => {
    bindArguments(call, "clear", []);
    items.length = 0;
    return null;
  },
  copy: (items, call, { work }) => {
    bindArguments(call, "copy", []);
    work.items(items.length);
    return [...items];
  },
  reverse: (items, call, { work }) => {
    bindArguments(call, "reverse", []);
    work.step(items.length);
    items.reverse();
    return null;
  },
  sort: (items, call, { work }) => {
    const [reverse] = bindArguments({ args: [], kwargs: call.kwargs }, "sort", ["reverse"]);
    const sorted = sortItems(items, (item) => item, reverse === true, work);
    items.splice(0, items.length, ...sorted);
    return null;
  },
});

const tupleMethods: Table<PyTuple> = Object.freeze({
  __proto__: null as never,
  count: (tuple, call, context) => count(tuple.items, call, context),
  index: (tuple, call, context) => indexOf(tuple.items, call, context),
});

const floatMethods: Table<unknown> = Object.freeze({
  __proto__: null as never,
  is_integer: (value) => Number.isInteger(numberOf(value)),
});

const loopMethods: Table<Loop> = Object.freeze({
  __proto__: null as never,
  cycle: ({ state }, call) => {
    if (call.args.length === 0) throw runtimeFault("`loop.cycle` needs at least one value");
    return call.args[state.index0 % call.args.length];
  },
  changed: ({ state }, call, { work }) => {
    const last = state.lastChanged;
    state.lastChanged = call.args;
    return last === undefined || !isEqual(new PyTuple(last), new PyTuple(call.args), work);
  },
});

/** A map a template may change. The records of the host have been copied before such a method can be called. */
function changeable(map: Mapping): PyDict {
  if (map instanceof PyDict) return map;
  throw runtimeFault("This map cannot be changed");
}

function fill(map: PyDict, call: CallArguments, { work }: AccessContext): null {
  if (call.args.length > 1) throw runtimeFault("`update` takes one map");
  if (call.args.length === 1) fillFrom(map, call.args[0], work);
  for (const [key, value] of call.kwargs ?? []) map.set(key, value);
  work.items(map.entries.size);
  return null;
}

/** Adds the entries of a map, or of a list of pairs. */
export function fillFrom(map: PyDict, source: unknown, work: AccessContext["work"]): void {
  if (isMapping(source)) {
    for (const [key, value] of mappingEntries(source)) map.set(key, value);
    return;
  }
  for (const pair of iterate(source, work)) {
    const items = iterate(pair, work);
    if (items.length !== 2) throw runtimeFault("A map is made of pairs");
    map.set(items[0], items[1]);
  }
}

function popKey(map: PyDict, call: CallArguments): unknown {
  const [key, usual] = bindArguments(call, "pop", ["key", "default"], 1);
  const found = map.has(key) ? map.get(key) : usual;
  if (found === undefined) throw runtimeFault("`pop` has no such key");
  map.delete(key);
  return found;
}

function popLast(map: PyDict): PyTuple {
  const last = [...map.entries.values()].at(-1);
  if (last === undefined) throw runtimeFault("`popitem` needs a map that is not empty");
  map.delete(last[0]);
  return new PyTuple(last);
}

function view(kind: PyView["kind"], pick: (entry: readonly [unknown, unknown]) => unknown): Method<Mapping> {
  return (map, call, { work }) => {
    bindArguments(call, kind.slice(5), []);
    const entries = mappingEntries(map);
    work.items(entries.length);
    return new PyView(kind, entries.map(pick));
  };
}

const mapMethods: Table<Mapping> = Object.freeze({
  __proto__: null as never,
  keys: view("dict_keys", ([key]) => key),
  values: view("dict_values", ([, value]) => value),
  items: view("dict_items", (entry) => new PyTuple(entry)),
  get: (map, call) => {
    const [key, usual] = bindArguments(call, "get", ["key", "default"], 1);
    const found = mappingGet(map, key);
    return found === undefined ? (usual ?? null) : found;
  },
  copy: (map, call, { work }) => {
    bindArguments(call, "copy", []);
    const copy = new PyDict();
    fillFrom(copy, map, work);
    work.items(copy.entries.size);
    return copy;
  },
  update: (map, call, context) => fill(changeable(map), call, context),
  pop: (map, call) => popKey(changeable(map), call),
  popitem: (map) => popLast(changeable(map)),
  clear: (map) => {
    changeable(map).entries.clear();
    return null;
  },
  setdefault: (map, call) => {
    const [key, usual] = bindArguments(call, "setdefault", ["key", "default"], 1);
    const target = changeable(map);
    const found = target.get(key);
    if (found !== undefined) return found;
    target.set(key, usual ?? null);
    return usual ?? null;
  },
});

/** Says that a value cannot be called. */
export function notCallable(value: unknown): Error {
  return runtimeFault(`A ${typeName(value)} cannot be called`);
}
