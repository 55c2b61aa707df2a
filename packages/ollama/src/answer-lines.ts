import { OllamaFailure } from "./ollama-failure.js";

const maxLineBytes = 1024 * 1024;
const newline = 10;

/**
 * The lines of an answer, looked at before the SDK reads them: it drops lines it cannot parse and prints them to the
 * console, takes any object for a part of the answer, and leaves what follows the last line unread.
 */
export class AnswerLines {
  /** The same bytes, without blank lines. Fails with an {@link OllamaFailure} at a line that is no part of an answer. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #contentType: string;
  #rest: Uint8Array = empty;
  #seen: "nothing" | "parts" | "end" = "nothing";

  constructor(body: ReadableStream<Uint8Array>, contentType: string) {
    this.#reader = body.getReader();
    this.#contentType = contentType;
    // Nothing is read ahead of the one who reads.
    this.stream = new ReadableStream({ pull: (controller) => this.#pull(controller) }, { highWaterMark: 0 });
  }

  /** Reads to the end of the response and forgets it, so that the connection can be used again. */
  async drain(): Promise<void> {
    while (!(await this.#reader.read()).done);
  }

  /** Gives up what has not been read. */
  async stop(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    for (let given = 0; given === 0; ) {
      const { done, value } = await this.#reader.read();
      const lines = done ? this.#lastLine() : this.#wholeLines(value);
      for (const line of lines) controller.enqueue(line);
      given = lines.length;
      if (!done) continue;
      this.#checkEnd();
      controller.close();
      return;
    }
  }

  #wholeLines(chunk: Uint8Array): Uint8Array[] {
    const end = chunk.lastIndexOf(newline) + 1;
    if (this.#rest.length + chunk.length - end > maxLineBytes) {
      throw new OllamaFailure("unreadable", `a line of more than ${maxLineBytes} bytes`);
    }
    const whole = end === 0 ? empty : joined(this.#rest, chunk.subarray(0, end));
    this.#rest = end === 0 ? joined(this.#rest, chunk) : chunk.subarray(end);
    if (whole.length === 0) return [];
    const lines = new TextDecoder().decode(whole).trimEnd().split("\n");
    const parts = lines.filter((line) => this.#look(line));
    // As a rule every line is a part, and the bytes go on as they came.
    return parts.length === lines.length ? [whole] : parts.map((line) => new TextEncoder().encode(`${line}\n`));
  }

  /** What comes after the last newline: a line whose newline is missing, or a piece of one. */
  #lastLine(): Uint8Array[] {
    const text = new TextDecoder().decode(this.#rest);
    if (this.#seen !== "nothing" && parse(text) === undefined) return [];
    return this.#look(text) ? [this.#rest] : [];
  }

  #checkEnd(): void {
    if (this.#seen === "end") return;
    const begun = this.#seen === "parts" || this.#contentType.includes("ndjson");
    throw begun ? new OllamaFailure("cut_off", "the answer ended before its last line") : this.#unreadable();
  }

  /** Whether the line is a part of the answer: there is something in it, and the last one has not been seen. */
  #look(text: string): boolean {
    if (this.#seen === "end" || text.trim() === "") return false;
    const value = parse(text);
    if (typeof value !== "object" || value === null) throw this.#unreadable();
    const { error, message, done } = value as { error?: unknown; message?: unknown; done?: unknown };
    if (error !== undefined) throw new OllamaFailure("refused", errorWords(error));
    if (done === true) this.#seen = "end";
    else if (typeof message === "object" && message !== null) this.#seen = "parts";
    else throw this.#unreadable();
    return true;
  }

  #unreadable(): OllamaFailure {
    const type = this.#contentType.slice(0, 80);
    return new OllamaFailure("unreadable", `a reply of the type \`${type}\` that is no stream of JSON lines`);
  }
}

const empty = new Uint8Array(0);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The server's words, in the form of Ollama or of a proxy before it. */
export function errorWords(error: unknown): string {
  if (typeof error === "string") return error;
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : "an error without words";
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
