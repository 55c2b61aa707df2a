import type { Entry } from "../session/entry.js";
import type { EventOrigin, WorkflowEvent } from "./events.js";

/** The events that finished entries stand for, so that a late listener learns what it has missed. */
export function historyOf(entries: readonly Entry[], origin: Omit<EventOrigin, "timestamp">): readonly WorkflowEvent[] {
  const events: WorkflowEvent[] = [];
  const interrupts = new Map<string, Extract<WorkflowEvent, { type: "interrupt_pending" }>["interrupt"]>();
  for (const entry of entries) {
    const from = { ...origin, timestamp: entry.at };
    if (entry.kind === "model" && (entry.body.toolCalls?.length ?? 0) === 0) {
      const stepKey = entry.key.slice(0, entry.key.lastIndexOf("/model/"));
      const { agentId, text: response, usage } = entry.body;
      events.push({ type: "step_complete", ...from, stepKey, agentId, response, usage, replayed: true });
    } else if (entry.kind === "interrupt.opened") {
      interrupts.set(entry.body.id, entry.body);
      events.push({ type: "interrupt_pending", ...from, interrupt: entry.body });
    } else if (entry.kind === "interrupt.answered") {
      const interrupt = interrupts.get(entry.body.id);
      if (interrupt !== undefined) events.push({ type: "interrupt_answered", ...from, interrupt, answer: entry.body });
    }
  }
  return events;
}
