import type { WorkflowEvent } from "./events.js";

/**
 * A queue of events for one consumer. Pieces of text of the same step that wait in it are joined, so that a slow
 * consumer costs memory for the text and not for every token.
 */
export class EventChannel implements AsyncIterableIterator<WorkflowEvent, undefined> {
  readonly #onClose: () => void;
  #queue: WorkflowEvent[] = [];
  #head = 0;
  #waiting: ((result: IteratorResult<WorkflowEvent, undefined>) => void)[] = [];
  #ended = false;

  /** @param onClose called once, when the consumer stops early or the channel ends */
  constructor(onClose: () => void = () => {}) {
    this.#onClose = onClose;
  }

  push(event: WorkflowEvent): void {
    if (this.#ended) return;
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      waiter({ value: event, done: false });
      return;
    }
    const last = this.#queue.length > this.#head ? this.#queue.at(-1) : undefined;
    if (event.type === "token" && last?.type === "token" && last.stepKey === event.stepKey) {
      this.#queue[this.#queue.length - 1] = { ...last, text: last.text + event.text };
    } else {
      this.#queue.push(event);
    }
  }

  /** No event follows; the consumer still gets what is queued. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const waiter of this.#waiting.splice(0)) waiter({ value: undefined, done: true });
    this.#onClose();
  }

  next(): Promise<IteratorResult<WorkflowEvent, undefined>> {
    const value = this.#queue[this.#head];
    if (value !== undefined) {
      this.#head += 1;
      if (this.#head === this.#queue.length) {
        this.#queue = [];
        this.#head = 0;
      }
      return Promise.resolve({ value, done: false });
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<WorkflowEvent, undefined>> {
    this.#queue = [];
    this.#head = 0;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
