import { refuseInternalName } from "./access.js";
import { bindArguments, intArgument } from "./call-arguments.js";
import { conversionFault, parseFloatValue, parseInteger } from "./conversions.js";
import { iterate, lengthOf } from "./iteration.js";
import { fillFrom } from "./methods.js";
import { toText } from "./python-format.js";
import { limitFault, runtimeFault } from "./template-fault.js";
import type { FilterContext } from "./tests.js";
import type { CallArguments } from "./values.js";
import {
  Callable,
  hashKey,
  isMapping,
  isTruthy,
  makeFloat,
  mappingEntries,
  Namespace,
  PyDict,
  PyRange,
  PySet,
  PyTuple,
} from "./values.js";

type GlobalFunction = (call: CallArguments, context: FilterContext) => unknown;

function range(call: CallArguments, { work }: FilterContext): PyRange {
  const [first, second, third] = bindArguments(
    { args: call.args, kwargs: undefined },
    "range",
    ["start", "stop", "step"],
    1,
  );
  const start = second === undefined ? 0 : intArgument(first, "range");
  const stop = intArgument(second ?? first, "range");
  const step = intArgument(third, "range", 1);
  if (step === 0) throw runtimeFault("The step of `range` cannot be zero");
  const result = new PyRange(start, stop, step);
  if (result.length > work.limits.maxItems) throw limitFault(`\`range\` makes at most ${work.limits.maxItems} numbers`);
  return result;
}

function namespace(call: CallArguments, { work }: FilterContext): Namespace {
  const result = new Namespace();
  const source = new PyDict();
  if (call.args.length > 0) fillFrom(source, call.args[0], work);
  work.items(source.entries.size);
  for (const [, [key, value]] of source.entries) setField(result, String(key), value);
  for (const [name, value] of call.kwargs ?? []) setField(result, name, value);
  return result;
}

/** Sets an attribute of a namespace. */
export function setField(target: unknown, name: string, value: unknown): void {
  refuseInternalName(name);
  if (!(target instanceof Namespace)) throw runtimeFault("Only a `namespace()` has attributes that can be set");
  target.attributes.set(name, value);
}

function dict(call: CallArguments, { work }: FilterContext): PyDict {
  const result = new PyDict();
  if (call.args.length > 1) throw runtimeFault("`dict` takes one map or list of pairs");
  if (call.args.length === 1) fillFrom(result, call.args[0], work);
  for (const [name, value] of call.kwargs ?? []) result.set(name, value);
  work.items(result.entries.size);
  return result;
}

function itemsOf(call: CallArguments, name: string, { work }: FilterContext): unknown[] {
  const [value] = bindArguments(call, name, ["iterable"]);
  const all = value === undefined ? [] : iterate(value, work);
  work.items(all.length);
  return [...all];
}

function set(call: CallArguments, context: FilterContext): PySet {
  const seen = new Set<string>();
  return new PySet(
    itemsOf(call, "set", context).filter((item) => {
      const hash = hashKey(item);
      return !seen.has(hash) && seen.add(hash) !== undefined;
    }),
  );
}

const templateFunctions: Readonly<Record<string, GlobalFunction>> = { range, namespace, dict };

const conditionFunctions: Readonly<Record<string, GlobalFunction>> = {
  ...templateFunctions,
  len: (call) => lengthOf(bindArguments(call, "len", ["value"], 1)[0]),
  str: (call, { work }) => toText(bindArguments(call, "str", ["value"])[0] ?? "", work),
  int: (call) => {
    const [value, base] = bindArguments(call, "int", ["value", "base"]);
    const result = value === undefined ? 0 : parseInteger(value, intArgument(base, "int", 10));
    if (result === undefined) throw conversionFault(value, "int");
    return result;
  },
  float: (call) => {
    const [value] = bindArguments(call, "float", ["value"]);
    const result = value === undefined ? makeFloat(0) : parseFloatValue(value);
    if (result === undefined) throw conversionFault(value, "float");
    return result;
  },
  bool: (call) => {
    const [value] = bindArguments(call, "bool", ["value"]);
    return value !== undefined && isTruthy(value);
  },
  list: (call, context) => itemsOf(call, "list", context),
  tuple: (call, context) => new PyTuple(itemsOf(call, "tuple", context)),
  set,
};

/** The functions a template, or a condition, has without being given them. */
export function findGlobal(name: string, context: FilterContext): Callable | undefined {
  const table = context.lenient ? conditionFunctions : templateFunctions;
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  return found === undefined ? undefined : new Callable(name, (call) => found(call, context));
}

/** Names of the functions a template has without being given them. */
export const globalNames: readonly string[] = Object.freeze(Object.keys(templateFunctions));

/** Names of the functions a condition has without being given them. */
export const conditionGlobalNames: readonly string[] = Object.freeze(Object.keys(conditionFunctions));

/** The entries of the map behind `**` in a call. */
export function namedEntries(value: unknown): readonly (readonly [string, unknown])[] {
  if (!isMapping(value)) throw runtimeFault("`**` in a call needs a map");
  return mappingEntries(value).map(([key, item]) => [String(key), item] as const);
}
