import type { Cancellation } from "./engine/cancellation.js";
import type { Emitter } from "./engine/emitter.js";
import type { RunResult } from "./engine/run-result.js";
import { RunError } from "./error/errors.js";
import { EventChannel } from "./event/event-channel.js";
import type { WorkflowEvent } from "./event/events.js";
import type { AnyShape, SessionId, SpecShape } from "./spec/spec-shape.js";

/** What a {@link Run} is made of. */
export interface RunParts {
  readonly sessionId: string;
  readonly runId: string;
  readonly result: Promise<RunResult>;
  readonly cancellation: Cancellation;
  readonly emitter: Emitter;
  /** Events of what had happened before somebody began to listen. */
  history(): Promise<readonly WorkflowEvent[]>;
}

/** One attempt to move a session forward, under way in this process. */
export class Run<S extends SpecShape = AnyShape> {
  readonly sessionId: SessionId<S>;
  readonly runId: string;
  /**
   * How it ended. Resolves also when it paused, failed or was cancelled: see `status`. Rejects when the session could
   * not be opened (`SESSION_*`, `INTERRUPT_*`, `RUN_CANCELLED` when that came first) or nothing could be recorded any more (`SESSION_STORAGE`,
   * `SESSION_CONFLICT`).
   */
  readonly result: Promise<RunResult<S>>;
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.sessionId = parts.sessionId;
    this.runId = parts.runId;
    // What the type of a spec knows is true of its runs; nothing here depends on it.
    this.result = parts.result as Promise<RunResult<S>>;
  }

  /**
   * What happens in this run, piece by piece, to its end. A listener that comes late first gets the finished steps and the
   * questions of the session from the journal, then what follows; after the end, only those. Any number may listen.
   */
  async *events(): AsyncGenerator<WorkflowEvent, void, undefined> {
    const { emitter } = this.#parts;
    const channel = new EventChannel(() => emitter.detach(channel));
    emitter.attach(channel);
    try {
      const known = new Set<string>();
      for (const event of await this.#parts.history()) {
        known.add(identity(event));
        yield event;
      }
      for await (const event of channel) {
        if (!known.has(identity(event))) yield event;
      }
    } finally {
      channel.end();
    }
  }

  /** Stops the run: model calls are aborted, the session stays resumable. Has no effect once it has ended. */
  cancel(reason = "The run was cancelled"): void {
    this.#parts.cancellation.cancel(new RunError("RUN_CANCELLED", reason));
  }
}

/** The same for an event from the journal and the live event of the same fact. */
function identity(event: WorkflowEvent): string {
  if (event.type === "step_complete") return `step ${event.stepKey}`;
  if (event.type === "interrupt_pending") return `interrupt ${event.interrupt.id}`;
  if (event.type === "interrupt_answered") return `answer ${event.interrupt.id}`;
  return "";
}
