import { describe, expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import { expectContentType } from "./expect-content-type.js";

const expectEvents = (body: string | null, headers: Record<string, string>, status = 200): void =>
  expectContentType(identity, new Response(body, { status, headers }), ["event-stream", "json"]);

describe("expectContentType", () => {
  it.each(["text/event-stream", "Text/Event-Stream; charset=utf-8", "application/json"])("takes %s", (type) => {
    expect(() => expectEvents("x", { "content-type": type })).not.toThrow();
  });

  it.each([
    [
      "another type",
      "x",
      { "content-type": "text/html; charset=utf-8" },
      "`text/html; charset=utf-8`, not `event-stream`",
    ],
    ["an empty body", "", { "content-type": "application/json", "content-length": "0" }, "it is empty"],
  ])("refuses %s", (_, body, headers, words) => {
    let failure: unknown;
    try {
      expectEvents(body, headers as Record<string, string>);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({
      code: "PROVIDER_BAD_RESPONSE",
      statusCode: 200,
      message: expect.stringContaining(words),
      hint: expect.stringContaining("`host`"),
    });
  });

  it("refuses a response without content, and one without a type", () => {
    expect(() => expectEvents(null, {}, 204)).toThrow("it is empty");
    const untyped = new Response(new Uint8Array([1]));
    expect(() => expectContentType(identity, untyped, ["json"])).toThrow("of no content type, not `json`");
  });
});
