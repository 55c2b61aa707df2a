import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalEvents } from "./normal-events.js";

/** The body of a response in these pieces. */
function body(pieces: readonly Uint8Array[]): Response {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  return new Response(stream, { headers: { "x-kept": "yes" } });
}

const normal = (text: string, cut = text.length): Promise<string> => {
  const bytes = Buffer.from(text);
  return normalEvents(body([bytes.subarray(0, cut), bytes.subarray(cut)])).text();
};

describe("normalEvents", () => {
  it("keeps events as they are", async () => {
    const response = normalEvents(body([Buffer.from("data: 1\n\ndata: 2\n\n")]));
    expect(response.headers.get("x-kept")).toBe("yes");
    expect(await response.text()).toBe("data: 1\n\ndata: 2\n\n");
  });

  it.each([
    ["comments and heartbeats", ": ping\n\n: ping\n\ndata: 1\n\n"],
    ["ids, names and comments inside an event", "id: 7\nevent: x\n: c\ndata: 1\nretry: 1\n\n"],
    ["a byte order mark", "\ufeffdata: 1\n\n"],
    ["other line ends", "data: 1\r\n\r\n"],
    ["old line ends", "data: 1\r\r"],
    ["mixed line ends", "data: 1\n\r\n"],
    ["no space after the colon", "data:1\n\n"],
    ["an event that is cut off", "data: 1\n\ndata: 2"],
    ["an event whose end is cut off", "data: 1\n\ndata: 2\n"],
    ["more empty lines", "\n\ndata: 1\n\n\n\n"],
  ])("takes out %s", async (_, text) => {
    expect(await normal(text)).toBe("data: 1\n\n");
  });

  it("puts several lines of data in one", async () => {
    expect(await normal('data: {"a":\ndata: 1}\n\n')).toBe('data: {"a": 1}\n\n');
  });

  it("gives the same wherever the bytes are cut", async () => {
    const text = 'id: 1\r\ndata: {"text":"€😀"}\r\n\r\n: c\n\ndata: 2\r\rdata: 3\n\n';
    const whole = await normal(text);
    expect(whole).toBe('data: {"text":"€😀"}\n\ndata: 2\n\ndata: 3\n\n');
    const cuts = fc.nat(Buffer.from(text).length);
    const sameAt = fc.asyncProperty(cuts, async (cut) => {
      expect(await normal(text, cut)).toBe(whole);
    });
    await fc.assert(sameAt);
  });

  it("ends its source when it is cancelled", async () => {
    let reason: unknown;
    const cancel = (given: unknown): void => {
      reason = given;
    };
    const source = new Response(new ReadableStream({ cancel }));
    await normalEvents(source).body?.cancel("enough");
    expect(reason).toBe("enough");
  });

  it("leaves a response without a body alone", () => {
    expect(normalEvents(new Response(null, { status: 204 })).status).toBe(204);
  });
});
