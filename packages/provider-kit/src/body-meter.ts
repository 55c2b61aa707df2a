/** How much of an answer is read. */
export interface ResponseLimits {
  /** Of a whole response, unpacked, in bytes. @defaultValue 16 MiB */
  readonly maxResponseBytes: number;
  /** Of one event of an event stream, or of one line of a stream of JSON lines, in bytes. @defaultValue 1 MiB */
  readonly maxEventBytes: number;
}

/** How a stream tells its events apart. */
type Framing = "blank_line" | "line" | "none";

const lineFeed = 10;
const carriageReturn = 13;
const colon = 58;
/** Events that came together are given on together up to about this many bytes. */
const batchBytes = 4096;

/** Counts the bytes of a body and of the event it is in, and cuts an event stream at ends of events. */
export class BodyMeter {
  readonly #limits: ResponseLimits;
  readonly #framing: Framing;
  #total = 0;
  #event = 0;
  #line = 0;
  #afterReturn = false;
  /** The event has a line that is neither blank nor a comment. */
  #says = false;
  /** The last event that ended was given on. */
  #given = false;

  constructor(limits: ResponseLimits, contentType: string | null) {
    this.#limits = limits;
    this.#framing = framingOf(contentType);
  }

  /**
   * Takes the next bytes. Events are given on a few at a time, and those without content not at all: parsers of SDKs copy what
   * is left of a piece for every event in it, so a large piece of many small ones would keep them busy for minutes.
   *
   * @throws RangeError that says which limit the bytes break
   */
  take(bytes: Uint8Array): readonly Uint8Array[] {
    const { maxResponseBytes, maxEventBytes } = this.#limits;
    this.#total += bytes.length;
    if (this.#total > maxResponseBytes) throw new RangeError(`more than ${maxResponseBytes} bytes`);
    if (this.#framing === "none") return [bytes];
    const pieces: Uint8Array[] = [];
    let from = this.#takeSecondHalf(bytes, pieces);
    let whole = this.#event === 0;
    const lineEnds = new LineEnds(bytes);
    // What is to be given on and has not been: whole events, and then the one that begins at `from`.
    let start = from;
    for (let at = from; at < bytes.length; at += 1) {
      if (this.#line > 0) {
        const end = lineEnds.after(at);
        this.#event += end - at;
        this.#line += end - at;
        at = end;
        if (this.#event > maxEventBytes) throw new RangeError(`an event of more than ${maxEventBytes} bytes`);
        if (at === bytes.length) break;
      }
      if (this.#endsEvent(bytes[at])) {
        // Both halves of a line end stay together: parsers look for two whole ones.
        if (this.#afterReturn && bytes[at + 1] === lineFeed) {
          at += 1;
          this.#afterReturn = false;
        }
        this.#given = this.#says || !whole;
        if (from > start && (!this.#given || at - start >= batchBytes)) {
          pieces.push(bytes.subarray(start, from));
          start = from;
        }
        from = at + 1;
        if (!this.#given) start = from;
        whole = true;
        this.#event = 0;
        this.#says = false;
      } else if (this.#event > maxEventBytes) throw new RangeError(`an event of more than ${maxEventBytes} bytes`);
    }
    if (from > start && bytes.length - start > batchBytes) {
      pieces.push(bytes.subarray(start, from));
      start = from;
    }
    if (start < bytes.length) pieces.push(bytes.subarray(start));
    return this.#framing === "line" ? [bytes] : pieces;
  }

  /** A line feed whose carriage return ended the event that came with the bytes before these. */
  #takeSecondHalf(bytes: Uint8Array, pieces: Uint8Array[]): number {
    if (!this.#afterReturn || this.#event > 0 || bytes[0] !== lineFeed) return 0;
    this.#afterReturn = false;
    if (this.#given) pieces.push(bytes.subarray(0, 1));
    return 1;
  }

  #endsEvent(byte: number | undefined): boolean {
    this.#event += 1;
    if (byte === lineFeed || byte === carriageReturn) {
      const secondHalf = byte === lineFeed && this.#afterReturn;
      this.#afterReturn = byte === carriageReturn;
      if (secondHalf) return false;
      const ends = this.#framing === "line" || this.#line === 0;
      this.#line = 0;
      return ends;
    }
    if (this.#line === 0 && byte !== colon) this.#says = true;
    this.#line += 1;
    this.#afterReturn = false;
    return false;
  }
}

/** Finds ends of lines, each once. */
class LineEnds {
  readonly #bytes: Uint8Array;
  #feed = -1;
  #return = -1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Where the line that goes on at `from` ends, or where the bytes do. */
  after(from: number): number {
    if (this.#feed < from) this.#feed = this.#find(lineFeed, from);
    if (this.#return < from) this.#return = this.#find(carriageReturn, from);
    return Math.min(this.#feed, this.#return);
  }

  #find(byte: number, from: number): number {
    const at = this.#bytes.indexOf(byte, from);
    return at === -1 ? this.#bytes.length : at;
  }
}

function framingOf(contentType: string | null): Framing {
  const type = contentType?.toLowerCase() ?? "";
  if (type.startsWith("text/event-stream")) return "blank_line";
  return /ndjson|jsonl|json-lines|stream\+json/.test(type) ? "line" : "none";
}
