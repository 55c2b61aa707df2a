import { setImmediate as nextTurn } from "node:timers/promises";
import { FaultServer } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import { type GuardedFetchOptions, guardedFetch } from "./guarded-fetch.js";

const mebibyte = 1024 * 1024;
const sse = { "content-type": "text/event-stream" };
const text = { "content-type": "text/plain" };

describe("guardedFetch", () => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await FaultServer.start();
  });
  afterEach(() => server.close());

  const get = async (options?: GuardedFetchOptions): Promise<string> =>
    (await guardedFetch(identity, options).fetch(server.url)).text();

  it("gives the response as it is", async () => {
    server.play([
      { do: "head", status: 201, headers: { ...text, "x-one": "1" } },
      { do: "write", text: "hällo" },
    ]);
    const response = await guardedFetch(identity).fetch(server.url, { method: "POST", body: "in" });
    expect([response.status, response.headers.get("x-one"), await response.text()]).toEqual([201, "1", "hällo"]);
    expect(server.requests[0]).toMatchObject({ method: "POST", body: "in" });
  });

  it("uses the fetch it was given", async () => {
    const fetch = (): Promise<Response> => Promise.resolve(new Response("theirs"));
    expect(await get({ fetch })).toBe("theirs");
  });

  it("does not follow a redirect, and names where it points to without what hangs on it", async () => {
    server.play([{ do: "head", status: 307, headers: { location: "https://user:pw@evil.example/x?key=1" } }]);
    await expect(get()).rejects.toMatchObject({
      code: "PROVIDER_BAD_RESPONSE",
      statusCode: 307,
      retryable: false,
      message: expect.stringMatching(/redirect to `https:\/\/evil\.example`, which is not followed$/),
      hint: expect.stringContaining("`host`"),
    });
    expect(server.requests).toHaveLength(1);
    await server.untilIdle();
  });

  it.each([undefined, "/relative", "::"])("does not follow a redirect to %s either", async (location) => {
    server.play([{ do: "head", status: 302, headers: location === undefined ? {} : { location } }]);
    await expect(get()).rejects.toMatchObject({ code: "PROVIDER_BAD_RESPONSE" });
  });

  it("takes the redirect of a browser, which has no status, for one", async () => {
    const opaque = Object.defineProperty(new Response(null), "type", { value: "opaqueredirect" });
    await expect(get({ fetch: () => Promise.resolve(opaque) })).rejects.toMatchObject({
      code: "PROVIDER_BAD_RESPONSE",
    });
  });

  it("lets the inspection refuse a response, and stops the rest of it", async () => {
    server.play([{ do: "head", status: 200 }, { do: "write", text: "x" }, { do: "hang" }]);
    const refusal = new Error("not this one");
    const inspect = (): never => {
      throw refusal;
    };
    await expect(get({ inspect })).rejects.toBe(refusal);
    await server.untilIdle();
  });

  it("lets the inspection give another response", async () => {
    server.play([
      { do: "head", status: 200 },
      { do: "write", text: "x" },
    ]);
    const inspect = async (response: Response): Promise<Response> => new Response(`<${await response.text()}>`);
    expect(await get({ inspect })).toBe("<x>");
  });

  it("shows the bytes of a body as they are read", async () => {
    server.play([
      { do: "head", status: 200 },
      { do: "drip", text: "hällo", bytes: 1 },
    ]);
    const seen: { readonly of: Response; readonly bytes: Uint8Array }[] = [];
    const { fetch } = guardedFetch(identity, {
      observe: (of) => (bytes) => void seen.push({ of, bytes }),
    });
    const response = await fetch(server.url);
    expect(seen).toEqual([]);
    expect(await response.text()).toBe("hällo");
    expect(seen.every(({ of }) => of === response)).toBe(true);
    expect(Buffer.concat(seen.map(({ bytes }) => bytes)).toString()).toBe("hällo");
  });

  describe("limits", () => {
    it("cuts a body off at the limit, and stops the sender", async () => {
      server.play([
        { do: "head", status: 200, headers: text },
        { do: "write", text: "x", times: 500 * mebibyte },
      ]);
      await expect(get()).rejects.toMatchObject({
        code: "PROVIDER_BAD_RESPONSE",
        retryable: false,
        message: expect.stringContaining("more than 16777216 bytes"),
      });
      await server.untilIdle();
      expect(server.bytesSent).toBeLessThan(48 * mebibyte);
    });

    it("counts unpacked bytes", async () => {
      const headers = { ...text, "content-encoding": "gzip" };
      server.play([
        { do: "head", status: 200, headers },
        { do: "write_gzip_of", text: " ", times: 64 * mebibyte },
      ]);
      await expect(get()).rejects.toMatchObject({ message: expect.stringContaining("more than 16777216 bytes") });
      await server.untilIdle();
    });

    it("takes a body of exactly the limit", async () => {
      server.play([
        { do: "head", status: 200, headers: text },
        { do: "write", text: "x", times: 1000 },
      ]);
      expect(await get({ limits: { maxResponseBytes: 1000 } })).toHaveLength(1000);
      await expect(get({ limits: { maxResponseBytes: 999 } })).rejects.toMatchObject({ code: "PROVIDER_BAD_RESPONSE" });
    });

    const limits = { maxEventBytes: 20 };
    const cases: readonly (readonly [name: string, type: string, body: string, fits: boolean])[] = [
      ["events of an allowed size", "text/event-stream", `data: 0123456789\n\n`.repeat(50), true],
      ["events that end with CR", "text/event-stream", `data: 0123456789\r\r`.repeat(50), true],
      ["events that end with CRLF", "text/event-stream; charset=utf-8", `data: 0123456\r\n\r\n`.repeat(50), true],
      ["one long line", "text/event-stream", `data: ${"x".repeat(30)}`, false],
      ["an event of many short lines", "text/event-stream", "data: x\n".repeat(3), false],
      ["an event of many lines that end with CRLF", "Text/Event-Stream", "data: x\r\n".repeat(3), false],
      ["many short lines of JSON", "application/x-ndjson", "{}\n".repeat(50), true],
      ["one long line of JSON", "application/x-ndjson", `{}\n"${"x".repeat(30)}"\n`, false],
      ["a JSON document on one line", "application/json", `"${"x".repeat(100)}"`, true],
    ];
    it.each(cases)("of events: %s", async (_, type, body, fits) => {
      for (const bytes of [1, 7, 1000]) {
        server.play([
          { do: "head", status: 200, headers: { "content-type": type } },
          { do: "drip", text: body, bytes },
        ]);
        const outcome = get({ limits });
        if (fits) expect(await outcome).toBe(body);
        else
          await expect(outcome).rejects.toMatchObject({ message: expect.stringContaining("an event of more than 20") });
      }
    });

    it("bounds an event at 1 MiB when nothing else is said", async () => {
      server.play([
        { do: "head", status: 200, headers: sse },
        { do: "write", text: "x", times: 50 * mebibyte },
      ]);
      await expect(get()).rejects.toMatchObject({ message: expect.stringContaining("an event of more than 1048576") });
      await server.untilIdle();
      expect(server.bytesSent).toBeLessThan(24 * mebibyte);
    });
  });

  describe("stopping", () => {
    it("passes the caller's abort on, with its reason, before, during the headers and during the body", async () => {
      const { fetch } = guardedFetch(identity);
      const reason = new Error("enough");
      await expect(fetch(server.url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);

      server.play([{ do: "hang" }]);
      const first = new AbortController();
      const waiting = fetch(new Request(server.url, { signal: first.signal }));
      await server.untilRequests(1);
      first.abort(reason);
      await expect(waiting).rejects.toBe(reason);
      await server.untilIdle();

      server.play([{ do: "head", status: 200 }, { do: "write", text: "x" }, { do: "hang" }]);
      const second = new AbortController();
      const reading = (await fetch(server.url, { signal: second.signal })).text();
      second.abort(reason);
      await expect(reading).rejects.toBe(reason);
      await server.untilIdle();
    });

    it("stops listening to the caller's signal once the body has ended", async () => {
      server.play([
        { do: "head", status: 200 },
        { do: "write", text: "x" },
      ]);
      const { signal } = new AbortController();
      const listeners = new Set<unknown>();
      const add = signal.addEventListener.bind(signal);
      signal.addEventListener = (type: string, listener: never) => {
        listeners.add(listener);
        add(type, listener);
      };
      signal.removeEventListener = (_: string, listener: unknown) => void listeners.delete(listener);
      await (await guardedFetch(identity).fetch(server.url, { signal })).text();
      expect(listeners.size).toBe(0);
    });

    it("close fails what is under way and what comes later", async () => {
      const { fetch, close } = guardedFetch(identity);
      server.answer((_, index) =>
        index === 0 ? [{ do: "hang" }] : [{ do: "head", status: 200 }, { do: "write", text: "x" }, { do: "hang" }],
      );
      const waiting = fetch(server.url);
      await server.untilRequests(1);
      const reading = (await fetch(server.url)).text();
      const closed = { code: "PROVIDER_UNAVAILABLE", provider: "acme", retryable: false };
      close();
      await expect(waiting).rejects.toMatchObject(closed);
      await expect(reading).rejects.toMatchObject(closed);
      await expect(fetch(server.url)).rejects.toMatchObject(closed);
      expect(server.requests).toHaveLength(2);
      await server.untilIdle();
      close();
    });

    it("ends the request when the reader wants no more", async () => {
      server.play([{ do: "head", status: 200 }, { do: "write", text: "x" }, { do: "hang" }]);
      const response = await guardedFetch(identity).fetch(server.url);
      await response.body?.cancel();
      await server.untilIdle();
    });
  });

  it("passes on that the connection broke", async () => {
    server.play([{ do: "head", status: 200 }, { do: "write", text: "x" }, { do: "reset" }]);
    await expect(get()).rejects.toThrow("terminated");
    server.play([{ do: "reset" }]);
    await expect(get()).rejects.toThrow("fetch failed");
  });

  it("leaves a response without a body alone", async () => {
    server.play([{ do: "head", status: 204 }]);
    const response = await guardedFetch(identity).fetch(server.url);
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it("uses a connection again", async () => {
    server.play([
      { do: "head", status: 200 },
      { do: "write", text: "x" },
    ]);
    for (let call = 0; call < 3; call += 1) {
      expect(await get()).toBe("x");
      // The platform takes a connection for free only in the next turn.
      await nextTurn();
    }
    expect(server.connections).toBe(1);
  });
});
