import { AnswerLines, errorWords } from "./answer-lines.js";
import { OllamaFailure } from "./ollama-failure.js";

type Fetch = typeof globalThis.fetch;

/** The `fetch` of one call. The SDK takes no signal per call, and it prints to the console what it cannot read. */
export class OllamaFetch {
  readonly #fetch: Fetch;
  readonly #signal: AbortSignal;
  #lines: AnswerLines | undefined;

  /** @param fetch bounds what it reads and follows no redirect */
  constructor(fetch: Fetch, signal: AbortSignal) {
    this.#fetch = fetch;
    this.#signal = signal;
  }

  /** For a call that is answered by one JSON text. */
  readonly whole: Fetch = async (input, init) => {
    const response = await this.#fetch(input, { ...init, signal: this.#signal });
    if (!response.ok) throw await refusal(response);
    return response;
  };

  /** For a call that is answered by lines of JSON. */
  readonly lines: Fetch = async (input, init) => {
    const { body, headers, status } = await this.whole(input, init);
    const contentType = headers.get("content-type") ?? "none";
    if (body === null) throw new OllamaFailure("unreadable", `an empty reply of the type \`${contentType}\``, status);
    this.#lines = new AnswerLines(body, contentType);
    return new Response(this.#lines.stream, { headers });
  };

  /** Reads what the server sends after the last line, so that the connection can be used again. */
  async drain(): Promise<void> {
    await this.#lines?.drain();
  }

  /** Gives up what has not been read. */
  async stop(): Promise<void> {
    await this.#lines?.stop();
  }
}

const maxErrorBytes = 64 * 1024;

async function refusal({ status, headers, body }: Response): Promise<OllamaFailure> {
  const text = body === null ? "" : await textOf(body);
  return new OllamaFailure("refused", wordsOf(text), status, headers);
}

function wordsOf(text: string): string {
  // A page of a proxy says nothing that helps; its status does.
  if (/^\s*</.test(text)) return "";
  try {
    return errorWords((JSON.parse(text) as { error?: unknown } | null)?.error);
  } catch {
    return text;
  }
}

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxErrorBytes) break;
  }
  return text;
}
