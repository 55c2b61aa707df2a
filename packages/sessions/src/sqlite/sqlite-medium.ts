import type { SessionQuery, SessionSummary } from "@strands/core";
import type { ListPlace } from "../storage/list-cursor.js";
import type {
  Appended,
  Explanation,
  Head,
  Medium,
  MediumPage,
  NewSession,
  OpenEpoch,
  OpenRequest,
  Reading,
} from "../storage/medium.js";
import { explainSqlite } from "./explain-sqlite.js";
import type { SqliteConnection } from "./sqlite-connection.js";
import type { SqliteDatabase, SqliteRow, SqliteValue } from "./sqlite-driver.js";

interface SqliteHead extends Head {
  /** Never given to another session, also not to one of the same id. */
  readonly number: number;
}

/** Sessions as rows of a SQLite database. */
export class SqliteMedium implements Medium<SqliteHead> {
  readonly name = "sqlite";
  readonly explain: (error: unknown) => Explanation = explainSqlite;
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  insert({ record, text, summary }: NewSession): Promise<boolean> {
    return this.#connection.write((database) => {
      const added = database.all(
        `insert into strands_sessions (id, created_at, workflow_name, status, summary) values (?, ?, ?, ?, ?)
         on conflict (id) do nothing returning number`,
        record.id,
        record.createdAt,
        JSON.stringify(record.workflowName),
        summary.status,
        JSON.stringify(summary),
      )[0];
      if (added === undefined) return false;
      database.run("insert into strands_records (session, record) values (?, ?)", Number(added["number"]), text);
      return true;
    });
  }

  read(sessionId: string, afterSeq: number): Promise<Reading<SqliteHead> | undefined> {
    return this.#connection.read((database) => {
      const row = database.all(
        `select number, epoch, seq, lease, summary, record from strands_sessions
         join strands_records on session = number where id = ?`,
        sessionId,
      )[0];
      if (row === undefined) return undefined;
      const head = headOf(row);
      return { head, entries: readTexts(database, head.number, afterSeq) };
    });
  }

  open(head: SqliteHead, { purpose, holder }: OpenRequest): Promise<OpenEpoch | undefined> {
    const epoch = head.epoch + 1;
    return this.#connection.write((database) => {
      const changed =
        purpose === "run"
          ? database.run(
              "update strands_sessions set epoch = ?, lease = ?, beat = 0 where number = ? and epoch = ?",
              epoch,
              holder,
              head.number,
              head.epoch,
            )
          : database.run(
              "update strands_sessions set epoch = ? where number = ? and epoch = ?",
              epoch,
              head.number,
              head.epoch,
            );
      if (changed === 0) return undefined;
      const missed = readTexts(database, head.number, head.seq);
      return new SqliteEpoch(this.#connection, { epoch, missed, number: head.number });
    });
  }

  pulse({ number, lease }: SqliteHead): Promise<string | undefined> {
    return this.#connection.read((database) => {
      const row = database.all("select lease, beat from strands_sessions where number = ?", number)[0];
      return row === undefined || row["lease"] !== lease ? undefined : String(row["beat"]);
    });
  }

  page(query: SessionQuery, after: ListPlace | undefined, limit: number): Promise<MediumPage> {
    const conditions: string[] = [];
    const values: SqliteValue[] = [];
    if (after !== undefined) {
      conditions.push("(created_at < ? or (created_at = ? and id > ?))");
      values.push(after.createdAt, after.createdAt, after.id);
    }
    if (query.status !== undefined) {
      conditions.push("status = ?");
      values.push(query.status);
    }
    if (query.workflowName !== undefined) {
      conditions.push("workflow_name = ?");
      values.push(JSON.stringify(query.workflowName));
    }
    const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
    return this.#connection.read((database) => {
      const rows = database.all(
        `select summary from strands_sessions ${where} order by created_at desc, id limit ?`,
        ...values,
        limit + 1,
      );
      const summaries = rows.slice(0, limit).map((row) => JSON.parse(String(row["summary"])) as SessionSummary);
      return { summaries, more: rows.length > limit, notices: [] };
    });
  }

  remove({ number, epoch }: SqliteHead): Promise<boolean> {
    return this.#connection.write((database) => {
      const removed = database.run("delete from strands_sessions where number = ? and epoch = ?", number, epoch);
      if (removed === 0) return false;
      database.run("delete from strands_records where session = ?", number);
      database.run("delete from strands_entries where session = ?", number);
      return true;
    });
  }

  async beat(head: SqliteHead, holder: string): Promise<void> {
    await this.#onLease(head, holder, "beat = beat + 1");
  }

  async release(head: SqliteHead, holder: string): Promise<void> {
    await this.#onLease(head, holder, "lease = null");
  }

  #onLease({ number }: SqliteHead, holder: string, change: string): Promise<number> {
    return this.#connection.write((database) =>
      database.run(`update strands_sessions set ${change} where number = ? and lease = ?`, number, holder),
    );
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}

interface EpochParts {
  readonly epoch: number;
  readonly missed: readonly string[];
  readonly number: number;
}

class SqliteEpoch implements OpenEpoch {
  readonly epoch: number;
  readonly missed: readonly string[];
  readonly #connection: SqliteConnection;
  readonly #number: number;

  constructor(connection: SqliteConnection, { epoch, missed, number }: EpochParts) {
    this.#connection = connection;
    this.epoch = epoch;
    this.missed = missed;
    this.#number = number;
  }

  append({ seq, texts, summary }: Appended): Promise<boolean> {
    return this.#connection.write((database) => {
      const changed = database.run(
        `update strands_sessions set seq = ?, status = ?, summary = ? where number = ? and epoch = ? and seq = ?`,
        seq + texts.length - 1,
        summary.status,
        JSON.stringify(summary),
        this.#number,
        this.epoch,
        seq - 1,
      );
      // After a failure of which it is not known whether it came to pass, the same append is tried again.
      if (changed === 0) return this.#holds(database, seq, texts);
      for (const [i, text] of texts.entries()) {
        database.run("insert into strands_entries (session, seq, entry) values (?, ?, ?)", this.#number, seq + i, text);
      }
      return true;
    });
  }

  #holds(database: SqliteDatabase, seq: number, texts: readonly string[]): boolean {
    const stored = readTexts(database, this.#number, seq - 1);
    return stored.length >= texts.length && texts.every((text, i) => stored[i] === text);
  }
}

function headOf(row: SqliteRow): SqliteHead {
  return {
    number: Number(row["number"]),
    epoch: Number(row["epoch"]),
    seq: Number(row["seq"]),
    lease: row["lease"] === null ? undefined : String(row["lease"]),
    summary: JSON.parse(String(row["summary"])) as SessionSummary,
    record: String(row["record"]),
  };
}

function readTexts(database: SqliteDatabase, number: number, afterSeq: number): readonly string[] {
  const rows = database.all(
    "select entry from strands_entries where session = ? and seq > ? order by seq",
    number,
    afterSeq,
  );
  return rows.map((row) => String(row["entry"]));
}
