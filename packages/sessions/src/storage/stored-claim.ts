import type { Entry, SessionClaim, SessionSummary, StrandsError } from "@strands/core";
import { foldSummary, InternalError } from "@strands/core";
import { encodeEntry } from "./entry-text.js";
import type { Explanation, OpenEpoch } from "./medium.js";
import { orderFault } from "./order-fault.js";
import { conflict } from "./session-id.js";
import { storageFailure } from "./storage-failure.js";

export interface StoredClaimOptions {
  readonly sessionId: string;
  readonly epoch: OpenEpoch;
  readonly tail: readonly Entry[];
  /** `seq` of the last entry there is. */
  readonly seq: number;
  /** As it is with that entry. */
  readonly summary: SessionSummary;
  readonly explain: (error: unknown) => Explanation;
  /** Called once, when the writer is done. */
  readonly onRelease: () => Promise<void>;
}

/** A claim on an open epoch: its only writer. */
export class StoredClaim implements SessionClaim {
  readonly epoch: number;
  readonly tail: readonly Entry[];
  readonly #options: StoredClaimOptions;
  #seq: number;
  #summary: SessionSummary;
  #ended: StrandsError | undefined;
  #busy = false;
  #released: Promise<void> | undefined;

  constructor(options: StoredClaimOptions) {
    this.#options = options;
    this.epoch = options.epoch.epoch;
    this.tail = options.tail;
    this.#seq = options.seq;
    this.#summary = options.summary;
  }

  async append(expectedSeq: number, entries: readonly Entry[]): Promise<void> {
    const { sessionId, epoch, explain } = this.#options;
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#released !== undefined) throw conflict(sessionId, "is no longer held: this claim was released");
    if (this.#busy) throw new InternalError("An append was begun before the one before it had ended");
    this.#ended = orderFault({ sessionId, epoch: this.epoch, seq: this.#seq }, expectedSeq, entries);
    if (this.#ended !== undefined) throw this.#ended;
    if (entries.length === 0) return;

    const texts = entries.map(encodeEntry);
    const summary = foldSummary(this.#summary, entries);
    this.#busy = true;
    try {
      const added = { seq: expectedSeq, texts, summary, showsChange: showsChange(this.#summary, summary) };
      if (!(await epoch.append(added))) throw conflict(sessionId, "has been taken over by somebody else");
      this.#seq += entries.length;
      this.#summary = summary;
    } catch (error) {
      this.#ended = storageFailure(`The session \`${sessionId}\` could not be written`, error, explain);
      throw this.#ended;
    } finally {
      this.#busy = false;
    }
  }

  release(): Promise<void> {
    this.#released ??= this.#options.onRelease();
    return this.#released;
  }
}

/** Whether a list shows something else, apart from usage and time: a stored summary may lag behind in those. */
export function showsChange(before: SessionSummary, after: SessionSummary): boolean {
  return before.status !== after.status || before.pending !== after.pending || before.error !== after.error;
}
