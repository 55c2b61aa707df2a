import { textWidth } from "./text-width.js";

/** Breaks a stream of text at spaces so that its lines fit. A word is held back until it is complete. */
export class WrappingText {
  readonly #columns: () => number;
  #column = 0;
  #spaces = "";
  #word = "";

  /** @param columns the width of a line, which may change */
  constructor(columns: () => number) {
    this.#columns = columns;
  }

  /** The next piece, wrapped; the last word comes later. */
  push(piece: string): string {
    let out = "";
    for (const part of piece.match(/\n|[ \t]+|[^ \t\n]+/g) ?? []) {
      if (part === "\n") {
        out += `${this.#endWord()}\n`;
        this.#column = 0;
        this.#spaces = "";
      } else if (part[0] === " " || part[0] === "\t") {
        out += this.#endWord();
        this.#spaces += part;
      } else {
        this.#word += part;
      }
    }
    return out;
  }

  /** What was held back, once the stream has ended. */
  end(): string {
    return this.#endWord();
  }

  #endWord(): string {
    const word = this.#word;
    if (word === "") return "";
    this.#word = "";
    const spaces = this.#spaces;
    this.#spaces = "";
    const width = textWidth(word);
    if (this.#column > 0 && this.#column + spaces.length + width > this.#columns()) {
      this.#column = width;
      return `\n${word}`;
    }
    this.#column += spaces.length + width;
    return spaces + word;
  }
}
