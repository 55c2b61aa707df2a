/** The parts of nunjucks 3.2.4 that the template syntax is built on. The package has no types of its own for them. */
declare module "nunjucks/src/lexer.js" {
  interface Token {
    readonly type: string;
    readonly value: unknown;
    readonly lineno: number;
    readonly colno: number;
  }
  interface Tokenizer {
    str: string;
    index: number;
    len: number;
    lineno: number;
    colno: number;
    in_code: boolean;
    tags: Readonly<
      Record<"BLOCK_START" | "BLOCK_END" | "VARIABLE_START" | "VARIABLE_END" | "COMMENT_START" | "COMMENT_END", string>
    >;
    nextToken(): Token | null;
    isFinished(): boolean;
  }
  const lexer: {
    lex(source: string, options?: object): Tokenizer;
  };
  export = lexer;
}

declare module "nunjucks/src/nodes.js" {
  interface Node {
    readonly lineno: number;
    readonly colno: number;
  }
  interface NodeList extends Node {
    readonly children: readonly unknown[];
  }
  interface TemplateData extends Node {
    readonly value: string;
  }
  const nodes: {
    readonly Output: new (...args: never) => NodeList;
    readonly TemplateData: new (...args: never) => TemplateData;
  };
  export = nodes;
}

declare module "nunjucks/src/parser.js" {
  import type lexer from "nunjucks/src/lexer.js";
  import type nodes from "nunjucks/src/nodes.js";

  type Token = NonNullable<ReturnType<ReturnType<typeof lexer.lex>["nextToken"]>>;
  class Parser {
    constructor(tokens: ReturnType<typeof lexer.lex>);
    tokens: ReturnType<typeof lexer.lex>;
    breakOnBlocks: readonly string[] | null;
    nextToken(withWhitespace?: boolean): Token | null;
    peekToken(): Token | null;
    pushToken(token: Token | null): void;
    skip(type: string): boolean;
    skipValue(type: string, value: string): boolean;
    skipSymbol(value: string): boolean;
    expect(type: string): Token;
    fail(message: string, lineno?: number, colno?: number): never;
    advanceAfterBlockEnd(name?: string): Token;
    parseUntilBlocks(...names: readonly string[]): InstanceType<typeof nodes.Output>;
    parseStatement(): unknown;
    parseExpression(): unknown;
    parseAsRoot(): InstanceType<typeof nodes.Output>;
  }
  const parser: { readonly Parser: typeof Parser };
  export = parser;
}
