import type { SystemPrompts } from "../agent/system-prompt.js";
import type { ModelTable } from "../model/model-table.js";
import type { Clock, IdSource, Random } from "../platform/ports.js";
import type { Program } from "../program/program.js";
import type { InterruptRecord } from "../session/entry.js";
import type { JsonValue } from "../spec/json.js";
import type { Tool } from "../tool/tool.js";
import type { AnswerRequest } from "./answer.js";
import type { BudgetMeter } from "./budget.js";
import type { ConcurrencyLimits } from "./concurrency-limits.js";
import type { Emitter } from "./emitter.js";
import type { Journal } from "./journal.js";
import type { OpenQuestions } from "./open-questions.js";

/** What a handler gives: a text, an answer with an action, or nothing, which leaves the question open. */
export type HandlerAnswer = string | Pick<AnswerRequest, "response" | "action" | "by"> | undefined;

/**
 * Answers an interrupt while the run is under way, instead of pausing it. Several questions may be asked at once. An answer
 * that is not accepted (event `answer_refused`), or none, leaves the question open: the run pauses with it when everything
 * else is done. The signal is aborted when the question's time is up, when this process learns that it was answered
 * elsewhere, and when the run ends; what the handler gives after that does not count.
 */
export type InterruptHandler = (
  interrupt: InterruptRecord,
  options: { readonly signal: AbortSignal },
) => HandlerAnswer | Promise<HandlerAnswer>;

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
  readonly systemPrompts: SystemPrompts;
  readonly onInterrupt: InterruptHandler | undefined;
  /** The questions this run waits at. */
  readonly questions: OpenQuestions;
}
