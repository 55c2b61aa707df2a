import type { JsonValue, SpecIssue } from "@strands/core";
import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import { guardText, type TextProblem } from "./guard-text.js";
import { parseJson } from "./parse-json.js";
import { parseYaml } from "./parse-yaml.js";
import { isMergeKey, keyText, toPlainData } from "./plain-data.js";

/** A place in a text, counted from 1. Columns count UTF-16 units. */
export interface Position {
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** What to point at: what a key stands for, or the key itself. */
export type PositionOf = "value" | "key";

/** A text that was read, with its data and the place of every part. */
export interface SourceDocument {
  readonly file: string | undefined;
  /** The data, or `undefined` when the text cannot be read or says nothing. */
  readonly data: JsonValue | undefined;
  /** Problems of the text itself; with any of them `data` must not be used. */
  readonly issues: readonly SpecIssue[];
  /** Mappings whose order JavaScript changes, with their keys in the order of the file. */
  readonly reordered: ReadonlyMap<JsonValue, readonly string[]>;
  /** The place of a part, or of the nearest part around it. */
  readonly locate: (path: readonly string[], of?: PositionOf) => Position | undefined;
}

/** Reads YAML or JSON text. Never throws: what is wrong is in `issues`. */
export function readSource(text: string, format: "yaml" | "json", file?: string): SourceDocument {
  // The library does not know a lone carriage return as the end of a line; YAML and the existing tool do.
  const body = (text.startsWith("\ufeff") ? text.slice(1) : text).replace(/\r(?!\n)/g, "\n");
  const guarded = guardText(body);
  if (guarded.length > 0) return unreadable(file, body, guarded);
  const parsed = parseYaml(body);
  const problems = format === "json" ? [...parseJson(body, parsed.problems)] : parsed.problems;
  if (problems.length > 0) return unreadable(file, body, problems);
  if (parsed.root === null || (isScalar(parsed.root) && parsed.root.value === null)) {
    const suggestion = "a workflow needs at least `version`, `name`, `runtime`, `agents` and `pattern`";
    return unreadable(file, body, [
      { code: "empty_document", message: "the file says nothing", offset: 0, suggestion },
    ]);
  }
  const plain = toPlainData(parsed.root);
  const at = (offset: number) => toPosition(parsed.lines, offset, file);
  const issues = plain.problems.map((problem) => toIssue(problem, problem.pointer, at(problem.offset)));
  const places = new Places(parsed.root, plain.targets);
  return {
    file,
    data: plain.data,
    issues,
    reordered: plain.reordered,
    locate: (path, of = "value") => {
      const offset = places.find(path, of);
      return offset === undefined ? undefined : at(offset);
    },
  };
}

function unreadable(file: string | undefined, text: string, problems: readonly TextProblem[]): SourceDocument {
  const issues = problems.map((problem) => toIssue(problem, "", countPosition(text, problem.offset, file)));
  return { file, data: undefined, issues, reordered: new Map(), locate: () => undefined };
}

function toIssue(problem: TextProblem, pointer: string, position: Position): SpecIssue {
  const { code, message, suggestion } = problem;
  return {
    code,
    pointer,
    message,
    severity: "error",
    ...(suggestion === undefined ? {} : { suggestion }),
    ...position,
  };
}

function toPosition(lines: LineCounter, offset: number, file: string | undefined): Position {
  const { line, col } = lines.linePos(offset);
  return { ...(file === undefined ? {} : { file }), line, column: col };
}

function countPosition(text: string, offset: number, file: string | undefined): Position {
  const before = text.slice(0, offset);
  const column = offset - before.lastIndexOf("\n");
  return { ...(file === undefined ? {} : { file }), line: before.split("\n").length, column };
}

/** Finds parts of a parsed document by path. */
class Places {
  readonly #root: Node;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #pairs = new WeakMap<YAMLMap, Map<string, Pair>>();

  constructor(root: Node, targets: ReadonlyMap<Alias, Node>) {
    this.#root = root;
    this.#targets = targets;
  }

  find(path: readonly string[], of: PositionOf): number | undefined {
    let node: unknown = this.#root;
    let key: unknown;
    for (const part of path) {
      const next = this.#child(this.#resolve(node), part);
      if (next === undefined) break;
      key = next.key;
      node = next.value;
    }
    const preferKey = of === "key" || isCollection(node) || isEmpty(node);
    return offsetOf(preferKey && key !== undefined ? key : node) ?? offsetOf(key);
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  #child(node: unknown, part: string): { readonly key?: unknown; readonly value: unknown } | undefined {
    if (isSeq(node)) {
      const value = /^\d+$/.test(part) ? node.items[Number(part)] : undefined;
      return value === undefined ? undefined : { value };
    }
    if (!isMap(node)) return undefined;
    const pair = this.#index(node).get(part);
    if (pair !== undefined) return { key: pair.key, value: pair.value };
    return this.#merged(node, part);
  }

  #merged(map: YAMLMap, part: string): { readonly key?: unknown; readonly value: unknown } | undefined {
    for (const pair of map.items) {
      if (!isMergeKey(pair.key)) continue;
      const source = this.#resolve(pair.value);
      for (const item of isSeq(source) ? source.items : [source]) {
        const found = this.#child(this.#resolve(item), part);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #index(map: YAMLMap): Map<string, Pair> {
    let index = this.#pairs.get(map);
    if (index === undefined) {
      index = new Map();
      for (const pair of map.items) {
        const name = keyText(this.#resolve(pair.key));
        if (name !== undefined && !isMergeKey(pair.key) && !index.has(name)) index.set(name, pair);
      }
      this.#pairs.set(map, index);
    }
    return index;
  }
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null && !node.source);
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
