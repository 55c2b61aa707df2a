import type { Pool, PoolConfig } from "pg";

export interface PostgresRepositoryOptions {
  /** Where the server is, as `postgres://user:password@host:port/database`. Never shown in an error. */
  readonly connectionString?: string;
  /** A pool of `pg` to use instead; it stays open when the repository is closed. */
  readonly pool?: Pool;
  /** Passed on to `pg`: certificates, or `{ rejectUnauthorized: false }`. @defaultValue what the connection string says */
  readonly ssl?: PoolConfig["ssl"];
  /** The schema the tables live in; made when it is not there. @defaultValue "strands" */
  readonly schema?: string;
  /** Connections at most, when there is no `pool`. @defaultValue 10 */
  readonly maxConnections?: number;
  /** How long one statement may take before its outcome is looked up, in milliseconds. @defaultValue 30000 */
  readonly timeoutMs?: number;
  /**
   * How long the heartbeat of a runner on another machine may rest before it counts as gone, in milliseconds. A runner
   * on this machine is looked up and needs no waiting.
   * @defaultValue 15000
   */
  readonly leaseMs?: number;
}
