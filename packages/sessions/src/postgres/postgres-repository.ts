import type { SessionRepository } from "@strands/core";
import { InputError } from "@strands/core";
import type { Pool, PoolConfig } from "pg";
import { leaseRules, type RepositoryInternals } from "../storage/lease-options.js";
import { StoredRepository } from "../storage/stored-repository.js";
import { PostgresConnection } from "./postgres-connection.js";
import { PostgresMedium } from "./postgres-medium.js";

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

/**
 * Keeps sessions in a PostgreSQL database (12 or later), through the optional peer `pg`. Nothing is loaded or connected
 * before the first call; then the tables are made, or brought forward when an older version made them.
 * @throws `INPUT_INVALID`
 * @example
 * const sessions = createPostgresRepository({ connectionString: process.env.DATABASE_URL });
 */
export function createPostgresRepository(options: PostgresRepositoryOptions): SessionRepository {
  return openPostgresRepository(options);
}

/** @internal */
export function openPostgresRepository(
  options: PostgresRepositoryOptions,
  internals: RepositoryInternals = {},
): SessionRepository {
  const { connectionString, pool, schema = "strands", leaseMs } = options;
  if ((connectionString === undefined) === (pool === undefined)) {
    throw new InputError("Postgres needs either `connectionString` or `pool`", {
      hint: "Give exactly one of the two.",
    });
  }
  if (connectionString !== undefined) checkUrl(connectionString);
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new InputError(`\`${schema.slice(0, 64)}\` is not usable as the name of a schema`, {
      hint: "Use lower case letters, digits and `_`.",
    });
  }
  const rules = leaseRules(leaseMs, internals);
  return new StoredRepository(new PostgresMedium(new PostgresConnection(options, schema), schema), rules);
}

/** The text holds a password, so no error may carry it. */
function checkUrl(connectionString: string): void {
  if (URL.canParse(connectionString) && /^postgres(ql)?:$/.test(new URL(connectionString).protocol)) return;
  throw new InputError("The connection string is not one of PostgreSQL", {
    hint: "Write `postgres://user:password@host:port/database`; characters such as `@` or `/` in the password as `%40`, `%2F`.",
  });
}
