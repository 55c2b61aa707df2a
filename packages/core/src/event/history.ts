import type { Usage } from "../model/model.js";
import { addUsage } from "../model/usage.js";
import type { Entry } from "../session/entry.js";
import { usageOfCall } from "../session/entry-usage.js";
import type { EventOrigin, WorkflowEvent } from "./events.js";

/** Whether an agent's turn has ended with this entry: it called no tool, and need not answer again. */
export function isFinishedStep({ kind, body }: Entry): boolean {
  return kind === "model" && (body.toolCalls ?? []).length === 0 && body.correction === undefined;
}

/** The events that finished entries stand for, so that a late listener learns what it has missed. */
export function historyOf(entries: readonly Entry[], origin: Omit<EventOrigin, "timestamp">): readonly WorkflowEvent[] {
  const events: WorkflowEvent[] = [];
  /** What turns that still call tools have used. */
  const turns = new Map<string, Usage>();
  const interrupts = new Map<string, Extract<WorkflowEvent, { type: "interrupt_pending" }>["interrupt"]>();
  for (const entry of entries) {
    const from = { ...origin, timestamp: entry.at };
    if (entry.kind === "model") {
      const stepKey = entry.key.slice(0, entry.key.lastIndexOf("/model/"));
      const { agentId, text: response } = entry.body;
      const usage = addUsage(turns.get(stepKey), usageOfCall(entry.body));
      if (!isFinishedStep(entry)) turns.set(stepKey, usage);
      else events.push({ type: "step_complete", ...from, stepKey, agentId, response, usage, replayed: true });
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
