import type { EventOf, EventType, WorkflowEvent } from "./events.js";

export type Listener<E> = (event: E) => unknown;

/**
 * Hands events to listeners, in the order they subscribed. A listener may be async: nobody waits for it, and what it
 * throws or rejects with becomes a `listener_error` event and nothing else.
 */
export class EventBus {
  #listeners = new Map<EventType | "*", Set<Listener<WorkflowEvent>>>();

  /** Subscribes to one type, or to all with `"*"`. Returns the function that unsubscribes. */
  on<T extends EventType>(type: T, listener: Listener<EventOf<T>>): () => void;
  on(type: "*", listener: Listener<WorkflowEvent>): () => void;
  on(type: EventType | "*", listener: Listener<never>): () => void {
    const set = this.#listeners.get(type) ?? new Set();
    set.add(listener as Listener<WorkflowEvent>);
    this.#listeners.set(type, set);
    return () => this.off(type, listener);
  }

  /** Subscribes to the next event of a type only. */
  once<T extends EventType>(type: T, listener: Listener<EventOf<T>>): () => void;
  once(type: "*", listener: Listener<WorkflowEvent>): () => void;
  once(type: EventType | "*", listener: Listener<never>): () => void {
    const off = this.on(type as "*", (event) => {
      off();
      return (listener as Listener<WorkflowEvent>)(event);
    });
    return off;
  }

  /** Unsubscribes; a listener that is not there is ignored. */
  off(type: EventType | "*", listener: Listener<never>): void {
    const set = this.#listeners.get(type);
    if (set?.delete(listener as Listener<WorkflowEvent>) === true && set.size === 0) this.#listeners.delete(type);
  }

  /** Whether anybody would receive this type: an event nobody wants need not be made. */
  wants(type: EventType): boolean {
    return this.#listeners.size > 0 && (this.#listeners.has("*") || this.#listeners.has(type));
  }

  emit(event: WorkflowEvent): void {
    for (const key of [event.type, "*"] as const) {
      const set = this.#listeners.get(key);
      if (set === undefined) continue;
      for (const listener of [...set]) this.#call(listener, event);
    }
  }

  #call(listener: Listener<WorkflowEvent>, event: WorkflowEvent): void {
    try {
      const result = listener(event);
      if (isThenable(result)) result.then(undefined, (error: unknown) => this.#report(event, error));
    } catch (error) {
      this.#report(event, error);
    }
  }

  #report(event: WorkflowEvent, error: unknown): void {
    if (event.type === "listener_error") return;
    const { sessionId, runId, workflowName, patternType, timestamp } = event;
    const origin = { sessionId, runId, workflowName, patternType, timestamp };
    this.emit({ type: "listener_error", ...origin, eventType: event.type, error });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
