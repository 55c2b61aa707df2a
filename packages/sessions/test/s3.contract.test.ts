import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { SessionRepository } from "@strands/core";
import { createS3Repository } from "@strands/sessions/s3";
import { sessionRepositoryContract } from "@strands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { S3Objects } from "../src/s3/s3-objects.js";
import { openS3Repository } from "../src/s3/s3-repository.js";
import { type S3Server, startS3 } from "./support/s3-server.js";

const bucket = "sessions";
let server: S3Server;
let client: S3Client;
let clientOptions: S3ClientConfig;
let prefixes = 0;

beforeAll(async () => {
  server = await startS3(bucket);
  clientOptions = {
    endpoint: server.endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    maxAttempts: 1,
  };
  client = new S3Client(clientOptions);
}, 30_000);

afterAll(async () => {
  client?.destroy();
  await server?.stop();
}, 60_000);

interface Subject {
  readonly prefix: string;
  readonly repository: SessionRepository;
  readonly reopen: () => SessionRepository;
}

const change = async ({ prefix }: Subject, key: string, edit: (text: string) => string): Promise<void> => {
  const objects = new S3Objects({ bucket, prefix, client });
  await objects.put(`${prefix}${key}`, edit((await objects.get(`${prefix}${key}`)) ?? ""));
};
const storeEntry = (subject: Subject, entry: string): Promise<void> =>
  change(
    subject,
    "sessions/one/00000001/log/0000000002",
    () => `{"v":1,"type":"entries","token":"t","epoch":1,"count":1}\n${entry}\n`,
  );

sessionRepositoryContract<Subject>({
  name: "s3",
  describe,
  it,
  expect,
  create: () => {
    prefixes += 1;
    const prefix = `contract-${prefixes}/`;
    const open = (): SessionRepository => createS3Repository({ bucket, prefix, client });
    return { prefix, repository: open(), reopen: open };
  },
  capabilities: {
    storeEntry: (subject, _, entry) => storeEntry(subject, entry),
    storeNewerRecord: (subject) =>
      change(subject, "sessions/one/record-00000001", (text) => text.replace('"v":1', '"v":2')),
    damageEntry: (subject) =>
      change(subject, "sessions/one/00000001/log/0000000003", (text) => text.slice(0, text.length - 40)),
    tearTail: "the store keeps an object whole or not at all",
    openOnMachine: ({ prefix }, { host, leaseMs, time }) =>
      openS3Repository({ bucket, prefix, client, leaseMs }, { time, me: { pid: 77, host, started: "1" } }),
    openFaulty: ({ prefix }, { host, leaseMs, time }, failsNow) =>
      openS3Repository(
        { bucket, prefix, client: failingClient(failsNow), leaseMs },
        { time, me: { pid: 77, host, started: "1" } },
      ),
    faults: { from: 1, step: process.env["STRANDS_SOAK"] === "1" ? 1 : 5 },
  },
});

/** A client whose requests fail where the test says, for good: with an error that nobody tries again. */
function failingClient(failsNow: (moment: "before" | "after") => boolean): S3Client {
  const denied = (): Error =>
    Object.assign(new Error("no"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
  return new Proxy(client, {
    get(target, name) {
      if (name !== "send") return Reflect.get(target, name, target);
      return async (command: never) => {
        if (failsNow("before")) throw denied();
        const result = await target.send(command);
        if (failsNow("after")) throw denied();
        return result;
      };
    },
  });
}
