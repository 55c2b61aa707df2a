const marker = /[\r\n]data: ?\[DONE\]/;
const keptLength = 16;

/** Remembers which streams have come to `[DONE]`, which the SDK takes and does not tell about. */
export class EndMarks {
  readonly #ended = new WeakSet<Response>();
  readonly #decoder = new TextDecoder("latin1");

  /** Watches the bytes of a response. */
  observe(response: Response): (bytes: Uint8Array) => void {
    let kept = "\n";
    return (bytes) => {
      const text = kept + this.#decoder.decode(bytes);
      if (marker.test(text)) this.#ended.add(response);
      kept = text.slice(-keptLength);
    };
  }

  has(response: Response): boolean {
    return this.#ended.has(response);
  }
}
