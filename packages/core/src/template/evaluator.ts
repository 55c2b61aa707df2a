import { readAttribute, readItem, readMethod, readSlice } from "./access.js";
import { noArguments } from "./call-arguments.js";
import { unknownFault } from "./expression-parser.js";
import { filters } from "./filters.js";
import { findGlobal, namedEntries } from "./globals.js";
import { iterate } from "./iteration.js";
import { bindMethod, notCallable } from "./methods.js";
import { arithmetic, compare, negate } from "./operators.js";
import { copyPlain, toText } from "./python-format.js";
import { compileRegex, type Regex } from "./regex/compile-regex.js";
import type { Frame, TemplateContext, TemplateScope } from "./scope.js";
import { isScope, readContext } from "./scope.js";
import type { ArgumentList, Expression } from "./syntax-tree.js";
import { runtimeFault } from "./template-fault.js";
import type { FilterContext, TemplateFilter, TemplateTest } from "./tests.js";
import { tests } from "./tests.js";
import type { CallArguments } from "./values.js";
import { Callable, isTruthy, Loop, numberOf, PyDict, PyTuple, typeName, Undefined } from "./values.js";
import type { Work } from "./work.js";

/** Evaluates expressions for one render. */
export class Evaluator implements FilterContext {
  readonly work: Work;
  readonly lenient: boolean;
  readonly bindMethod: typeof bindMethod = bindMethod;
  readonly #context: TemplateContext;
  readonly #scope: TemplateScope | undefined;
  /** Copies of what the context gave, when the template changes lists or maps. */
  readonly #copies: Map<string, unknown> | undefined;
  #regexes: Map<string, Regex> | undefined;
  /** The innermost frame; `undefined` until the template sets something. */
  protected frame: Frame | undefined;
  /** The text in front of a filter that is applied to a block. */
  protected blockText = "";

  constructor(context: TemplateContext, work: Work, options: { readonly lenient: boolean; readonly mutates: boolean }) {
    this.#context = context;
    this.#scope = isScope(context) ? context : undefined;
    this.work = work;
    this.lenient = options.lenient;
    this.#copies = options.mutates ? new Map() : undefined;
  }

  /** Whether the template may change lists or maps. */
  protected get mutates(): boolean {
    return this.#copies !== undefined;
  }

  filter(name: string): TemplateFilter {
    const found = filters[name];
    if (found === undefined) throw unknownFault("filter", name);
    return found;
  }

  test(name: string): TemplateTest {
    const found = tests[name];
    if (found === undefined) throw unknownFault("test", name);
    return found;
  }

  regex(pattern: string, flags: string): Regex {
    const key = `${flags}/${pattern}`;
    this.#regexes ??= new Map();
    let regex = this.#regexes.get(key);
    if (regex === undefined) {
      this.work.step(1 + pattern.length);
      const onSteps = (steps: number): void => this.work.step(steps >> 3);
      regex = compileRegex(pattern, { flags, maxSteps: this.work.limits.maxRegexSteps, onSteps });
      this.#regexes.set(key, regex);
    }
    return regex;
  }

  evaluate(node: Expression): unknown {
    this.work.step();
    switch (node.type) {
      case "constant":
        return node.value;
      case "name":
        return this.#name(node.name);
      case "attribute":
        return readAttribute(this.evaluate(node.target), node.name, this);
      case "item":
        return readItem(this.evaluate(node.target), this.evaluate(node.key), this);
      case "slice":
        return readSlice(
          this.evaluate(node.target),
          node.bounds.map((bound) => bound && this.evaluate(bound)),
          this,
        );
      case "call":
        return this.#call(node.callee, this.evaluateArguments(node.list));
      case "filter":
        return this.#filter(node);
      case "test":
        return this.#test(node);
      case "not":
        return !isTruthy(this.evaluate(node.target));
      case "negative":
        return negate(this.evaluate(node.target));
      case "positive":
        return this.#positive(this.evaluate(node.target));
      case "and": {
        const left = this.evaluate(node.left);
        return isTruthy(left) ? this.evaluate(node.right) : left;
      }
      case "or": {
        const left = this.evaluate(node.left);
        return isTruthy(left) ? left : this.evaluate(node.right);
      }
      case "arithmetic":
        return arithmetic(node.operator, this.evaluate(node.left), this.evaluate(node.right), this.work);
      case "compare":
        return this.#compare(node);
      case "conditional":
        if (isTruthy(this.evaluate(node.test))) return this.evaluate(node.yes);
        if (node.no !== undefined) return this.evaluate(node.no);
        // Jinja2 prints nothing here, also in strict mode.
        return new Undefined("The inline `if` has no `else` and its condition is false", true);
      case "join":
        return this.#join(node.items);
      case "list":
        return this.#items(node.items);
      case "tuple":
        return new PyTuple(this.#items(node.items));
      case "map":
        return this.#map(node.entries);
    }
  }

  #name(name: string): unknown {
    const local = this.frame?.find(name);
    if (local !== undefined) return local;
    const value =
      this.#copies === undefined ? readContext(this.#context, this.#scope, name) : this.#copied(name, this.#copies);
    if (value !== undefined) return value;
    if (name === "\0block") return this.blockText;
    return findGlobal(name, this) ?? new Undefined(`\`${name.slice(0, 60)}\` is not defined`, this.lenient, name);
  }

  #copied(name: string, copies: Map<string, unknown>): unknown {
    if (!copies.has(name)) {
      copies.set(
        name,
        copyPlain(readContext(this.#context, this.#scope, name), this.work, () => new PyDict()),
      );
    }
    return copies.get(name);
  }

  #items(items: readonly Expression[]): unknown[] {
    return items.map((item) => this.evaluate(item));
  }

  #map(entries: readonly (readonly [Expression, Expression])[]): PyDict {
    const result = new PyDict();
    for (const [keyNode, value] of entries) {
      const key = this.evaluate(keyNode);
      this.work.touch(key);
      result.set(key, this.evaluate(value));
    }
    return result;
  }

  #join(items: readonly Expression[]): string {
    let text = "";
    for (const item of items) {
      const piece = toText(this.evaluate(item), this.work);
      this.work.grow(text.length + piece.length, piece.length);
      text += piece;
    }
    return text;
  }

  #compare(node: Extract<Expression, { type: "compare" }>): boolean {
    let left = this.evaluate(node.first);
    for (const [operator, expression] of node.rest) {
      const right = this.evaluate(expression);
      const holds =
        operator === "contains" ? compare("in", right, left, this.work) : compare(operator, left, right, this.work);
      if (!holds) return false;
      left = right;
    }
    return true;
  }

  #positive(value: unknown): unknown {
    const number = numberOf(value);
    if (number === undefined) throw runtimeFault(`\`+\` cannot be applied to a ${typeName(value)}`);
    return typeof value === "boolean" ? number : value;
  }

  #filter(node: Extract<Expression, { type: "filter" }>): unknown {
    if (node.filter === undefined) throw unknownFault("filter", node.name, node.at);
    const value = this.evaluate(node.target);
    this.work.touch(value);
    return node.filter(value, node.list === undefined ? noArguments : this.evaluateArguments(node.list), this);
  }

  #test(node: Extract<Expression, { type: "test" }>): boolean {
    if (node.test === undefined) throw unknownFault("test", node.name, node.at);
    const value = this.evaluate(node.target);
    this.work.touch(value);
    return node.test(value, node.list === undefined ? noArguments : this.evaluateArguments(node.list), this);
  }

  protected evaluateArguments(list: ArgumentList): CallArguments {
    const args = this.#items(list.positional);
    if (list.spread !== undefined) {
      const more = iterate(this.evaluate(list.spread), this.work);
      this.work.items(args.length + more.length);
      for (const value of more) args.push(value);
    }
    for (const value of args) this.work.touch(value);
    if (list.named.length === 0 && list.namedSpread === undefined) return { args, kwargs: undefined };
    const kwargs = new Map<string, unknown>();
    for (const [name, value] of list.named) kwargs.set(name, this.evaluate(value));
    if (list.namedSpread !== undefined) {
      for (const [name, value] of namedEntries(this.evaluate(list.namedSpread))) kwargs.set(name, value);
    }
    return { args, kwargs };
  }

  #call(node: Expression, call: CallArguments): unknown {
    const callee =
      node.type === "attribute" ? readMethod(this.evaluate(node.target), node.name, this) : this.evaluate(node);
    return this.callValue(callee, call);
  }

  protected callValue(callee: unknown, call: CallArguments): unknown {
    if (callee instanceof Callable) return callee.call(call);
    if (callee instanceof Loop && callee.state.recurse !== undefined && call.args.length === 1)
      return callee.state.recurse(call.args[0]);
    throw notCallable(callee);
  }
}
