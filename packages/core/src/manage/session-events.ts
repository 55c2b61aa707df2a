import type { EventOrigin, WorkflowEvent } from "../event/events.js";
import { History, isFinishedStep } from "../event/history.js";
import type { Usage } from "../model/model.js";
import { addUsage } from "../model/usage.js";
import type { Entry } from "../session/entry.js";
import { usageOf } from "../session/entry-usage.js";
import type { StoredSession } from "../session/repository.js";

/** An event, and the entry that stands for it. */
export interface RecordedEvent {
  /** Number of the entry. Who has seen it goes on with the number after it. */
  readonly seq: number;
  readonly event: WorkflowEvent;
}

/** The events a journal stands for, from an entry on. What was only told, such as tokens, is not among them. */
export function eventsOf({ record, entries }: StoredSession, fromSeq: number): readonly RecordedEvent[] {
  const { id: sessionId, workflowName, patternType } = record;
  const history = new History();
  const story: Story = { history, agents: new Map(), runId: "", startedAt: 0, stepsDone: 0, usage: undefined };
  return entries.flatMap((entry) => {
    read(entry, story);
    const from = { sessionId, runId: story.runId, workflowName, patternType, timestamp: entry.at };
    const event = history.tell(entry, from) ?? eventOf(entry, from, story);
    return event === undefined || entry.seq < fromSeq ? [] : [{ seq: entry.seq, event }];
  });
}

/** What the entries so far have said. */
interface Story {
  readonly history: History;
  /** Who works at a step. */
  readonly agents: Map<string, string>;
  runId: string;
  startedAt: number;
  stepsDone: number;
  usage: Usage | undefined;
}

function read(entry: Entry, story: Story): void {
  const { kind, body, key, at } = entry;
  if (kind === "run.started") Object.assign(story, { runId: body.runId, startedAt: at });
  if (kind === "model") story.agents.set(key.slice(0, key.lastIndexOf("/model/")), body.agentId);
  if (isFinishedStep(entry)) story.stepsDone += 1;
  const used = usageOf(entry);
  if (used !== undefined) story.usage = addUsage(story.usage, used);
}

function eventOf({ kind, body, key, seq, at }: Entry, from: EventOrigin, story: Story): WorkflowEvent | undefined {
  const { history, agents, startedAt, stepsDone, usage = { inputTokens: 0, outputTokens: 0 } } = story;
  const stepKey = key.slice(0, key.lastIndexOf("/tools/"));
  switch (kind) {
    case "run.started":
      return { type: "workflow_start", ...from, resumed: seq > 1, stepCount: undefined, stepsDone };
    case "run.paused":
      return {
        type: "workflow_paused",
        ...from,
        interrupts: body.interrupts.flatMap((id) => history.interrupts.get(id) ?? []),
      };
    case "run.completed":
      return { type: "workflow_complete", ...from, lastResponse: body.lastResponse, usage, durationMs: at - startedAt };
    case "run.failed":
      return { type: "workflow_error", ...from, error: body.error };
    case "run.cancelled":
      return { type: "workflow_cancelled", ...from, reason: body.reason };
    case "tool.intent":
      return { type: "tool_start", ...from, stepKey, agentId: body.agentId, call: body.call };
    case "tool.result":
      return { type: "tool_complete", ...from, stepKey, agentId: agents.get(stepKey) ?? "", result: body.result };
    default:
      return undefined;
  }
}
