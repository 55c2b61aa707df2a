import type { EventOf, EventType, WorkflowEvent } from "./events.js";

export type Listener<E> = (event: E) => unknown;

/**
 * Hands events to listeners, in the order they subscribed. A listener may be async: nobody waits for it, and what it
 * throws or rejects with becomes a `listener_error` event and nothing else.
 */
export class EventBus {
  /** What was subscribed, and what is called for it. */
  readonly #listeners = new Map<EventType | "*", Map<Listener<never>, Listener<WorkflowEvent>>>();

  /** Subscribes to one type, or to all with `"*"`. Returns the function that unsubscribes. */
  on<T extends EventType>(type: T, listener: Listener<EventOf<T>>): () => void;
  on(type: "*", listener: Listener<WorkflowEvent>): () => void;
  on(type: EventType | "*", listener: Listener<never>): () => void {
    this.#add(type, listener, listener as Listener<WorkflowEvent>);
    return () => this.off(type, listener);
  }

  /** Subscribes to the next event of a type only. */
  once<T extends EventType>(type: T, listener: Listener<EventOf<T>>): () => void;
  once(type: "*", listener: Listener<WorkflowEvent>): () => void;
  once(type: EventType | "*", listener: Listener<never>): () => void {
    this.#add(type, listener, (event) => {
      this.off(type, listener);
      return (listener as Listener<WorkflowEvent>)(event);
    });
    return () => this.off(type, listener);
  }

  /** Unsubscribes; a listener that is not there is ignored. */
  off(type: EventType | "*", listener: Listener<never>): void {
    const subscribed = this.#listeners.get(type);
    if (subscribed?.delete(listener) === true && subscribed.size === 0) this.#listeners.delete(type);
  }

  /** Whether anybody would receive this type: an event nobody wants need not be made. */
  wants(type: EventType): boolean {
    return this.#listeners.size > 0 && (this.#listeners.has("*") || this.#listeners.has(type));
  }

  emit(event: WorkflowEvent): void {
    for (const key of [event.type, "*"] as const) {
      const subscribed = this.#listeners.get(key);
      if (subscribed === undefined) continue;
      for (const listener of [...subscribed.values()]) this.#call(listener, event);
    }
  }

  #add(type: EventType | "*", listener: Listener<never>, call: Listener<WorkflowEvent>): void {
    const subscribed = this.#listeners.get(type) ?? new Map<Listener<never>, Listener<WorkflowEvent>>();
    subscribed.set(listener, call);
    this.#listeners.set(type, subscribed);
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
