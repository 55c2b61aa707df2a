import { nearest } from "../spec/suggest.js";
import { refuseInternalName } from "./access.js";
import { filters } from "./filters.js";
import { sourceLimits } from "./limits.js";
import type { ArithmeticOperator, ComparisonOperator } from "./operators.js";
import type { ArgumentList, Expression, ExpressionShape } from "./syntax-tree.js";
import { forbiddenFault, limitFault, syntaxFault, type TemplateFault } from "./template-fault.js";
import { tests } from "./tests.js";
import { describeToken, type SyntaxToken, TokenReader } from "./token-reader.js";

const comparisons: ReadonlySet<unknown> = new Set(["==", "!=", "<", "<=", ">", ">="]);
const levels: readonly (readonly string[])[] = [["+", "-"], ["*", "/", "//", "%"], ["**"]];
const constants: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
  ["null", null],
]);
const refusedCalls: ReadonlySet<string> = new Set(["eval", "exec", "compile", "open", "file", "import"]);
const argumentStart: ReadonlySet<string> = new Set(["name", "string", "int", "float", "(", "[", "{"]);

/** Jinja2's expressions: its precedence, slices, tuples, chained comparisons and call arguments. */
export class ExpressionParser extends TokenReader {
  /** Whether this reads a condition, which knows `contains` and refuses a few calls. */
  protected readonly forCondition: boolean = false;
  /** Unknown filters and tests so far that may turn out to stand in a branch. */
  protected unknown: TemplateFault[] = [];
  /** Those that do, where they only fail when they are reached. */
  readonly deferred: TemplateFault[] = [];
  /** Special names read so far: `caller`, `varargs`, `kwargs`. */
  protected special: Set<string> = new Set();
  #nesting = 0;

  protected nest(): void {
    if (++this.#nesting > sourceLimits.maxNesting * 2) {
      throw limitFault(`The template is nested more than ${sourceLimits.maxNesting} levels deep`);
    }
  }

  protected unnest(): void {
    this.#nesting--;
  }

  protected operator(): string | undefined {
    return this.peekToken()?.type;
  }

  protected word(): string | undefined {
    const token = this.peekToken();
    return token?.type === "name" ? String(token.value) : undefined;
  }

  protected name(): string {
    const token = this.expect("name");
    refuseInternalName(String(token.value), token.at);
    return String(token.value);
  }

  protected make(at: number, shape: ExpressionShape, ...children: readonly (Expression | undefined)[]): Expression {
    let height = 1;
    for (const child of children) if (child !== undefined && child.height >= height) height = child.height + 1;
    if (height > sourceLimits.maxTreeHeight) {
      throw limitFault(`An expression has more than ${sourceLimits.maxTreeHeight} operators or filters in a row`);
    }
    // The shape was made for this call; a copy would double the cost of parsing.
    return Object.assign(shape, { at, height }) as Expression;
  }

  /** An expression, or several with commas between them that make a tuple. */
  protected tuple(isEnd: () => boolean = () => false, one: () => Expression = () => this.conditional()): Expression {
    const at = this.peekToken()?.at ?? this.tokens.index;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0 && (this.endsTuple() || isEnd())) break;
      items.push(one());
      if (!this.skip(",")) break;
      isTuple = true;
    }
    return isTuple ? this.make(at, { type: "tuple", items }, ...items) : (items[0] as Expression);
  }

  protected endsTuple(): boolean {
    const type = this.peekToken()?.type;
    return type === undefined || type === "}}" || type === "%}" || type === ")";
  }

  /** `a if b else c` and everything that binds more tightly. */
  protected conditional(): Expression {
    this.nest();
    const mark = this.unknown.length;
    let node = this.or();
    while (this.skipSymbol("if")) {
      const test = this.or();
      const no = this.skipSymbol("else") ? this.conditional() : undefined;
      node = this.make(node.at, { type: "conditional", test, yes: node, no }, node, test, no);
      this.defer(mark);
    }
    this.unnest();
    return node;
  }

  /** What is unknown since a mark stands in a branch. */
  protected defer(mark: number): void {
    this.deferred.push(...this.unknown.splice(mark));
  }

  protected or(): Expression {
    let left = this.#and();
    while (this.skipSymbol("or")) {
      const right = this.#and();
      left = this.make(left.at, { type: "or", left, right }, left, right);
    }
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.skipSymbol("and")) {
      const right = this.#not();
      left = this.make(left.at, { type: "and", left, right }, left, right);
    }
    return left;
  }

  #not(): Expression {
    const places: number[] = [];
    while (this.word() === "not") places.push(this.nextToken()?.at ?? 0);
    let node = this.#compare();
    for (const at of places.reverse()) node = this.make(at, { type: "not", target: node }, node);
    return node;
  }

  #compare(): Expression {
    const first = this.#binary(0);
    const rest: (readonly [ComparisonOperator | "contains", Expression])[] = [];
    for (;;) {
      const operator = this.#comparison();
      if (operator === undefined) break;
      rest.push([operator, this.#binary(0)]);
    }
    return rest.length === 0
      ? first
      : this.make(first.at, { type: "compare", first, rest }, first, ...rest.map(([, right]) => right));
  }

  #comparison(): ComparisonOperator | "contains" | undefined {
    const symbol = this.operator();
    if (comparisons.has(symbol)) {
      this.nextToken();
      return symbol as ComparisonOperator;
    }
    if (this.skipSymbol("in")) return "in";
    if (this.forCondition && this.skipSymbol("contains")) return "contains";
    if (this.word() !== "not") return undefined;
    const not = this.nextToken();
    if (this.skipSymbol("in")) return "not in";
    throw syntaxFault("Unexpected `not`; did you mean `not in`?", not?.at ?? 0);
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.#unary(true);
    let left = this.#operand(level);
    for (;;) {
      const symbol = this.operator();
      if (symbol === undefined || !operators.includes(symbol)) return left;
      this.nextToken();
      const right = this.#operand(level);
      left = this.make(
        left.at,
        { type: "arithmetic", operator: symbol as ArithmeticOperator, left, right },
        left,
        right,
      );
    }
  }

  /** Between sums and products stands `~`. */
  #operand(level: number): Expression {
    const first = this.#binary(level + 1);
    if (level !== 0 || this.peekToken()?.type !== "~") return first;
    const items = [first];
    while (this.skip("~")) items.push(this.#binary(1));
    return this.make(first.at, { type: "join", items }, ...items);
  }

  #unary(withFilters: boolean): Expression {
    const signs: SyntaxToken[] = [];
    for (let sign = this.operator(); sign === "-" || sign === "+"; sign = this.operator())
      signs.push(this.expect(sign));
    let node = this.#postfix(this.primary());
    for (const sign of signs.reverse()) {
      node = this.make(sign.at, { type: sign.value === "-" ? "negative" : "positive", target: node }, node);
    }
    return withFilters ? this.#filtersAndTests(node) : node;
  }

  protected primary(): Expression {
    const token = this.nextToken();
    const at = token?.at ?? this.tokens.index;
    switch (token?.type) {
      case "name":
        return this.#nameOrConstant(String(token.value), at);
      case "string":
        return this.#strings(String(token.value), at);
      case "int":
      case "float":
        return this.make(at, { type: "constant", value: token.value });
      case "(":
        return this.#parenthesised(at);
      case "[": {
        const items = this.#items("]", () => this.conditional());
        return this.make(at, { type: "list", items }, ...items);
      }
      case "{": {
        const entries = this.#items("}", () => this.#entry());
        return this.make(at, { type: "map", entries }, ...entries.flat());
      }
      default:
        throw syntaxFault(`Expected an expression, found ${describeToken(token)}`, at);
    }
  }

  #nameOrConstant(name: string, at: number): Expression {
    if (constants.has(name) && name !== "null") return this.make(at, { type: "constant", value: constants.get(name) });
    refuseInternalName(name, at);
    if (name === "caller" || name === "varargs" || name === "kwargs") this.special.add(name);
    return this.make(at, { type: "name", name });
  }

  #strings(first: string, at: number): Expression {
    let value = first;
    while (this.peekToken()?.type === "string") value += String(this.nextToken()?.value);
    return this.make(at, { type: "constant", value });
  }

  #parenthesised(at: number): Expression {
    if (this.skip(")")) return this.make(at, { type: "tuple", items: [] });
    const node = this.tuple();
    this.expect(")");
    return node;
  }

  #items<T>(close: string, one: () => T): T[] {
    const items: T[] = [];
    while (!this.skip(close)) {
      if (items.length > 0) {
        this.expect(",");
        if (this.skip(close)) break;
      }
      items.push(one());
    }
    return items;
  }

  #entry(): readonly [Expression, Expression] {
    const key = this.conditional();
    this.expect(":");
    return [key, this.conditional()];
  }

  #postfix(start: Expression): Expression {
    let node = start;
    for (;;) {
      const token = this.peekToken();
      if (token?.type === "(") node = this.#call(node);
      else if (token?.type === "[") node = this.#subscript(node);
      else if (token?.type === ".") node = this.#attribute(node);
      else return node;
    }
  }

  #attribute(target: Expression): Expression {
    this.nextToken();
    const token = this.nextToken();
    if (token?.type === "int") {
      const key = this.make(token.at, { type: "constant", value: token.value });
      return this.make(target.at, { type: "item", target, key }, target, key);
    }
    if (token?.type !== "name")
      throw syntaxFault(`Expected a name after \`.\`, found ${describeToken(token)}`, token?.at ?? this.tokens.index);
    const name = String(token.value);
    refuseInternalName(name, token.at);
    return this.make(target.at, { type: "attribute", target, name }, target);
  }

  #subscript(target: Expression): Expression {
    const at = this.expect("[").at;
    const keys = this.#items("]", () => this.#sliceOrKey());
    const [only] = keys;
    if (keys.length === 1 && Array.isArray(only)) {
      return this.make(target.at, { type: "slice", target, bounds: only }, target, ...only);
    }
    const parts = keys.map((key) => ("type" in key ? key : this.fail("A slice cannot be combined with other keys")));
    if (parts.length === 0) throw syntaxFault("Expected a key in `[]`", at);
    const key =
      parts.length === 1 ? (parts[0] as Expression) : this.make(at, { type: "tuple", items: parts }, ...parts);
    return this.make(target.at, { type: "item", target, key }, target, key);
  }

  #sliceOrKey(): Expression | (Expression | undefined)[] {
    const bounds: (Expression | undefined)[] = [undefined];
    if (this.peekToken()?.type !== ":") {
      const key = this.conditional();
      if (this.peekToken()?.type !== ":") return key;
      bounds[0] = key;
    }
    while (bounds.length < 3 && this.skip(":")) {
      const type = this.peekToken()?.type;
      const absent = type === ":" || type === "]" || type === ",";
      bounds.push(absent ? undefined : this.conditional());
    }
    return bounds;
  }

  #call(callee: Expression): Expression {
    if (this.forCondition && callee.type === "name" && refusedCalls.has(callee.name)) {
      throw forbiddenFault(`\`${callee.name}\` cannot be called in a condition`, callee.at);
    }
    const list = this.#arguments();
    return this.make(callee.at, { type: "call", callee, list }, callee, ...argumentNodes(list));
  }

  #arguments(): ArgumentList {
    this.expect("(");
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    let spread: Expression | undefined;
    let namedSpread: Expression | undefined;
    while (!this.skip(")")) {
      if (positional.length + named.length > 0 || spread !== undefined || namedSpread !== undefined) {
        this.expect(",");
        if (this.skip(")")) break;
      }
      if (this.operator() === "**") {
        this.nextToken();
        namedSpread = this.conditional();
      } else if (this.operator() === "*") {
        this.nextToken();
        spread = this.conditional();
      } else {
        const value = this.conditional();
        if (this.operator() === "=" && value.type === "name") {
          this.nextToken();
          if (named.some(([name]) => name === value.name)) this.fail(`The argument \`${value.name}\` is given twice`);
          named.push([value.name, this.conditional()]);
        } else if (named.length > 0 || spread !== undefined || namedSpread !== undefined) {
          throw syntaxFault("A positional argument follows a named one", value.at);
        } else positional.push(value);
      }
    }
    return { positional, named, spread, namedSpread };
  }

  #filtersAndTests(start: Expression): Expression {
    let node = start;
    for (;;) {
      if (this.peekToken()?.type === "|") {
        this.nextToken();
        node = this.filter(node);
      } else if (this.word() === "is") node = this.#test(node);
      else if (this.peekToken()?.type === "(") node = this.#call(node);
      else return node;
    }
  }

  #dottedName(): { readonly name: string; readonly at: number } {
    const token = this.expect("name");
    let name = String(token.value);
    while (this.skip(".")) name += `.${String(this.expect("name").value)}`;
    return { name, at: token.at };
  }

  /** Reads the name and arguments of a filter and applies it. */
  protected filter(target: Expression): Expression {
    const { name, at } = this.#dottedName();
    const found = filters[name];
    if (found === undefined) this.unknown.push(unknownFault("filter", name, at));
    const list = this.peekToken()?.type === "(" ? this.#arguments() : undefined;
    return this.make(
      target === undefined ? at : target.at,
      { type: "filter", name, filter: found, target, list },
      target,
      ...argumentNodes(list),
    );
  }

  #test(target: Expression): Expression {
    this.nextToken();
    const negated = this.skipSymbol("not");
    const { name, at } = this.#dottedName();
    const found = tests[name];
    if (found === undefined) this.unknown.push(unknownFault("test", name, at));
    const list = this.#testArguments();
    const node = this.make(
      target.at,
      { type: "test", name, test: found, target, list },
      target,
      ...argumentNodes(list),
    );
    return negated ? this.make(target.at, { type: "not", target: node }, node) : node;
  }

  #testArguments(): ArgumentList | undefined {
    const token = this.peekToken();
    if (token?.type === "(") return this.#arguments();
    if (token === null || !argumentStart.has(token.type)) return undefined;
    const word = this.word();
    // Jinja2 takes any other name for the test's argument; `if`, `in` and the like never are one.
    if (word !== undefined && ["else", "or", "and", "if", "in", "not", "recursive", "contains"].includes(word))
      return undefined;
    if (word === "is") this.fail("Tests cannot be chained with `is`");
    return { positional: [this.#postfix(this.primary())], named: [], spread: undefined, namedSpread: undefined };
  }
}

function argumentNodes(list: ArgumentList | undefined): readonly (Expression | undefined)[] {
  if (list === undefined) return [];
  return [...list.positional, ...list.named.map(([, value]) => value), list.spread, list.namedSpread];
}

/** The error for a filter or test that does not exist. */
export function unknownFault(kind: "filter" | "test", name: string, at?: number): TemplateFault {
  const known = Object.keys(kind === "filter" ? filters : tests);
  const near = nearest(name, known);
  const hint = near === undefined ? `Known are ${known.sort().join(", ")}.` : `Did you mean \`${near}\`?`;
  return syntaxFault(`There is no ${kind} \`${name.slice(0, 60)}\``, at ?? 0, hint);
}
