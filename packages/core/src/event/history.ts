import type { Usage } from "../model/model.js";
import { addUsage } from "../model/usage.js";
import type { Entry, InterruptRecord } from "../session/entry.js";
import { usageOfCall } from "../session/entry-usage.js";
import type { EventOrigin, WorkflowEvent } from "./events.js";

/** Whether an agent's turn has ended with this entry: it called no tool, and need not answer again. */
export function isFinishedStep({ kind, body }: Entry): boolean {
  return kind === "model" && (body.toolCalls ?? []).length === 0 && body.correction === undefined;
}

/** The events that finished entries stand for, so that a late listener learns what it has missed. */
export function historyOf(entries: readonly Entry[], origin: Omit<EventOrigin, "timestamp">): readonly WorkflowEvent[] {
  const history = new History();
  return entries.flatMap((entry) => history.tell(entry, { ...origin, timestamp: entry.at }) ?? []);
}

/** Tells of a journal, entry by entry and from the first on: finished steps, questions and answers. */
export class History {
  /** What turns that still call tools have used. */
  readonly #turns = new Map<string, Usage>();
  /** The questions told of, by id. */
  readonly interrupts: Map<string, InterruptRecord> = new Map();

  tell(entry: Entry, from: EventOrigin): WorkflowEvent | undefined {
    if (entry.kind === "model") {
      const stepKey = entry.key.slice(0, entry.key.lastIndexOf("/model/"));
      const { agentId, text: response } = entry.body;
      const usage = addUsage(this.#turns.get(stepKey), usageOfCall(entry.body));
      if (isFinishedStep(entry))
        return { type: "step_complete", ...from, stepKey, agentId, response, usage, replayed: true };
      this.#turns.set(stepKey, usage);
    } else if (entry.kind === "interrupt.opened") {
      this.interrupts.set(entry.body.id, entry.body);
      return { type: "interrupt_pending", ...from, interrupt: entry.body };
    } else if (entry.kind === "interrupt.answered") {
      const interrupt = this.interrupts.get(entry.body.id);
      if (interrupt !== undefined) return { type: "interrupt_answered", ...from, interrupt, answer: entry.body };
    }
    return undefined;
  }
}
