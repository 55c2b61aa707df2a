import type { Run, RunResult } from "../../src/index.js";

/** Where a process dies: at an append, before or after it is durable, or at the write of a file. */
export interface Crash {
  readonly at: number;
  readonly durable: boolean;
}

/** Added to the number of a file to name the point of its write. */
export const fileWrites = 1000;

class ProcessDied extends Error {}

/** One process. Whatever it still tries to do once it is dead fails. */
export class Process {
  dead = false;
  /** Model calls under way. */
  calls = 0;
  #run: Run | undefined;
  #cancelled = false;
  #points = 0;
  #writes = 0;
  readonly #crash: Crash | undefined;

  constructor(crash: Crash | undefined) {
    this.#crash = crash;
  }

  /** Something ended it before its work was done. */
  get ended(): boolean {
    return this.dead || this.#cancelled;
  }

  /** Follows a run to its end. */
  run(run: Run): Promise<RunResult> {
    this.#run = run;
    return run.result;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#run?.cancel("enough for today");
  }

  append(work: () => Promise<void>): Promise<void> {
    this.#points += 1;
    return this.#at(this.#points - 1, work);
  }

  write(work: () => void): Promise<void> {
    this.#writes += 1;
    return this.#at(fileWrites + this.#writes - 1, async () => work());
  }

  assertAlive(): void {
    if (this.dead) throw new ProcessDied("dead");
  }

  async #at(point: number, work: () => Promise<void>): Promise<void> {
    this.assertAlive();
    const dies = this.#crash?.at === point;
    if (dies && this.#crash?.durable === false) this.#die();
    await work();
    if (dies) this.#die();
  }

  #die(): never {
    this.dead = true;
    throw new ProcessDied("died");
  }
}
