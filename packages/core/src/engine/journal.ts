import { InternalError, SessionError } from "../error/errors.js";
import { StrandsError } from "../error/strands-error.js";
import type { Clock } from "../platform/ports.js";
import type { Entry, EntryBodies, EntryDraft, EntryKind, InterruptAnswer } from "../session/entry.js";
import { entryVersion } from "../session/entry.js";
import type { SessionClaim, SessionRepository } from "../session/repository.js";

/** What a journal needs to write on. */
export interface JournalOptions {
  readonly sessionId: string;
  readonly repository: SessionRepository;
  readonly claim: SessionClaim;
  /** Entries that were there before, in order. */
  readonly recorded: readonly Entry[];
  readonly clock: Clock;
  readonly owner: string;
  /** Called once, when nothing can be recorded any more. */
  readonly onFailure: (error: StrandsError) => void;
  /** Called with the answers that others turn out to have recorded while this run was at work. */
  readonly onAnswer?: (answer: InterruptAnswer) => void;
}

const nothing: readonly EntryDraft[] = [];

interface Batch {
  readonly drafts: EntryDraft[];
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The record of a session, as one run sees it: recorded entries by key, and an append that resolves once the entry is
 * durable. Entries that arrive while a write is under way share the next write. After a failed write every append
 * fails: nothing goes on that is not recorded.
 */
export class Journal {
  readonly #options: JournalOptions;
  #recorded: Map<string, Entry> | undefined;
  #claim: SessionClaim;
  #seq: number;
  /** Answers from here on came after all other work: nobody has acted on them. */
  #news: number;
  #busy = false;
  /** What the write under way holds. */
  #writing: readonly EntryDraft[] = nothing;
  #closed = false;
  #next: Batch | undefined;
  #failure: StrandsError | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#claim = options.claim;
    this.#seq = options.recorded.length;
    this.#news = newsOf(options.recorded);
    for (const entry of options.recorded) this.#remember(entry);
  }

  /** Why nothing can be appended any more. */
  get failure(): StrandsError | undefined {
    return this.#failure;
  }

  /** Number of entries so far. */
  get length(): number {
    return this.#seq;
  }

  /** The body recorded under a key by an earlier run. Entries appended by this run are not kept. */
  find<K extends EntryKind>(key: string, kind: K): EntryBodies[K] | undefined {
    const entry = this.#recorded?.get(key);
    if (entry === undefined) return undefined;
    if (entry.kind !== kind) {
      throw new SessionError(
        "SESSION_SPEC_CHANGED",
        `The journal holds \`${entry.kind}\` under \`${key}\`, not \`${kind}\``,
        {
          sessionId: this.#options.sessionId,
          hint: "The session was written by a different workflow or by an incompatible version. Start a new run.",
        },
      );
    }
    return entry.body as EntryBodies[K];
  }

  /** Whether there is nothing that an earlier run has recorded. */
  get blank(): boolean {
    return this.#recorded === undefined;
  }

  /** Whether an earlier run has recorded this, or acted on it where it is an answer. */
  isReplay(key: string): boolean {
    const entry = this.#recorded?.get(key);
    return entry !== undefined && (entry.kind !== "interrupt.answered" || entry.seq < this.#news);
  }

  /**
   * Appends the first entries of a run, and keeps the answers among them to be found. Unlike {@link append} this does not go
   * on behind somebody else's entries: what the run decided may no longer hold.
   */
  async begin(...drafts: EntryDraft[]): Promise<void> {
    const entries = this.#stamp(drafts);
    try {
      await this.#claim.append(this.#seq + 1, entries);
    } catch (error) {
      throw toJournalError(error, this.#options.sessionId);
    }
    this.#seq += entries.length;
    for (const entry of entries) if (entry.kind !== "run.started") this.#remember(entry);
  }

  /**
   * Appends entries, all or none. Resolves once they are durable; rejects when they do not count. What others recorded
   * first stands: an answer to the same question is found afterwards, and a pause for a question with an answer is left out.
   */
  append(...drafts: EntryDraft[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#closed) return Promise.reject(new InternalError("Something was recorded after the run had ended"));
    if (!this.#busy) return this.#write(drafts);
    this.#next ??= newBatch();
    this.#next.drafts.push(...drafts);
    return this.#next.promise;
  }

  /** Reads every entry of the session so far. */
  async entries(): Promise<readonly Entry[]> {
    const { sessionId, repository } = this.#options;
    return (await repository.load(sessionId)).entries;
  }

  /**
   * Reads the session again, so that what this run has recorded is found as well, with what others have recorded by now.
   * For a pattern that is to run again from the top; nothing may be under way.
   */
  async reload(): Promise<void> {
    const { sessionId } = this.#options;
    try {
      const entries = await this.entries();
      if (entries.slice(this.#seq).some((entry) => entry.kind === "run.started")) throw takenOver(sessionId);
      this.#recorded = undefined;
      this.#seq = entries.length;
      this.#news = newsOf(entries);
      for (const entry of entries) this.#remember(entry);
    } catch (cause) {
      this.#failure = toJournalError(cause, sessionId);
      throw this.#failure;
    }
  }

  /** Ends the writer's turn: nothing is appended after it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#claim.release();
  }

  #write(drafts: readonly EntryDraft[]): Promise<void> {
    this.#busy = true;
    // Only who has gone on behind somebody else can find things recorded.
    const left = this.#claim === this.#options.claim ? drafts : this.#unrecorded(drafts);
    if (left.length === 0) {
      this.#idle();
      return Promise.resolve();
    }
    this.#writing = left;
    return this.#claim.append(this.#seq + 1, this.#stamp(left)).then(this.#written, this.#refused);
  }

  // Made once: a pair of functions for each write would cost more than the rest of it.
  readonly #written = (): void => {
    this.#seq += this.#writing.length;
    this.#idle();
  };
  readonly #refused = (error: unknown): Promise<void> => this.#recover(this.#writing, error);

  /** The write is over: what has come in meanwhile is next. */
  #idle(): void {
    this.#busy = false;
    const batch = this.#next;
    if (batch === undefined) return;
    this.#next = undefined;
    this.#write(batch.drafts).then(batch.resolve, batch.reject);
  }

  async #recover(drafts: readonly EntryDraft[], error: unknown): Promise<void> {
    try {
      if (this.#closed || !isConflict(error)) throw error;
      await this.#rejoin(drafts, error);
    } catch (cause) {
      this.#failure = toJournalError(cause, this.#options.sessionId);
      this.#next?.reject(this.#failure);
      this.#next = undefined;
      this.#options.onFailure(this.#failure);
      throw this.#failure;
    }
    this.#idle();
  }

  #stamp(drafts: readonly EntryDraft[]): readonly Entry[] {
    const at = this.#options.clock.now();
    const { epoch } = this.#claim;
    let seq = this.#seq;
    return drafts.map((draft) => {
      seq += 1;
      // Members in the order they are stored in.
      return { v: entryVersion, seq, epoch, key: draft.key, kind: draft.kind, at, body: draft.body } as Entry;
    });
  }

  /**
   * Somebody opened a newer epoch. When they only recorded something, such as an answer, this run goes on behind it in
   * an epoch of its own; when another run took over, this one is finished.
   */
  async #rejoin(drafts: readonly EntryDraft[], conflict: StrandsError): Promise<void> {
    const { sessionId, repository, owner } = this.#options;
    await this.#claim.release();
    let left = drafts;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const stored = await repository.load(sessionId);
      const missed = stored.entries.slice(this.#seq);
      const own = new Set(left.map((draft) => draft.key));
      if (missed.some((entry) => entry.kind === "run.started" && !own.has(entry.key))) throw conflict;
      for (const entry of missed) this.#remember(entry);
      this.#seq += missed.length;
      for (const { kind, body } of missed) if (kind === "interrupt.answered") this.#options.onAnswer?.(body);
      // A write that was not acknowledged may still have been kept.
      left = this.#unrecorded(left).filter((draft) => !isOvertaken(draft, missed));
      try {
        const { epoch: afterEpoch } = stored;
        this.#claim = await repository.claim(sessionId, { afterEpoch, afterSeq: this.#seq, owner, purpose: "run" });
        // Closed while this was under way: nobody else would ever give this claim back.
        if (this.#closed) await this.#claim.release();
        if (this.#closed || this.#claim.tail.length > 0) throw conflict;
        const entries = this.#stamp(left);
        await this.#claim.append(this.#seq + 1, entries);
        this.#seq += entries.length;
        return;
      } catch (error) {
        if (this.#closed || !isConflict(error) || attempt >= rejoinAttempts) throw error;
        await this.#claim.release();
      }
    }
  }

  /**
   * Leaves out what somebody else has recorded meanwhile, such as the answer to a question that was then answered here as
   * well: the first one stands.
   */
  #unrecorded(drafts: readonly EntryDraft[]): readonly EntryDraft[] {
    return drafts.filter((draft) => this.#recorded?.has(draft.key) !== true);
  }

  #remember(entry: Entry): void {
    this.#recorded ??= new Map();
    if (this.#recorded.has(entry.key)) {
      throw new SessionError(
        "SESSION_CORRUPT",
        `The journal holds the key \`${entry.key}\` twice (entry ${entry.seq})`,
        {
          sessionId: this.#options.sessionId,
          hint: "Keep a copy of the session for a bug report, then start a new run.",
        },
      );
    }
    this.#recorded.set(entry.key, entry);
  }
}

/** Number of the last entry that is no answer. */
function newsOf(entries: readonly Entry[]): number {
  return entries.findLast((entry) => entry.kind !== "interrupt.answered")?.seq ?? 0;
}

/** Times a run tries to go on behind others who record something at the same moment. */
const rejoinAttempts = 20;

function isConflict(error: unknown): error is StrandsError {
  return StrandsError.isInstance(error) && error.code === "SESSION_CONFLICT";
}

/** Whether it is a pause for a question that has got its answer: then there is more to do, and it is not recorded. */
function isOvertaken(draft: EntryDraft, missed: readonly Entry[]): boolean {
  if (draft.kind !== "run.paused") return false;
  const { interrupts } = draft.body;
  return missed.some((entry) => entry.kind === "interrupt.answered" && interrupts.includes(entry.body.id));
}

function takenOver(sessionId: string): SessionError {
  return new SessionError("SESSION_CONFLICT", `Another process has taken session \`${sessionId}\` over`, {
    sessionId,
    hint: "Look at the session; that process goes on with it.",
  });
}

function newBatch(): Batch {
  let settle: Pick<Batch, "resolve" | "reject"> | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { drafts: [], promise, ...(settle as Pick<Batch, "resolve" | "reject">) };
}

function toJournalError(error: unknown, sessionId: string): StrandsError {
  if (StrandsError.isInstance(error)) return error;
  return new SessionError("SESSION_STORAGE", "The session could not be written", {
    sessionId,
    hint: "Check that the disk has room and the session directory is writable, then resume the session.",
    cause: error,
  });
}
