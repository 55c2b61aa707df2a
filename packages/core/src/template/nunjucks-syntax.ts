import lexer from "nunjucks/src/lexer.js";
import nodes from "nunjucks/src/nodes.js";
import parser from "nunjucks/src/parser.js";

/** A token of nunjucks, with the offset our tokenizer adds. */
export interface SyntaxToken {
  readonly type: string;
  readonly value: unknown;
  readonly lineno: number;
  readonly colno: number;
  readonly at: number;
}

/** What our tokenizer takes over from nunjucks' one. */
export interface BaseTokenizer {
  readonly str: string;
  index: number;
  readonly len: number;
  lineno: number;
  colno: number;
  in_code: boolean;
  nextToken(): SyntaxToken | null;
}

/** What our parser takes over from nunjucks' one: the token window, and the walk over text, output and blocks. */
export interface BaseParser {
  readonly tokens: BaseTokenizer;
  breakOnBlocks: readonly string[] | null;
  nextToken(): SyntaxToken | null;
  peekToken(): SyntaxToken | null;
  skip(type: string): boolean;
  skipValue(type: string, value: string): boolean;
  skipSymbol(value: string): boolean;
  expect(type: string): SyntaxToken;
  fail(message: string, lineno?: number, colno?: number): never;
  parseUntilBlocks(...names: readonly string[]): SyntaxNode;
  parseStatement(): unknown;
  parseExpression(): unknown;
  parseAsRoot(): SyntaxNode;
}

/** A node of nunjucks with children. */
export interface SyntaxNode {
  readonly children: readonly unknown[];
}

/**
 * nunjucks' tokenizer and parser as base classes. This file is the only one that imports the package: its runtime,
 * compiler and loaders, which generate and run code, never come in.
 */
export const NunjucksTokenizer = lexer.lex("").constructor as new (source: string) => BaseTokenizer;

/** See {@link NunjucksTokenizer}. */
export const NunjucksParser = parser.Parser as unknown as new (tokens: BaseTokenizer) => BaseParser;

/** nunjucks' names of the token types. */
export const tokenTypes: Readonly<Record<
  | "string" | "data" | "blockStart" | "blockEnd" | "variableStart" | "variableEnd" | "leftParen" | "rightParen" | "leftBracket"
  | "rightBracket" | "leftCurly" | "rightCurly" | "operator" | "comma" | "colon" | "tilde" | "pipe" | "int" | "float" | "symbol",
  string
>> = Object.freeze({
  string: lexer.TOKEN_STRING,
  data: lexer.TOKEN_DATA,
  blockStart: lexer.TOKEN_BLOCK_START,
  blockEnd: lexer.TOKEN_BLOCK_END,
  variableStart: lexer.TOKEN_VARIABLE_START,
  variableEnd: lexer.TOKEN_VARIABLE_END,
  leftParen: lexer.TOKEN_LEFT_PAREN,
  rightParen: lexer.TOKEN_RIGHT_PAREN,
  leftBracket: lexer.TOKEN_LEFT_BRACKET,
  rightBracket: lexer.TOKEN_RIGHT_BRACKET,
  leftCurly: lexer.TOKEN_LEFT_CURLY,
  rightCurly: lexer.TOKEN_RIGHT_CURLY,
  operator: lexer.TOKEN_OPERATOR,
  comma: lexer.TOKEN_COMMA,
  colon: lexer.TOKEN_COLON,
  tilde: lexer.TOKEN_TILDE,
  pipe: lexer.TOKEN_PIPE,
  int: lexer.TOKEN_INT,
  float: lexer.TOKEN_FLOAT,
  symbol: lexer.TOKEN_SYMBOL,
});

/** Whether a node is a piece of output, and if so what it holds. */
export function outputChildren(node: unknown): readonly unknown[] | undefined {
  return node instanceof nodes.Output ? node.children : undefined;
}

/** The text of a node that is plain text. */
export function templateText(node: unknown): string | undefined {
  return node instanceof nodes.TemplateData ? node.value : undefined;
}
