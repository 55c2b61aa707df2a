import { StrandsError } from "@strands/core";

/** Libraries that can open a SQLite database, in the order they are tried. */
export type SqliteDriver = "node:sqlite" | "better-sqlite3" | "libsql";

export type SqliteValue = string | number | bigint | null;
export type SqliteRow = Readonly<Record<string, unknown>>;

/** A connection. Every call is done when it returns. */
export interface SqliteDatabase {
  exec(sql: string): void;
  all(sql: string, ...values: readonly SqliteValue[]): readonly SqliteRow[];
  /** Gives how many rows it changed. */
  run(sql: string, ...values: readonly SqliteValue[]): number;
  close(): void;
}

/** Opens a file that exists. */
export type OpenSqlite = (file: string) => SqliteDatabase;

const drivers: readonly SqliteDriver[] = ["node:sqlite", "better-sqlite3", "libsql"];

/**
 * Finds a library that works here.
 * @throws `SESSION_STORAGE` when there is none
 */
export async function findSqliteDriver(wanted?: SqliteDriver): Promise<OpenSqlite> {
  const failures: string[] = [];
  for (const name of wanted === undefined ? drivers : [wanted]) {
    try {
      return await load(name);
    } catch (error) {
      failures.push(`${name}: ${firstLine(error)}`);
    }
  }
  throw new StrandsError("SESSION_STORAGE", `No SQLite library could be loaded (${failures.join("; ")})`, {
    hint: "Use Node 22.13 or later, or install `better-sqlite3` or `libsql` next to `@strands/sessions`.",
  });
}

/** What the three libraries have in common. */
interface Statement {
  all(...values: readonly SqliteValue[]): readonly SqliteRow[];
  run(...values: readonly SqliteValue[]): { readonly changes: number | bigint };
}
interface Connection {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): void;
}
type Library = new (file: string) => Connection;

async function load(name: SqliteDriver): Promise<OpenSqlite> {
  // Through a variable: a bundler must not look for libraries that are optional.
  const specifier: string = name;
  const module = (await import(specifier)) as { readonly default?: Library; readonly DatabaseSync?: Library };
  const Database = module.DatabaseSync ?? module.default;
  if (Database === undefined) throw new Error("it is not what it was expected to be");
  // A library without its native part says so only now.
  new Database(":memory:").close();
  return (file) => new Connected(new Database(file));
}

class Connected implements SqliteDatabase {
  readonly #connection: Connection;
  readonly #statements: Map<string, Statement> = new Map();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  all(sql: string, ...values: readonly SqliteValue[]): readonly SqliteRow[] {
    return this.#prepare(sql).all(...values);
  }

  run(sql: string, ...values: readonly SqliteValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").slice(0, 120);
}
