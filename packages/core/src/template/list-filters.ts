import { readItem } from "./access.js";
import { bindArguments, intArgument, textArgument } from "./call-arguments.js";
import { iterate } from "./iteration.js";
import { arithmetic, compare, isEqual } from "./operators.js";
import { toText } from "./python-format.js";
import { sortItems } from "./sort-items.js";
import { runtimeFault } from "./template-fault.js";
import type { FilterContext, TemplateFilter } from "./tests.js";
import type { CallArguments } from "./values.js";
import {
  hashKey,
  isFloat,
  isInteger,
  isMapping,
  isTruthy,
  listItem,
  mappingEntries,
  PyGroup,
  PyTuple,
  typeName,
  Undefined,
} from "./values.js";
import type { Work } from "./work.js";

type Getter = (item: unknown) => unknown;

function attributeGetter(attribute: unknown, context: FilterContext, fallback?: unknown): Getter {
  if (attribute === undefined || attribute === null) return (item) => item;
  const parts = isInteger(attribute) ? [Number(attribute)] : pathParts(textArgument(attribute, "attribute"));
  return (item) => {
    let value = item;
    for (const part of parts) {
      context.work.step();
      value = readItem(value, part, context);
      if (value instanceof Undefined && fallback !== undefined) return fallback;
    }
    return value;
  };
}

function pathParts(path: string): (string | number)[] {
  return path.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function multiGetter(attribute: unknown, context: FilterContext, finish: Getter): Getter {
  if (typeof attribute !== "string" || !attribute.includes(",")) {
    const get = attributeGetter(attribute, context);
    return (item) => finish(get(item));
  }
  const getters = attribute.split(",").map((part) => attributeGetter(part, context));
  return (item) => new PyTuple(getters.map((get) => finish(get(item))));
}

function caseFolder(caseSensitive: unknown, work: Work): Getter {
  if (caseSensitive !== undefined && isTruthy(caseSensitive)) return (value) => value;
  return (value) => {
    work.touch(value);
    return typeof value === "string" ? value.toLowerCase() : value;
  };
}

function join(value: unknown, call: CallArguments, context: FilterContext): string {
  const { work } = context;
  const [separator, attribute] = bindArguments(call, "join", ["d", "attribute"]);
  const glue = separator === undefined ? "" : toText(separator, work);
  const get = attributeGetter(attribute, context);
  let total = 0;
  const parts = iterate(value, work).map((item) => {
    const text = toText(get(item), work);
    total += text.length + glue.length;
    work.grow(total, text.length + glue.length);
    return text;
  });
  return parts.join(glue);
}

function endOf(name: string, index: 0 | -1): TemplateFilter {
  return (value, call, { work, lenient }) => {
    bindArguments(call, name, []);
    // Of a list of thousands only the one item is looked at.
    const items = Array.isArray(value) ? value : iterate(value, work);
    if (items.length === 0) return new Undefined(`\`${name}\` needs a list that is not empty`, lenient);
    return listItem(items, index < 0 ? items.length - 1 : 0);
  };
}

function list(value: unknown, call: CallArguments, { work }: FilterContext): unknown[] {
  bindArguments(call, "list", []);
  const all = iterate(value, work);
  work.items(all.length);
  return [...all];
}

function sort(value: unknown, call: CallArguments, context: FilterContext): unknown[] {
  const [reverse, caseSensitive, attribute] = bindArguments(call, "sort", ["reverse", "case_sensitive", "attribute"]);
  const get = multiGetter(attribute, context, caseFolder(caseSensitive, context.work));
  return sortItems(iterate(value, context.work), get, isTruthy(reverse ?? false), context.work);
}

function unique(value: unknown, call: CallArguments, context: FilterContext): unknown[] {
  const [caseSensitive, attribute] = bindArguments(call, "unique", ["case_sensitive", "attribute"]);
  const get = attributeGetter(attribute, context);
  const fold = caseFolder(caseSensitive, context.work);
  const seen = new Set<string>();
  return iterate(value, context.work).filter((item) => {
    const hash = hashKey(fold(get(item)));
    context.work.step();
    return !seen.has(hash) && seen.add(hash) !== undefined;
  });
}

/** Jinja2 lets these filters pass over anything false, such as null. */
function itemsOrNone(value: unknown, context: FilterContext): readonly unknown[] {
  return isTruthy(value) ? iterate(value, context.work) : [];
}

function map(value: unknown, call: CallArguments, context: FilterContext): unknown[] {
  const attribute = call.kwargs?.get("attribute");
  const items = itemsOrNone(value, context);
  if (items.length === 0) return [];
  context.work.items(items.length);
  if (call.args.length === 0) {
    const [path, fallback] = bindArguments(call, "map", ["attribute", "default"]);
    if (path === undefined) throw runtimeFault("`map` needs the name of a filter or `attribute=`");
    return items.map(attributeGetter(attribute, context, fallback));
  }
  const name = textArgument(call.args[0], "map");
  const filter = context.filter(name);
  const rest = { args: call.args.slice(1), kwargs: call.kwargs };
  return items.map((item) => {
    context.work.touch(item);
    return filter(item, rest, context);
  });
}

function selector(name: string, keep: boolean, withAttribute: boolean): TemplateFilter {
  return (value, call, context) => {
    const items = itemsOrNone(value, context);
    if (items.length === 0) return [];
    context.work.items(items.length);
    const args = [...call.args];
    const get = withAttribute ? attributeGetter(firstOf(args, name), context) : (item: unknown) => item;
    const testName = args.shift();
    const rest = { args, kwargs: call.kwargs };
    const test = testName === undefined ? isTruthy : bindTest(textArgument(testName, name), rest, context);
    return items.filter((item) => test(get(item)) === keep);
  };
}

function firstOf(args: unknown[], name: string): unknown {
  if (args.length === 0) throw runtimeFault(`\`${name}\` needs the name of an attribute`);
  return args.shift();
}

function bindTest(name: string, call: CallArguments, context: FilterContext): (item: unknown) => boolean {
  const test = context.test(name);
  return (item) => {
    context.work.touch(item);
    return test(item, call, context);
  };
}

function sum(value: unknown, call: CallArguments, context: FilterContext): unknown {
  const [attribute, start] = bindArguments(call, "sum", ["attribute", "start"]);
  const get = attributeGetter(attribute, context);
  return iterate(value, context.work).reduce<unknown>((total, item) => {
    if (typeof total === "string") throw runtimeFault("`sum` adds numbers; use `join` for text");
    return arithmetic("+", total, get(item), context.work);
  }, start ?? 0);
}

function extreme(name: "min" | "max"): TemplateFilter {
  return (value, call, context) => {
    const [caseSensitive, attribute] = bindArguments(call, name, ["case_sensitive", "attribute"]);
    const fold = caseFolder(caseSensitive, context.work);
    const get = attributeGetter(attribute, context);
    const items = iterate(value, context.work);
    let best = items[0];
    for (const item of items.slice(1)) {
      if (compare(name === "min" ? "<" : ">", fold(get(item)), fold(get(best)), context.work)) best = item;
    }
    return best === undefined ? new Undefined(`\`${name}\` needs a list that is not empty`, context.lenient) : best;
  };
}

function dictsort(value: unknown, call: CallArguments, { work }: FilterContext): unknown[] {
  const [caseSensitive, by, reverse] = bindArguments(call, "dictsort", ["case_sensitive", "by", "reverse"]);
  if (!isMapping(value)) throw runtimeFault(`\`dictsort\` needs a map, not a ${typeName(value)}`);
  if (by !== undefined && by !== "key" && by !== "value") throw runtimeFault("`dictsort` sorts by `key` or by `value`");
  const fold = caseFolder(caseSensitive, work);
  const place = by === "value" ? 1 : 0;
  const pairs = mappingEntries(value).map((entry) => new PyTuple(entry));
  return sortItems(pairs, (pair) => fold((pair as PyTuple).items[place]), isTruthy(reverse ?? false), work);
}

function batch(value: unknown, call: CallArguments, { work }: FilterContext): unknown[] {
  const [size, fill] = bindArguments(call, "batch", ["linecount", "fill_with"], 1);
  const count = isFloat(size) ? 0 : intArgument(size, "batch");
  if (count < 1) throw runtimeFault("`batch` needs a size of 1 or more");
  const items = iterate(value, work);
  const rows: unknown[][] = [];
  for (let index = 0; index < items.length; index += count) rows.push(items.slice(index, index + count));
  const short = rows.at(-1);
  if (short !== undefined && fill !== undefined && fill !== null) {
    work.items(count);
    while (short.length < count) short.push(fill);
  }
  work.items(items.length);
  return rows;
}

function groupby(value: unknown, call: CallArguments, context: FilterContext): unknown[] {
  const [attribute, fallback, caseSensitive] = bindArguments(
    call,
    "groupby",
    ["attribute", "default", "case_sensitive"],
    1,
  );
  const get = attributeGetter(attribute, context, fallback);
  const fold = caseFolder(caseSensitive, context.work);
  const groups: { readonly key: unknown; readonly shown: unknown; readonly items: unknown[] }[] = [];
  for (const item of sortItems(iterate(value, context.work), (entry) => fold(get(entry)), false, context.work)) {
    const shown = get(item);
    const key = fold(shown);
    const group = groups.at(-1);
    if (group !== undefined && isEqual(group.key, key, context.work)) group.items.push(item);
    else groups.push({ key, shown, items: [item] });
  }
  return groups.map(({ shown, items }) => new PyGroup([shown, items]));
}

/** Filters that work on lists, text as a list of characters, and maps. */
export const listFilters: Readonly<Record<string, TemplateFilter>> = Object.freeze({
  join,
  first: endOf("first", 0),
  last: endOf("last", -1),
  list,
  sort,
  unique,
  map,
  select: selector("select", true, false),
  reject: selector("reject", false, false),
  selectattr: selector("selectattr", true, true),
  rejectattr: selector("rejectattr", false, true),
  sum,
  min: extreme("min"),
  max: extreme("max"),
  dictsort,
  batch,
  groupby,
});
