import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import type { SessionRepository } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { createPostgresRepository } from "@strands/sessions/postgres";
import { createS3Repository } from "@strands/sessions/s3";
import { createSqliteRepository } from "@strands/sessions/sqlite";
import { startPostgres } from "./postgres-server.js";
import { startS3 } from "./s3-server.js";

/** A kind of storage that other processes can be told of. */
export interface StorageKind {
  readonly kind: "file" | "sqlite" | "postgres" | "s3";
  /** Starts what it needs; gives how it ends. */
  start(): Promise<() => Promise<void>>;
  /** A new empty place, as options in JSON. */
  place(directory: string): object;
  open(place: object): SessionRepository;
}

let places = 0;
let postgresUrl = "";
let s3Endpoint = "";

/** Every kind of storage whose sessions outlive a process. */
export const storageKinds: readonly StorageKind[] = [
  {
    kind: "file",
    start: async () => async () => {},
    place: (directory) => ({ directory: join(directory, "sessions") }),
    open: (place) => createFileRepository(place),
  },
  {
    kind: "sqlite",
    start: async () => async () => {},
    place: (directory) => ({ file: join(directory, "sessions.db") }),
    open: (place) => createSqliteRepository(place as { readonly file: string }),
  },
  {
    kind: "postgres",
    async start() {
      const server = await startPostgres();
      postgresUrl = server.url;
      return () => server.stop();
    },
    place() {
      places += 1;
      return { connectionString: postgresUrl, schema: `place_${places}` };
    },
    open: (place) => createPostgresRepository({ ...place, maxConnections: 2 }),
  },
  {
    kind: "s3",
    async start() {
      const server = await startS3("sessions");
      s3Endpoint = server.endpoint;
      return () => server.stop();
    },
    place() {
      places += 1;
      const credentials = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
      const clientOptions = { endpoint: s3Endpoint, region: "us-east-1", forcePathStyle: true, credentials };
      return { bucket: "sessions", prefix: `place-${places}/`, clientOptions };
    },
    open: (place) => {
      const { bucket, prefix, clientOptions } = place as { bucket: string; prefix: string; clientOptions: object };
      return createS3Repository({ bucket, prefix, client: new S3Client(clientOptions) });
    },
  },
];
