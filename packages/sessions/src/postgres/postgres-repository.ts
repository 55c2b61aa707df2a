import type { SessionRepository } from "@strands/core";
import { InputError } from "@strands/core";
import { leaseRules, type RepositoryInternals } from "../storage/lease-options.js";
import { StoredRepository } from "../storage/stored-repository.js";
import { PostgresConnection } from "./postgres-connection.js";
import { PostgresMedium } from "./postgres-medium.js";
import type { PostgresRepositoryOptions } from "./postgres-options.js";
import { type PostgresSteps, postgresSteps } from "./postgres-schema.js";

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
export interface PostgresInternals extends RepositoryInternals {
  readonly steps?: PostgresSteps;
}

/** @internal */
export function openPostgresRepository(
  options: PostgresRepositoryOptions,
  internals: PostgresInternals = {},
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
  const connection = new PostgresConnection(options, schema, internals.steps ?? postgresSteps);
  return new StoredRepository(new PostgresMedium(connection, schema), rules);
}

/** The text holds a password, so no error may carry it. */
function checkUrl(connectionString: string): void {
  if (URL.canParse(connectionString) && /^postgres(ql)?:$/.test(new URL(connectionString).protocol)) return;
  throw new InputError("The connection string is not one of PostgreSQL", {
    hint: "Write `postgres://user:password@host:port/database`; characters such as `@` or `/` in the password as `%40`, `%2F`.",
  });
}
