import { sourceLimits } from "./limits.js";
import { limitFault, syntaxFault } from "./template-fault.js";
import type { SyntaxToken, TokenSource } from "./token-reader.js";
import { makeFloat, makeInteger } from "./values.js";

const tagStart = /\{[{%#]/g;
const rawTag = /\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/y;
const rawEnd = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g;
const commentEnd = /(?:-#\}\s*|\+?#\})/g;
const blockEnd = /(?:-%\}\s*|\+?%\})/y;
const variableEnd = /-?\}\}/y;
const realSpace = /\s+/y;
const asciiName = /[A-Za-z_][A-Za-z0-9_]*(?![^\0-\x7f]|[\w$])/y;
const name = /[\p{ID_Continue}$]+/uy;
const identifier = /^[\p{ID_Start}_]\p{ID_Continue}*$/u;
const float = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const integer = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const text = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;]/y;

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Cuts a source into tokens: Jinja2's rules for text, strings, numbers, names, whitespace control and raw blocks. */
export class JinjaTokenizer implements TokenSource {
  /** Offset that has been read up to. */
  index = 0;
  readonly #source: string;
  #tokens = 0;
  #open: string[] = [];
  #end = "";
  #inCode: boolean;
  /** Whether the source is one expression, without tags around it. */
  readonly #bare: boolean;
  readonly #stop: number;

  constructor(source: string, bare?: { readonly start: number; readonly end: number }) {
    this.#source = source;
    this.#bare = bare !== undefined;
    this.#inCode = this.#bare;
    this.#stop = bare?.end ?? source.length;
    this.index = bare?.start ?? 0;
  }

  nextToken(): SyntaxToken | null {
    if (++this.#tokens > sourceLimits.maxTokens)
      throw limitFault(`The template has more than ${sourceLimits.maxTokens} tokens`);
    return this.#inCode ? this.#code() : this.#text();
  }

  #token(type: string, value: unknown, at: number, end: number): SyntaxToken {
    this.index = end;
    return { type, value, at };
  }

  #match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.#source)?.[0];
  }

  /** Reads text up to the next tag, passing over comments and raw blocks, or the start of the tag it stands on. */
  #text(): SyntaxToken | null {
    let data = "";
    const from = this.index;
    while (this.index < this.#source.length) {
      const start = this.index;
      tagStart.lastIndex = start;
      const tag = tagStart.exec(this.#source)?.index ?? this.#source.length;
      const sign = this.#source[tag + 2] === "-";
      const raw = this.#source[tag + 1] === "%" ? this.#match(rawTag, tag) : undefined;
      const piece = this.#source.slice(start, tag);
      data += sign ? piece.trimEnd() : piece;
      this.index = tag;
      if (tag === this.#source.length) break;
      if (raw !== undefined) data += this.#raw(tag, raw.length);
      else if (this.#source[tag + 1] === "#") this.#comment(tag);
      else if (data !== "") break;
      else return this.#openTag(tag);
    }
    return data === ""
      ? this.index < this.#source.length
        ? this.#text()
        : null
      : this.#token("data", data, from, this.index);
  }

  #raw(tag: number, length: number): string {
    rawEnd.lastIndex = tag + length;
    const end = rawEnd.exec(this.#source);
    if (end === null) throw syntaxFault("A `raw` block is never closed", tag, "Close it with `{% endraw %}`.");
    this.index = end.index + end[0].length;
    const body = this.#source.slice(tag + length, end.index);
    return end[1] === "-" ? body.trimEnd() : body;
  }

  #comment(tag: number): void {
    commentEnd.lastIndex = tag + (this.#source[tag + 2] === "-" ? 3 : 2);
    const end = commentEnd.exec(this.#source);
    if (end === null) throw syntaxFault("A comment is never closed", tag, "Close it with `#}`.");
    this.index = end.index + end[0].length;
  }

  #openTag(tag: number): SyntaxToken {
    const start = this.#source.slice(tag, tag + 2);
    const sign = this.#source[tag + 2];
    this.#inCode = true;
    this.#open = [];
    this.#end = start;
    return this.#token(start, start, tag, tag + (sign === "-" || sign === "+" ? 3 : 2));
  }

  #code(): SyntaxToken | null {
    this.index += this.#match(realSpace, this.index)?.length ?? 0;
    const at = this.index;
    if (at >= this.#stop) return this.#endOfCode(at);
    const close = this.#open.length === 0 && !this.#bare ? this.#closeTag(at) : undefined;
    return close ?? this.#literal(at) ?? this.#name(at) ?? this.#operator(at) ?? this.#unexpected(at);
  }

  #endOfCode(at: number): null {
    if (this.#bare) return null;
    const tag = this.#end === "{%" ? "`%}`" : "`}}`";
    throw syntaxFault(`The template ends inside a tag: ${tag} is missing`, at);
  }

  #closeTag(at: number): SyntaxToken | undefined {
    const isBlock = this.#end === "{%";
    const found = this.#match(isBlock ? blockEnd : variableEnd, at);
    if (found === undefined) return undefined;
    this.#inCode = false;
    const trimmed = found.startsWith("-") ? (this.#match(realSpace, at + found.length)?.length ?? 0) : 0;
    const end = isBlock ? "%}" : "}}";
    return this.#token(end, end, at, at + found.length + trimmed);
  }

  #literal(at: number): SyntaxToken | undefined {
    const first = this.#source.charCodeAt(at);
    if (first >= 48 && first <= 57) {
      const fraction = this.#source[at - 1] === "." ? undefined : this.#match(float, at);
      if (fraction !== undefined) {
        return this.#token("float", makeFloat(Number(fraction.replace(/_/g, ""))), at, at + fraction.length);
      }
      const whole = this.#match(integer, at);
      if (whole === undefined || whole.length > 4300) throw syntaxFault("A number is not valid", at);
      return this.#token("int", makeInteger(BigInt(whole.replace(/_/g, ""))), at, at + whole.length);
    }
    if (first !== 34 && first !== 39) return undefined;
    const quoted = this.#match(text, at);
    if (quoted === undefined || at + quoted.length > this.#stop) throw syntaxFault("A string is never closed", at);
    return this.#token("string", resolveEscapes(quoted.slice(1, -1), at), at, at + quoted.length);
  }

  #name(at: number): SyntaxToken | undefined {
    const plain = this.#match(asciiName, at);
    if (plain !== undefined) return this.#token("name", plain, at, at + plain.length);
    const found = this.#match(name, at);
    if (found === undefined) return undefined;
    // The reference documents `$TRACE`; it means the variable `TRACE`.
    if (found === "$TRACE") return this.#token("name", "TRACE", at, at + found.length);
    if (!identifier.test(found)) throw syntaxFault(`\`${found.slice(0, 60)}\` is not a valid name`, at);
    return this.#token("name", found, at, at + found.length);
  }

  #operator(at: number): SyntaxToken | undefined {
    const found = this.#match(operator, at);
    if (found === undefined) return undefined;
    const closer = closers[found];
    if (closer !== undefined) {
      if (this.#open.length >= sourceLimits.maxNesting) {
        throw limitFault(`Brackets are nested more than ${sourceLimits.maxNesting} levels deep`);
      }
      this.#open.push(closer);
    } else if (found === ")" || found === "]" || found === "}") {
      const expected = this.#open.pop();
      if (expected !== found) {
        throw syntaxFault(`Unexpected \`${found}\`${expected === undefined ? "" : `, expected \`${expected}\``}`, at);
      }
    }
    return this.#token(found, found, at, at + found.length);
  }

  #unexpected(at: number): never {
    const char = String.fromCodePoint(this.#source.codePointAt(at) ?? 0);
    const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(char)
      ? `\`${char}\``
      : `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    throw syntaxFault(`Unexpected character ${shown}`, at);
  }
}

const escapes = /\\(?:([0-7]{1,3})|x([\da-fA-F]{0,2})|u([\da-fA-F]{0,4})|U([\da-fA-F]{0,8})|([\s\S]))/g;
const simpleEscapes: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Resolves escapes as Python does; an unknown one keeps its backslash. */
function resolveEscapes(body: string, at: number): string {
  if (!body.includes("\\")) return body;
  return body.replace(escapes, (all, octal?: string, two?: string, four?: string, eight?: string, char?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const hex = two ?? four ?? eight;
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      if (hex.length !== (two !== undefined ? 2 : four !== undefined ? 4 : 8) || code > 0x10ffff)
        throw syntaxFault("A string has an incomplete escape", at);
      return String.fromCodePoint(code);
    }
    if (char === "N")
      throw syntaxFault(
        "A string names a character with `\\N`, which is not supported",
        at,
        "Write it as `\\u` and four hexadecimal digits.",
      );
    return simpleEscapes[char ?? ""] ?? all;
  });
}
