import { S3Client } from "@aws-sdk/client-s3";
import type { SessionRepository } from "@strands/core";
import { createS3Repository } from "@strands/sessions/s3";
import { modelEntry, sampleRecord } from "@strands/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type S3Fault, type S3Server, startS3 } from "./support/s3-server.js";
import { failure, recordClaim, runClaim } from "./support/session-directory.js";

let server: S3Server;
let prefixes = 0;
const clients: S3Client[] = [];

beforeAll(async () => {
  server = await startS3("sessions");
}, 30_000);
afterEach(() => {
  server.fault = () => "pass";
  server.isConditional = true;
  for (const client of clients.splice(0)) client.destroy();
});
afterAll(() => server?.stop(), 30_000);

function open(maxAttempts = 1): SessionRepository {
  prefixes += 1;
  const client = new S3Client({
    endpoint: server.endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    maxAttempts,
  });
  clients.push(client);
  return createS3Repository({ bucket: "sessions", prefix: `faults-${prefixes}/`, client });
}

/** The next request that fits meets the fault, so many times. */
function strike(fault: S3Fault, fits: { readonly method: string; readonly part: string }, times = 1): () => number {
  let left = times;
  server.fault = ({ method, key }) => {
    if (left === 0 || method !== fits.method || !key.includes(fits.part)) return "pass";
    left -= 1;
    return fault;
  };
  return () => times - left;
}

const faults: readonly S3Fault[] = ["drop", "drop-answer", 409, 500, 503];

describe("a request that fails in passing", () => {
  it.each(faults.flatMap((fault) => [1, 3].map((maxAttempts) => [fault, maxAttempts] as const)))(
    "with %s, %i tries by the client: settled by looking, nothing lost and nothing twice",
    async (fault, maxAttempts) => {
      const repository = open(maxAttempts);
      await repository.list();
      let struck = strike(fault, { method: "PUT", part: "record-" });
      await repository.create(sampleRecord("one"));
      expect(struck()).toBe(1);
      struck = strike(fault, { method: "PUT", part: "log/" });
      const claim = await repository.claim("one", runClaim(0, 0));
      expect(struck()).toBe(1);
      struck = strike(fault, { method: "PUT", part: "log/" });
      await claim.append(1, [modelEntry(1, 1), modelEntry(2, 1)]);
      expect(struck()).toBe(1);
      await claim.append(3, [modelEntry(3, 1)]);
      struck = strike(fault, { method: "PUT", part: "released" });
      await claim.release();
      expect(struck()).toBe(1);
      struck = strike(fault, { method: "GET", part: "log/" });
      const { entries } = await repository.load("one");
      expect(struck()).toBe(1);
      expect(entries).toEqual([modelEntry(1, 1), modelEntry(2, 1), modelEntry(3, 1)]);
      struck = strike(fault, { method: "PUT", part: "log/" });
      await repository.delete("one");
      expect(struck()).toBe(1);
      expect((await repository.list()).sessions).toEqual([]);
    },
  );
});

describe("a request that keeps failing", () => {
  it.each(faults)("with %s gives an error of ours, and the session goes on afterwards", async (fault) => {
    const repository = open();
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    await claim.append(1, [modelEntry(1, 1)]);
    strike(fault, { method: "PUT", part: "" }, 100);
    expect((await failure(claim.append(2, [modelEntry(2, 1)]))).code).toBe("SESSION_STORAGE");
    await claim.release();
    server.fault = () => "pass";
    const { entries, epoch } = await repository.load("one");
    // Without an answer it may have come to pass.
    expect(entries.length).toBe(fault === "drop-answer" ? 2 : 1);
    const next = await repository.claim("one", runClaim(epoch, entries.length));
    await next.append(entries.length + 1, [modelEntry(entries.length + 1, 2)]);
    await next.release();
  });

  it("a deletion cut short is ended by whoever finds it, and its id can be used again", async () => {
    const repository = open();
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    await claim.append(1, [modelEntry(1, 1)]);
    await claim.release();
    // The end is in the log; nothing of the rest is done.
    strike(503, { method: "DELETE", part: "index" }, 100);
    expect((await failure(repository.delete("one"))).code).toBe("SESSION_STORAGE");
    server.fault = () => "pass";
    expect((await repository.list()).sessions).toEqual([]);
    await repository.create(sampleRecord("one"));
    expect((await repository.load("one")).entries).toEqual([]);
    expect((await failure(claim.append(2, [modelEntry(2, 1)]))).code).toBe("SESSION_CONFLICT");
    expect((await repository.list()).sessions.length).toBe(1);
  });
});

describe("a claim that is held up", () => {
  it("while the session is deleted is refused, though its place in the log is free again", async () => {
    const repository = open();
    await repository.create(sampleRecord("one"));
    const writer = await repository.claim("one", recordClaim(0, 0));
    let isHeldUp = false;
    server.fault = async ({ method, key }): Promise<S3Fault> => {
      if (isHeldUp || method !== "PUT" || !key.includes("log/0000000002")) return "pass";
      isHeldUp = true;
      // Its place is taken by an append, which goes with the session.
      await writer.append(1, [modelEntry(1, 1)]);
      await writer.append(2, [modelEntry(2, 1)]);
      await repository.delete("one");
      return "pass";
    };
    const error = await failure(repository.claim("one", recordClaim(1, 0)));
    expect(isHeldUp).toBe(true);
    expect(error.code).toBe("SESSION_CONFLICT");
    expect((await failure(repository.load("one"))).code).toBe("SESSION_NOT_FOUND");
  });
});

describe("a store", () => {
  it("that ignores conditional writes is refused before anything is kept in it", async () => {
    server.isConditional = false;
    const written: string[] = [];
    server.fault = ({ method, key }) => {
      if (method === "PUT") written.push(key);
      return "pass";
    };
    const repository = open();
    const error = await failure(repository.create(sampleRecord("one")));
    expect(error.code).toBe("SESSION_STORAGE");
    expect(error.message).toBe("The store ignores `If-None-Match: *` when it writes");
    expect(written.every((key) => key.includes("/probe/"))).toBe(true);
    expect(written.length).toBe(2);
    expect((await failure(repository.list())).code).toBe("SESSION_STORAGE");
  });

  it("is asked once whether it honours them", async () => {
    const probes: string[] = [];
    server.fault = ({ method, key }) => {
      if (method === "PUT" && key.includes("/probe/")) probes.push(key);
      return "pass";
    };
    const repository = open();
    await Promise.all([repository.create(sampleRecord("one")), repository.create(sampleRecord("two"))]);
    await repository.list();
    expect(probes.length).toBe(2);
  });

  it("gets one request for an append, however long the session is", async () => {
    const repository = open();
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    const requests: string[] = [];
    server.fault = ({ method }) => {
      requests.push(method);
      return "pass";
    };
    for (let seq = 1; seq <= 30; seq += 1) await claim.append(seq, [modelEntry(seq, 1)]);
    expect(requests).toEqual(Array.from({ length: 30 }, () => "PUT"));
  });

  it("that has no such bucket is named", async () => {
    const client = new S3Client({
      endpoint: server.endpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    });
    clients.push(client);
    const error = await failure(createS3Repository({ bucket: "absent", client }).load("one"));
    expect(error.message).toContain("NoSuchBucket");
    expect(error.hint).toContain("bucket");
  });
});
