import type { EventFields, EventType } from "../event/events.js";
import type { Program } from "../program/program.js";
import type { InterruptAnswer } from "../session/entry.js";
import type { JsonValue } from "../spec/json.js";
import type { InterruptRequest } from "./interrupt.js";

/** What an agent said in one turn. */
export interface AgentAnswer {
  readonly text: string;
  /** The text as data, by the agent's output schema; null when it has none. */
  readonly data: JsonValue;
  /** Words of the prompt and the answer, as templates know it under `tokens_estimated`. */
  readonly tokensEstimated: number;
  /** An earlier run has recorded it. Only a decision to give up may depend on this. */
  readonly replayed: boolean;
}

/**
 * All that a pattern may do to the world. Every effect has a stable key; its result is recorded before the pattern sees
 * it. When a session is resumed the pattern runs again from the top and recorded keys give their result at once. So a
 * pattern uses no clock, randomness or I/O of its own, and derives keys from the program and from recorded values only.
 */
export interface RunContext {
  readonly program: Program;
  /** The inputs and variables of the session. */
  readonly variables: Readonly<Record<string, JsonValue>>;
  /** Everything this line of work has done so far was recorded by earlier runs. Only what listeners are told may depend on this. */
  readonly replaying: boolean;
  /** Whether an earlier run has begun the turn or the question of this key. Only what listeners are told may depend on this. */
  hasBegun(key: string): boolean;
  /**
   * Asks an agent, with its tools, until it has answered. Calls of one agent in sequence are one conversation.
   *
   * @param prompt renders the prompt; called only when the turn has not begun yet
   * @param tools replaces the agent's tool list
   */
  agent(key: string, agentId: string, prompt: () => string, tools?: readonly string[]): Promise<AgentAnswer>;
  /**
   * Asks a person. Until there is an answer this unwinds the branch: what it throws must not be caught. A rejection ends
   * the run.
   */
  interrupt(key: string, request: InterruptRequest): Promise<InterruptAnswer>;
  /** Does something once and records the value. */
  step<T extends JsonValue>(key: string, work: () => Promise<T> | T): Promise<T>;
  /**
   * Runs a function for every item, at most `limit` at a time, and gives the results in the order of the items. The first
   * failure cancels the others. A branch that waits for a person does not, and makes room for others meanwhile. Each item
   * gets a context of its own, with conversations of its own.
   *
   * @param after indices of the items that have to be done before one begins; all of them smaller than its own
   */
  all<T, R>(
    items: readonly T[],
    limit: number | undefined,
    work: (item: T, index: number, run: RunContext) => Promise<R>,
    after?: (item: T) => readonly number[],
  ): Promise<R[]>;
  /** The time when this key was first reached, in ISO 8601. */
  time(key: string): Promise<string>;
  /** Tells listeners what happens. Nothing may depend on it. */
  emit<E extends EventType>(type: E, fields: EventFields[E]): void;
}

/** What a pattern ends with. */
export interface PatternOutcome {
  readonly lastResponse: string;
  /** The last response as data, when the agent it comes from has an output schema; null otherwise. */
  readonly data: JsonValue;
  /** Agent of the last response; `hitl` when it came from a person. */
  readonly agentId: string;
  /** What agents said, as far as artifact templates can show it. */
  readonly responses: readonly string[];
  /** Names that artifact templates see besides inputs and variables. */
  readonly context: Readonly<Record<string, unknown>>;
}
