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
export const tokenTypes = {
  string: "string",
  data: "data",
  blockStart: "block-start",
  blockEnd: "block-end",
  variableStart: "variable-start",
  variableEnd: "variable-end",
  leftParen: "left-paren",
  rightParen: "right-paren",
  leftBracket: "left-bracket",
  rightBracket: "right-bracket",
  leftCurly: "left-curly",
  rightCurly: "right-curly",
  operator: "operator",
  comma: "comma",
  colon: "colon",
  tilde: "tilde",
  pipe: "pipe",
  int: "int",
  float: "float",
  symbol: "symbol",
} as const;

/** Whether a node is a piece of output, and if so what it holds. */
export function outputChildren(node: unknown): readonly unknown[] | undefined {
  return node instanceof nodes.Output ? node.children : undefined;
}

/** The text of a node that is plain text. */
export function templateText(node: unknown): string | undefined {
  return node instanceof nodes.TemplateData ? node.value : undefined;
}
