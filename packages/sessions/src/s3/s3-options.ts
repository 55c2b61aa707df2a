import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";

export interface S3RepositoryOptions {
  readonly bucket: string;
  /** What the keys of all objects begin with, for example `strands/`. @defaultValue "" */
  readonly prefix?: string;
  /** A client of `@aws-sdk/client-s3` to use; it stays open when the repository is closed. */
  readonly client?: S3Client;
  /** What a client is made with when none is given: region, endpoint, credentials. */
  readonly clientOptions?: S3ClientConfig;
  /**
   * How long the heartbeat of a runner on another machine may rest before it counts as gone, in milliseconds. A runner
   * on this machine is looked up and needs no waiting. A third of it passes between two heartbeats, each one request.
   * @defaultValue 15000
   */
  readonly leaseMs?: number;
}
