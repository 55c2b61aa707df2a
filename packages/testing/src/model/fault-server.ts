import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { FaultScript, FaultSink } from "./fault-script.js";
import { playScript } from "./fault-script.js";
import { takeRequest, type WireRequest } from "./wire-request.js";

/** What the server does with a request: `index` counts from 0. */
export type FaultAnswer = (request: WireRequest, index: number) => FaultScript;

/**
 * An HTTP server on this machine that answers as it is told, down to the bytes and resets of the connection. It uses no
 * HTTP library, so it can break every rule of the protocol.
 *
 * @example
 * await using server = await FaultServer.start();
 * server.play([{ do: "head", status: 429, headers: { "retry-after": "1" } }, { do: "end" }]);
 */
export class FaultServer implements AsyncDisposable {
  readonly requests: WireRequest[] = [];
  /** Connections that have carried a request. Clients open spare ones at will, so those do not count. */
  connections = 0;
  #bytesOfClosed = 0;
  #underWay = 0;
  readonly #server: Server = createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  readonly #watchers = new Set<() => void>();
  #answer: FaultAnswer = () => [{ do: "head", status: 500 }];

  static async start(): Promise<FaultServer> {
    const server = new FaultServer();
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The server is closed");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Bytes written to connections so far, framing included. */
  get bytesSent(): number {
    let sum = this.#bytesOfClosed;
    for (const socket of this.#sockets) sum += socket.bytesWritten;
    return sum;
  }

  /** Says how requests are answered from now on. */
  answer(answer: FaultAnswer): void {
    this.#answer = answer;
  }

  /** Answers the next requests with these scripts in turn, and all after them with the last one. */
  play(...scripts: readonly [FaultScript, ...FaultScript[]]): void {
    const first = this.requests.length;
    this.#answer = (_, index) => scripts[Math.min(index - first, scripts.length - 1)] ?? [];
  }

  /** Resolves once this many requests have come. */
  untilRequests(count: number): Promise<void> {
    return this.#until(() => this.requests.length >= count);
  }

  /** Resolves once no response is under way: each is complete, or its connection is gone. */
  untilIdle(): Promise<void> {
    return this.#until(() => this.#underWay === 0);
  }

  /** Stops listening and cuts off what is open. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #until(happened: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!happened()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // A client that is gone is no failure of the server.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#bytesOfClosed += socket.bytesWritten;
      this.#sockets.delete(socket);
    });
    let first = true;
    let received: Buffer = Buffer.alloc(0);
    let busy = Promise.resolve();
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data]);
      for (let taken = takeRequest(received); taken !== undefined; taken = takeRequest(received)) {
        received = taken.rest;
        const script = this.#answer(taken.request, this.requests.length);
        this.requests.push(taken.request);
        if (first) this.connections += 1;
        first = false;
        this.#underWay += 1;
        busy = busy
          .then(() => playScript(script, new SocketSink(socket)))
          .then(() => {
            this.#underWay -= 1;
            this.#changed();
          });
        this.#changed();
      }
    });
  }
}

/** Writes one response to a connection. */
class SocketSink implements FaultSink {
  readonly #socket: Socket;
  #chunked = false;
  #headSent = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  head(status: number, headers: Readonly<Record<string, string>>): Promise<boolean> {
    const sized = Object.keys(headers).some((name) => name.toLowerCase() === "content-length");
    this.#headSent = true;
    this.#chunked = !sized && status !== 204 && status !== 304;
    const all = { ...headers, ...(this.#chunked ? { "transfer-encoding": "chunked" } : {}) };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return this.raw(Buffer.from(`HTTP/1.1 ${status} Scripted\r\n${lines.join("")}\r\n`));
  }

  body(data: Uint8Array): Promise<boolean> {
    if (!this.#chunked) return this.raw(data);
    if (data.length === 0) return Promise.resolve(true);
    return this.raw(Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from("\r\n")]));
  }

  async raw(data: Uint8Array): Promise<boolean> {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) return false;
    if (socket.write(data)) return true;
    return new Promise((resolve) => {
      const go = (): void => {
        socket.off("drain", go);
        socket.off("close", go);
        resolve(!socket.destroyed);
      };
      socket.on("drain", go);
      socket.on("close", go);
    });
  }

  async turn(): Promise<boolean> {
    await nextTurn();
    return !this.#socket.destroyed;
  }

  gone(): Promise<false> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      if (socket.destroyed) resolve(false);
      else socket.once("close", () => resolve(false));
    });
  }

  async end(): Promise<boolean> {
    if (!this.#headSent) return false;
    return this.#chunked ? this.raw(Buffer.from("0\r\n\r\n")) : true;
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  halfClose(): void {
    this.#socket.end();
  }
}
