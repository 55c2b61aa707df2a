import { SystemPrompts } from "../../src/agent/system-prompt.js";
import type { AnswerRequest } from "../../src/engine/answer.js";
import { BudgetMeter } from "../../src/engine/budget.js";
import { Cancellation } from "../../src/engine/cancellation.js";
import { Emitter } from "../../src/engine/emitter.js";
import { executeRun } from "../../src/engine/execute-run.js";
import { Journal } from "../../src/engine/journal.js";
import { OpenQuestions } from "../../src/engine/open-questions.js";
import { openNewRun, openResumedRun } from "../../src/engine/open-run.js";
import type { PatternOutcome, RunContext } from "../../src/engine/run-context.js";
import type { RunResult } from "../../src/engine/run-result.js";
import type { InterruptHandler } from "../../src/engine/run-services.js";
import { EventBus } from "../../src/event/event-bus.js";
import type { WorkflowEvent } from "../../src/event/events.js";
import type { Model, ModelFunction } from "../../src/model/model.js";
import { ModelTable } from "../../src/model/model-table.js";
import type { Clock, IdSource } from "../../src/platform/ports.js";
import { compileSpec } from "../../src/program/compile-spec.js";
import type { Program } from "../../src/program/program.js";
import type { InterruptAnswer } from "../../src/session/entry.js";
import type { SessionRecord } from "../../src/session/record.js";
import type { SessionRepository } from "../../src/session/repository.js";
import type { JsonValue } from "../../src/spec/json.js";
import type { Tool } from "../../src/tool/tool.js";
import { skippingClock } from "./clocks.js";
import { faultyRepository } from "./faulty-repository.js";
import { sequentialIds } from "./sequential-ids.js";
import { chainSpec } from "./workflows.js";

/** A pattern of a test's own: what it returns is the last response. */
export type TestPattern = (run: RunContext) => Promise<JsonValue>;

export interface PatternBenchOptions {
  readonly sessions?: SessionRepository;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly model?: Model | ModelFunction;
  readonly tools?: readonly Tool[];
}

export interface PatternRunOptions {
  readonly answer?: AnswerRequest;
  readonly onInterrupt?: InterruptHandler;
  readonly cancellation?: Cancellation;
}

export interface PatternBench {
  readonly events: readonly WorkflowEvent[];
  /** Begins the session `session-1`. */
  start(pattern: TestPattern, options?: PatternRunOptions): Promise<RunResult>;
  /** Goes on with it. */
  resume(pattern: TestPattern, options?: PatternRunOptions): Promise<RunResult>;
}

const sessionId = "session-1";

/** Runs functions of a test as if they were patterns, on the engine alone. */
export function patternBench(options: PatternBenchOptions = {}): PatternBench {
  const repository = options.sessions ?? faultyRepository();
  const clock = options.clock ?? skippingClock();
  const ids = options.ids ?? sequentialIds();
  const events: WorkflowEvent[] = [];
  const bus = new EventBus();
  bus.on("*", (event) => events.push(event));

  const go = async (pattern: TestPattern, runOptions: PatternRunOptions, resumed: boolean): Promise<RunResult> => {
    const cancellation = runOptions.cancellation ?? new Cancellation();
    const runId = ids.next("run");
    const { signal } = cancellation;
    const opened = resumed
      ? await openResumedRun(repository, clock, {
          sessionId,
          owner: "tester",
          answer: runOptions.answer,
          attended: runOptions.onInterrupt !== undefined,
          signal,
        })
      : await openNewRun(repository, record, "tester");
    const { claim, entries, answers } = opened;
    const onFailure = (error: unknown): void => cancellation.cancel(error);
    const questions = new OpenQuestions(clock, runId);
    const onAnswer = (given: InterruptAnswer): void => questions.learn(given);
    const place = { sessionId, repository, claim, recorded: entries, clock, owner: "tester" };
    const journal = new Journal({ ...place, onFailure, onAnswer });
    const origin = { sessionId, runId, workflowName: "bench", patternType: "chain" as const };
    try {
      await journal.begin(...answers, { key: `run/${runId}`, kind: "run.started", body: { runId, owner: "tester" } });
      return await executeRun({
        services: {
          sessionId,
          runId,
          specHash: record.specHash,
          program,
          variables: {},
          journal,
          meter: new BudgetMeter(program.budgets, { emit: () => {} }),
          emitter: new Emitter(bus, clock, origin),
          models: new ModelTable(options.model, []),
          tools: new Map((options.tools ?? []).map((tool) => [tool.name, tool])),
          concurrency: undefined,
          clock,
          ids,
          random: () => 0.5,
          onInterrupt: runOptions.onInterrupt,
          systemPrompts: new SystemPrompts(program, {}),
          questions,
        },
        cancellation,
        pattern: (run) => outcomeOf(pattern(run)),
        artifacts: undefined,
        overwriteArtifacts: false,
        recorded: entries,
      });
    } finally {
      await journal.close();
    }
  };
  return {
    events,
    start: (pattern, runOptions = {}) => go(pattern, runOptions, false),
    resume: (pattern, runOptions = {}) => go(pattern, runOptions, true),
  };
}

async function outcomeOf(value: Promise<JsonValue>): Promise<PatternOutcome> {
  return { lastResponse: JSON.stringify(await value), data: null, agentId: "bench", responses: [], context: {} };
}

const program: Program = compileSpec(chainSpec(["never run"], { name: "bench" }));

const record: SessionRecord = {
  id: sessionId,
  workflowName: "bench",
  patternType: "chain",
  specHash: "0".repeat(64),
  spec: program.spec,
  variables: {},
  createdAt: 1_000_000,
};
