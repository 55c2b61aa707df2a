import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FaultScript, respond } from "./fault-script.js";
import { FaultServer } from "./fault-server.js";

let server: FaultServer;
let client: Socket;
beforeEach(async () => {
  server = await FaultServer.start();
  client = connect(Number(new URL(server.url).port), "127.0.0.1");
  client.on("error", () => {});
  await once(client, "connect");
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

const get = "GET /path HTTP/1.1\r\nHost: x\r\n\r\n";

/** All that the client gets until this comes, or the connection ends. */
async function answerTo(script: FaultScript, until = "\r\n0\r\n\r\n"): Promise<string> {
  server.play(script);
  client.write(get);
  return receive(until);
}

async function receive(until: string): Promise<string> {
  let received = "";
  for await (const data of client.iterator({ destroyOnReturn: false })) {
    received += (data as Buffer).toString("latin1");
    if (received.includes(until)) break;
  }
  return received;
}

const ok = "HTTP/1.1 200 Scripted\r\ntransfer-encoding: chunked\r\n\r\n";
const head = { do: "head", status: 200 } as const;

describe("FaultServer", () => {
  it("sends a response in chunks, each as it is written", async () => {
    expect(
      await answerTo([head, { do: "write", text: "ä" }, { do: "write", text: "b", times: 3 }, { do: "end" }]),
    ).toBe(`${ok}2\r\n\xc3\xa4\r\n3\r\nbbb\r\n0\r\n\r\n`);
  });

  it("sends a whole response", async () => {
    const script = respond(
      { status: 429, contentType: "text/plain", headers: { "retry-after": "1" } },
      "a",
      Buffer.from("b"),
    );
    expect(await answerTo(script)).toBe(
      "HTTP/1.1 429 Scripted\r\ncontent-type: text/plain\r\nretry-after: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n",
    );
  });

  it("ends the response when the script runs out", async () => {
    expect(await answerTo([head, { do: "write", text: "a" }])).toBe(`${ok}1\r\na\r\n0\r\n\r\n`);
  });

  it("leaves the framing to a content-length, and a 204 without a body", async () => {
    const sized = await answerTo(
      [
        { ...head, headers: { "Content-Length": "2" } },
        { do: "write", text: "ab" },
      ],
      "ab",
    );
    expect(sized).toBe("HTTP/1.1 200 Scripted\r\nContent-Length: 2\r\n\r\nab");
    expect(await answerTo([{ do: "head", status: 204 }, { do: "end" }], "\r\n\r\n")).toBe(
      "HTTP/1.1 204 Scripted\r\n\r\n",
    );
  });

  it("sends bytes as they are given", async () => {
    const script: FaultScript = [
      { do: "write_raw", text: "HTTP/1.1 100 Continue\r\n\r\n", times: 2 },
      head,
      { do: "write_hex", hex: "efbbbf" },
      { do: "write_bytes", data: Buffer.from([0, 255]) },
      { do: "drip", text: "xyz", bytes: 2 },
    ];
    const interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(2);
    const chunks = "3\r\n\xef\xbb\xbf\r\n2\r\n\x00\xff\r\n2\r\nxy\r\n1\r\nz\r\n0\r\n\r\n";
    expect(await answerTo(script)).toBe(interim + ok + chunks);
  });

  it("sends what unpacks to a text of any length", async () => {
    server.play([
      { ...head, headers: { "content-encoding": "gzip" } },
      { do: "write_gzip_of", text: "ab", times: 1000 },
    ]);
    expect(await (await fetch(server.url)).text()).toBe("ab".repeat(1000));
    expect(gzipSync("ab".repeat(1000)).length).toBeLessThan(100);
  });

  it("plays scripts in turn, and the last one for ever after", async () => {
    server.play([head, { do: "write", text: "one" }], [head, { do: "write", text: "two" }]);
    const answers: string[] = [];
    for (let call = 0; call < 3; call += 1) answers.push(await (await fetch(server.url)).text());
    expect(answers).toEqual(["one", "two", "two"]);
  });

  it("answers by the request, which it reads whole", async () => {
    server.answer((request, index) => [head, { do: "write", text: JSON.stringify([index, request]) }]);
    const body = JSON.stringify({ text: "ä".repeat(100_000) });
    const response = await fetch(`${server.url}/a?b=c`, { method: "POST", body, headers: { "X-One": "1" } });
    const [index, request] = (await response.json()) as [number, (typeof server.requests)[0]];
    expect(index).toBe(0);
    expect(request).toMatchObject({
      method: "POST",
      path: "/a?b=c",
      headers: { "x-one": "1" },
      body: JSON.parse(body),
    });
    expect(server.requests).toEqual([request]);
  });

  it("answers requests of one connection in their order", async () => {
    server.answer((_, index) => [head, { do: "write", text: `number ${index}` }]);
    client.write(get + get.slice(0, 10));
    expect(await receive("0\r\n\r\n")).toContain("number 0");
    client.write(get.slice(10));
    expect(await receive("0\r\n\r\n")).toContain("number 1");
    expect(server.connections).toBe(1);
  });

  it("resets a connection", async () => {
    // Node tells of an end, not of a reset, when it reads both the last bytes and the reset at once.
    const until = once(client, "data");
    server.play([head, { do: "write", text: "a" }, { do: "wait", until }, { do: "reset" }]);
    const failed = once(client, "error");
    client.write(get);
    expect((await failed)[0]).toMatchObject({ code: "ECONNRESET" });
  });

  it("ends its half of a connection without ending the response", async () => {
    expect(await answerTo([head, { do: "write", text: "a" }, { do: "half_close" }])).toBe(`${ok}1\r\na\r\n`);
  });

  it("hangs until the client is gone", async () => {
    server.play([head, { do: "hang" }, { do: "write", text: "never" }]);
    client.write(get);
    await server.untilRequests(1);
    let idle = false;
    const idling = server.untilIdle().then(() => {
      idle = true;
    });
    expect(await receive("\r\n\r\n")).toBe(ok);
    expect(idle).toBe(false);
    client.destroy();
    await idling;
  });

  it("waits for what it is told to wait for", async () => {
    let go = (): void => {};
    const until = new Promise<void>((resolve) => {
      go = resolve;
    });
    server.play([head, { do: "write", text: "a" }, { do: "wait", until }, { do: "write", text: "b" }]);
    client.write(get);
    expect(await receive("a\r\n")).toBe(`${ok}1\r\na\r\n`);
    go();
    expect(await receive("0\r\n\r\n")).toBe("1\r\nb\r\n0\r\n\r\n");
  });

  it.each([
    { do: "write", text: "x", times: 1e12 },
    { do: "repeat_forever", text: "x" },
    { do: "repeat_bytes_forever", data: Buffer.from("x") },
    { do: "drip", text: "x".repeat(10_000_000), bytes: 1 },
  ] as const)("stops writing when the client is gone: $do", async (step) => {
    server.play([head, step]);
    client.write(get);
    await receive("x");
    client.destroy();
    await server.untilIdle();
    expect(server.bytesSent).toBeGreaterThan(0);
  });

  it("cuts off what is open when it closes, and closes once", async () => {
    server.play([head, { do: "hang" }]);
    client.write(get);
    await server.untilRequests(1);
    const gone = once(client, "close");
    client.resume();
    await server.close();
    await server.close();
    await gone;
    expect(() => server.url).toThrow("closed");
  });
});
