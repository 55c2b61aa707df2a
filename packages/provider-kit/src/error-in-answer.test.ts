import { describe, expect, it } from "vitest";
import { ErrorInAnswer, refuseErrorInAnswer } from "./error-in-answer.js";

const response = (body: string, contentType = "application/json; charset=utf-8") =>
  new Response(body, { headers: { "content-type": contentType, "request-id": "r1" } });

describe("refuseErrorInAnswer", () => {
  it("throws what the body says, with the headers", async () => {
    const refused = await refuseErrorInAnswer(response('{"error":{"type":"overloaded"}}')).catch((error) => error);
    expect(refused).toBeInstanceOf(ErrorInAnswer);
    expect(refused).toMatchObject({ status: 200, error: { error: { type: "overloaded" } } });
    expect(refused.headers.get("request-id")).toBe("r1");
  });

  it.each(['{"ok":true}', "{oops", "null", '"error"', ""])("leaves the JSON %s to others", async (body) => {
    await expect(refuseErrorInAnswer(response(body))).resolves.toBeUndefined();
  });

  it("does not read what is no JSON", async () => {
    const stream = response('{"error":1}', "text/event-stream");
    await refuseErrorInAnswer(stream);
    expect(stream.bodyUsed).toBe(false);
  });
});
