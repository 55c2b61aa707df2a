const digit = /^\p{Nd}$/u;
const wordChar = /^[\p{L}\p{N}_]$/u;

/** The three classes Python's `re` knows. */
export type CharClass = "digit" | "space" | "word";

function inAsciiClass(kind: CharClass, code: number): boolean {
  const isDigit = code >= 48 && code <= 57;
  if (kind === "digit") return isDigit;
  if (kind === "space") return code === 32 || (code >= 9 && code <= 13);
  return isDigit || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Whether a code point belongs to a class, in Unicode terms unless `ascii` is set. */
export function inClass(kind: CharClass, code: number, ascii: boolean): boolean {
  if (code < 128) return inAsciiClass(kind, code) || (kind === "space" && !ascii && code >= 0x1c && code <= 0x1f);
  if (ascii) return false;
  if (kind === "space") {
    return (
      code === 0x85 ||
      code === 0xa0 ||
      code === 0x1680 ||
      (code >= 0x2000 && code <= 0x200a) ||
      code === 0x2028 ||
      code === 0x2029 ||
      code === 0x202f ||
      code === 0x205f ||
      code === 0x3000
    );
  }
  return (kind === "digit" ? digit : wordChar).test(String.fromCodePoint(code));
}

/** One part of a set: a range of code points or a class. */
export type SetPart =
  | { readonly type: "range"; readonly from: number; readonly to: number }
  | { readonly type: "class"; readonly kind: CharClass; readonly negate: boolean };

/** What a single character of a pattern accepts. */
export class CharSet {
  readonly #parts: readonly SetPart[];
  readonly #negate: boolean;
  readonly #ignoreCase: boolean;
  readonly #ascii: boolean;
  /** Answers for code points below 256: 0 unknown, 1 no, 2 yes. */
  readonly #known = new Uint8Array(256);

  constructor(
    parts: readonly SetPart[],
    options: { readonly negate?: boolean; readonly ignoreCase: boolean; readonly ascii: boolean },
  ) {
    this.#parts = parts;
    this.#negate = options.negate ?? false;
    this.#ignoreCase = options.ignoreCase;
    this.#ascii = options.ascii;
  }

  /** Whether the set accepts a code point. */
  has(code: number): boolean {
    if (code >= 256) return this.#test(code);
    const known = this.#known[code] ?? 0;
    if (known !== 0) return known === 2;
    const answer = this.#test(code);
    this.#known[code] = answer ? 2 : 1;
    return answer;
  }

  #test(code: number): boolean {
    const found =
      this.#includes(code) ||
      (this.#ignoreCase && otherCases(code, this.#ascii).some((other) => this.#includes(other)));
    return found !== this.#negate;
  }

  #includes(code: number): boolean {
    return this.#parts.some((part) =>
      part.type === "range"
        ? code >= part.from && code <= part.to
        : inClass(part.kind, code, this.#ascii) !== part.negate,
    );
  }
}

/** The code points that differ from one only by case. */
function otherCases(code: number, ascii: boolean): readonly number[] {
  if (ascii && code >= 128) return [];
  if (code >= 0xd800 && code <= 0xdfff) return [];
  const char = String.fromCodePoint(code);
  const upper = char.toUpperCase();
  const lower = char.toLowerCase();
  const cases = [lower, upper, upper.toLowerCase(), lower.toUpperCase()].filter((other) => [...other].length === 1);
  const codes = cases
    .map((other) => other.codePointAt(0) ?? 0)
    .filter((other) => other !== code && !(ascii && other >= 128));
  if (ascii) return codes;
  if (char === "s" || char === "S") codes.push(0x17f);
  if (char === "k" || char === "K") codes.push(0x212a);
  return codes;
}

/** A form that is equal for code points that differ only by case. */
export function foldCode(code: number, ascii: boolean): number {
  return Math.min(code, ...otherCases(code, ascii));
}
