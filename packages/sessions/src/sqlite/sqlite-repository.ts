import type { SessionRepository } from "@strands/core";
import { InputError } from "@strands/core";
import { checkDurability, type Durability } from "../storage/durability.js";
import { leaseRules, type RepositoryInternals } from "../storage/lease-options.js";
import { StoredRepository } from "../storage/stored-repository.js";
import { SqliteConnection } from "./sqlite-connection.js";
import { findSqliteDriver, type OpenSqlite, type SqliteDriver } from "./sqlite-driver.js";
import { SqliteMedium } from "./sqlite-medium.js";
import { sqliteSteps } from "./sqlite-schema.js";

export interface SqliteRepositoryOptions {
  /** The database file; made when first needed, readable by you only. Other tables in it are left alone. */
  readonly file: string;
  /** @defaultValue the first that can be loaded of `node:sqlite`, `better-sqlite3` and `libsql` */
  readonly driver?: SqliteDriver;
  /** @defaultValue "full" */
  readonly durability?: Durability;
  /**
   * How long the heartbeat of a runner on another machine may rest before it counts as gone, in milliseconds. A runner
   * on this machine is looked up and needs no waiting.
   * @defaultValue 15000
   */
  readonly leaseMs?: number;
}

/** @internal */
export interface SqliteInternals extends RepositoryInternals {
  readonly findDriver?: () => Promise<OpenSqlite>;
  readonly steps?: readonly string[];
}

/**
 * Keeps sessions in a SQLite database on a local disk. Nothing is loaded or opened before the first call; then the
 * tables are made, or brought forward when an older version made them.
 * @throws `INPUT_INVALID`
 * @example
 * const sessions = createSqliteRepository({ file: "./sessions.db" });
 */
export function createSqliteRepository(options: SqliteRepositoryOptions): SessionRepository {
  return openSqliteRepository(options);
}

/** @internal */
export function openSqliteRepository(
  { file, driver, durability = "full", leaseMs }: SqliteRepositoryOptions,
  internals: SqliteInternals = {},
): SessionRepository {
  checkDurability(durability);
  if (typeof file !== "string" || file === "" || file.startsWith(":")) {
    throw new InputError(`\`file\` is \`${String(file)}\``, { hint: "Name a file on a local disk." });
  }
  const { findDriver = () => findSqliteDriver(driver), steps = sqliteSteps } = internals;
  const connection = new SqliteConnection({ file, durability, findDriver, steps });
  return new StoredRepository(new SqliteMedium(connection), leaseRules(leaseMs, internals));
}
