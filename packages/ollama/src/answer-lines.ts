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
  #rest: Uint8Array = new Uint8Array(0);
  #seen: "nothing" | "some" | "end" = "nothing";

  constructor(body: ReadableStream<Uint8Array>, contentType: string) {
    this.#reader = body.getReader();
    this.#contentType = contentType;
    this.stream = new ReadableStream(
      { pull: (controller) => this.#pull(controller), cancel: (reason) => this.#reader.cancel(reason) },
      // Nothing is read ahead of the one who reads.
      { highWaterMark: 0 },
    );
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
    for (let given = false; !given; ) {
      const { done, value } = await this.#reader.read();
      if (done) {
        this.#take(controller, this.#rest);
        if (this.#seen === "nothing") throw this.#unreadable();
        if (this.#seen === "some") throw new OllamaFailure("cut_off", "the answer ended before its last line");
        controller.close();
        return;
      }
      given = this.#split(controller, value);
    }
  }

  #split(controller: ReadableStreamDefaultController<Uint8Array>, chunk: Uint8Array): boolean {
    let given = false;
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      given = this.#take(controller, joined(this.#rest, chunk.subarray(start, end + 1))) || given;
      this.#rest = new Uint8Array(0);
      start = end + 1;
    }
    if (this.#rest.length + chunk.length - start > maxLineBytes) {
      throw new OllamaFailure("unreadable", `a line of more than ${maxLineBytes} bytes`);
    }
    this.#rest = joined(this.#rest, chunk.subarray(start));
    return given;
  }

  #take(controller: ReadableStreamDefaultController<Uint8Array>, line: Uint8Array): boolean {
    const text = new TextDecoder().decode(line);
    if (text.trim() === "") return false;
    this.#look(text);
    controller.enqueue(line);
    return true;
  }

  #look(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.#unreadable();
    }
    if (typeof value !== "object" || value === null) throw this.#unreadable();
    const { error, message, done } = value as { error?: unknown; message?: unknown; done?: unknown };
    if (error !== undefined) throw new OllamaFailure("refused", errorWords(error));
    if (done === true) this.#seen = "end";
    else if (typeof message === "object" && message !== null) this.#seen = "some";
    else throw this.#unreadable();
  }

  #unreadable(): OllamaFailure {
    return new OllamaFailure(
      "unreadable",
      `a reply of the type \`${this.#contentType}\` that is no stream of JSON lines`,
    );
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
