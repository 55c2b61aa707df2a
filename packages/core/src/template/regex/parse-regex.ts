import { TemplateError } from "../../error/errors.js";
import type { CharClass, SetPart } from "./char-set.js";
import { CharSet } from "./char-set.js";
import type { AssertKind, ParsedRegex, RegexNode } from "./regex-tree.js";
import { fixedWidth } from "./regex-tree.js";

/** Which of Python's flags hold: `i` ignores case, `m` and `s` are multi-line and dot-all, `x` is verbose, `a` is ASCII. */
export interface RegexFlags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
  readonly a: boolean;
}

const maxPatternLength = 10_000;
const maxNesting = 50;
const maxRepeat = 65_535;

/** Reads the flags `i`, `m`, `s`, `x`, `a` and `u` from a word such as `"im"`. */
export function readFlags(word: string, base: RegexFlags): RegexFlags {
  const flags = { ...base };
  for (const letter of word) {
    if (letter === "i" || letter === "m" || letter === "s" || letter === "x" || letter === "a") flags[letter] = true;
    else if (letter !== "u") throw regexError(`The flag \`${letter}\` is not known`, word);
  }
  return flags;
}

/** A pattern that cannot be used. */
function regexError(message: string, pattern: string): TemplateError {
  return new TemplateError("TEMPLATE_SYNTAX", `Regular expression: ${message}`, {
    expression: pattern.length > 80 ? `${pattern.slice(0, 80)}...` : pattern,
    hint: "The syntax is that of Python's `re` module.",
  });
}

/** Parses Python's regular expression syntax. */
export function parseRegex(pattern: string, flags: RegexFlags): ParsedRegex {
  return new RegexParser(pattern, flags).parse();
}

class RegexParser {
  readonly #pattern: string;
  readonly #chars: readonly string[];
  readonly #names = new Map<string, number>();
  readonly #closed = new Set<number>();
  #flags: RegexFlags;
  #at = 0;
  #groups = 0;
  #depth = 0;

  constructor(pattern: string, flags: RegexFlags) {
    if (pattern.length > maxPatternLength) throw this.#limit("is too long", pattern);
    this.#pattern = pattern;
    this.#chars = [...pattern];
    this.#flags = flags;
  }

  parse(): ParsedRegex {
    const global = /^\(\?([aimsux]+)\)/.exec(this.#pattern);
    if (global !== null) {
      this.#flags = readFlags(global[1] ?? "", this.#flags);
      this.#at = global[0].length;
    }
    const root = this.#choice();
    if (this.#at < this.#chars.length) throw this.#error("has a `)` without `(`");
    return { root, groupCount: this.#groups, groupNames: this.#names };
  }

  #error(problem: string): TemplateError {
    return regexError(`\`${this.#pattern.slice(0, 60)}\` ${problem} (position ${this.#at})`, this.#pattern);
  }

  #limit(problem: string, pattern: string): TemplateError {
    return new TemplateError("TEMPLATE_LIMIT", `Regular expression: \`${pattern.slice(0, 60)}\` ${problem}`);
  }

  #peek(offset = 0): string | undefined {
    return this.#chars[this.#at + offset];
  }

  #take(text: string): boolean {
    for (let index = 0; index < text.length; index++) if (this.#peek(index) !== text[index]) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): RegexNode {
    if (++this.#depth > maxNesting) throw this.#limit("is nested too deeply", this.#pattern);
    const outer = this.#flags;
    const options = [this.#sequence()];
    while (this.#take("|")) options.push(this.#sequence());
    this.#flags = outer;
    this.#depth--;
    return options.length === 1 ? (options[0] as RegexNode) : { type: "choice", options };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      if (this.#flags.x) this.#skipVerbose();
      const char = this.#peek();
      if (char === undefined || char === "|" || char === ")") break;
      const atom = this.#atom(char);
      if (atom !== undefined) items.push(this.#quantified(atom));
    }
    return items.length === 1 ? (items[0] as RegexNode) : { type: "sequence", items };
  }

  #skipVerbose(): void {
    for (;;) {
      const char = this.#peek();
      if (char === "#") while (this.#peek() !== undefined && this.#peek() !== "\n") this.#at++;
      else if (char !== undefined && /\s/.test(char)) this.#at++;
      else return;
    }
  }

  #atom(char: string): RegexNode | undefined {
    this.#at++;
    switch (char) {
      case ".":
        return this.#flags.s ? this.#set([], true) : this.#set([{ type: "range", from: 10, to: 10 }], true);
      case "^":
        return this.#assert(this.#flags.m ? "lineStart" : "textStart");
      case "$":
        return this.#assert(this.#flags.m ? "lineEnd" : "finalLineEnd");
      case "(":
        return this.#group();
      case "[":
        return this.#class();
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        throw this.#error("has nothing to repeat");
      default:
        if (char === "{" && this.#bounds(this.#at - 1) !== undefined) throw this.#error("has nothing to repeat");
        return this.#literal(char.codePointAt(0) ?? 0);
    }
  }

  #set(parts: readonly SetPart[], negate = false): RegexNode {
    return { type: "set", set: new CharSet(parts, { negate, ignoreCase: this.#flags.i, ascii: this.#flags.a }) };
  }

  #literal(code: number): RegexNode {
    return this.#set([{ type: "range", from: code, to: code }]);
  }

  #assert(kind: AssertKind): RegexNode {
    return { type: "assert", kind, ascii: this.#flags.a };
  }

  #quantified(atom: RegexNode): RegexNode {
    if (this.#flags.x) this.#skipVerbose();
    const bounds = this.#quantifier();
    if (bounds === undefined) return atom;
    const [min, max] = bounds;
    if (min > maxRepeat || (max !== Number.POSITIVE_INFINITY && max > maxRepeat))
      throw this.#limit("repeats too often", this.#pattern);
    if (max < min) throw this.#error("has a minimum above its maximum");
    const lazy = this.#take("?");
    const repeat: RegexNode = { type: "repeat", body: atom, min, max, lazy };
    const result: RegexNode = !lazy && this.#take("+") ? { type: "atomic", body: repeat } : repeat;
    if (this.#quantifier() !== undefined) throw this.#error("repeats a repeat");
    return result;
  }

  #quantifier(): readonly [number, number] | undefined {
    const char = this.#peek();
    if (char === "{") {
      const found = this.#bounds(this.#at);
      if (found !== undefined) this.#at += found.length;
      return found?.range;
    }
    if (char !== "*" && char !== "+" && char !== "?") return undefined;
    this.#at++;
    return char === "?" ? [0, 1] : [char === "+" ? 1 : 0, Number.POSITIVE_INFINITY];
  }

  #bounds(at: number): { readonly range: readonly [number, number]; readonly length: number } | undefined {
    const text = this.#chars.slice(at, at + 24).join("");
    const match = /^\{(\d*)(,(\d*))?\}/.exec(text);
    if (match === null || (match[1] === "" && match[2] === undefined)) return undefined;
    if (match[1] === "" && match[3] === "") return undefined;
    const min = Number(match[1] ?? 0);
    const max = match[2] === undefined ? min : match[3] === "" ? Number.POSITIVE_INFINITY : Number(match[3]);
    return { range: [min, max], length: match[0].length };
  }

  #group(): RegexNode | undefined {
    if (!this.#take("?")) return this.#capture();
    if (this.#take(":")) return this.#inside();
    if (this.#take("P<")) return this.#capture(this.#name(">"));
    if (this.#take("P=")) return this.#namedReference();
    if (this.#take("#")) return this.#comment();
    if (this.#take(">")) return { type: "atomic", body: this.#inside() };
    if (this.#take("=")) return this.#look(false, false);
    if (this.#take("!")) return this.#look(true, false);
    if (this.#take("<=")) return this.#look(false, true);
    if (this.#take("<!")) return this.#look(true, true);
    if (this.#take("<")) return this.#capture(this.#name(">"));
    return this.#scopedFlags();
  }

  #inside(): RegexNode {
    const body = this.#choice();
    if (!this.#take(")")) throw this.#error("has a `(` that is never closed");
    return body;
  }

  #capture(name?: string): RegexNode {
    const index = ++this.#groups;
    if (index > 200) throw this.#limit("has too many groups", this.#pattern);
    if (name !== undefined) {
      if (this.#names.has(name)) throw this.#error(`names the group \`${name}\` twice`);
      this.#names.set(name, index);
    }
    const body = this.#inside();
    this.#closed.add(index);
    return { type: "group", index, body };
  }

  #name(end: string): string {
    const from = this.#at;
    while (this.#peek() !== undefined && this.#peek() !== end) this.#at++;
    const name = this.#chars.slice(from, this.#at).join("");
    if (!this.#take(end) || !/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name))
      throw this.#error("has a group name that is not valid");
    return name;
  }

  #namedReference(): RegexNode {
    const name = this.#name(")");
    const index = this.#names.get(name);
    if (index === undefined) throw this.#error(`refers to the unknown group \`${name}\``);
    return this.#reference(index);
  }

  #reference(index: number): RegexNode {
    if (!this.#closed.has(index)) throw this.#error(`refers to group ${index}, which is not there or still open`);
    return { type: "backreference", index, ignoreCase: this.#flags.i, ascii: this.#flags.a };
  }

  #comment(): undefined {
    while (this.#peek() !== undefined && this.#peek() !== ")") this.#at++;
    if (!this.#take(")")) throw this.#error("has a comment that is never closed");
    return undefined;
  }

  #look(negate: boolean, behind: boolean): RegexNode {
    const body = this.#inside();
    const width = behind ? fixedWidth(body) : undefined;
    if (behind && width === undefined) throw this.#error("has a look-behind without a fixed width");
    return { type: "look", body, negate, behind: width };
  }

  #scopedFlags(): RegexNode {
    const from = this.#at;
    while (/[a-z-]/.test(this.#peek() ?? "")) this.#at++;
    const [on = "", off = ""] = this.#chars.slice(from, this.#at).join("").split("-");
    if (!this.#take(":")) throw this.#error("has an unknown extension after `(?`");
    const outer = this.#flags;
    const flags = { ...readFlags(on, outer) };
    for (const letter of off)
      if (letter === "i" || letter === "m" || letter === "s" || letter === "x") flags[letter] = false;
    this.#flags = flags;
    const body = this.#inside();
    this.#flags = outer;
    return body;
  }

  #escape(): RegexNode {
    const char = this.#peek();
    if (char === undefined) throw this.#error("ends in a backslash");
    if (char === "A") return this.#after(this.#assert("textStart"));
    if (char === "Z") return this.#after(this.#assert("textEnd"));
    if (char === "b") return this.#after(this.#assert("boundary"));
    if (char === "B") return this.#after(this.#assert("notBoundary"));
    if (/[1-9]/.test(char)) {
      const digits =
        /^(?:[1-3][0-7]{2}|[1-9]\d?)/.exec(this.#chars.slice(this.#at, this.#at + 3).join(""))?.[0] ?? char;
      this.#at += digits.length;
      return digits.length === 3 ? this.#literal(Number.parseInt(digits, 8)) : this.#reference(Number(digits));
    }
    const part = this.#classEscape();
    return typeof part === "number" ? this.#literal(part) : this.#set([part]);
  }

  #after(node: RegexNode): RegexNode {
    this.#at++;
    return node;
  }

  /** Reads the part of an escape behind the backslash that is allowed in and outside of `[]`. */
  #classEscape(): SetPart | number {
    const char = this.#peek() ?? "";
    this.#at++;
    const kind = ({ d: "digit", s: "space", w: "word" } as Readonly<Record<string, CharClass>>)[char.toLowerCase()];
    if (kind !== undefined && /[a-zA-Z]/.test(char))
      return { type: "class", kind, negate: char !== char.toLowerCase() };
    const simple = "nrtfva".indexOf(char);
    if (char !== "" && simple >= 0) return [10, 13, 9, 12, 11, 7][simple] ?? 0;
    if (char === "x" || char === "u" || char === "U") return this.#hex(char === "x" ? 2 : char === "u" ? 4 : 8);
    if (/[0-7]/.test(char)) {
      const digits = /^[0-7]{1,3}/.exec(this.#chars.slice(this.#at - 1, this.#at + 2).join(""))?.[0] ?? char;
      this.#at += digits.length - 1;
      return Number.parseInt(digits, 8);
    }
    if (/[a-zA-Z0-9]/.test(char) || char === "") throw this.#error(`has the unknown escape \`\\${char}\``);
    return char.codePointAt(0) ?? 0;
  }

  #hex(length: number): number {
    const digits = this.#chars.slice(this.#at, this.#at + length).join("");
    const code = Number.parseInt(digits, 16);
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length !== length || code > 0x10ffff)
      throw this.#error("has an incomplete escape");
    this.#at += length;
    return code;
  }

  #class(): RegexNode {
    const negate = this.#take("^");
    const parts: SetPart[] = [];
    for (let first = true; ; first = false) {
      const char = this.#peek();
      if (char === undefined) throw this.#error("has a `[` that is never closed");
      if (char === "]" && !first) break;
      const from = this.#classItem();
      if (this.#peek() === "-" && this.#peek(1) !== "]" && this.#peek(1) !== undefined) {
        this.#at++;
        const to = this.#classItem();
        if (typeof from !== "number" || typeof to !== "number" || to < from)
          throw this.#error("has a bad range in `[]`");
        parts.push({ type: "range", from, to });
      } else {
        parts.push(typeof from === "number" ? { type: "range", from, to: from } : from);
      }
    }
    this.#at++;
    return this.#set(parts, negate);
  }

  #classItem(): SetPart | number {
    const char = this.#peek() ?? "";
    this.#at++;
    if (char !== "\\") return char.codePointAt(0) ?? 0;
    if (this.#take("b")) return 8;
    return this.#classEscape();
  }
}
