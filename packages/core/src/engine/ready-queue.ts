/** Gives out the indices of items in order, each once those before it that it waits for are done. */
export class ReadyQueue {
  readonly #ready: number[] = [];
  readonly #waiting: number[] = [];
  readonly #followers: number[][] = [];
  #taken = 0;

  /** @param after indices of the items that an item waits for; none when absent */
  constructor(items: readonly unknown[], after: ((item: never) => readonly number[]) | undefined) {
    items.forEach((item, index) => {
      const before = after?.(item as never) ?? [];
      this.#waiting[index] = before.length;
      if (before.length === 0) this.#ready.push(index);
      for (const other of before) {
        this.#followers[other] ??= [];
        this.#followers[other].push(index);
      }
    });
  }

  /** The next item that waits for nothing; `undefined` when there is none now. */
  take(): number | undefined {
    if (this.#taken === this.#ready.length) return undefined;
    this.#taken += 1;
    return this.#ready[this.#taken - 1];
  }

  /** An item is done: those that waited for it alone are ready. */
  done(index: number): void {
    for (const follower of this.#followers[index] ?? []) {
      const left = (this.#waiting[follower] ?? 0) - 1;
      this.#waiting[follower] = left;
      if (left === 0) this.#ready.push(follower);
    }
  }
}
