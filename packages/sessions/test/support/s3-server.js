import { mkdtempSync, rmSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";

export async function startS3(bucket) {
  const directory = mkdtempSync(join(tmpdir(), "strands-s3-"));
  const store = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await store.run();
  const agent = new Agent({ keepAlive: true });
  /** Requests under way, and objects there are: all that is in the store came through here. */
  const busy = new Map();
  const stored = new Set();
  /** Requests other than deletions under way, and the end of the last deletion. */
  const shared = new Set();
  let deleted = Promise.resolve();
  const front = createServer((incoming, outgoing) => {
    // Where the store cannot be asked, the client gets no answer.
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const server = {
    endpoint: "",
    fault: () => "pass",
    isConditional: true,
    async stop() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      // What was passed on goes on without its client.
      await Promise.all([...shared, deleted, ...busy.values()]);
      agent.destroy();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };

  async function answer(incoming, outgoing) {
    const { method, url, headers } = incoming;
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
    const [path] = url.split("?");
    const share = method === "DELETE" || method === "POST" ? alone : together;
    const pass = async () => {
      if (isConditional && server.isConditional && stored.has(path)) return { status: 412 };
      const passed = await forward({ agent, port, method, url, headers, body });
      if (passed.status < 300 && method === "PUT") stored.add(path);
      if (passed.status < 300 && method === "DELETE") stored.delete(path);
      return passed;
    };
    const answered = await share(() => inTurn(path, pass));
    if (fault === "drop-answer") outgoing.destroy();
    else if (answered.status === 412) sendError(outgoing, 412);
    else outgoing.writeHead(answered.status, answered.headers).end(answered.body);
  }

  /** With a deletion nothing else goes on: the store takes empty directories away under an object that is about to come. */
  function alone(work) {
    const turn = Promise.all([...shared, deleted]).then(work);
    deleted = turn.catch(() => {});
    return turn;
  }

  function together(work) {
    const turn = deleted.then(work);
    const ended = turn.catch(() => {}).then(() => shared.delete(ended));
    shared.add(ended);
    return turn;
  }

  /** Requests for one key take turns: of an object that is being written the store would give a half. */
  async function inTurn(path, work) {
    const turn = (busy.get(path) ?? Promise.resolve()).then(work);
    const ended = turn.catch(() => {});
    busy.set(path, ended);
    await ended;
    if (busy.get(path) === ended) busy.delete(path);
    return turn;
  }

  await new Promise((resolve) => front.listen(0, "127.0.0.1", resolve));
  return Object.assign(server, { endpoint: `http://127.0.0.1:${front.address().port}` });
}

function forward({ agent, port, method, url, headers, body }) {
  return new Promise((resolve, reject) => {
    const { "if-none-match": _, ...rest } = headers;
    // The store cannot cut a list of the second version short: it wants a cipher that is gone. The first one is the same.
    const path = url.replace(/([?&])list-type=2&?/, "$1").replace("start-after=", "marker=");
    const passed = request({ agent, port, host: "127.0.0.1", method, path, headers: rest }, (answer) => {
      readAll(answer).then(
        (read) => resolve({ status: answer.statusCode, headers: answer.headers, body: read }),
        reject,
      );
    });
    passed.on("error", reject);
    passed.end(body);
  });
}

async function readAll(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const errorCodes = {
  409: "ConditionalRequestConflict",
  412: "PreconditionFailed",
  500: "InternalError",
  503: "SlowDown",
};

function sendError(outgoing, status) {
  const xml = `<?xml version="1.0"?><Error><Code>${errorCodes[status]}</Code><Message>no</Message></Error>`;
  outgoing.writeHead(status, { "content-type": "application/xml" }).end(xml);
}
