import { allWordsOf, contractKey, errorReply, type ModelContractKit } from "./model-contract-kit.js";
import type { WireErrorKind } from "./model-wire.js";

interface StatusCase {
  readonly status: number;
  readonly kind: WireErrorKind;
  readonly code: string;
  readonly retryable: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const statusCases: readonly StatusCase[] = [
  { status: 400, kind: "other", code: "PROVIDER_BAD_REQUEST", retryable: false },
  { status: 400, kind: "overflow", code: "PROVIDER_CONTEXT_OVERFLOW", retryable: false },
  { status: 401, kind: "auth", code: "PROVIDER_AUTH", retryable: false },
  { status: 403, kind: "auth", code: "PROVIDER_AUTH", retryable: false },
  { status: 404, kind: "not_found", code: "PROVIDER_BAD_REQUEST", retryable: false },
  { status: 408, kind: "other", code: "PROVIDER_TIMEOUT", retryable: true },
  { status: 409, kind: "other", code: "PROVIDER_UNAVAILABLE", retryable: true },
  { status: 422, kind: "other", code: "PROVIDER_BAD_REQUEST", retryable: false },
  { status: 425, kind: "other", code: "PROVIDER_UNAVAILABLE", retryable: true },
  { status: 429, kind: "rate_limit", code: "PROVIDER_RATE_LIMIT", retryable: true },
  { status: 429, kind: "quota", code: "PROVIDER_RATE_LIMIT", retryable: false },
  { status: 500, kind: "other", code: "PROVIDER_UNAVAILABLE", retryable: true },
  { status: 503, kind: "other", code: "PROVIDER_UNAVAILABLE", retryable: true },
];

const prompt = "The violet horses of Samarkand sleep under the ninth bridge";

/** Answers that are errors. */
export function checkErrors(kit: ModelContractKit): void {
  const { describe, test, expect, wire } = kit;

  describe("error responses", () => {
    for (const { status, kind, code, retryable } of statusCases) {
      test(`status ${status} (${kind})`, async ({ server, settings, fail }) => {
        server.play(errorReply(status, wire.error(status, kind, "The other side says no")));
        const error = await fail();
        expect(error.code).toBe(code);
        expect(error.retryable).toBe(retryable);
        expect(error.statusCode).toBe(status);
        expect(error.provider).toBe(settings.provider);
        expect((error.hint ?? "").length > 0).toBe(true);
        expect(error.message.includes("\n")).toBe(false);
        // Tried once: trying again is for the engine.
        expect(server.requests.length).toBe(1);
      });

      test(`status ${status} (${kind}) with a body that is no JSON`, async ({ server, fail }) => {
        server.play(errorReply(status, { contentType: "text/html", body: "<html><body>bad</body></html>" }));
        const error = await fail();
        // What only the body could tell is not known.
        const known = kind === "overflow" || kind === "quota" ? [code, "PROVIDER_BAD_REQUEST"] : [code];
        expect(known.includes(error.code)).toBe(true);
        expect(server.requests.length).toBe(1);
      });
    }

    test("an unknown model is named, with a way to find others", async ({ server, settings, fail }) => {
      server.play(errorReply(404, wire.error(404, "not_found", "No such model")));
      const { hint = "" } = await fail();
      expect(hint.includes(settings.modelId ?? "")).toBe(true);
    });

    test("passes on how long to wait, in seconds", async ({ server, fail }) => {
      const error = wire.error(429, "rate_limit", "Slow down");
      server.play(errorReply(429, { ...error, headers: { ...error.headers, "retry-after": "7" } }));
      expect((await fail()).retryAfterMs).toBe(7000);
    });

    test("passes on how long to wait, as a date", async ({ server, fail }) => {
      const error = wire.error(503, "other", "Slow down");
      const date = new Date("2999-01-01T00:00:00Z").toUTCString();
      server.play(errorReply(503, { ...error, headers: { ...error.headers, "retry-after": date } }));
      expect(((await fail()).retryAfterMs ?? 0) > 365 * 86_400_000).toBe(true);
    });

    for (const [status, kind] of [
      [401, "auth"],
      [400, "other"],
      [429, "rate_limit"],
      [500, "other"],
    ] as const) {
      test(`never repeats the key (status ${status})`, async ({ server, fail }) => {
        server.play(errorReply(status, wire.error(status, kind, `You sent ${contractKey}, which is wrong`)));
        expect(allWordsOf(await fail()).includes(contractKey)).toBe(false);
      });

      test(`never repeats the prompt (status ${status})`, async ({ server, fail }) => {
        server.play(errorReply(status, wire.error(status, kind, `Bad input: ${prompt}`)));
        const error = await fail({ system: `Know: ${prompt}`, messages: [{ role: "user", content: prompt }] });
        expect(allWordsOf(error).includes("violet horses")).toBe(false);
      });
    }

    test("does not follow a redirect, which would take the key along", async ({ server, fail }) => {
      const elsewhere = `${server.url}/elsewhere`;
      server.play([{ do: "head", status: 301, headers: { location: elsewhere } }, { do: "end" }]);
      const error = await fail();
      expect(error.code).toBe("PROVIDER_BAD_RESPONSE");
      expect(error.retryable).toBe(false);
      expect(server.requests.length).toBe(1);
    });
  });
}
