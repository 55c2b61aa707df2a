import { ExpressionParser } from "./expression-parser.js";
import { JinjaTokenizer } from "./jinja-tokenizer.js";
import type { Expression, MacroShape, Parameter, Statement, Target } from "./syntax-tree.js";
import { blockText } from "./syntax-tree.js";
import { forbiddenFault, syntaxFault, type TemplateFault } from "./template-fault.js";

const refusedTags: ReadonlySet<string> = new Set(["extends", "include", "import", "from"]);

/** What a parser has read, with the unknown filters and tests in its branches. */
interface Parsed<T> {
  readonly tree: T;
  readonly deferred: readonly TemplateFault[];
}

/** Parses a template into statements. */
export function parseStatements(source: string): Parsed<readonly Statement[]> {
  const parser = new JinjaParser(new JinjaTokenizer(source));
  return { tree: parser.root(), deferred: parser.deferred };
}

/** Parses a source that is one expression, between two offsets. */
export function parseBareExpression(source: string, start: number, end: number): Parsed<Expression> {
  const parser = new ConditionParser(new JinjaTokenizer(source, { start, end }));
  return { tree: parser.single(), deferred: parser.deferred };
}

/** Jinja2's statements, and the text and output between them. */
class JinjaParser extends ExpressionParser {
  #loops = 0;

  root(): readonly Statement[] {
    const statements = this.#statements([]);
    this.#refuseUnknown(0);
    return statements;
  }

  /** Reads text, output and statements up to a tag that is one of `ends`, whose name is then the next token. */
  #statements(ends: readonly string[]): readonly Statement[] {
    const list: Statement[] = [];
    for (let token = this.nextToken(); token !== null; token = this.nextToken()) {
      if (token.type === "data") addText(list, String(token.value));
      else if (token.type === "{{") {
        const value = this.tuple();
        this.expect("}}");
        const text = constantText(value);
        if (text === undefined) list.push({ type: "output", at: value.at, value });
        else addText(list, text);
      } else {
        if (ends.includes(this.word() ?? "")) return list;
        list.push(this.#tag());
      }
    }
    return list;
  }

  #tag(): Statement {
    const token = this.peekToken();
    if (token?.type !== "name") return this.fail("Expected the name of a statement after `{%`");
    this.nextToken();
    this.nest();
    const statement = this.#statement(String(token.value), token.at);
    this.unnest();
    return statement;
  }

  #statement(tag: string, at: number): Statement {
    switch (tag) {
      case "if":
        return this.#if(at);
      case "for":
        return this.#inBranchless(() => this.#for(at));
      case "set":
        return this.#set(at);
      case "with":
        return this.#inBranchless(() => this.#with(at));
      case "macro":
        return this.#inBranchless(() => this.#macro(at));
      case "call":
        return this.#inBranchless(() => this.#call(at));
      case "filter":
        return this.#filterBlock(at);
      case "block":
        return this.#block(at);
      case "autoescape":
        this.conditional();
        return { type: "scope", at, body: this.#body("endautoescape") };
      case "do": {
        const value = this.tuple();
        this.#close(tag);
        return { type: "discard", at: value.at, value };
      }
      case "print": {
        const list = this.tuple();
        const items = list.type === "tuple" ? list.items : [list];
        this.#close(tag);
        return { type: "output", at: list.at, value: this.make(list.at, { type: "join", items }, ...items) };
      }
      case "break":
      case "continue":
        if (this.#loops === 0) throw syntaxFault(`\`${tag}\` stands outside of a loop`, at);
        this.#close(tag);
        return { type: tag, at };
      default:
        if (refusedTags.has(tag))
          throw forbiddenFault(`\`${tag}\` is not available: a template cannot load others`, at);
        throw syntaxFault(`There is no statement \`${tag.slice(0, 60)}\``, at);
    }
  }

  #close(tag: string): void {
    const token = this.nextToken();
    if (token?.type !== "%}")
      throw syntaxFault(`Expected \`%}\` at the end of \`${tag}\``, token?.at ?? this.tokens.index);
  }

  /** Throws the first unknown filter or test that cannot be in a branch any more. */
  #refuseUnknown(mark: number): void {
    const fault = this.unknown[mark];
    if (fault !== undefined) throw fault;
  }

  #inBranchless<T>(parse: () => T): T {
    const mark = this.unknown.length;
    const result = parse();
    this.#refuseUnknown(mark);
    return result;
  }

  /** Reads up to one of the closing tags, whose name is then the next token. */
  #until(...ends: readonly string[]): readonly Statement[] {
    this.skip(":");
    this.#close("statement");
    const body = this.#statements(ends);
    if (this.peekToken() === null) this.fail(`The template ends before \`${ends.at(-1)}\``);
    return body;
  }

  #body(end: string): readonly Statement[] {
    const body = this.#until(end);
    this.nextToken();
    if (end === "endblock" && this.word() !== undefined) this.nextToken();
    this.#close(end);
    return body;
  }

  #if(at: number): Statement {
    const mark = this.unknown.length;
    const branches: [Expression, readonly Statement[]][] = [];
    for (;;) {
      const test = this.tuple();
      branches.push([test, this.#until("elif", "elseif", "else", "endif")]);
      const end = String(this.nextToken()?.value);
      if (end === "elif" || end === "elseif") continue;
      const otherwise = end === "else" ? this.#body("endif") : [];
      if (end === "endif") this.#close(end);
      this.defer(mark);
      return { type: "if", at: branches[0]?.[0].at ?? at, branches, otherwise };
    }
  }

  #for(at: number): Statement {
    const target = this.#target(false);
    if (!this.skipSymbol("in")) this.fail("Expected `in` in a `for`");
    const items = this.tuple(
      () => this.word() === "recursive" || this.word() === "if",
      () => this.or(),
    );
    const condition = this.skipSymbol("if") ? this.conditional() : undefined;
    const recursive = this.skipSymbol("recursive");
    this.#loops++;
    const body = this.#until("else", "endfor");
    this.#loops--;
    const end = String(this.nextToken()?.value);
    const otherwise = end === "else" ? this.#body("endfor") : [];
    if (end === "endfor") this.#close(end);
    return { type: "for", at: items.at ?? at, target, items, condition, recursive, body, otherwise };
  }

  #target(withFields: boolean): Target {
    const items: Target[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0 && (this.word() === "in" || this.operator() === "=" || this.endsTuple())) break;
      items.push(this.#oneTarget(withFields));
      if (!this.skip(",")) break;
      isTuple = true;
    }
    return isTuple ? { type: "targets", items } : (items[0] as Target);
  }

  #oneTarget(withFields: boolean): Target {
    if (this.skip("(")) {
      this.nest();
      const target = this.#target(withFields);
      this.unnest();
      this.expect(")");
      return target;
    }
    const at = this.peekToken()?.at ?? 0;
    const name = this.name();
    if (["true", "True", "false", "False", "none", "None"].includes(name))
      throw syntaxFault(`\`${name}\` cannot be assigned to`, at);
    if (!withFields || !this.skip(".")) return { type: "name", name };
    return { type: "field", name, field: this.name() };
  }

  #set(at: number): Statement {
    const target = this.#target(true);
    if (this.skip("=")) {
      const value = this.tuple();
      this.#close("set");
      return { type: "set", at: value.at, target, value };
    }
    return this.#inBranchless(() => {
      const filters = this.#filters(false);
      return { type: "capture", at, target, filters, body: this.#body("endset") };
    });
  }

  /** Filters for a block, each applied to {@link blockText}. */
  #filters(inline: boolean): readonly Expression[] {
    const filters: Expression[] = inline ? [this.filter(blockText)] : [];
    while (this.skip("|")) filters.push(this.filter(blockText));
    return filters;
  }

  #filterBlock(at: number): Statement {
    const filters = this.#filters(true);
    return { type: "filtered", at, filters, body: this.#inBranchless(() => this.#body("endfilter")) };
  }

  #with(at: number): Statement {
    const targets: Target[] = [];
    const values: Expression[] = [];
    while (this.peekToken()?.type !== "%}") {
      if (targets.length > 0) this.expect(",");
      targets.push(this.#oneTarget(false));
      if (!this.skip("=")) this.fail("Expected `=` in a `with`");
      values.push(this.conditional());
    }
    return { type: "with", at, targets, values, body: this.#body("endwith") };
  }

  #block(at: number): Statement {
    this.name();
    this.skipSymbol("scoped");
    this.skipSymbol("required");
    return { type: "scope", at, body: this.#inBranchless(() => this.#body("endblock")) };
  }

  #parameters(): readonly Parameter[] {
    const parameters: Parameter[] = [];
    this.expect("(");
    while (!this.skip(")")) {
      if (parameters.length > 0) this.expect(",");
      const name = this.name();
      const usual = this.skip("=") ? this.conditional() : undefined;
      if (usual === undefined && parameters.at(-1)?.usual !== undefined)
        this.fail("A parameter without a default follows one with a default");
      if (parameters.some((parameter) => parameter.name === name))
        this.fail(`The parameter \`${name}\` is there twice`);
      parameters.push({ name, usual });
    }
    return parameters;
  }

  #shape(name: string, parameters: readonly Parameter[], end: string): MacroShape {
    const outer = this.special;
    const loops = this.#loops;
    this.special = new Set();
    this.#loops = 0;
    const body = this.#body(end);
    const uses = this.special;
    this.special = outer;
    this.#loops = loops;
    return { name, parameters, body, height: 1, uses };
  }

  #macro(at: number): Statement {
    const name = this.name();
    return { type: "macro", at, macro: this.#shape(name, this.#parameters(), "endmacro") };
  }

  #call(at: number): Statement {
    const parameters = this.peekToken()?.type === "(" ? this.#parameters() : [];
    const call = this.conditional();
    if (call.type !== "call") throw syntaxFault("A `call` block needs the call of a macro", call.at);
    return { type: "call", at, call, caller: this.#shape("caller", parameters, "endcall") };
  }
}

class ConditionParser extends ExpressionParser {
  protected override readonly forCondition: boolean = true;

  single(): Expression {
    const expression = this.conditional();
    const rest = this.peekToken();
    if (rest !== null)
      throw syntaxFault(`Unexpected \`${String(rest.value).slice(0, 40)}\` after the end of the condition`, rest.at);
    const [fault] = this.unknown;
    if (fault !== undefined) throw fault;
    return expression;
  }
}

/** Adds text to what stands before it, so that neighbours are written at once. */
function addText(list: Statement[], text: string): void {
  const last = list.at(-1);
  if (last?.type === "text") list[list.length - 1] = { type: "text", text: last.text + text };
  else list.push({ type: "text", text });
}

/** The text of an output that is the same in every render. */
function constantText(node: Expression): string | undefined {
  return node.type === "constant" && typeof node.value === "string" ? node.value : undefined;
}
