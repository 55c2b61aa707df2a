import { RunError } from "../error/errors.js";
import type { StrandsError } from "../error/strands-error.js";
import { toStrandsError } from "../error/wrap-unknown.js";
import type { ArtifactStore } from "../session/artifact-store.js";
import type { Entry, EntryBodies, EntryDraft, InterruptRecord } from "../session/entry.js";
import { writeArtifacts } from "./artifacts.js";
import { exceeded } from "./budget.js";
import type { Cancellation } from "./cancellation.js";
import { Countdown } from "./countdown.js";
import { answerDraft, answerKey, isDue, timeoutAnswer } from "./interrupt.js";
import { Lane } from "./lane.js";
import { idleTimeOf } from "./open-questions.js";
import { redactError } from "./redact.js";
import { isRejection } from "./rejection.js";
import type { PatternOutcome, RunContext } from "./run-context.js";
import type { RunResult } from "./run-result.js";
import { recordNames } from "./run-result.js";
import type { RunServices } from "./run-services.js";
import { suspend } from "./suspend.js";

/** One run, ready to go: its services, its pattern, and what it leaves behind at the end. */
export interface Execution {
  readonly services: RunServices;
  readonly cancellation: Cancellation;
  readonly pattern: (run: RunContext) => Promise<PatternOutcome>;
  readonly artifacts: ArtifactStore | undefined;
  readonly overwriteArtifacts: boolean;
  /** Entries of earlier runs. */
  readonly recorded: readonly Entry[];
}

/**
 * Moves a session forward until its pattern ends, waits for a person, fails or is cancelled, and records which.
 *
 * @throws only when that cannot be recorded
 */
export async function executeRun(execution: Execution): Promise<RunResult> {
  const { services, cancellation, pattern } = execution;
  const startedAt = services.clock.now();
  const watch = watchDuration(execution);
  try {
    for (;;) {
      let end: Awaited<ReturnType<typeof complete>> | Awaited<ReturnType<typeof stopped>>;
      try {
        cancellation.throwIfCancelled();
        await services.questions.enter();
        // Work that ignores the cancellation is left behind: the journal is closed before it could record anything.
        const outcome = await cancellation.race(pattern(new Lane(services, cancellation, services.questions)));
        cancellation.throwIfCancelled();
        end = await complete(execution, outcome, startedAt);
      } catch (error) {
        end = await stopped(execution, error);
      }
      if (end !== undefined) return Object.assign(frameOf(services, startedAt), end);
    }
  } finally {
    for (const countdown of watch) countdown.end();
  }
}

/** What every result says. */
function frameOf({ sessionId, runId, program, meter, clock, variables }: RunServices, startedAt: number) {
  return {
    sessionId,
    runId,
    workflowName: program.name,
    patternType: program.pattern.type,
    usage: meter.usage,
    durationMs: clock.now() - startedAt,
    variables,
  };
}

/** What comes of a pattern that did not end. `undefined` when some of its questions have their answer: then it runs again from the top. */
function stopped({ services, cancellation }: Execution, error: unknown) {
  if (services.journal.failure !== undefined) throw services.journal.failure;
  if (error === suspend) return pause(services);
  const cause = cancellation.cancelled ? cancellation.reason : error;
  if (cause instanceof RunError && cause.code === "RUN_CANCELLED") return cancelled(services, cause);
  return failed(services, toStrandsError(cause));
}

async function complete(execution: Execution, outcome: PatternOutcome, startedAt: number) {
  const { services, artifacts: store, overwriteArtifacts } = execution;
  const { artifacts, entries } = await writeArtifacts(services, outcome, store, overwriteArtifacts);
  const { lastResponse, data, agentId, context } = outcome;
  const { journal, emitter, meter, clock } = services;
  await journal.append(...entries, ...endOf(services, "run.completed", { lastResponse, agentId }));
  emitter.emit("workflow_complete", { lastResponse, usage: meter.usage, durationMs: clock.now() - startedAt });
  return { status: "completed" as const, lastResponse, data, agentId, artifacts, context, ...recordsOf(context) };
}

/** What the pattern did, part by part: found at the result itself, too. */
function recordsOf(context: PatternOutcome["context"]): Readonly<Record<(typeof recordNames)[number], unknown>> {
  const records: Partial<Record<(typeof recordNames)[number], unknown>> = {};
  for (const name of recordNames) if (Object.hasOwn(context, name)) records[name] = context[name];
  return records as Readonly<Record<(typeof recordNames)[number], unknown>>;
}

/**
 * Pauses for the questions that have no answer. `undefined` when one of them was answered meanwhile, by somebody elsewhere or
 * because its time is up: then the pattern finds that answer when it runs again.
 */
async function pause(services: RunServices) {
  const { journal, emitter, questions, clock } = services;
  const interrupts = questions.takeSuspended();
  const answerTo = (interrupt: InterruptRecord) => journal.find(answerKey(interrupt), "interrupt.answered");
  const isAnswered = (interrupt: InterruptRecord): boolean => answerTo(interrupt) !== undefined;
  const due = interrupts.filter((interrupt) => !isAnswered(interrupt) && isDue(interrupt, clock.now()));
  if (due.length > 0) {
    await journal.append(...due.map((interrupt) => answerDraft(interrupt, timeoutAnswer(interrupt))));
  } else if (!interrupts.some(isAnswered)) {
    const ids = interrupts.map((interrupt) => interrupt.id);
    await journal.append(...endOf(services, "run.paused", { interrupts: ids }));
    // Left out when an answer came first.
    if (!interrupts.some(isAnswered)) {
      emitter.emit("workflow_paused", { interrupts });
      return { status: "paused" as const, interrupts };
    }
  }
  await journal.reload();
  for (const interrupt of interrupts) {
    const answer = answerTo(interrupt);
    if (answer !== undefined) emitter.emit("interrupt_answered", { interrupt, answer });
  }
  return undefined;
}

async function cancelled(services: RunServices, cause: RunError) {
  const { journal, emitter } = services;
  const { message: reason } = cause;
  const ending = isRejection(cause) ? { reason, rejected: true as const } : { reason };
  await journal.append(...endOf(services, "run.cancelled", ending));
  emitter.emit("workflow_cancelled", { reason });
  return { status: "cancelled" as const, ...ending };
}

async function failed(services: RunServices, error: StrandsError) {
  const { journal, emitter } = services;
  redactError(error);
  const record = error.toJSON();
  await journal.append(...endOf(services, "run.failed", { error: record }));
  emitter.emit("workflow_error", { error: record });
  return { status: "failed" as const, error };
}

type RunEndKind = "run.completed" | "run.paused" | "run.cancelled" | "run.failed";

/** The last entries of a run: how it ended, and what it has to say that no other entry holds. */
function endOf<K extends RunEndKind>(
  { runId, meter, questions }: RunServices,
  kind: K,
  ending: Omit<EntryBodies[K], "runId" | "failedUsage">,
): readonly EntryDraft[] {
  const { failedUsage } = meter;
  const body = { runId, ...ending, ...(failedUsage === undefined ? {} : { failedUsage }) };
  // What the kind asks for is in the ending; the compiler cannot follow that.
  return [...questions.takeIdleTime(), { key: `run/${runId}/end`, kind, body } as unknown as EntryDraft];
}

/** Cancels the run when the session has worked for as long as its budget allows. Gives what is to be ended with the run. */
function watchDuration({ services, cancellation, recorded }: Execution): readonly Countdown[] {
  const { maxDurationMs: limitMs, warnAt } = services.program.budgets;
  if (limitMs === undefined) return [];
  const usedMs = workedMs(recorded);
  const limit = limitMs / 1000;
  const expire = (): void => cancellation.cancel(exceeded("max_duration_s", limit, limit));
  if (usedMs >= limitMs) {
    expire();
    return [];
  }
  const after = (ms: number, action: () => void): Countdown => {
    const countdown = new Countdown(services.clock, ms - usedMs, action);
    services.questions.hold(countdown);
    return countdown;
  };
  const warn = (): void => {
    services.emitter.emit("budget_warning", { budget: "max_duration_s", used: limit * warnAt, limit });
  };
  return [after(limitMs * warnAt, warn), after(limitMs, expire)];
}

/**
 * Milliseconds that earlier runs worked, from the first to the last entry of each. Time spent paused does not count, nor time
 * in which a run did nothing but wait for a person at hand.
 */
function workedMs(entries: readonly Entry[]): number {
  let sum = 0;
  let startedAt: number | undefined;
  let lastAt = 0;
  for (const entry of entries) {
    if (entry.kind === "run.started") {
      if (startedAt !== undefined) sum += lastAt - startedAt;
      startedAt = entry.at;
    }
    if (entry.kind !== "interrupt.answered") lastAt = entry.at;
    sum -= idleTimeOf(entry);
  }
  return startedAt === undefined ? 0 : sum + lastAt - startedAt;
}
