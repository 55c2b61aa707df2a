import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BodyMeter } from "./body-meter.js";

const limits = { maxResponseBytes: 1_000_000, maxEventBytes: 1000 };

/** What comes out for a body that arrives in pieces of this size. */
function pieces(body: string, size = 10_000, contentType = "text/event-stream"): readonly string[] {
  const meter = new BodyMeter(limits, contentType);
  const bytes = Buffer.from(body);
  const out: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    for (const piece of meter.take(bytes.subarray(at, at + size))) out.push(Buffer.from(piece).toString("latin1"));
  }
  return out;
}

describe("BodyMeter", () => {
  it("gives on small events together, and cuts at an end of an event", () => {
    const small = "data: a\n\ndata: b\r\n\r\ndata: c\r\rrest";
    expect(pieces(small)).toEqual([small]);
    const events = Array.from({ length: 1000 }, (_, index) => `data: ${index}\r\n\r\n`);
    const cut = pieces(events.join(""), 20_000);
    expect(cut.join("")).toBe(events.join(""));
    expect(cut.every((piece) => piece.endsWith("\r\n\r\n") && piece.length <= 4096)).toBe(true);
    expect(cut).toHaveLength(4);
  });

  it("does not give on small events together with a large one, nor with the beginning of one", () => {
    const large = `data: ${"x".repeat(900)}`;
    const body = `${large}\n`.repeat(5);
    const meter = new BodyMeter({ ...limits, maxEventBytes: 10_000 }, "text/event-stream");
    const give = (text: string) => meter.take(Buffer.from(text)).map((piece) => piece.length);
    expect(give(`data: a\n\n${body}\ndata: b\n\n`)).toEqual([9, body.length + 1, 9]);
    expect(give(`data: a\n\n${body}`)).toEqual([9, body.length]);
  });

  it("keeps line ends whole, also when they arrive in two halves", () => {
    const body = "data: a\r\n\r\ndata: b\r\n\r\n: x\r\n\r\ndata: c\r\n\r\n";
    for (let size = 1; size < body.length; size += 1) {
      const given = pieces(body, size).join("");
      expect(given.match(/data: .\r\n\r\n/g)).toEqual(["data: a\r\n\r\n", "data: b\r\n\r\n", "data: c\r\n\r\n"]);
    }
  });

  it("leaves out blank lines and comments between events", () => {
    expect(pieces(`\n\n\r\n${": ping\n\n".repeat(5)}data: a\n\n\n\n\r\r: x\r\n\r\ndata: b\n\n`)).toEqual([
      "data: a\n\n",
      "data: b\n\n",
    ]);
  });

  it("bounds an event, also in the middle of a line", () => {
    const meter = new BodyMeter(limits, "text/event-stream");
    meter.take(Buffer.from(`data: ${"x".repeat(500)}`));
    expect(() => meter.take(Buffer.from("x".repeat(600)))).toThrow("an event of more than 1000 bytes");
  });

  it("keeps comments inside of events", () => {
    expect(pieces(": x\ndata: a\n: y\ndata: b\n\n")).toEqual([": x\ndata: a\n: y\ndata: b\n\n"]);
  });

  it("leaves bodies alone that are no event streams", () => {
    for (const type of ["application/json", "application/x-ndjson", "text/plain"]) {
      expect(pieces("\n\n{}\n\n{}\n\n", 10_000, type)).toEqual(["\n\n{}\n\n{}\n\n"]);
    }
  });

  it("gives the same events however the body is cut", () => {
    const line = fc.constantFrom("data: a", "event: e", ": comment", "data", "x:y", "");
    const end = fc.constantFrom("\n", "\r\n", "\r");
    const body = fc.array(fc.tuple(line, end), { maxLength: 20 });
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 12 }), (lines, size) => {
        const text = lines.flat().join("");
        expect(readEvents(pieces(text, size).join(""))).toEqual(readEvents(text));
      }),
    );
  });
});

/** The lines of each complete event, as the standard reads them. */
function readEvents(text: string): readonly (readonly string[])[] {
  const events: string[][] = [[]];
  const lines = text.split(/\r\n|\r|\n/).slice(0, -1);
  for (const line of lines) {
    if (line === "") events.push([]);
    else if (!line.startsWith(":")) events.at(-1)?.push(line);
  }
  return events.slice(0, -1).filter((event) => event.length > 0);
}
