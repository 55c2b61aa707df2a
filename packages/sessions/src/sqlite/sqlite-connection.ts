import { closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { Durability } from "../storage/durability.js";
import { makeDirectories } from "../storage/make-directories.js";
import type { OpenSqlite, SqliteDatabase } from "./sqlite-driver.js";
import { migrate, missingSteps } from "./sqlite-schema.js";

/** What a connection is made of. */
export interface SqliteParts {
  readonly file: string;
  readonly durability: Durability;
  readonly findDriver: () => Promise<OpenSqlite>;
  /** How its tables came to be what they are. */
  readonly steps: readonly string[];
}

/** One connection, opened when it is first needed, and what is done on it in transactions. */
export class SqliteConnection {
  readonly #file: string;
  readonly #durability: Durability;
  readonly #findDriver: () => Promise<OpenSqlite>;
  readonly #steps: readonly string[];
  #database: SqliteDatabase | undefined;
  #opening: Promise<SqliteDatabase> | undefined;
  #queue: Queued[] = [];

  constructor({ file, durability, findDriver, steps }: SqliteParts) {
    this.#file = file;
    this.#durability = durability;
    this.#findDriver = findDriver;
    this.#steps = steps;
  }

  /** Runs work that only reads, all of it at one moment. */
  async read<T>(work: (database: SqliteDatabase) => T): Promise<T> {
    return inTransaction(await this.#open(), "begin", work);
  }

  /**
   * Runs work that changes something. What is asked for in the same turn of the event loop shares one transaction, and so
   * one wait for the disk; when that fails each is run again alone, so work must change nothing but the database.
   */
  async write<T>(work: (database: SqliteDatabase) => T): Promise<T> {
    await this.#open();
    return new Promise((resolve, reject) => {
      // What goes in comes out of the same work.
      this.#queue.push({ work, resolve: resolve as (outcome: unknown) => void, reject });
      if (this.#queue.length === 1) setImmediate(() => this.#flush());
    });
  }

  close(): void {
    this.#flush();
    this.#opening = undefined;
    const database = this.#database;
    this.#database = undefined;
    try {
      // Leaves one file behind, unless somebody else is using it too.
      database?.exec("pragma busy_timeout = 0");
      database?.all("pragma wal_checkpoint(truncate)");
    } catch {
      // The log is read by whoever opens the database next.
    }
    database?.close();
  }

  #flush(): void {
    const queue = this.#queue;
    if (queue.length === 0) return;
    this.#queue = [];
    const runAlone = ({ work, resolve, reject }: Queued): void => {
      try {
        resolve(inTransaction(this.#connected(), "begin immediate", work));
      } catch (error) {
        reject(error);
      }
    };
    const [first] = queue;
    if (queue.length === 1 && first !== undefined) {
      runAlone(first);
      return;
    }
    try {
      const outcomes = inTransaction(this.#connected(), "begin immediate", (database) =>
        queue.map(({ work }) => work(database)),
      );
      for (const [i, { resolve }] of queue.entries()) resolve(outcomes[i]);
    } catch {
      // Nothing of it counts. Alone, each learns what is wrong with itself.
      for (const queued of queue) runAlone(queued);
    }
  }

  #connected(): SqliteDatabase {
    if (this.#database === undefined) throw Object.assign(new Error("the repository was closed"), { code: "CLOSED" });
    return this.#database;
  }

  async #open(): Promise<SqliteDatabase> {
    if (this.#database !== undefined) return this.#database;
    this.#opening ??= this.#connect();
    try {
      return await this.#opening;
    } finally {
      this.#opening = undefined;
    }
  }

  async #connect(): Promise<SqliteDatabase> {
    const open = await this.#findDriver();
    makeDirectories(dirname(this.#file));
    // The files beside it get the permissions of this one.
    closeSync(openSync(this.#file, "a", 0o600));
    const database = open(this.#file);
    try {
      database.exec("pragma busy_timeout = 5000");
      // Before anything is changed: tables of a newer version are refused. Most find no step to take, and wait for nobody.
      const missing = missingSteps(database, this.#file, this.#steps);
      database.all("pragma journal_mode = wal");
      database.exec(`pragma synchronous = ${synchronous[this.#durability]}`);
      if (missing.length > 0) {
        inTransaction(database, "begin immediate", () => migrate(database, this.#file, this.#steps));
      }
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
    return database;
  }
}

interface Queued {
  readonly work: (database: SqliteDatabase) => unknown;
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** In WAL mode `normal` writes to the log and does not wait for the disk. */
const synchronous: Readonly<Record<Durability, string>> = { full: "full", process: "normal", none: "off" };

function inTransaction<T>(database: SqliteDatabase, begin: string, work: (database: SqliteDatabase) => T): T {
  try {
    database.exec(begin);
    const result = work(database);
    database.exec("commit");
    return result;
  } catch (error) {
    try {
      database.exec("rollback");
    } catch {
      // After some failures it has been rolled back already.
    }
    throw error;
  }
}
