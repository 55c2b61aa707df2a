import { setTimeout as sleep } from "node:timers/promises";
import { StrandsError } from "@strands/core";
import type { Pool, QueryResult, QueryResultRow } from "pg";
import { isConnectionLoss } from "./explain-postgres.js";
import type { PostgresRepositoryOptions } from "./postgres-options.js";
import { migrate, type PostgresSteps } from "./postgres-schema.js";

/** How long to wait before the second and the third try of a statement whose connection was lost, in milliseconds. */
const pausesMs: readonly number[] = [50, 500];

/** Connections, made when first needed, to a database whose tables are in order. */
export class PostgresConnection {
  readonly #options: PostgresRepositoryOptions;
  readonly #schema: string;
  readonly #steps: PostgresSteps;
  #pool: Pool | undefined;
  #opening: Promise<Pool> | undefined;

  constructor(options: PostgresRepositoryOptions, schema: string, steps: PostgresSteps) {
    this.#options = options;
    this.#schema = schema;
    this.#steps = steps;
  }

  /**
   * Runs one statement, again on a new connection when the one it ran on was lost: so it has to be one that may have come
   * to pass already.
   */
  async query<R extends QueryResultRow>(sql: string, values: readonly unknown[]): Promise<QueryResult<R>> {
    for (let tries = 0; ; tries += 1) {
      try {
        const pool = await this.#open();
        return await pool.query<R>(sql, [...values]);
      } catch (error) {
        const pauseMs = pausesMs[tries];
        if (pauseMs === undefined || !isConnectionLoss(error)) throw error;
        await sleep(pauseMs);
      }
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    if (pool !== undefined && pool !== this.#options.pool) await pool.end();
  }

  async #open(): Promise<Pool> {
    if (this.#pool !== undefined) return this.#pool;
    this.#opening ??= this.#connect();
    try {
      return await this.#opening;
    } finally {
      this.#opening = undefined;
    }
  }

  async #connect(): Promise<Pool> {
    const pool = this.#options.pool ?? (await this.#makePool());
    try {
      await migrate(pool, this.#schema, this.#steps);
    } catch (error) {
      if (pool !== this.#options.pool) await pool.end();
      throw error;
    }
    this.#pool = pool;
    return pool;
  }

  async #makePool(): Promise<Pool> {
    const { connectionString, ssl, maxConnections = 10, timeoutMs = 30_000 } = this.#options;
    const { default: pg } = await import("pg").catch((cause: unknown) => {
      throw new StrandsError("SESSION_STORAGE", "The package `pg` could not be loaded", {
        cause,
        hint: "Install `pg` next to `@strands/sessions`.",
      });
    });
    const pool = new pg.Pool({
      ...(connectionString === undefined ? {} : { connectionString }),
      ...(ssl === undefined ? {} : { ssl }),
      max: maxConnections,
      connectionTimeoutMillis: 10_000,
      query_timeout: timeoutMs,
      application_name: "strands",
      // An idle connection keeps no process alive.
      allowExitOnIdle: true,
    });
    // A connection that is lost while idle is replaced by the next statement.
    pool.on("error", () => {});
    return pool;
  }
}
