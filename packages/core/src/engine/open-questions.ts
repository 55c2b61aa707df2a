import { isCount } from "../model/usage.js";
import type { Clock } from "../platform/ports.js";
import type { EntryDraft, InterruptAnswer, InterruptRecord } from "../session/entry.js";
import type { Countdown } from "./countdown.js";
import type { Seat } from "./seat.js";

/** A line of a run that waits at a question. */
export interface Waiting {
  readonly interrupt: InterruptRecord;
  /** Somebody at hand is being asked: the run does not pause meanwhile. */
  attended: boolean;
  readonly answer: (answer: InterruptAnswer) => void;
  /** Nothing else is at work and nobody at hand: the run is about to pause. */
  readonly suspend: () => void;
}

const nobody: readonly InterruptRecord[] = [];

/**
 * The questions a run waits at. As the outermost seat it learns when every line of the run waits for a person: then the run
 * pauses, or, while somebody at hand is being asked, its time stands still.
 */
export class OpenQuestions implements Seat {
  readonly #clock: Clock;
  readonly #runId: string;
  // Made when they are needed: most runs ask nothing.
  #waiting: Map<string, Waiting> | undefined;
  /** Ids of the questions that the handler has left open. */
  #declined: Set<string> | undefined;
  #countdowns: Set<Countdown> | undefined;
  #suspended: readonly InterruptRecord[] = nobody;
  #left = false;
  #idleSince: number | undefined;
  #idleMs = 0;
  #idlePeriods = 0;

  constructor(clock: Clock, runId: string) {
    this.#clock = clock;
    this.#runId = runId;
  }

  /** Begins to wait. Has to be ended by {@link remove}. */
  add(waiting: Waiting): void {
    this.#waiting ??= new Map();
    this.#waiting.set(waiting.interrupt.id, waiting);
  }

  /** Whether somebody waits like this. */
  has(waiting: Waiting): boolean {
    return this.#waiting?.get(waiting.interrupt.id) === waiting;
  }

  /** Ends the wait at a question. `false` when it had ended before. */
  remove(waiting: Waiting): boolean {
    return this.has(waiting) && this.#waiting?.delete(waiting.interrupt.id) === true;
  }

  /** The handler leaves a question open: it is not asked about it again in this run. */
  decline(waiting: Waiting): void {
    this.#declined ??= new Set();
    this.#declined.add(waiting.interrupt.id);
    waiting.attended = false;
    this.#look();
  }

  isDeclined({ id }: InterruptRecord): boolean {
    return this.#declined?.has(id) === true;
  }

  /** A question was answered elsewhere: the line that waits for it goes on. */
  learn(answer: InterruptAnswer): void {
    this.#waiting?.get(answer.id)?.answer(answer);
  }

  /** The questions at which the lines of the run were suspended; forgets them. */
  takeSuspended(): readonly InterruptRecord[] {
    const suspended = this.#suspended;
    this.#suspended = nobody;
    return suspended;
  }

  leave(): void {
    this.#left = true;
    this.#look();
  }

  enter(): Promise<void> {
    this.#left = false;
    this.#endIdling();
    return Promise.resolve();
  }

  /** Stops this countdown whenever nothing but people is waited for. */
  hold(countdown: Countdown): void {
    this.#countdowns ??= new Set();
    this.#countdowns.add(countdown);
  }

  /** An entry of the time since the last one in which nothing but people was waited for, if there was any. */
  takeIdleTime(): readonly EntryDraft[] {
    const now = this.#clock.now();
    const value = this.#idleMs + (this.#idleSince === undefined ? 0 : now - this.#idleSince);
    this.#idleMs = 0;
    if (this.#idleSince !== undefined) this.#idleSince = now;
    if (value <= 0) return [];
    this.#idlePeriods += 1;
    return [{ key: `run/${this.#runId}/idle/${this.#idlePeriods}`, kind: "value", body: { value } }];
  }

  #look(): void {
    if (!this.#left) return;
    const waiting = [...(this.#waiting?.values() ?? [])];
    if (waiting.some(({ attended }) => attended)) {
      this.#idleSince ??= this.#clock.now();
      for (const countdown of this.#countdowns ?? []) countdown.pause();
      return;
    }
    this.#endIdling();
    this.#waiting = undefined;
    this.#suspended = [...this.#suspended, ...waiting.map(({ interrupt }) => interrupt)];
    for (const { suspend } of waiting) suspend();
  }

  #endIdling(): void {
    if (this.#idleSince === undefined) return;
    this.#idleMs += this.#clock.now() - this.#idleSince;
    this.#idleSince = undefined;
    for (const countdown of this.#countdowns ?? []) countdown.resume();
  }
}

/** Milliseconds of an entry that {@link OpenQuestions.takeIdleTime} made; 0 for any other. */
export function idleTimeOf({ key, kind, body }: EntryDraft): number {
  return kind === "value" && isCount(body.value) && /^run\/[^/]+\/idle\/\d+$/.test(key) ? body.value : 0;
}
