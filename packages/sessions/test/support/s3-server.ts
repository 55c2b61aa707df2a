import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";

/** What the front does instead of, or after, passing a request on. */
export type S3Fault = "pass" | "drop" | "drop-answer" | 409 | 412 | 500 | 503;

export interface S3Server {
  readonly endpoint: string;
  /** Asked for every request. */
  fault: (request: {
    readonly method: string;
    readonly key: string;
    readonly isConditional: boolean;
  }) => S3Fault | Promise<S3Fault>;
  /** Whether conditional writes are honoured. */
  isConditional: boolean;
  stop(): Promise<void>;
}

/** A store in this process behind a front that adds conditional writes, which it lacks, and faults. */
export async function startS3(bucket: string): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), "strands-s3-"));
  const store = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await store.run();
  const busy = new Map<string, Promise<unknown>>();
  const front = createServer((incoming, outgoing) => {
    // Where the store cannot be asked, the client gets no answer.
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const server: S3Server = {
    endpoint: "",
    fault: () => "pass",
    isConditional: true,
    async stop() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = incoming;
    const isConditional = headers["if-none-match"] === "*";
    const body = await readAll(incoming);
    const fault = await server.fault({ method, key: url, isConditional });
    if (fault === "drop") {
      outgoing.destroy();
      return;
    }
    if (typeof fault === "number") {
      sendError(outgoing, fault);
      return;
    }
    const pass = (): Promise<Answer> => forward(port, method, url, headers, body);
    const work = async (): Promise<Answer> => {
      if (method !== "PUT" || !isConditional || !server.isConditional) return pass();
      const { status } = await forward(port, "HEAD", url, {}, Buffer.alloc(0));
      return status === 200 ? { status: 412, headers: {}, body: Buffer.alloc(0) } : pass();
    };
    // Writes to one key take turns.
    const turn = method === "PUT" || method === "DELETE" ? (busy.get(url) ?? Promise.resolve()).then(work) : work();
    if (method === "PUT" || method === "DELETE") {
      busy.set(
        url,
        turn.catch(() => {}),
      );
    }
    const answered = await turn;
    if (fault === "drop-answer") outgoing.destroy();
    else if (answered.status === 412) sendError(outgoing, 412);
    else outgoing.writeHead(answered.status, answered.headers).end(answered.body);
  }

  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  return Object.assign(server, { endpoint: `http://127.0.0.1:${(front.address() as AddressInfo).port}` });
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

function forward(
  port: number,
  method: string,
  path: string,
  headers: IncomingMessage["headers"],
  body: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { "if-none-match": _, ...rest } = headers;
    // The store cannot cut a list of the second version short: it wants a cipher that is gone. The first one is the same.
    const known = path.replace(/([?&])list-type=2&?/, "$1").replace("start-after=", "marker=");
    const passed = request({ port, host: "127.0.0.1", method, path: known, headers: rest, agent: false }, (answer) => {
      readAll(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: read }),
        reject,
      );
    });
    passed.on("error", reject);
    passed.end(body);
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const errorCodes: Readonly<Record<number, string>> = {
  409: "ConditionalRequestConflict",
  412: "PreconditionFailed",
  500: "InternalError",
  503: "SlowDown",
};

function sendError(outgoing: ServerResponse, status: number): void {
  const xml = `<?xml version="1.0"?><Error><Code>${errorCodes[status]}</Code><Message>no</Message></Error>`;
  outgoing.writeHead(status, { "content-type": "application/xml" }).end(xml);
}
