import type { AnswerRequest } from "./engine/answer.js";
import { BudgetMeter } from "./engine/budget.js";
import { Cancellation } from "./engine/cancellation.js";
import type { ConcurrencyLimits } from "./engine/concurrency-limits.js";
import { Emitter } from "./engine/emitter.js";
import { executeRun } from "./engine/execute-run.js";
import { interruptsOf } from "./engine/interrupt.js";
import { Journal } from "./engine/journal.js";
import { OpenQuestions } from "./engine/open-questions.js";
import type { OpenedRun } from "./engine/open-run.js";
import { explainConflict } from "./engine/open-run.js";
import type { PatternOutcome, RunContext } from "./engine/run-context.js";
import type { RunResult } from "./engine/run-result.js";
import type { InterruptHandler, RunServices } from "./engine/run-services.js";
import { RunError } from "./error/errors.js";
import type { EventBus } from "./event/event-bus.js";
import type { WorkflowEvent } from "./event/events.js";
import { historyOf, isFinishedStep } from "./event/history.js";
import type { ModelTable } from "./model/model-table.js";
import type { Pacer } from "./platform/pacer.js";
import type { Clock, IdSource, Random } from "./platform/ports.js";
import type { Program } from "./program/program.js";
import { Run } from "./run.js";
import type { ArtifactStore } from "./session/artifact-store.js";
import type { Entry, EntryDraft, InterruptAnswer } from "./session/entry.js";
import type { SessionRecord } from "./session/record.js";
import type { SessionRepository } from "./session/repository.js";
import { resolveVariables } from "./spec/variables.js";
import type { Tool } from "./tool/tool.js";

/** What all runs of a client share. */
export interface RunHost {
  readonly bus: EventBus;
  readonly models: ModelTable;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly sessions: SessionRepository;
  readonly artifacts: ArtifactStore | undefined;
  readonly owner: string;
  readonly concurrency: ConcurrencyLimits | undefined;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: Random;
  readonly pacer: Pacer;
  /** The runs under way. */
  readonly runs: Set<Run>;
  /** The questions of the runs under way, by session. */
  readonly questions: Map<string, OpenQuestions>;
}

/** A program with the function that executes its pattern. */
export interface Executable {
  readonly program: Program;
  readonly pattern: (run: RunContext) => Promise<PatternOutcome>;
}

export interface LaunchRequest {
  readonly sessionId: string;
  /** Creates or claims the session. */
  readonly open: (cancellation: Cancellation) => Promise<OpenedRun>;
  /** Gives what a session executes, or throws what keeps it from running. */
  readonly executable: (record: SessionRecord) => Executable | Promise<Executable>;
  /** The answer this run brings. */
  readonly answer: AnswerRequest | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onInterrupt: InterruptHandler | undefined;
  readonly overwriteArtifacts: boolean;
}

/** The parts of one run that are there before its session is open. */
interface RunParts {
  readonly runId: string;
  readonly cancellation: Cancellation;
  readonly emitter: Emitter;
  journal: Journal | undefined;
}

/** Begins a run and gives it at once; the work starts when the caller has had the chance to listen. */
export function launchRun(host: RunHost, request: LaunchRequest): Run {
  const { sessionId, signal, answer } = request;
  const runId = host.ids.next("run");
  const cancellation = new Cancellation();
  const emitter = new Emitter(host.bus, host.clock, { sessionId, runId, workflowName: "", patternType: "chain" });
  const parts: RunParts = { runId, cancellation, emitter, journal: undefined };

  const onAbort = (): void => {
    const cause: unknown = signal?.reason;
    cancellation.cancel(new RunError("RUN_CANCELLED", "The run was cancelled by its caller", { cause }));
  };
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });

  const conduct = async (): Promise<RunResult> => {
    try {
      await host.pacer.turn();
      return await moveForward(host, request, parts);
    } catch (error) {
      return await explainConflict(host.sessions, sessionId, answer, error);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      emitter.end();
    }
  };
  return new Run({
    sessionId,
    runId,
    result: conduct(),
    cancellation,
    emitter,
    history: () => historyFor(host, sessionId, parts),
  });
}

/** Opens the session, runs its pattern and gives the session free again. */
async function moveForward(host: RunHost, request: LaunchRequest, parts: RunParts): Promise<RunResult> {
  const { runId, cancellation, emitter } = parts;
  const { record, claim, entries, answers } = await request.open(cancellation);
  const { sessions, clock, owner, models, tools, concurrency, ids, random } = host;
  const { sessionId, onInterrupt } = request;
  try {
    const { program, pattern } = await request.executable(record);
    emitter.relate(record.workflowName, record.patternType);
    const onFailure = (error: unknown): void => cancellation.cancel(error);
    const questions = new OpenQuestions(clock, runId);
    host.questions.set(sessionId, questions);
    const onAnswer = (given: InterruptAnswer): void => questions.learn(given);
    const place = { sessionId, repository: sessions, claim, recorded: entries, clock, owner };
    const journal = new Journal({ ...place, onFailure, onAnswer });
    parts.journal = journal;
    await journal.begin(...answers, { key: `run/${runId}`, kind: "run.started", body: { runId, owner } });

    const meter = new BudgetMeter(program.budgets, (warning) => emitter.emit("budget_warning", warning));
    meter.countRecorded(entries);
    const stepsDone = entries.filter(isFinishedStep).length;
    emitter.emit("workflow_start", { resumed: entries.length > 0, stepCount: stepCount(program), stepsDone });
    tellAnswers(emitter, entries, answers);
    const { specHash } = record;
    const variables = resolveVariables(program.spec, record.variables);
    const loadEntries = async () => (await sessions.load(sessionId)).entries;
    const services: RunServices = {
      loadEntries,
      sessionId,
      runId,
      specHash,
      program,
      variables,
      journal,
      meter,
      emitter,
      models,
      tools,
      concurrency,
      clock,
      ids,
      random,
      onInterrupt,
      questions,
      systemPrompts: new Map(),
    };
    return await executeRun({
      services,
      cancellation,
      pattern,
      artifacts: host.artifacts,
      overwriteArtifacts: request.overwriteArtifacts,
      recorded: entries,
    });
  } finally {
    host.questions.delete(sessionId);
    await (parts.journal?.close() ?? claim.release());
  }
}

/** Tells of the answers that came with this run, a person's or that of the time-out. */
function tellAnswers(emitter: Emitter, entries: readonly Entry[], answers: readonly EntryDraft[]): void {
  if (answers.length === 0) return;
  const opened = new Map(interruptsOf(entries).map(({ interrupt }) => [interrupt.id, interrupt]));
  for (const { kind, body } of answers) {
    const interrupt = kind === "interrupt.answered" ? opened.get(body.id) : undefined;
    if (kind === "interrupt.answered" && interrupt !== undefined) {
      emitter.emit("interrupt_answered", { interrupt, answer: body });
    }
  }
}

/** What a late listener has missed: the events that the journal stands for. */
async function historyFor(host: RunHost, sessionId: string, parts: RunParts): Promise<readonly WorkflowEvent[]> {
  const seen = parts.journal?.length ?? 0;
  if (seen === 0) return [];
  const { entries } = await host.sessions.load(sessionId);
  return historyOf(entries.slice(0, seen), parts.emitter.origin);
}

function stepCount({ pattern }: Program): number | undefined {
  return pattern.type === "chain" ? pattern.steps.length : undefined;
}
