/**
 * Makes text from outside safe for a terminal, piece by piece: a sequence cut in two by a stream is still seen.
 *
 * Control sequences (CSI, OSC, DCS and their kind, in 7 and 8 bits), other control characters, marks that reorder text
 * and marks that hide text are dropped. Line ends of every kind become `\n`; tabs stay. What remains is what the author
 * wrote, in the order it was written.
 */
export class PrintableText {
  #state: "text" | "escape" | "csi" | "string" | "stringEscape" = "text";
  #afterCr = false;
  #previous = "";
  #half = "";
  /** Characters of an unfinished string sequence; a real one is short. */
  #length = 0;

  /** The printable part of the next piece. */
  push(piece: string): string {
    const text = this.#half + piece;
    const cut = /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
    this.#half = text.slice(cut);
    const body = text.slice(0, cut);
    if (this.#state === "text" && !this.#afterCr && this.#half === "" && plain.test(body)) {
      this.#previous = body.at(-1) ?? this.#previous;
      return body;
    }
    let out = "";
    for (const char of body) out += this.#next(char, char.codePointAt(0) ?? 0);
    return out;
  }

  #next(char: string, code: number): string {
    const afterCr = this.#afterCr;
    this.#afterCr = false;
    switch (this.#state) {
      case "text":
        break;
      case "escape":
        return this.#escaped(char, code);
      case "csi":
        if (code >= 0x20 && code <= 0x3f) return "";
        this.#state = "text";
        if (code >= 0x40 && code <= 0x7e) return "";
        break;
      case "stringEscape":
        this.#state = "string";
        if (char === "\\") this.#state = "text";
        if (char === "\\") return "";
        return this.#escaped(char, code);
      case "string":
        return this.#inString(char, code);
    }
    if (char === "\n" && afterCr) return "";
    return this.#text(char, code);
  }

  #escaped(char: string, code: number): string {
    this.#state = "text";
    if (char === "[") this.#state = "csi";
    else if ("]PX^_".includes(char)) this.#beginString();
    else if (char === "\u001b") this.#state = "escape";
    else if (code >= 0x20 && code <= 0x2f) this.#state = "escape";
    else if (code < 0x20 || code > 0x7e) return this.#text(char, code);
    return "";
  }

  #inString(char: string, code: number): string {
    this.#length += 1;
    if (char === "\u0007" || code === 0x9c) this.#state = "text";
    else if (char === "\u001b") this.#state = "stringEscape";
    // Nothing of a sequence is shown, so one that never ends must not swallow what follows it.
    else if (char === "\n" || this.#length > longestString) {
      this.#state = "text";
      return this.#text(char, code);
    }
    return "";
  }

  #beginString(): void {
    this.#state = "string";
    this.#length = 0;
  }

  #text(char: string, code: number): string {
    if (code === 0x1b) this.#state = "escape";
    else if (code === 0x9b) this.#state = "csi";
    else if (code === 0x90 || code === 0x98 || code === 0x9d || code === 0x9e || code === 0x9f) this.#beginString();
    else if (code === 0x0d) this.#afterCr = true;
    if (lineEnd.test(char)) return this.#keep("\n");
    if (char === "\t") return this.#keep(char);
    if (hidden.test(char)) return "";
    if ((code === 0x200c || code === 0x200d) && !joins.test(this.#previous)) return "";
    return this.#keep(char);
  }

  #keep(char: string): string {
    this.#previous = char;
    return char;
  }
}

const longestString = 2048;

/** Text that needs no closer look. */
const plain = /^[\n\t\x20-\x7e]*$/;

const lineEnd = /[\n\r\v\f\u0085\u2028\u2029]/;

/** Code points that act on a terminal, reorder text, hide it, or are halves of pairs; the joiners are judged in place. */
const hiddenRanges: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

function characterClass(ranges: readonly (readonly [number, number])[]): string {
  return `[${ranges.map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`).join("")}]`;
}

const hidden = new RegExp(characterClass(hiddenRanges), "u");

/** What a joiner may follow: letters of scripts that join, and emoji. */
const joins =
  /\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Mongolian}|\p{Script=Nko}|\p{M}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u0900-\u0dff]/u;

/** Text of any number of lines, safe to print. */
export function printable(text: string): string {
  return plain.test(text) ? text : new PrintableText().push(text);
}

/**
 * Text that belongs on one line, such as a name or a path: what {@link printable} drops is shown as `\u{…}` instead, so
 * that two names that differ look different.
 */
export function printableLine(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  let out = "";
  let previous = "";
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === "\n") out += "\\n";
    else if (char === "\t") out += "\\t";
    else if (
      lineEnd.test(char) ||
      hidden.test(char) ||
      ((code === 0x200c || code === 0x200d) && !joins.test(previous))
    ) {
      out += `\\u{${code.toString(16)}}`;
    } else out += char;
    previous = char;
  }
  return out;
}

/** JSON text in which no character can act on a terminal; it means the same. */
export function printableJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  return json.replace(unsafeInJson, (char) => {
    let out = "";
    for (let index = 0; index < char.length; index += 1) {
      out += `\\u${char.charCodeAt(index).toString(16).padStart(4, "0")}`;
    }
    return out;
  });
}

/** JSON escapes the first control characters itself; its own line ends must stay. */
const unsafeInJson = new RegExp(characterClass(hiddenRanges.slice(1)), "gu");
