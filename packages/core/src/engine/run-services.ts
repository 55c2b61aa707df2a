import type { ModelTable } from "../model/model-table.js";
import type { Clock, IdSource, Random } from "../platform/ports.js";
import type { Program } from "../program/program.js";
import type { Entry, InterruptRecord } from "../session/entry.js";
import type { JsonValue } from "../spec/json.js";
import type { Tool } from "../tool/tool.js";
import type { BudgetMeter } from "./budget.js";
import type { ConcurrencyLimits } from "./concurrency-limits.js";
import type { Emitter } from "./emitter.js";
import type { Journal } from "./journal.js";

/**
 * Answers an interrupt while the run is under way, instead of pausing it. The signal is aborted when the run is cancelled and
 * when the question's time is up; its time-out answer is taken then.
 */
export type InterruptHandler = (
  interrupt: InterruptRecord,
  options: { readonly signal: AbortSignal },
) => string | Promise<string>;

/** What the parts of one run share. */
export interface RunServices {
  readonly sessionId: string;
  readonly runId: string;
  readonly specHash: string;
  readonly program: Program;
  readonly variables: Readonly<Record<string, JsonValue>>;
  readonly journal: Journal;
  readonly meter: BudgetMeter;
  readonly emitter: Emitter;
  readonly models: ModelTable;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly concurrency: ConcurrencyLimits | undefined;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: Random;
  /** System prompts made so far, by agent: every line of work uses the same. */
  readonly systemPrompts: Map<string, string>;
  /** Reads every entry of the session so far. */
  readonly loadEntries: () => Promise<readonly Entry[]>;
  readonly onInterrupt: InterruptHandler | undefined;
  /** Interrupts this run is waiting for. */
  readonly pending: InterruptRecord[];
}
