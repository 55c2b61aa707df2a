/** Hides secret values in text, also one that a stream has cut into pieces. */
export class SecretMask {
  readonly #secrets: readonly string[];
  #held = "";

  /** @param secrets values to hide; those of less than four characters are no secrets */
  constructor(secrets: readonly string[]) {
    this.#secrets = [...new Set(secrets)]
      .filter((secret) => secret.length >= shortestSecret)
      .sort((a, b) => b.length - a.length);
  }

  /** A whole text without secrets. */
  hide(text: string): string {
    let result = text;
    for (const secret of this.#secrets) result = result.replaceAll(secret, mask);
    return result;
  }

  /** A JSON value whose texts hold no secrets. */
  hideIn(value: unknown): unknown {
    const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "string" ? this.hide(item) : item));
    return JSON.parse(text);
  }

  /** The next piece of a stream; what may be the beginning of a secret is held back. */
  push(piece: string): string {
    if (this.#secrets.length === 0) return piece;
    const text = this.hide(this.#held + piece);
    const held = this.#longestBeginning(text);
    this.#held = held === 0 ? "" : text.slice(-held);
    return held === 0 ? text : text.slice(0, -held);
  }

  /** What was held back, once the stream has ended. */
  end(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }

  /** How many characters at the end of the text could be the beginning of a secret. */
  #longestBeginning(text: string): number {
    let longest = 0;
    for (const secret of this.#secrets) {
      for (let length = Math.min(secret.length - 1, text.length); length > longest; length -= 1) {
        if (text.endsWith(secret.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}

const shortestSecret = 4;
const mask = "[secret]";
