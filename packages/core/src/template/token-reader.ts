import { syntaxFault } from "./template-fault.js";

/** A piece of a source, with its offset. */
export interface SyntaxToken {
  /** Of a sign or the end of a tag, what it looks like; else `data`, `name`, `string`, `int` or `float`. */
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
  protected skip(type: string, value?: string): boolean {
    const token = this.peekToken();
    if (token?.type !== type || (value !== undefined && token.value !== value)) return false;
    this.#peeked = undefined;
    return true;
  }

  protected skipSymbol(value: string): boolean {
    return this.skip("name", value);
  }

  protected expect(type: string): SyntaxToken {
    const token = this.nextToken();
    if (token?.type === type) return token;
    throw syntaxFault(
      `Expected ${/\w/.test(type) ? `a ${type}` : `\`${type}\``}, found ${describeToken(token)}`,
      token?.at ?? this.tokens.index,
    );
  }

  protected fail(message: string): never {
    throw syntaxFault(message, this.peekToken()?.at ?? this.tokens.index);
  }
}

/** A token in words, for messages. */
export function describeToken(token: SyntaxToken | null): string {
  if (token === null) return "the end of the template";
  return typeof token.value === "string" ? `\`${token.value.slice(0, 40)}\`` : `a ${token.type}`;
}
