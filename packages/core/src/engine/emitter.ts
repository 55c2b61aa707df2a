import type { EventBus } from "../event/event-bus.js";
import type { EventChannel } from "../event/event-channel.js";
import type { EventFields, EventOrigin, EventType, WorkflowEvent } from "../event/events.js";
import type { Clock } from "../platform/ports.js";

const nobody: readonly EventChannel[] = [];

/** Gives the events of one run to the client's bus and to the run's own channels. */
export class Emitter {
  readonly #bus: EventBus;
  readonly #clock: Clock;
  #origin: Omit<EventOrigin, "timestamp">;
  #channels: readonly EventChannel[] = nobody;
  #ended = false;

  constructor(bus: EventBus, clock: Clock, origin: Omit<EventOrigin, "timestamp">) {
    this.#bus = bus;
    this.#clock = clock;
    this.#origin = origin;
  }

  /** Names the workflow, once a stored session has told which one it is. */
  relate(workflowName: string, patternType: EventOrigin["patternType"]): void {
    this.#origin = { ...this.#origin, workflowName, patternType };
  }

  /** Whether anybody listens: ask before making the fields of an event. */
  wants(type: EventType): boolean {
    return this.#channels.length > 0 || this.#bus.wants(type);
  }

  emit<T extends EventType>(type: T, fields: EventFields[T]): void {
    if (!this.wants(type)) return;
    const event = { type, ...this.#origin, timestamp: this.#clock.now(), ...fields } as unknown as WorkflowEvent;
    for (const channel of this.#channels) channel.push(event);
    this.#bus.emit(event);
  }

  /** Gives a channel what follows; ends it at once when nothing does. */
  attach(channel: EventChannel): void {
    if (this.#ended) channel.end();
    else this.#channels = [...this.#channels, channel];
  }

  detach(channel: EventChannel): void {
    this.#channels = this.#channels.filter((other) => other !== channel);
  }

  get origin(): Omit<EventOrigin, "timestamp"> {
    return this.#origin;
  }

  /** Ends every channel: no event follows. */
  end(): void {
    this.#ended = true;
    for (const channel of this.#channels) channel.end();
  }
}
