import { gzipSync } from "node:zlib";
import type { FaultScript, FaultStep } from "./fault-script.js";
import { allWordsOf, contractKey, errorReply, type ModelContractKit } from "./model-contract-kit.js";

const megabyte = 1_000_000;
const oddText = ["€😀e\u0301 \n"];
const whole = { text: oddText };
const html = "<!doctype html><html><body>Sign in</body></html>";

/** How a stream may arrive, and how it may be broken. */
export function checkStreams(kit: ModelContractKit): void {
  const { describe, test, expect, wire, reply, stream } = kit;
  const isEventStream = wire.contentType.startsWith("text/event-stream");
  const isText = isEventStream || wire.contentType.includes("json");
  const bytesOf = (): Buffer => Buffer.concat(wire.events(whole));
  const begun = (): readonly Uint8Array[] => wire.events({ text: ["begun"], finish: "missing" });
  const head = (headers: Readonly<Record<string, string>> = {}): FaultStep => ({
    do: "head",
    status: 200,
    headers: { "content-type": wire.contentType, ...headers },
  });

  describe("streams that arrive oddly", () => {
    test("split at every byte", async ({ server, ask }) => {
      const bytes = bytesOf();
      const expected = oddText.join("");
      for (let at = 1; at < bytes.length; at += 1) {
        const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)];
        server.play([head(), { do: "write_bytes", data: first }, { do: "write_bytes", data: second }, { do: "end" }]);
        const answer = await ask();
        expect([at, answer.text, answer.finish]).toEqual([at, expected, "stop"]);
      }
    });

    test("one byte at a time", async ({ server, ask }) => {
      server.play([head(), { do: "drip_bytes", data: bytesOf(), bytes: 1 }, { do: "end" }]);
      expect((await ask()).text).toBe(oddText.join(""));
    });

    test("all in one", async ({ server, ask }) => {
      server.play([head(), { do: "write_bytes", data: bytesOf() }, { do: "end" }]);
      expect((await ask()).text).toBe(oddText.join(""));
    });

    if (isText) {
      test("with keys that mean something to JavaScript", async ({ server, ask }) => {
        const polluting = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},';
        const events = wire.events({ text: ["ok"] }).map((event) => textOf(event).replaceAll("{", polluting));
        const closed = events.map((event) => event.replaceAll(",}", "}"));
        server.play([head(), { do: "write", text: closed.join("") }, { do: "end" }]);
        expect((await ask()).text).toBe("ok");
        expect(({} as { readonly polluted?: unknown }).polluted).toBe(undefined);
      });
    }

    if (isEventStream) {
      const disguises: readonly (readonly [string, (text: string) => string])[] = [
        ["CRLF", (text) => text.replaceAll("\n", "\r\n")],
        ["CR", (text) => text.replaceAll("\n", "\r")],
        ["a byte order mark", (text) => `\ufeff${text}`],
        ["comments and heartbeats", (text) => `: hello\n\n${text.replaceAll("\n\n", "\n\n: ping\n\n")}`],
        ["ids, retry times and unknown fields", (text) => text.replaceAll("data:", "id: 7\nretry: 1\nx: y\ndata:")],
        ["no space after the colon", (text) => text.replaceAll("data: ", "data:")],
      ];
      for (const [name, disguise] of disguises) {
        test(`with ${name}`, async ({ server, ask }) => {
          server.play([head(), { do: "write", text: disguise(textOf(bytesOf())) }, { do: "end" }]);
          expect((await ask()).text).toBe(oddText.join(""));
        });
      }
    }
  });

  describe("answers that are broken", () => {
    const retryable: readonly (readonly [string, () => FaultScript])[] = [
      ["the connection is reset before the headers", () => [{ do: "reset" }]],
      [
        "the connection is reset amid the headers",
        () => [{ do: "write_raw", text: "HTTP/1.1 200 OK\r\ncontent-ty" }, { do: "reset" }],
      ],
      ["the connection is reset in mid-stream", () => stream(begun(), { do: "reset" })],
      ["the connection ends before the headers", () => [{ do: "half_close" }]],
      ["the connection ends in mid-stream", () => stream(begun(), { do: "half_close" })],
      [
        "fewer bytes come than announced",
        () => [head({ "content-length": "9999" }), ...writes(begun()), { do: "half_close" }],
      ],
      ["the stream ends before its end", () => stream(begun(), { do: "end" })],
      ["the stream ends inside of an event", () => stream([...begun(), half(begun().at(-1))], { do: "end" })],
      ["the stream ends before it begins", () => stream([], { do: "end" })],
    ];
    for (const [name, script] of retryable) {
      test(`${name}: worth another attempt`, async ({ server, fail }) => {
        server.play(script());
        const error = await fail();
        expect(error.code === "PROVIDER_BAD_RESPONSE" ? "PROVIDER_UNAVAILABLE" : error.code).toBe(
          "PROVIDER_UNAVAILABLE",
        );
        expect(error.retryable).toBe(true);
      });
    }

    test("HTML with status 200, which is named", async ({ server, fail }) => {
      server.play(errorReply(200, { contentType: "text/html", body: `${html}${contractKey}` }));
      const error = await fail();
      expect(error.code).toBe("PROVIDER_BAD_RESPONSE");
      expect(error.message.includes("text/html")).toBe(true);
      expect(allWordsOf(error).includes(contractKey)).toBe(false);
    });

    test("status 204", async ({ server, fail }) => {
      server.play([{ do: "head", status: 204 }, { do: "end" }]);
      expect((await fail()).code).toBe("PROVIDER_BAD_RESPONSE");
    });

    test("HTML that says it is a stream", async ({ server, fail }) => {
      server.play([head(), { do: "write", text: html }, { do: "end" }]);
      const { code } = await fail();
      expect(code === "PROVIDER_UNAVAILABLE" ? "PROVIDER_BAD_RESPONSE" : code).toBe("PROVIDER_BAD_RESPONSE");
    });

    test("an error with status 200 is an error", async ({ server, fail }) => {
      const { contentType, body } = wire.error(200, "other", `Overloaded, and your key is ${contractKey}`);
      server.play(errorReply(200, { contentType, body }));
      const error = await fail();
      expect(error.code.startsWith("PROVIDER_")).toBe(true);
      expect(allWordsOf(error).includes(contractKey)).toBe(false);
    });

    if (wire.errorEvent !== undefined) {
      const errorEvent = wire.errorEvent;
      test("an error in mid-stream is an error", async ({ server, fail }) => {
        server.play(stream([...begun(), errorEvent(`Broken; your key is ${contractKey}`)], { do: "end" }));
        const error = await fail();
        expect(error.retryable).toBe(true);
        expect(allWordsOf(error).includes(contractKey)).toBe(false);
      });
    }

    const garbage = wire.garbage ?? (() => Buffer.from(isEventStream ? "data: {oops\n\n" : "{oops\n"));
    test("an event that cannot be read is an error, and not passed over", async ({ server, fail }) => {
      server.play(stream([...begun(), garbage(), ...wire.events({ text: ["after"] })], { do: "end" }));
      expect((await fail()).code).toBe("PROVIDER_BAD_RESPONSE");
    });
  });

  describe("answers without measure", () => {
    test("a stream of more than 16 MB", async ({ server, fail }) => {
      const piece = wire
        .events({ text: ["x".repeat(1000)], finish: "missing" })
        .find((e) => Buffer.from(e).includes("xxx"));
      const data = piece ?? new Uint8Array();
      server.play([head(), { do: "write_bytes", data, times: (200 * megabyte) / data.length }, { do: "end" }]);
      expect((await fail()).code).toBe("PROVIDER_BAD_RESPONSE");
      await server.untilIdle();
      expect(server.bytesSent < 64 * megabyte).toBe(true);
    });

    test("an event of more than 1 MB", async ({ server, fail }) => {
      const begin = isEventStream ? "data: " : "";
      server.play([head(), { do: "write", text: begin }, { do: "write", text: "x", times: 50 * megabyte }]);
      expect((await fail()).code).toBe("PROVIDER_BAD_RESPONSE");
      await server.untilIdle();
      expect(server.bytesSent < 32 * megabyte).toBe(true);
    });

    test("a gzip bomb", async ({ server, fail }) => {
      const headers = { "content-encoding": "gzip" };
      server.play([head(headers), { do: "write_gzip_of", text: "\n", times: 128 * megabyte }, { do: "end" }]);
      expect((await fail()).code).toBe("PROVIDER_BAD_RESPONSE");
    });

    test("an error body of more than 16 MB", async ({ server, fail }) => {
      const headers = { "content-type": "application/json" };
      server.play([
        { do: "head", status: 500, headers },
        { do: "write", text: "x", times: 200 * megabyte },
      ]);
      await fail();
      await server.untilIdle();
      expect(server.bytesSent < 64 * megabyte).toBe(true);
    });
  });

  test("an answer packed with gzip is unpacked", async ({ server, ask }) => {
    const data = gzipSync(Buffer.concat(wire.events({ text: ["packed"] })));
    server.play([head({ "content-encoding": "gzip" }), { do: "write_bytes", data }, { do: "end" }]);
    expect((await ask()).text).toBe("packed");
    server.play(reply({ text: ["plain"] }));
    expect((await ask()).text).toBe("plain");
  });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function half(bytes: Uint8Array | undefined): Uint8Array {
  return bytes?.subarray(0, Math.floor(bytes.length / 2)) ?? new Uint8Array();
}

function writes(events: readonly Uint8Array[]): FaultScript {
  return events.map((data) => ({ do: "write_bytes", data }) as const);
}
