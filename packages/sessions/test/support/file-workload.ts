import { join } from "node:path";
import type { Entry, EntryDraft, SessionClaim, SessionRepository } from "@strands/core";
import { foldSummary, newSummary, StrandsError } from "@strands/core";
import type { Durability } from "@strands/sessions/file";
import { sampleEntry, sampleRecord } from "@strands/testing";
import { expect } from "vitest";
import { FileRepository } from "../../src/file/file-repository.js";
import { raiseFence } from "../../src/file/publish-segment.js";

/** What is appended at once. */
interface Batch {
  readonly drafts: readonly EntryDraft[];
  /** Who appends: a new claim when it differs from the batch before. `other` is a second writer that gets in between. */
  readonly turn: number | "other";
  readonly purpose: "run" | "record";
  /** Somebody wants the next epoch meanwhile, and dies. */
  readonly isFenced?: boolean;
}

const usage = { inputTokens: 3, outputTokens: 4 };

function model(key: string, text: string): EntryDraft {
  return { key, kind: "model", body: { agentId: "writer", text, finish: "stop", usage, provider: "offline" } };
}

function value(key: string, content: string): EntryDraft {
  return { key, kind: "value", body: { value: content } };
}

const long = "a long value ".repeat(5_100);

/** The story of the session `one`: turns of every kind, short and long values, several entries at once. */
const story: readonly Batch[] = [
  { turn: 0, purpose: "run", drafts: [{ key: "run/1", kind: "run.started", body: { runId: "1", owner: "me" } }] },
  { turn: 0, purpose: "run", drafts: [model("a", "short"), value("b", long), model("c", "more ".repeat(700))] },
  { turn: 0, purpose: "run", drafts: [{ key: "p", kind: "run.paused", body: { runId: "1", interrupts: [] } }] },
  { turn: 1, purpose: "record", drafts: [value("again", long)] },
  { turn: 2, purpose: "run", drafts: [{ key: "run/2", kind: "run.started", body: { runId: "2", owner: "me" } }] },
  { turn: 2, purpose: "run", isFenced: true, drafts: [model("d", "x".repeat(900)), model("e", "y".repeat(1800))] },
  { turn: 3, purpose: "run", drafts: [model("f", "one line that is longer than a sector ".repeat(20))] },
  { turn: "other", purpose: "record", drafts: [value("g", "said by another")] },
  { turn: 4, purpose: "run", drafts: [0, 1, 2, 3].map((i) => model(`h${i}`, `${i} `.repeat(600 * i + 9))) },
  { turn: 4, purpose: "run", drafts: [value("i", `${long}2`), model("j", "z".repeat(3_000))] },
  { turn: 4, purpose: "run", drafts: [{ key: "end", kind: "run.cancelled", body: { runId: "2", reason: "enough" } }] },
];

/** What the user of a repository has been told. */
export interface Told {
  /** Batches of the story that are stored for certain. */
  acknowledged: number;
  /** Batches of the story that somebody tried to store. */
  tried: number;
  /** How far the session `two` has come, which is made and deleted. */
  two: "nothing" | "stored" | "deleting" | "deleted";
  /** How often somebody tried to append after their turn. */
  late: number;
  /** Keys of what was refused then. What the power was cut in the middle of may count. */
  readonly refused: Set<string>;
}

export function toldNothing(): Told {
  return { acknowledged: 0, tried: 0, two: "nothing", late: 0, refused: new Set() };
}

/** A repository as a process has it that is gone as soon as nobody uses it. */
export function openAs(process: number, directory: string, durability: Durability = "full"): FileRepository {
  // No system gives such numbers to processes.
  const me = { pid: 4_194_305 + process, host: "here", started: String(process) };
  const time = { monotonicMs: () => 0, sleep: () => Promise.resolve(), every: () => () => {} };
  return new FileRepository({ directory, durability }, { me, time });
}

/** Brings the story to its end from wherever it stands, as a user would who starts the program again. */
export async function goOn(repository: FileRepository, directory: string, told: Told): Promise<void> {
  const one = new Narrator(repository, directory, told);
  await makeTwo(repository, told);
  await one.tell();
  await deleteTwo(repository, told);
  await repository.list();
}

class Narrator {
  readonly #repository: FileRepository;
  readonly #directory: string;
  readonly #told: Told;
  #claim: SessionClaim | undefined;
  #turn: Batch["turn"] | undefined;
  #seq = 0;

  constructor(repository: FileRepository, directory: string, told: Told) {
    this.#repository = repository;
    this.#directory = directory;
    this.#told = told;
  }

  async tell(): Promise<void> {
    const told = this.#told;
    try {
      for (let next = await this.#begin(); next < story.length; next += 1) {
        const batch = story[next] as Batch;
        told.tried = Math.max(told.tried, next + 1);
        await (batch.turn === "other" ? this.#interfere(batch, next) : this.#append(batch, next));
        told.acknowledged = Math.max(told.acknowledged, next + 1);
      }
    } finally {
      await this.#claim?.release();
    }
  }

  async #begin(): Promise<number> {
    try {
      return storedBatches((await this.#repository.load("one")).entries, this.#told);
    } catch (error) {
      if (!isNotFound(error) || this.#told.acknowledged > 0) throw error;
      await this.#repository.create(sampleRecord("one"));
      return 0;
    }
  }

  async #append(batch: Batch, next: number): Promise<void> {
    if (this.#claim === undefined || this.#turn !== batch.turn) await this.#claimFor(batch, next);
    const claim = this.#claim as SessionClaim;
    const isFenced = batch.isFenced === true && fence(join(this.#directory, "one"), claim.epoch + 1);
    const entries = entriesOf(batch, this.#seq + 1, claim.epoch);
    try {
      await claim.append(this.#seq + 1, entries);
    } catch (error) {
      await expectEnded(claim, this.#seq + 1, this.#told, error);
      throw error;
    }
    this.#seq += entries.length;
    if (isFenced) await expectEnded(claim, this.#seq + 1, this.#told);
  }

  /** A second writer records something while the claim of the first is open, which then has lost. */
  async #interfere(batch: Batch, next: number): Promise<void> {
    const first = this.#claim;
    const firstSeq = this.#seq;
    this.#claim = undefined;
    try {
      await this.#claimFor(batch, next);
      const claim = this.#claim as unknown as SessionClaim;
      if (first !== undefined) await expectEnded(first, firstSeq + 1, this.#told);
      const entries = entriesOf(batch, this.#seq + 1, claim.epoch);
      await claim.append(this.#seq + 1, entries);
    } finally {
      await first?.release();
    }
  }

  async #claimFor({ purpose, turn }: Batch, next: number): Promise<void> {
    await this.#claim?.release();
    this.#claim = undefined;
    const { entries, epoch } = await this.#repository.load("one");
    expect(storedBatches(entries, this.#told)).toBe(next);
    this.#seq = entries.length;
    this.#claim = await this.#repository.claim("one", {
      afterEpoch: epoch,
      afterSeq: entries.length,
      owner: "me",
      purpose,
    });
    expect(this.#claim.tail).toEqual([]);
    this.#turn = turn;
    await this.#repository.list();
  }
}

/** What is left of somebody who wanted an epoch; `false` when they did not get as far. */
function fence(directory: string, epoch: number): boolean {
  try {
    raiseFence(directory, epoch);
    return true;
  } catch {
    return false;
  }
}

/** A claim whose turn is over takes nothing more, and says the same each time. What it has refused never counts. */
async function expectEnded(claim: SessionClaim, seq: number, told: Told, reason?: unknown): Promise<void> {
  told.late += 1;
  const key = `late/${told.late}`;
  const again = await claim.append(seq, [sampleEntry(seq, claim.epoch, model(key, "too late"))]).then(
    () => "acknowledged",
    (error: unknown) => error,
  );
  if (reason !== undefined) expect(again).toBe(reason);
  if (!StrandsError.isInstance(again)) throw new Error(`what came too late was ${String(again)}`);
  if (again.code === "SESSION_CONFLICT") told.refused.add(key);
}

async function makeTwo(repository: SessionRepository, told: Told): Promise<void> {
  if (told.two !== "nothing") return;
  const { entries, epoch } = await repository.load("two").catch(async (error: unknown) => {
    if (!isNotFound(error)) throw error;
    await repository.create(sampleRecord("two", { createdAt: 1_600_000_000_000 }));
    return { entries: [], epoch: 0 };
  });
  // What is there and was not acknowledged may go again.
  const seq = entries.length + 1;
  const claim = await repository.claim("two", { afterEpoch: epoch, afterSeq: seq - 1, owner: "me", purpose: "run" });
  try {
    await claim.append(seq, [sampleEntry(seq, claim.epoch, value(`t${seq}`, long))]);
  } finally {
    await claim.release();
  }
  told.two = "stored";
}

async function deleteTwo(repository: SessionRepository, told: Told): Promise<void> {
  if (told.two === "deleted") return;
  try {
    if (told.two === "stored") expect((await repository.load("two")).entries.length).toBeGreaterThan(0);
    told.two = "deleting";
    await repository.delete("two");
    told.two = "deleted";
  } catch (error) {
    if (told.two !== "deleting" || !isNotFound(error)) throw error;
  }
}

/**
 * How many batches are stored: all that were acknowledged, none that nobody tried, each whole, once and in its place.
 */
export function storedBatches(entries: readonly Entry[], told: Told): number {
  const counted = entries.filter(({ key }) => !key.startsWith("late/") || told.refused.has(key));
  let stored = 0;
  let length = 0;
  while (stored < story.length && length < counted.length) {
    length += (story[stored] as Batch).drafts.length;
    stored += 1;
  }
  const expected = story.slice(0, stored).flatMap(({ drafts }) => drafts);
  expect(counted.map(({ key, kind, body }) => [key, kind, body])).toEqual(
    expected.map(({ key, kind, body }) => [key, kind, body]),
  );
  expect(stored).toBeGreaterThanOrEqual(told.acknowledged);
  expect(stored).toBeLessThanOrEqual(told.tried);
  return stored;
}

function entriesOf({ drafts }: Batch, first: number, epoch: number): readonly Entry[] {
  return drafts.map((draft, index) => sampleEntry(first + index, epoch, draft));
}

function isNotFound(error: unknown): boolean {
  return StrandsError.isInstance(error) && error.code === "SESSION_NOT_FOUND";
}

/** What is stored is what the user was told, whoever looks; and a list says the same. */
export async function checkStored(repository: SessionRepository, told: Told): Promise<void> {
  const page = await repository.list();
  const listed = new Map(page.sessions.map((summary) => [summary.id, summary]));
  expect(page.notices).toEqual([]);
  try {
    const { entries, record } = await repository.load("one");
    storedBatches(entries, told);
    const certain = story.slice(0, told.acknowledged).flatMap(({ drafts }) => drafts).length;
    const statuses = [entries, entries.slice(0, certain)].map((known) => foldSummary(newSummary(record), known).status);
    // A list may be behind by an append that nobody acknowledged.
    expect(statuses).toContain(listed.get("one")?.status);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    expect([told.acknowledged, listed.has("one")]).toEqual([0, false]);
  }
  if (told.two === "stored") expect((await repository.load("two")).entries.length).toBeGreaterThan(0);
  if (told.two === "deleted") expect(listed.has("two")).toBe(false);
}

/** The whole story is stored. */
export async function checkComplete(repository: SessionRepository, told: Told): Promise<void> {
  await checkStored(repository, told);
  const { entries, notices } = await repository.load("one");
  expect(storedBatches(entries, told)).toBe(story.length);
  // A segment that nobody lived to use stays empty.
  expect(notices.filter((notice) => !notice.includes("has no whole header"))).toEqual([]);
}
