import { randomUUID } from "node:crypto";
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
import { explainPostgres } from "./explain-postgres.js";
import type { PostgresConnection } from "./postgres-connection.js";

interface PostgresHead extends Head {
  /** Never given to another session, also not to one of the same id. Digits. */
  readonly number: string;
}

interface SessionRow {
  readonly number: string;
  readonly epoch: number;
  readonly seq: number;
  readonly lease: string | null;
  readonly summary: string;
  readonly record: string;
  /** A line each: JSON in one line, as `encodeEntry` gives it. */
  readonly entries: string | null;
}

/**
 * Sessions as rows of a PostgreSQL database. Every change is one statement, and tells by what it left behind whether it
 * came to pass: so it can be tried again when a connection was lost in the middle of it.
 */
export class PostgresMedium implements Medium<PostgresHead> {
  readonly name = "postgres";
  readonly explain: (error: unknown) => Explanation = explainPostgres;
  readonly #connection: PostgresConnection;
  readonly #schema: string;

  constructor(connection: PostgresConnection, schema: string) {
    this.#connection = connection;
    this.#schema = schema;
  }

  async insert({ record, text, summary }: NewSession): Promise<boolean> {
    const token = randomUUID();
    const { rows } = await this.#connection.query<{ readonly token: string }>(
      `with added as (
         insert into ${this.#schema}.sessions (id, created_at, workflow_name, status, summary, token)
         values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing returning number, token
       ), kept as (
         insert into ${this.#schema}.records (session, record) select number, $7 from added
       )
       select token from added union all select token from ${this.#schema}.sessions where id = $1`,
      [
        record.id,
        record.createdAt,
        JSON.stringify(record.workflowName),
        summary.status,
        JSON.stringify(summary),
        token,
        text,
      ],
    );
    return rows.some((row) => row.token === token);
  }

  async read(sessionId: string, afterSeq: number): Promise<Reading<PostgresHead> | undefined> {
    const { rows } = await this.#connection.query<SessionRow>(
      `select number, epoch, seq, lease, summary, record,
         (select string_agg(entry, E'\\n' order by e.seq) from ${this.#schema}.entries e
          where e.session = number and e.seq > $2) as entries
       from ${this.#schema}.sessions join ${this.#schema}.records on session = number where id = $1`,
      [sessionId, Math.min(afterSeq, maxInteger)],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const { number, epoch, seq, lease, summary, record, entries } = row;
    const head = {
      number,
      epoch,
      seq,
      record,
      lease: lease ?? undefined,
      summary: JSON.parse(summary) as SessionSummary,
    };
    return { head, entries: entries?.split("\n") ?? [] };
  }

  async open(head: PostgresHead, { purpose, holder }: OpenRequest): Promise<OpenEpoch | undefined> {
    const epoch = head.epoch + 1;
    const token = randomUUID();
    const leases = purpose === "run" ? ", lease = $5, beat = 0" : "";
    const { rows } = await this.#connection.query<{ readonly seq: number }>(
      `update ${this.#schema}.sessions set epoch = $3, token = $4${leases}
       where number = $1 and (epoch = $2 or (epoch = $3 and token = $4)) returning seq`,
      [head.number, head.epoch, epoch, token, ...(purpose === "run" ? [holder] : [])],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const missed = row.seq > head.seq ? await this.#texts(head.number, head.seq, row.seq) : [];
    return { epoch, missed, append: (added) => this.#append(head.number, epoch, added) };
  }

  async pulse({ number, lease }: PostgresHead): Promise<string | undefined> {
    const { rows } = await this.#connection.query<{ readonly beat: number }>(
      `select beat from ${this.#schema}.sessions where number = $1 and lease = $2`,
      [number, lease],
    );
    return rows[0] === undefined ? undefined : String(rows[0].beat);
  }

  async beat({ number }: PostgresHead, holder: string): Promise<void> {
    await this.#connection.query(
      `update ${this.#schema}.sessions set beat = beat + 1 where number = $1 and lease = $2`,
      [number, holder],
    );
  }

  async release({ number }: PostgresHead, holder: string): Promise<void> {
    await this.#connection.query(`update ${this.#schema}.sessions set lease = null where number = $1 and lease = $2`, [
      number,
      holder,
    ]);
  }

  async page(query: SessionQuery, after: ListPlace | undefined, limit: number): Promise<MediumPage> {
    const conditions: string[] = [];
    const values: unknown[] = [];
    const value = (given: unknown): string => `$${values.push(given)}`;
    if (after !== undefined) {
      const createdAt = value(after.createdAt);
      conditions.push(`created_at <= ${createdAt} and (created_at < ${createdAt} or id > ${value(after.id)})`);
    }
    if (query.status !== undefined) conditions.push(`status = ${value(query.status)}`);
    if (query.workflowName !== undefined) {
      const name = value(JSON.stringify(query.workflowName));
      conditions.push(`md5(workflow_name) = md5(${name}) and workflow_name = ${name}`);
    }
    const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
    const { rows } = await this.#connection.query<{ readonly summary: string }>(
      `select summary from ${this.#schema}.sessions ${where} order by created_at desc, id limit ${value(limit + 1)}`,
      values,
    );
    const summaries = rows.slice(0, limit).map(({ summary }) => JSON.parse(summary) as SessionSummary);
    return { summaries, more: rows.length > limit, notices: [] };
  }

  async remove({ number, epoch }: PostgresHead): Promise<boolean> {
    const { rowCount } = await this.#connection.query(
      `delete from ${this.#schema}.sessions where number = $1 and epoch = $2`,
      [number, epoch],
    );
    return rowCount === 1;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #append(number: string, epoch: number, { seq, texts, summary }: Appended): Promise<boolean> {
    const { rowCount } = await this.#connection.query(
      `with moved as (
         update ${this.#schema}.sessions set seq = $3, status = $4, summary = $5
         where number = $1 and epoch = $2 and seq = $6 returning number
       )
       insert into ${this.#schema}.entries (session, seq, entry)
       select moved.number, added.seq, added.entry
       from moved, unnest($7::integer[], $8::text[]) as added (seq, entry)`,
      [
        number,
        epoch,
        seq + texts.length - 1,
        summary.status,
        JSON.stringify(summary),
        seq - 1,
        texts.map((_, i) => seq + i),
        texts,
      ],
    );
    if (rowCount === texts.length) return true;
    // Not moved on: by somebody else, or by a try of this very append whose answer was lost.
    const stored = await this.#texts(number, seq - 1, seq + texts.length - 1);
    return stored.length === texts.length && texts.every((text, i) => stored[i] === text);
  }

  async #texts(number: string, afterSeq: number, lastSeq: number): Promise<readonly string[]> {
    const { rows } = await this.#connection.query<{ readonly entry: string }>(
      `select entry from ${this.#schema}.entries where session = $1 and seq > $2 and seq <= $3 order by seq`,
      [number, afterSeq, lastSeq],
    );
    return rows.map(({ entry }) => entry);
  }
}

/** What PostgreSQL's `integer` holds. */
const maxInteger = 2_147_483_647;
