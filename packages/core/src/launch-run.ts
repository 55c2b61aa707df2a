import { SystemPrompts } from "./agent/system-prompt.js";
import type { AnswerRequest } from "./engine/answer.js";
import { BudgetMeter } from "./engine/budget.js";
import { Cancellation } from "./engine/cancellation.js";
import type { ConcurrencyLimits } from "./engine/concurrency-limits.js";
import { Emitter } from "./engine/emitter.js";
import type { Execution } from "./engine/execute-run.js";
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
import { runPattern } from "./pattern/run-pattern.js";
import type { Pacer } from "./platform/pacer.js";
import type { Clock, IdSource, Random } from "./platform/ports.js";
import type { Program } from "./program/program.js";
import type { RunParts } from "./run.js";
import { Run } from "./run.js";
import type { ArtifactStore } from "./session/artifact-store.js";
import type { Entry, EntryDraft } from "./session/entry.js";
import type { SessionRecord } from "./session/record.js";
import type { SessionClaim, SessionRepository } from "./session/repository.js";
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

export interface LaunchRequest {
  readonly sessionId: string;
  /** Creates or claims the session. */
  readonly open: (cancellation: Cancellation) => Promise<OpenedRun>;
  /** What the session executes; or a function that gives it, or throws what keeps it from running. */
  readonly program: Program | ((record: SessionRecord) => Promise<Program>);
  /** The answer this run brings. */
  readonly answer: AnswerRequest | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onInterrupt: InterruptHandler | undefined;
  readonly overwriteArtifacts: boolean;
}

/** Begins a run and gives it at once; the work starts when the caller has had the chance to listen. */
export function launchRun(host: RunHost, request: LaunchRequest): Run {
  return new Launch(host, request).run;
}

/**
 * A run from its beginning to its end. Thousands may wait side by side for their models: what each keeps meanwhile, and how
 * many async functions wait for one another, is what they cost.
 */
class Launch implements RunParts {
  readonly sessionId: string;
  readonly runId: string;
  readonly cancellation = new Cancellation();
  readonly emitter: Emitter;
  readonly result: Promise<RunResult>;
  readonly run: Run;
  readonly #host: RunHost;
  #claim: SessionClaim | undefined;
  #journal: Journal | undefined;

  constructor(host: RunHost, request: LaunchRequest) {
    this.#host = host;
    this.sessionId = request.sessionId;
    this.runId = host.ids.next("run");
    const { sessionId, runId } = this;
    this.emitter = new Emitter(host.bus, host.clock, { sessionId, runId, workflowName: "", patternType: "chain" });
    const ignoreSignal = this.#listenTo(request.signal);
    this.result = this.#conduct(this.#open(request), request.answer, ignoreSignal);
    // A result that nobody looks at must not end the process.
    this.result.catch(nothing);
    this.run = new Run(this);
    host.runs.add(this.run);
  }

  /** What a late listener has missed: the events that the journal stands for. */
  async history(): Promise<readonly WorkflowEvent[]> {
    const seen = this.#journal?.length ?? 0;
    if (seen === 0) return [];
    const { entries } = await this.#host.sessions.load(this.sessionId);
    return historyOf(entries.slice(0, seen), this.emitter.origin);
  }

  /** Runs the pattern and gives the session free again. It waits longest, so it is given only what it needs to the end. */
  async #conduct(
    opening: Promise<Execution>,
    answer: AnswerRequest | undefined,
    ignoreSignal: (() => void) | undefined,
  ): Promise<RunResult> {
    const host = this.#host;
    try {
      try {
        return await executeRun(await opening);
      } finally {
        if (this.#claim !== undefined) await this.#leave(this.#claim);
      }
    } catch (error) {
      return await explainConflict(host.sessions, this.sessionId, answer, error);
    } finally {
      ignoreSignal?.();
      this.emitter.end();
      host.runs.delete(this.run);
    }
  }

  /** Gives free what was taken. */
  #leave(claim: SessionClaim): Promise<void> {
    this.#host.questions.delete(this.sessionId);
    return this.#journal?.close() ?? claim.release();
  }

  /** Cancels the run when its caller does. Returns the function that stops listening. */
  #listenTo(signal: AbortSignal | undefined): (() => void) | undefined {
    // Callers in JavaScript may give null, as they may to `fetch`.
    if (!signal) return undefined;
    const onAbort = (): void => {
      const cause: unknown = signal.reason;
      this.cancellation.cancel(new RunError("RUN_CANCELLED", "The run was cancelled by its caller", { cause }));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    return () => signal.removeEventListener("abort", onAbort);
  }

  /** Opens the session and begins the run. */
  async #open(request: LaunchRequest): Promise<Execution> {
    await this.#host.pacer.turn();
    const opened = await request.open(this.cancellation);
    this.#claim = opened.claim;
    return await this.#begin(request, opened);
  }

  /** Records that the run has begun, and tells it. */
  async #begin(request: LaunchRequest, { record, claim, entries, answers }: OpenedRun): Promise<Execution> {
    const { sessionId, runId, cancellation, emitter } = this;
    const { sessions, clock, owner, models, tools, concurrency, ids, random, artifacts } = this.#host;
    const program = typeof request.program === "function" ? await request.program(record) : request.program;
    emitter.relate(record.workflowName, record.patternType);
    const questions = new OpenQuestions(clock, runId);
    this.#host.questions.set(sessionId, questions);
    const journal = new Journal({
      sessionId,
      repository: sessions,
      claim,
      recorded: entries,
      clock,
      owner,
      onFailure: (error) => cancellation.cancel(error),
      onAnswer: (given) => questions.learn(given),
    });
    this.#journal = journal;
    await journal.begin(...answers, { key: `run/${runId}`, kind: "run.started", body: { runId, owner } });

    const meter = new BudgetMeter(program.budgets, emitter);
    meter.countRecorded(entries);
    if (emitter.wants("workflow_start")) {
      const stepsDone = entries.filter(isFinishedStep).length;
      emitter.emit("workflow_start", { resumed: entries.length > 0, stepCount: stepCount(program), stepsDone });
    }
    tellAnswers(emitter, entries, answers);
    const variables = resolveVariables(program.spec, record.variables);
    const services: RunServices = {
      sessionId,
      runId,
      specHash: record.specHash,
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
      onInterrupt: request.onInterrupt,
      questions,
      systemPrompts: new SystemPrompts(program, variables),
    };
    const { overwriteArtifacts } = request;
    return { services, cancellation, pattern: runProgram, artifacts, overwriteArtifacts, recorded: entries };
  }
}

function nothing(): void {}

function runProgram(run: RunContext): Promise<PatternOutcome> {
  return runPattern(run, run.program.pattern);
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

function stepCount({ pattern }: Program): number | undefined {
  return pattern.type === "chain" ? pattern.steps.length : undefined;
}
