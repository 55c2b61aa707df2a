import type { ProviderError } from "@strands/core";
import { BodyMeter, type ResponseLimits } from "./body-meter.js";
import { providerFailure } from "./provider-failure.js";
import type { ProviderIdentity } from "./provider-identity.js";

const mebibyte = 1024 * 1024;
export const defaultLimits: ResponseLimits = { maxResponseBytes: 16 * mebibyte, maxEventBytes: mebibyte };

/** Told what becomes of a body. */
export interface BodyWatcher {
  /** Some of it is about to be given on. */
  bytes(bytes: Uint8Array): void;
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
  const meter = new BodyMeter(limits, headers.get("content-type"));
  const limited = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // A pull that gives nothing would be the last one.
        for (let given = 0; given === 0; ) {
          const { value, done } = await reader.read().catch((error: unknown) => {
            watcher.done();
            throw error;
          });
          if (done) {
            watcher.done();
            controller.close();
            return;
          }
          for (const piece of takeFrom(meter, value)) {
            watcher.bytes(piece);
            controller.enqueue(piece);
            given += 1;
          }
        }
      },
      cancel(reason) {
        watcher.stop(reason);
        return reader.cancel(reason).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(limited, { status, statusText, headers });

  function takeFrom(from: BodyMeter, bytes: Uint8Array): readonly Uint8Array[] {
    try {
      return from.take(bytes);
    } catch (error) {
      const failure = tooLarge(identity, (error as RangeError).message);
      watcher.stop(failure);
      throw failure;
    }
  }
}

function tooLarge(identity: ProviderIdentity, broken: string): ProviderError {
  return providerFailure(identity, {
    code: "PROVIDER_BAD_RESPONSE",
    message: broken,
    hint: "Ask for less, with `max_tokens` for instance. If the answer should be short, see what answers at `host`.",
  });
}
