import type { ProviderError } from "@strands/core";
import { providerFailure } from "./provider-failure.js";
import type { ProviderIdentity } from "./provider-identity.js";

/** How much of an answer is read. */
export interface ResponseLimits {
  /** Of a whole response, unpacked, in bytes. @defaultValue 16 MiB */
  readonly maxResponseBytes: number;
  /** Of one event of an event stream, or of one line of a stream of JSON lines, in bytes. @defaultValue 1 MiB */
  readonly maxEventBytes: number;
}

const mebibyte = 1024 * 1024;
export const defaultLimits: ResponseLimits = { maxResponseBytes: 16 * mebibyte, maxEventBytes: mebibyte };

/** Told what becomes of a body. */
export interface BodyWatcher {
  /** It has been read to its end, or failed. */
  done(): void;
  /** Its reader wants no more, or it broke a limit: the connection may go. */
  stop(reason: unknown): void;
}

/** The same response with a body that ends with an error when it breaks a limit. What is not read is not fetched either. */
export function limitBody(
  identity: ProviderIdentity,
  response: Response,
  limits: ResponseLimits,
  watcher: BodyWatcher,
): Response {
  const { body, status, statusText, headers } = response;
  if (body === null) {
    watcher.done();
    return response;
  }
  const reader = body.getReader();
  const meter = new BodyMeter(limits, framingOf(headers.get("content-type")));
  const limited = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await reader.read().catch((error: unknown) => {
          watcher.done();
          throw error;
        });
        if (done) {
          watcher.done();
          controller.close();
          return;
        }
        const broken = meter.add(value);
        if (broken === undefined) {
          controller.enqueue(value);
          return;
        }
        const failure = tooLarge(identity, broken);
        watcher.stop(failure);
        throw failure;
      },
      cancel(reason) {
        watcher.stop(reason);
        return reader.cancel(reason).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(limited, { status, statusText, headers });
}

/** How a stream tells its events apart. */
type Framing = "blank_line" | "line" | "none";

function framingOf(contentType: string | null): Framing {
  const type = contentType?.toLowerCase() ?? "";
  if (type.includes("event-stream") && type.startsWith("text/")) return "blank_line";
  return /ndjson|jsonl|json-lines|stream\+json/.test(type) ? "line" : "none";
}

const lineFeed = 10;
const carriageReturn = 13;

/** Counts the bytes of a body and of the event it is in. */
class BodyMeter {
  readonly #limits: ResponseLimits;
  readonly #framing: Framing;
  #total = 0;
  #event = 0;
  #line = 0;
  #afterReturn = false;

  constructor(limits: ResponseLimits, framing: Framing) {
    this.#limits = limits;
    this.#framing = framing;
  }

  /** The limit that these bytes break. */
  add(bytes: Uint8Array): string | undefined {
    const { maxResponseBytes, maxEventBytes } = this.#limits;
    this.#total += bytes.length;
    if (this.#total > maxResponseBytes) return `more than ${maxResponseBytes} bytes`;
    if (this.#framing === "none") return undefined;
    for (const byte of bytes) {
      this.#event += 1;
      if (byte === lineFeed || byte === carriageReturn) this.#endLine(byte);
      else {
        this.#line += 1;
        this.#afterReturn = false;
        if (this.#event > maxEventBytes) return `an event of more than ${maxEventBytes} bytes`;
      }
    }
    return undefined;
  }

  #endLine(byte: number): void {
    const secondOfTwo = byte === lineFeed && this.#afterReturn;
    this.#afterReturn = byte === carriageReturn;
    if (secondOfTwo) return;
    if (this.#framing === "line" || this.#line === 0) this.#event = 0;
    this.#line = 0;
  }
}

function tooLarge(identity: ProviderIdentity, broken: string): ProviderError {
  return providerFailure(identity, {
    code: "PROVIDER_BAD_RESPONSE",
    message: broken,
    hint: "Ask for less, with `max_tokens` for instance. If the answer should be short, see what answers at `host`.",
  });
}
