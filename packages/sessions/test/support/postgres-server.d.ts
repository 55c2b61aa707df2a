/** A PostgreSQL server of this test run alone. */
export interface PostgresServer {
  readonly url: string;
  /** Ends it at once, as a crash would. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server from the binaries that come through npm. As root it runs as `nobody`: PostgreSQL refuses root. */
export declare function startPostgres(options?: {
  /** Whether a commit waits for the disk. @defaultValue false */
  readonly fsync?: boolean;
}): Promise<PostgresServer>;
