import { type JsonValue, quoteValue, toPointer } from "@strands/core";
import { type Alias, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from "yaml";
import { maxDepth, type TextProblem } from "./guard-text.js";
import { bareTemplate } from "./syntax-problem.js";

/** Values that aliases may add beyond what the text itself holds. */
const maxAliasValues = 100_000;

/** Problems after which the rest of a document is not worth reading. */
const maxProblems = 1000;

/** A problem of the document, with the place it belongs to. */
export interface DataProblem extends TextProblem {
  readonly pointer: string;
}

/** Plain data of a document. */
export interface PlainData {
  readonly data: JsonValue;
  readonly problems: readonly DataProblem[];
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** Mappings whose order JavaScript changes, with their keys in the order of the file. */
  readonly reordered: ReadonlyMap<JsonValue, readonly string[]>;
}

/** Turns parsed YAML into JSON values, which aliases share. Expects nesting to be bounded. */
export function toPlainData(root: Node | null): PlainData {
  const conversion = new Conversion();
  let data: JsonValue = null;
  try {
    data = conversion.convert(root, 0).value;
  } catch (error) {
    if (error !== conversion.stopped) throw error;
  }
  return { data, problems: conversion.problems, targets: conversion.targets, reordered: conversion.reordered };
}

/** A value with how many values it holds, itself included, and how deep it is. */
interface Converted {
  readonly value: JsonValue;
  readonly weight: number;
  readonly height: number;
}

interface Anchor {
  readonly node: Node;
  /** Absent while the anchored value is still being converted: an alias to it would be a circle. */
  converted?: Converted;
}

const nothing: Converted = { value: null, weight: 1, height: 0 };

class Conversion {
  readonly problems: DataProblem[] = [];
  readonly targets = new Map<Alias, Node>();
  readonly reordered = new Map<JsonValue, readonly string[]>();
  /** Thrown to end the conversion when going on makes no sense. */
  readonly stopped = new Error("conversion stopped");
  readonly #anchors = new Map<string, Anchor>();
  readonly #path: (string | number)[] = [];
  #aliasValues = 0;

  convert(node: unknown, depth: number): Converted {
    if (isAlias(node)) return this.#alias(node, depth);
    const anchored = node as Node | null;
    const anchor = anchored && "anchor" in anchored ? (anchored.anchor as string | undefined) : undefined;
    if (anchor === undefined || anchored === null) return this.#value(anchored, depth);
    const entry: Anchor = { node: anchored };
    this.#anchors.set(anchor, entry);
    entry.converted = this.#value(anchored, depth);
    return entry.converted;
  }

  #value(node: Node | null, depth: number): Converted {
    if (isMap(node)) return this.#map(node, depth);
    if (isSeq(node)) return this.#list(node.items, depth);
    if (isScalar(node)) return { value: this.#scalar(node), weight: 1, height: 0 };
    return nothing;
  }

  #alias(alias: Alias, depth: number): Converted {
    const anchor = this.#anchors.get(alias.source);
    const name = quoteValue(alias.source);
    if (anchor === undefined) {
      this.#report(alias, "unknown_alias", `no anchor ${name} stands before this alias`);
      return nothing;
    }
    if (anchor.converted === undefined) {
      this.#report(alias, "cyclic_alias", `the alias ${name} stands inside the value it refers to`);
      return nothing;
    }
    this.targets.set(alias, anchor.node);
    this.#aliasValues += anchor.converted.weight;
    if (this.#aliasValues > maxAliasValues) {
      this.#report(alias, "alias_limit", `aliases add more than ${maxAliasValues} values`);
      throw this.stopped;
    }
    if (depth + anchor.converted.height > maxDepth) {
      this.#report(alias, "depth_limit", `with this alias, nesting is more than ${maxDepth} deep`);
      throw this.stopped;
    }
    return anchor.converted;
  }

  #list(items: readonly unknown[], depth: number): Converted {
    const value: JsonValue[] = [];
    let weight = 1;
    let height = 0;
    for (const [index, item] of items.entries()) {
      this.#path.push(index);
      const converted = this.convert(isPair(item) ? null : item, depth + 1);
      this.#path.pop();
      value.push(converted.value);
      weight += converted.weight;
      height = Math.max(height, converted.height);
    }
    return { value, weight, height: height + 1 };
  }

  #map(map: YAMLMap, depth: number): Converted {
    const own = new Map<string, JsonValue>();
    const merged = new Map<string, JsonValue>();
    let weight = 1;
    let height = 0;
    for (const { key, value } of map.items) {
      if (isMergeKey(key)) {
        const converted = this.convert(value, depth + 1);
        this.#merge(converted.value, value, merged);
        weight += converted.weight;
        height = Math.max(height, converted.height);
        continue;
      }
      const name = this.#key(key, own);
      if (name === undefined) {
        // The value may hold anchors and problems of its own.
        this.convert(value, depth + 1);
        continue;
      }
      this.#path.push(name);
      const converted = this.convert(value, depth + 1);
      this.#path.pop();
      own.set(name, converted.value);
      weight += converted.weight;
      height = Math.max(height, converted.height);
    }
    for (const [name, value] of own) merged.set(name, value);
    return { value: this.#object(merged), weight, height: height + 1 };
  }

  #object(entries: ReadonlyMap<string, JsonValue>): JsonValue {
    const value = Object.fromEntries(entries);
    const keys = [...entries.keys()];
    if (Object.keys(value).some((key, index) => key !== keys[index])) this.reordered.set(value, keys);
    return value;
  }

  #key(key: unknown, own: ReadonlyMap<string, JsonValue>): string | undefined {
    const name = keyText(isAlias(key) ? this.#anchors.get(key.source)?.node : key);
    if (name === undefined) {
      const { message, suggestion } =
        isMap(key) && key.flow === true
          ? bareTemplate
          : { message: "a key must be text", suggestion: "put the key in quotes" };
      this.#report(key, "bad_key", message, suggestion);
      return undefined;
    }
    if (name === "__proto__") {
      this.#report(key, "forbidden_key", "`__proto__` cannot be a key", "use another name", name);
      return undefined;
    }
    if (own.has(name)) {
      this.#report(key, "duplicate_key", `the key ${quoteValue(name)} is given twice`, "keep one of the two", name);
      return undefined;
    }
    return name;
  }

  #merge(source: JsonValue, node: unknown, merged: Map<string, JsonValue>): void {
    for (const part of Array.isArray(source) ? (source as readonly JsonValue[]) : [source]) {
      if (typeof part !== "object" || part === null || Array.isArray(part)) {
        this.#report(node, "bad_merge", "`<<` takes a mapping, or a list of mappings");
        return;
      }
      for (const [name, value] of Object.entries(part)) if (!merged.has(name)) merged.set(name, value);
    }
  }

  #scalar(node: Scalar): JsonValue {
    const { value } = node;
    if (typeof value !== "number") return typeof value === "string" || typeof value === "boolean" ? value : null;
    const source = node.source ?? String(value);
    if (!Number.isFinite(value)) {
      const suggestion = "put it in quotes if it is text";
      this.#report(node, "number_range", `${quoteValue(source)} is not a finite number`, suggestion);
      return 0;
    }
    if (/^[-+]?[0-9]+$/.test(source) && losesDigits(source, value)) {
      const suggestion = "put it in quotes to keep every digit";
      this.#report(node, "number_range", `${quoteValue(source)} is too large to be exact`, suggestion);
    }
    return value;
  }

  #report(node: unknown, code: string, message: string, suggestion?: string, key?: string): void {
    const pointer = toPointer(key === undefined ? this.#path : [...this.#path, key]);
    const offset = (node as Node | null)?.range?.[0] ?? 0;
    this.problems.push({ code, message, offset, pointer, ...(suggestion === undefined ? {} : { suggestion }) });
    if (this.problems.length === maxProblems) throw this.stopped;
  }
}

/** Whether a whole number is not the one that was written. A finite one has at most 309 digits. */
function losesDigits(source: string, value: number): boolean {
  if (Number.isSafeInteger(value)) return false;
  const written = BigInt(source.replace(/^\+/, ""));
  return String(written) !== String(value) && written !== BigInt(value);
}

/** Whether a key is the plain `<<` that pulls another mapping in. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.type === "PLAIN";
}

/** The text of a key: what stands in the file, also for numbers and booleans. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null || key.value === undefined) return undefined;
  if (typeof key.value === "string") return key.value;
  return key.source ?? String(key.value);
}
