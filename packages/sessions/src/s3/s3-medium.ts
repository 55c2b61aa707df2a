import { randomUUID } from "node:crypto";
import type { SessionQuery, SessionSummary } from "@strands/core";
import { newSummary } from "@strands/core";
import { decodeHolder } from "../storage/holder-text.js";
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
import { damaged, decodeRecord } from "../storage/record-text.js";
import { explainS3 } from "./explain-s3.js";
import { numberOf, S3Layout } from "./s3-layout.js";
import { advance, decodeLogObject, encodeLogObject, type LogPlace } from "./s3-log.js";
import { inTurns, type S3Objects } from "./s3-objects.js";
import { decodeSummary, encodeSummary, isMatch } from "./s3-summary.js";

interface S3Head extends Head {
  readonly id: string;
  readonly generation: number;
  readonly place: LogPlace;
}

/** How many sessions a repository remembers its place in. */
const maxPlaces = 500;

/** How many appends a stored summary may lag behind when they change nothing a list shows. */
const maxLag = 64;

/** What is left of the record of a deleted session. */
const tombstone = '{"v":1,"deleted":true}';

/**
 * Sessions as objects of a bucket. The log of a session is a row of numbered objects, each put only where none is:
 * claims and appends compete for the next number, so their order is decided by the store, once.
 */
export class S3Medium implements Medium<S3Head> {
  readonly name = "s3";
  readonly explain: (error: unknown) => Explanation = explainS3;
  readonly #objects: S3Objects;
  readonly #layout: S3Layout;
  readonly #places: Map<string, LogPlace> = new Map();

  constructor(objects: S3Objects, prefix: string) {
    this.#objects = objects;
    this.#layout = new S3Layout(prefix);
  }

  async insert({ record, text }: NewSession): Promise<boolean> {
    const { id } = record;
    for (;;) {
      const latest = await this.#latest(id);
      if (latest !== undefined && latest.text !== tombstone) {
        // One whose deletion was cut short is buried by reading it.
        if ((await this.read(id, Number.MAX_SAFE_INTEGER)) !== undefined) return false;
        continue;
      }
      const generation = (latest?.generation ?? 0) + 1;
      const indexed = this.#layout.indexed(record, generation);
      // First the index: a session that cannot be found by listing must not be.
      await this.#objects.put(indexed, "");
      const unique = text.replace(/\}$/, `,"token":"${randomUUID()}"}`);
      if (await this.#objects.putNew(this.#layout.record(id, generation), unique)) return true;
    }
  }

  async read(sessionId: string, afterSeq: number): Promise<Reading<S3Head> | undefined> {
    const latest = await this.#current(sessionId);
    if (latest === undefined) return undefined;
    const { generation, text } = latest;
    const known = this.#places.get(this.#layout.generation(sessionId, generation));
    const start =
      known !== undefined && known.seq <= afterSeq ? known : startOf(newSummary(decodeRecord(sessionId, text)));
    const log = await this.#readLog(sessionId, generation, start);
    // Objects go missing only when the session does.
    if (log === undefined) return undefined;
    const { place, texts } = log;
    if (place.isOver) {
      await this.#bury(sessionId, generation, place);
      return undefined;
    }
    this.#remember(sessionId, generation, place);
    const released = place.runner === undefined || (await this.#isReleased(sessionId, generation, place.runner));
    const { epoch, seq, summary, runner } = place;
    const lease = released ? undefined : runner;
    const head = { id: sessionId, generation, place, record: text, epoch, seq, summary, lease };
    return { head, entries: texts.slice(Math.max(0, texts.length - (seq - afterSeq))) };
  }

  async open(head: S3Head, { purpose, holder }: OpenRequest): Promise<OpenEpoch | undefined> {
    const { id, generation } = head;
    const epoch = head.epoch + 1;
    const missed: string[] = [];
    let { place } = head;
    const claim = { type: "claim", epoch, purpose, holder } as const;
    const text = encodeLogObject(claim, randomUUID());
    for (;;) {
      const slot = place.slot + 1;
      const key = this.#layout.slot(id, generation, slot);
      if (await this.#objects.putNew(key, text)) break;
      const stored = await this.#objects.get(key);
      const object = stored === undefined ? undefined : decodeLogObject(id, slot, stored);
      if (object?.type !== "entries") return undefined;
      missed.push(...object.texts);
      place = advance(id, place, object);
    }
    // The slot may have been free because the session was deleted; then its record says so.
    const record = await this.#objects.get(this.#layout.record(id, generation));
    if (record !== head.record) return undefined;
    place = advance(id, place, claim);
    this.#remember(id, generation, place);
    return new S3Epoch(this.#objects, this.#layout, { id, generation, epoch, missed, slot: place.slot });
  }

  async pulse({ id, generation, lease }: S3Head): Promise<string | undefined> {
    if (lease === undefined || (await this.#isReleased(id, generation, lease))) return undefined;
    return (await this.#objects.get(this.#layout.beat(id, generation, tokenOf(id, lease)))) ?? "";
  }

  beat({ id, generation }: S3Head, holder: string): Promise<void> {
    return this.#objects.put(this.#layout.beat(id, generation, tokenOf(id, holder)), randomUUID());
  }

  release({ id, generation }: S3Head, holder: string): Promise<void> {
    return this.#objects.put(this.#layout.released(id, generation, tokenOf(id, holder)), "");
  }

  async page(query: SessionQuery, after: ListPlace | undefined, limit: number): Promise<MediumPage> {
    const found: SessionSummary[] = [];
    const notices: string[] = [];
    // Behind every generation of the last session of the page before.
    let behind = after === undefined ? undefined : `${this.#layout.indexedBefore(after)}.~`;
    for (;;) {
      const keys = await this.#objects.list(this.#layout.index, behind, limit + 1);
      const summaries = await inTurns(keys, (key) => this.#indexed(key, notices));
      for (const summary of summaries) {
        if (summary === undefined || !isMatch(summary, query)) continue;
        if (found.length === limit) return { summaries: found, more: true, notices };
        found.push(summary);
      }
      if (keys.length <= limit) return { summaries: found, more: false, notices };
      behind = keys.at(-1);
    }
  }

  async remove({ id, generation, place }: S3Head): Promise<boolean> {
    const key = this.#layout.slot(id, generation, place.slot + 1);
    // Without it a list reads the log, and so finds the end however far the deletion comes.
    await this.#objects.remove([this.#layout.summary(id, generation)]);
    if (!(await this.#objects.putNew(key, encodeLogObject({ type: "end" }, randomUUID())))) return false;
    await this.#bury(id, generation, advance(id, place, { type: "end" }));
    return true;
  }

  close(): Promise<void> {
    return this.#objects.close();
  }

  /** The generation that has not been deleted. Most ids have one, and the next one comes only when it is gone. */
  async #current(id: string): Promise<{ readonly generation: number; readonly text: string } | undefined> {
    const first = await this.#objects.get(this.#layout.record(id, 1));
    if (first !== undefined && first !== tombstone) return { generation: 1, text: first };
    const latest = await this.#latest(id);
    return latest?.text === tombstone ? undefined : latest;
  }

  async #latest(id: string): Promise<{ readonly generation: number; readonly text: string } | undefined> {
    const keys = await this.#objects.list(this.#layout.records(id), undefined);
    const key = keys.at(-1);
    const text = key === undefined ? undefined : await this.#objects.get(key);
    return key === undefined || text === undefined ? undefined : { generation: numberOf(key), text };
  }

  /** Reads a log on from a place; `undefined` when the session was deleted meanwhile. */
  async #readLog(
    id: string,
    generation: number,
    start: LogPlace,
  ): Promise<{ readonly place: LogPlace; readonly texts: readonly string[] } | undefined> {
    const behind = this.#layout.slot(id, generation, start.slot);
    const keys = await this.#objects.list(this.#layout.log(id, generation), behind);
    const objects = await this.#objects.getAll(keys);
    let place = start;
    const texts: string[] = [];
    for (const [i, stored] of objects.entries()) {
      const slot = place.slot + 1;
      if (stored === undefined || numberOf(keys[i] ?? "") !== slot) {
        const record = await this.#objects.get(this.#layout.record(id, generation));
        if (record === undefined || record === tombstone) return undefined;
        // A deletion may be under way: its last object says so.
        const last = await this.#objects.get(keys.at(-1) ?? "");
        if (last !== undefined && decodeLogObject(id, slot, last).type === "end") return undefined;
        throw damaged(id, `log object ${slot}`, "it to be there");
      }
      const object = decodeLogObject(id, slot, stored);
      if (object.type === "entries") texts.push(...object.texts);
      place = advance(id, place, object);
    }
    return { place, texts };
  }

  /** The summary of a session in the index; `undefined` when it is none, or not any more. */
  async #indexed(key: string, notices: string[]): Promise<SessionSummary | undefined> {
    const { id, generation } = this.#layout.readIndexed(key) ?? {};
    if (id === undefined || generation === undefined) return undefined;
    try {
      const start = await this.#summarized(id, generation);
      // A creation that lost against another one of the same id may have left its place behind.
      if (start === undefined || this.#layout.indexed(start.summary, generation) !== key) return undefined;
      // Nothing follows the end of a run that completed; and before a deletion the summary goes.
      if (start.summary.status === "completed") return start.summary;
      // Most other summaries are up to date: then no object comes next, which costs less to ask than a list of the log.
      const next = await this.#objects.get(this.#layout.slot(id, generation, start.slot + 1));
      if (next === undefined) return start.summary;
      const log = await this.#readLog(id, generation, start);
      return log === undefined || log.place.isOver ? undefined : log.place.summary;
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (code !== "SESSION_CORRUPT" && code !== "SESSION_VERSION_UNKNOWN") throw error;
      notices.push(`The session \`${id}\` is left out: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** How far the stored summary goes, or the record when there is none yet; `undefined` when there is no such session. */
  async #summarized(id: string, generation: number): Promise<LogPlace | undefined> {
    const kept = await this.#objects.get(this.#layout.summary(id, generation));
    const start = kept === undefined ? undefined : decodeSummary(kept);
    if (start !== undefined) return start;
    const record = await this.#objects.get(this.#layout.record(id, generation));
    return record === undefined || record === tombstone ? undefined : startOf(newSummary(decodeRecord(id, record)));
  }

  async #isReleased(id: string, generation: number, holder: string): Promise<boolean> {
    return (await this.#objects.get(this.#layout.released(id, generation, tokenOf(id, holder)))) !== undefined;
  }

  /**
   * Takes away what a deleted session left. Its claims stay, and the end: they are where a writer that does not know
   * yet would put its next object. Whoever finds a deletion cut short goes on with it.
   */
  async #bury(id: string, generation: number, place: LogPlace): Promise<void> {
    await this.#objects.remove([this.#layout.indexed(place.summary, generation)]);
    await this.#objects.put(this.#layout.record(id, generation), tombstone);
    const kept = new Set([...place.claims, place.slot].map((slot) => this.#layout.slot(id, generation, slot)));
    const keys = await this.#objects.list(this.#layout.generation(id, generation), undefined);
    await this.#objects.remove(keys.filter((key) => !kept.has(key)));
    this.#places.delete(this.#layout.generation(id, generation));
  }

  #remember(id: string, generation: number, place: LogPlace): void {
    const key = this.#layout.generation(id, generation);
    this.#places.delete(key);
    this.#places.set(key, place);
    if (this.#places.size <= maxPlaces) return;
    const [oldest] = this.#places.keys();
    if (oldest !== undefined) this.#places.delete(oldest);
  }
}

class S3Epoch implements OpenEpoch {
  readonly epoch: number;
  readonly missed: readonly string[];
  readonly #objects: S3Objects;
  readonly #layout: S3Layout;
  readonly #id: string;
  readonly #generation: number;
  #slot: number;
  #lag = 0;

  constructor(objects: S3Objects, layout: S3Layout, parts: EpochParts) {
    this.epoch = parts.epoch;
    this.missed = parts.missed;
    this.#objects = objects;
    this.#layout = layout;
    this.#id = parts.id;
    this.#generation = parts.generation;
    this.#slot = parts.slot;
  }

  async append({ seq, texts, summary, showsChange }: Appended): Promise<boolean> {
    const slot = this.#slot + 1;
    const text = encodeLogObject({ type: "entries", epoch: this.epoch, texts }, randomUUID());
    if (!(await this.#objects.putNew(this.#layout.slot(this.#id, this.#generation, slot), text))) return false;
    this.#slot = slot;
    this.#lag += 1;
    if (showsChange || this.#lag >= maxLag) {
      this.#lag = 0;
      const kept = encodeSummary({ summary, slot, seq: seq + texts.length - 1, epoch: this.epoch });
      // Readers make it again from the log.
      await this.#objects.put(this.#layout.summary(this.#id, this.#generation), kept).catch(() => {});
    }
    return true;
  }
}

interface EpochParts {
  readonly id: string;
  readonly generation: number;
  readonly epoch: number;
  readonly missed: readonly string[];
  /** Of the claim. */
  readonly slot: number;
}

function startOf(summary: SessionSummary): LogPlace {
  return { slot: 0, epoch: 0, seq: 0, summary, runner: undefined, claims: [], isOver: false };
}

function tokenOf(id: string, holder: string): string {
  const { token } = decodeHolder(id, holder);
  if (token === undefined || !/^[0-9a-f-]{36}$/.test(token)) throw damaged(id, "lease", "its token");
  return token;
}
