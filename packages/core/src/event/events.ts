import type { ErrorRecord } from "../error/strands-error.js";
import type { ToolCall, ToolResult, Usage } from "../model/model.js";
import type { InterruptAnswer, InterruptRecord } from "../session/entry.js";
import type { JsonValue } from "../spec/json.js";
import type { PatternType } from "../spec/spec.js";

/** What every event says about where it comes from. */
export interface EventOrigin {
  readonly sessionId: string;
  readonly runId: string;
  readonly workflowName: string;
  readonly patternType: PatternType;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** What a resumed run tells again of what earlier runs did, so that a display may leave it out. */
interface Retold {
  /** An earlier run has told of it: it had begun this, or had come to this end. */
  readonly replayed: boolean;
}

/** The fields of each event, by type. Events inform; nothing depends on their arrival. */
export interface EventFields {
  /** A run begins, or goes on when `resumed`. */
  readonly workflow_start: {
    readonly resumed: boolean;
    readonly stepCount: number | undefined;
    /** Agent steps that earlier runs have finished. They are told of again, as `replayed`. */
    readonly stepsDone: number;
  };
  /** An agent is about to be asked. */
  readonly step_start: { readonly stepKey: string; readonly agentId: string; readonly input: string };
  /** A piece of the answer. Those of an answer that is refused are void. */
  readonly token: { readonly stepKey: string; readonly agentId: string; readonly text: string };
  /** An attempt failed and another follows; pieces of the failed answer are void. */
  readonly step_retry: {
    readonly stepKey: string;
    readonly agentId: string;
    /** Number of the attempt that failed, from 1. */
    readonly attempt: number;
    readonly delayMs: number;
    readonly error: ErrorRecord;
  };
  /** An answer does not fit the agent's output schema; the model is told why. */
  readonly output_refused: { readonly stepKey: string; readonly agentId: string; readonly problem: string };
  /**
   * An answer is used although something is missing: it was cut off at its length limit, cut off by the provider's content filter,
   * or it is empty.
   */
  readonly answer_incomplete: {
    readonly stepKey: string;
    readonly agentId: string;
    readonly reason: "length" | "content_filter" | "empty";
  };
  readonly tool_start: { readonly stepKey: string; readonly agentId: string; readonly call: ToolCall };
  readonly tool_complete: { readonly stepKey: string; readonly agentId: string; readonly result: ToolResult };
  /** An agent has answered. `replayed` when the answer was already in the journal. */
  readonly step_complete: {
    readonly stepKey: string;
    readonly agentId: string;
    readonly response: string;
    /** The answer as data, when the agent has an output schema. Not told to listeners that come late. */
    readonly data?: JsonValue;
    readonly usage: Usage;
    readonly replayed: boolean;
  };
  /** A task of a workflow begins; what it waited for is done. */
  readonly task_start: Retold & { readonly taskId: string; readonly agentId: string };
  readonly task_complete: Retold & {
    readonly taskId: string;
    readonly agentId: string;
    readonly response: string;
  };
  readonly branch_start: Retold & { readonly branchId: string };
  readonly branch_complete: Retold & { readonly branchId: string; readonly response: string };
  /** The route is chosen, and reviewed where there is a review. */
  readonly routing_decision: Retold & {
    readonly agentId: string;
    readonly route: string;
    readonly routes: readonly string[];
  };
  /** A draft is about to be evaluated. The first has the number 2: 1 is the making of the draft. */
  readonly iteration_start: Retold & {
    readonly iteration: number;
    readonly evaluatorId: string;
    readonly producerId: string;
  };
  readonly iteration_complete: Retold & {
    readonly iteration: number;
    readonly score: number;
    readonly accepted: boolean;
  };
  /** A worker begins; numbers are from 0 in each round. */
  readonly worker_start: Retold & {
    readonly index: number;
    readonly agentId: string;
    readonly task: string;
  };
  readonly worker_complete: Retold & {
    readonly index: number;
    readonly agentId: string;
    readonly response: string;
  };
  /** A node of a graph begins; visits are from 1. */
  readonly node_start: Retold & {
    readonly nodeId: string;
    readonly agentId: string;
    readonly visit: number;
  };
  readonly node_complete: Retold & {
    readonly nodeId: string;
    readonly agentId: string;
    readonly visit: number;
    readonly response: string;
  };
  readonly edge_taken: Retold & { readonly from: string; readonly to: string };
  /** The session waits for a person. */
  readonly interrupt_pending: { readonly interrupt: InterruptRecord };
  readonly interrupt_answered: { readonly interrupt: InterruptRecord; readonly answer: InterruptAnswer };
  /** What `onInterrupt` gave was not accepted, and why; the question stays open. */
  readonly answer_refused: { readonly interrupt: InterruptRecord; readonly error: ErrorRecord };
  /** A budget is nearly used up. */
  readonly budget_warning: {
    readonly budget: "max_steps" | "max_tokens" | "max_duration_s";
    readonly used: number;
    readonly limit: number;
  };
  readonly artifact_written: { readonly path: string; readonly location: string };
  readonly workflow_complete: { readonly lastResponse: string; readonly usage: Usage; readonly durationMs: number };
  readonly workflow_paused: { readonly interrupts: readonly InterruptRecord[] };
  readonly workflow_cancelled: { readonly reason: string };
  readonly workflow_error: { readonly error: ErrorRecord };
  /** A listener threw or rejected. The run is not touched by it. */
  readonly listener_error: { readonly eventType: EventType; readonly error: unknown };
}

export type EventType = keyof EventFields;

/** One event of a given type. */
export type EventOf<T extends EventType> = { readonly type: T } & EventOrigin & EventFields[T];

/** What a run tells its listeners while it happens. */
export type WorkflowEvent = { [T in EventType]: EventOf<T> }[EventType];
