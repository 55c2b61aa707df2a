import type { ArgumentList, Expression, MacroShape, Statement, Target } from "./syntax-tree.js";

/** A variable that a template or condition reads from its context. */
export interface NameUse {
  readonly name: string;
  /** The name and what is read from it, as far as it is written out: `steps`, `0`, `response`. */
  readonly path: readonly string[];
  /** Whether the template checks for its absence, with `is defined`, `default` and the like. */
  readonly guarded: boolean;
  /** Offset in the source. */
  readonly at: number;
}

/** Lists the free root variables of a template, in the order they are read. */
export function freeNames(statements: readonly Statement[]): readonly NameUse[] {
  const collector = new NameCollector();
  collector.statements(statements);
  return collector.uses;
}

/** Lists the free root variables of an expression, in the order they are read. */
export function freeNamesOf(expression: Expression): readonly NameUse[] {
  const collector = new NameCollector();
  collector.expression(expression);
  return collector.uses;
}

class NameCollector {
  readonly uses: NameUse[] = [];
  #bound: Set<string>[] = [new Set()];
  /** Paths that enclosing tests have checked, so that reading them there is safe, with how many tests did. */
  readonly #checked = new Map<string, number>();

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement.type) {
      case "text":
      case "break":
      case "continue":
        break;
      case "output":
      case "discard":
        this.expression(statement.value);
        break;
      case "if":
        this.#if(statement);
        break;
      case "for":
        this.expression(statement.items);
        this.#inside(() => {
          this.#bind(statement.target);
          if (statement.condition !== undefined) this.expression(statement.condition);
          this.#bound.at(-1)?.add("loop");
          this.statements(statement.body);
        });
        this.#inside(() => this.statements(statement.otherwise));
        break;
      case "set":
        this.expression(statement.value);
        this.#bind(statement.target);
        break;
      case "capture":
        this.#inside(() => this.statements(statement.body));
        for (const filter of statement.filters) this.expression(filter);
        this.#bind(statement.target);
        break;
      case "with":
        for (const value of statement.values) this.expression(value);
        this.#inside(() => {
          for (const target of statement.targets) this.#bind(target);
          this.statements(statement.body);
        });
        break;
      case "filtered":
        for (const filter of statement.filters) this.expression(filter);
        this.#inside(() => this.statements(statement.body));
        break;
      case "scope":
        this.#inside(() => this.statements(statement.body));
        break;
      case "macro":
        this.#bound.at(-1)?.add(statement.macro.name);
        this.#macro(statement.macro);
        break;
      case "call":
        this.expression(statement.call);
        this.#macro(statement.caller);
        break;
    }
  }

  #macro(shape: MacroShape): void {
    for (const { usual } of shape.parameters) if (usual !== undefined) this.expression(usual);
    this.#inside(() => {
      for (const name of [...shape.parameters.map((parameter) => parameter.name), ...shape.uses])
        this.#bound.at(-1)?.add(name);
      this.statements(shape.body);
    });
  }

  #if(statement: Extract<Statement, { type: "if" }>): void {
    const failed: string[] = [];
    for (const [test, body] of statement.branches) {
      this.expression(test);
      this.#after(test, true, () => this.statements(body));
      // What follows is reached only when this test has failed.
      const proven = checkedBy(test, false);
      this.#count(proven, 1);
      failed.push(...proven);
    }
    this.statements(statement.otherwise);
    this.#count(failed, -1);
  }

  /** Walks what is reached only when a test has held, or has failed. */
  #after(test: Expression, held: boolean, walk: () => void): void {
    const proven = checkedBy(test, held);
    this.#count(proven, 1);
    walk();
    this.#count(proven, -1);
  }

  #count(paths: readonly string[], by: number): void {
    for (const path of paths) this.#checked.set(path, (this.#checked.get(path) ?? 0) + by);
  }

  #inside(walk: () => void): void {
    this.#bound.push(new Set());
    walk();
    this.#bound.pop();
  }

  #bind(target: Target): void {
    if (target.type === "name") this.#bound.at(-1)?.add(target.name);
    else if (target.type === "targets") for (const item of target.items) this.#bind(item);
  }

  expression(node: Expression, guarded = false): void {
    const path = staticPath(node);
    if (path !== undefined) {
      this.#use(path, node.at, guarded);
      return;
    }
    switch (node.type) {
      case "attribute":
        this.expression(node.target, guarded);
        break;
      case "item":
        this.expression(node.target, guarded);
        this.expression(node.key);
        break;
      case "filter": {
        const softens = node.name === "default" || node.name === "d";
        this.expression(node.target, softens);
        this.#arguments(node.list);
        break;
      }
      case "test":
        this.expression(node.target, node.name === "defined" || node.name === "undefined");
        this.#arguments(node.list);
        break;
      case "call":
        this.expression(node.callee.type === "attribute" ? node.callee.target : node.callee);
        this.#arguments(node.list);
        break;
      case "and":
      case "or":
        this.expression(node.left);
        this.#after(node.left, node.type === "and", () => this.expression(node.right));
        break;
      case "conditional": {
        const { test, yes, no } = node;
        this.expression(test);
        this.#after(test, true, () => this.expression(yes));
        if (no !== undefined) this.#after(test, false, () => this.expression(no));
        break;
      }
      default:
        for (const child of children(node)) this.expression(child);
    }
  }

  #arguments(list: ArgumentList | undefined): void {
    if (list === undefined) return;
    for (const node of [...list.positional, ...list.named.map(([, value]) => value), list.spread, list.namedSpread]) {
      if (node !== undefined) this.expression(node);
    }
  }

  #use(path: readonly string[], at: number, guarded: boolean): void {
    const [name = ""] = path;
    if (name.startsWith("\0") || this.#bound.some((names) => names.has(name))) return;
    const checked = (_: string, end: number): boolean => (this.#checked.get(keyOf(path.slice(0, end + 1))) ?? 0) > 0;
    this.uses.push({ name, path, guarded: guarded || (this.#checked.size > 0 && path.some(checked)), at });
  }
}

function staticPath(node: Expression): string[] | undefined {
  if (node.type === "name") return [node.name];
  if (node.type === "attribute") {
    const path = staticPath(node.target);
    path?.push(node.name);
    return path;
  }
  if (node.type !== "item" || node.key.type !== "constant") return undefined;
  const { value } = node.key;
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const path = staticPath(node.target);
  path?.push(String(value));
  return path;
}

/** The paths a test proves to be there when it holds, or when it fails: `x is defined`, also as a part of an `and`. */
function checkedBy(test: Expression, held: boolean): readonly string[] {
  if (test.type === "not") return checkedBy(test.target, !held);
  if (test.type === (held ? "and" : "or")) {
    const { left, right } = test as Extract<Expression, { type: "and" | "or" }>;
    return [...checkedBy(left, held), ...checkedBy(right, held)];
  }
  if (test.type !== "test" || test.name !== (held ? "defined" : "undefined")) return [];
  const path = staticPath(test.target);
  return path === undefined ? [] : [keyOf(path)];
}

function keyOf(path: readonly string[]): string {
  return path.join("\0");
}

function children(node: Expression): readonly Expression[] {
  switch (node.type) {
    case "list":
    case "tuple":
    case "join":
      return node.items;
    case "map":
      return node.entries.flat();
    case "slice":
      return [node.target, ...node.bounds.filter((bound) => bound !== undefined)];
    case "not":
    case "negative":
    case "positive":
      return [node.target];
    case "arithmetic":
      return [node.left, node.right];
    case "compare":
      return [node.first, ...node.rest.map(([, right]) => right)];
    default:
      return [];
  }
}
