import { syntaxFault } from "./template-fault.js";

/** The kinds of token. `operator` is every sign that is none of the others. */
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

/** A piece of a source, with its offset. */
export interface SyntaxToken {
  readonly type: string;
  readonly value: unknown;
  readonly at: number;
}

/** Where tokens come from, in order; `null` at the end. */
export interface TokenSource {
  /** Offset that has been read up to. */
  readonly index: number;
  nextToken(): SyntaxToken | null;
}

/** Reads tokens with one of look-ahead. */
export class TokenReader {
  protected readonly tokens: TokenSource;
  #peeked: SyntaxToken | null | undefined;

  constructor(tokens: TokenSource) {
    this.tokens = tokens;
  }

  protected nextToken(): SyntaxToken | null {
    const token = this.#peeked === undefined ? this.tokens.nextToken() : this.#peeked;
    this.#peeked = undefined;
    return token;
  }

  protected peekToken(): SyntaxToken | null {
    if (this.#peeked === undefined) this.#peeked = this.tokens.nextToken();
    return this.#peeked;
  }

  /** Takes the next token when it is of this type. */
  protected skip(type: string): boolean {
    return this.#skipIf((token) => token.type === type);
  }

  protected skipValue(type: string, value: string): boolean {
    return this.#skipIf((token) => token.type === type && token.value === value);
  }

  protected skipSymbol(value: string): boolean {
    return this.skipValue(tokenTypes.symbol, value);
  }

  protected expect(type: string): SyntaxToken {
    const token = this.nextToken();
    if (token?.type === type) return token;
    throw syntaxFault(
      `Expected ${type.replace("-", " ")}, found ${describeToken(token)}`,
      token?.at ?? this.tokens.index,
    );
  }

  protected fail(message: string): never {
    throw syntaxFault(message, this.peekToken()?.at ?? this.tokens.index);
  }

  #skipIf(fits: (token: SyntaxToken) => boolean): boolean {
    const token = this.peekToken();
    if (token === null || !fits(token)) return false;
    this.#peeked = undefined;
    return true;
  }
}

/** A token in words, for messages. */
export function describeToken(token: SyntaxToken | null): string {
  if (token === null) return "the end of the template";
  return typeof token.value === "string" ? `\`${token.value.slice(0, 40)}\`` : `a ${token.type}`;
}
