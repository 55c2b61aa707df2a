import { RunError } from "../error/errors.js";
import type { StrandsError } from "../error/strands-error.js";
import { toStrandsError } from "../error/wrap-unknown.js";
import type { ArtifactStore } from "../session/artifact-store.js";
import type { Entry, InterruptRecord } from "../session/entry.js";
import { writeArtifacts } from "./artifacts.js";
import { exceeded } from "./budget.js";
import type { Cancellation } from "./cancellation.js";
import { answerDraft, answerKey, isDue, timeoutAnswer } from "./interrupt.js";
import { Lane } from "./lane.js";
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
  const { services } = execution;
  const startedAt = services.clock.now();
  const stopWatch = watchDuration(execution);
  const base = () => ({
    sessionId: services.sessionId,
    runId: services.runId,
    workflowName: services.program.name,
    patternType: services.program.pattern.type,
    usage: services.meter.usage,
    durationMs: services.clock.now() - startedAt,
    variables: services.variables,
  });
  try {
    for (;;) {
      const end = await attempt(execution, startedAt);
      if (end !== undefined) return Object.assign(base(), end);
    }
  } finally {
    stopWatch();
  }
}

/** Runs the pattern from the top. `undefined` when it stopped at questions of which some have their answer: then it goes on. */
async function attempt(execution: Execution, startedAt: number) {
  const { services, cancellation, pattern } = execution;
  try {
    cancellation.throwIfCancelled();
    // Work that ignores the cancellation is left behind: the journal is closed before it could record anything.
    const outcome = await cancellation.race(pattern(new Lane(services, cancellation)));
    cancellation.throwIfCancelled();
    return await complete(execution, outcome, startedAt);
  } catch (error) {
    if (services.journal.failure !== undefined) throw services.journal.failure;
    if (error === suspend) return pause(services);
    const cause = cancellation.cancelled ? cancellation.signal.reason : error;
    if (cause instanceof RunError && cause.code === "RUN_CANCELLED") return cancelled(services, cause);
    return failed(services, toStrandsError(cause));
  }
}

async function complete(execution: Execution, outcome: PatternOutcome, startedAt: number) {
  const { services, artifacts: store, overwriteArtifacts } = execution;
  const { artifacts, entries } = await writeArtifacts(services, outcome, store, overwriteArtifacts);
  const { lastResponse, agentId, context } = outcome;
  const { runId, journal, emitter, meter, clock } = services;
  await journal.append(...entries, {
    key: `run/${runId}/end`,
    kind: "run.completed",
    body: { runId, lastResponse, agentId },
  });
  emitter.emit("workflow_complete", { lastResponse, usage: meter.usage, durationMs: clock.now() - startedAt });
  return { status: "completed" as const, lastResponse, agentId, artifacts, context, ...recordsOf(context) };
}

/** What the pattern did, part by part: found at the result itself, too. */
function recordsOf(context: PatternOutcome["context"]): Readonly<Record<(typeof recordNames)[number], unknown>> {
  return Object.fromEntries(
    recordNames.flatMap((name) => (Object.hasOwn(context, name) ? [[name, context[name]]] : [])),
  ) as Readonly<Record<(typeof recordNames)[number], unknown>>;
}

/**
 * Pauses for the questions that have no answer. `undefined` when one of them was answered meanwhile, by somebody elsewhere or
 * because its time is up: then the pattern finds that answer when it runs again.
 */
async function pause(services: RunServices) {
  const { runId, journal, emitter, pending, clock } = services;
  const interrupts = pending.splice(0);
  const answerTo = (interrupt: InterruptRecord) => journal.find(answerKey(interrupt), "interrupt.answered");
  const isAnswered = (interrupt: InterruptRecord): boolean => answerTo(interrupt) !== undefined;
  const due = interrupts.filter((interrupt) => !isAnswered(interrupt) && isDue(interrupt, clock.now()));
  if (due.length > 0) {
    await journal.append(...due.map((interrupt) => answerDraft(interrupt, timeoutAnswer(interrupt))));
  } else if (!interrupts.some(isAnswered)) {
    const ids = interrupts.map((interrupt) => interrupt.id);
    await journal.append({ key: `run/${runId}/end`, kind: "run.paused", body: { runId, interrupts: ids } });
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

async function cancelled({ runId, journal, emitter }: RunServices, cause: RunError) {
  const { message: reason } = cause;
  const ending = isRejection(cause) ? { reason, rejected: true as const } : { reason };
  await journal.append({ key: `run/${runId}/end`, kind: "run.cancelled", body: { runId, ...ending } });
  emitter.emit("workflow_cancelled", { reason });
  return { status: "cancelled" as const, ...ending };
}

async function failed(services: RunServices, error: StrandsError) {
  const { runId, journal, emitter } = services;
  redactError(error);
  const record = error.toJSON();
  await journal.append({ key: `run/${runId}/end`, kind: "run.failed", body: { runId, error: record } });
  emitter.emit("workflow_error", { error: record });
  return { status: "failed" as const, error };
}

/** Cancels the run when the session has worked for as long as its budget allows. Returns the function that stops the watch. */
function watchDuration({ services, cancellation, recorded }: Execution): () => void {
  const { maxDurationMs: limitMs, warnAt } = services.program.budgets;
  if (limitMs === undefined) return () => {};
  const stop = new AbortController();
  const usedMs = workedMs(recorded);
  if (usedMs >= limitMs) {
    cancellation.cancel(exceeded("max_duration_s", limitMs / 1000, limitMs / 1000));
    return () => {};
  }
  const after = (ms: number, action: () => void): void => {
    services.clock.sleep(Math.max(0, ms - usedMs), stop.signal).then(action, () => {});
  };
  const limit = limitMs / 1000;
  after(limitMs * warnAt, () => {
    services.emitter.emit("budget_warning", { budget: "max_duration_s", used: limit * warnAt, limit });
  });
  after(limitMs, () => cancellation.cancel(exceeded("max_duration_s", limit, limit)));
  return () => stop.abort();
}

/** Milliseconds that earlier runs worked, from the first to the last entry of each; time spent paused does not count. */
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
  }
  return startedAt === undefined ? 0 : sum + lastAt - startedAt;
}
