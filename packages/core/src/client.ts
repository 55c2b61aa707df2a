import type { AnswerRequest } from "./engine/answer.js";
import type { Cancellation } from "./engine/cancellation.js";
import { ConcurrencyLimits } from "./engine/concurrency-limits.js";
import type { InterruptState } from "./engine/interrupt.js";
import type { OpenedRun } from "./engine/open-run.js";
import { openNewRun, openResumedRun } from "./engine/open-run.js";
import type { RecordedAnswer } from "./engine/record-answer.js";
import { recordAnswer, recordTimeouts } from "./engine/record-answer.js";
import type { RunResult } from "./engine/run-result.js";
import type { InterruptHandler } from "./engine/run-services.js";
import { InputError, RunError } from "./error/errors.js";
import type { Listener } from "./event/event-bus.js";
import { EventBus } from "./event/event-bus.js";
import type { EventOf, EventType, WorkflowEvent } from "./event/events.js";
import type { LaunchRequest, RunHost } from "./launch-run.js";
import { launchRun } from "./launch-run.js";
import type { Model, ModelFunction, ModelProvider } from "./model/model.js";
import { ModelTable } from "./model/model-table.js";
import { Pacer } from "./platform/pacer.js";
import type { Clock, IdSource, Random } from "./platform/ports.js";
import { random, randomIds } from "./platform/random-ids.js";
import { sha256 } from "./platform/sha256.js";
import { systemClock } from "./platform/system-clock.js";
import { compileBudgets, compileSpec, restoreProgram } from "./program/compile-spec.js";
import type { Program } from "./program/program.js";
import type { Run } from "./run.js";
import type { ArtifactStore } from "./session/artifact-store.js";
import type { InterruptAnswer } from "./session/entry.js";
import { createMemoryRepository } from "./session/memory-repository.js";
import type { SessionRecord } from "./session/record.js";
import type { SessionRepository } from "./session/repository.js";
import { canonicalJson } from "./spec/canonical-json.js";
import { quoteValue } from "./spec/check-quote.js";
import { isJson } from "./spec/is-json.js";
import type { JsonValue } from "./spec/json.js";
import type { BudgetsSpec, Spec } from "./spec/spec.js";
import type { AnyShape, BuiltSpec, InterruptId, SessionId, SpecShape } from "./spec/spec-shape.js";
import type { Tool } from "./tool/tool.js";

/** What a client works with. Everything has a default except the model. */
export interface ClientOptions {
  /** One model for every agent, whatever the spec says. An async generator function is enough. */
  readonly model?: Model | ModelFunction;
  /** Vendor adapters; a spec chooses one by name. The client closes them. */
  readonly providers?: readonly ModelProvider[];
  /** Tools that agents may call. */
  readonly tools?: readonly Tool[];
  /**
   * Where sessions live. The client closes it. @defaultValue in memory, gone with the process; of sessions that have ended for
   * good the last 1,000
   */
  readonly sessions?: SessionRepository;
  /** Where output files go. @defaultValue nowhere: their text is in the result */
  readonly artifacts?: ArtifactStore;
  /**
   * Model calls at once, by the provider's name in the workflow, over all runs of the client; others wait their turn, and
   * time-outs begin when it comes. Clients given the same {@link ConcurrencyLimits} share it. @defaultValue unlimited
   */
  readonly concurrency?: Readonly<Record<string, number>> | ConcurrencyLimits;
  /** Who runs sessions, for people to read. @defaultValue "strands" */
  readonly owner?: string;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly random?: Random;
}

export interface ResumeOptions<S extends SpecShape = SpecShape> {
  /** Stops the run when it is aborted; the session stays resumable. */
  readonly signal?: AbortSignal;
  /** Answers interrupts while the run goes on. @defaultValue none: the run pauses */
  readonly onInterrupt?: InterruptHandler;
  /** Replace output files that exist. @defaultValue false */
  readonly overwriteArtifacts?: boolean;
  /** Limits for this run that differ from the spec's. */
  readonly budgets?: BudgetsSpec;
  /** The answer to the interrupt the session waits for. */
  readonly response?: string;
  /** `modify`: the response is feedback for the step before. `reject`: it is the reason to end the run. @defaultValue a plain answer */
  readonly action?: InterruptAnswer["action"];
  /** Which interrupt is answered, when several are open: its id, or the name of the pause. */
  readonly interruptId?: S["interrupts"] | InterruptId;
  /** Digest of the interrupt as it was shown: an answer to anything else is refused. */
  readonly digest?: string;
  /** Who answers, for the record. */
  readonly by?: string;
}

export interface RunOptions<S extends SpecShape = AnyShape>
  extends Omit<ResumeOptions, "response" | "action" | "interruptId" | "digest" | "by"> {
  /** Values for the inputs; they win over those of the spec. */
  readonly variables?: S["variables"];
  /** @defaultValue a new one */
  readonly sessionId?: string;
  /** Stored with the session and given back on resume; not read by the engine. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The options of a run; they cannot be left out where the type of the spec has inputs that must be given. */
export type RunArguments<S extends SpecShape> =
  Record<never, never> extends S["variables"]
    ? [options?: RunOptions<S> | undefined]
    : [options: RunOptions<S> & { readonly variables: S["variables"] }];

/**
 * Runs workflows. One client serves any number of runs at the same time.
 *
 * @example
 * const client = new WorkflowClient({ model: async function* () { yield "Hello"; } });
 * const result = await client.run(spec, { variables: { topic: "tea" } });
 */
export class WorkflowClient implements AsyncDisposable {
  readonly #host: RunHost;
  #closed: Promise<void> | undefined;

  constructor(options: ClientOptions = {}) {
    this.#host = {
      bus: new EventBus(),
      models: new ModelTable(options.model, options.providers ?? []),
      tools: byName(options.tools ?? []),
      sessions: options.sessions ?? createMemoryRepository({ keepEnded: 1_000 }),
      artifacts: options.artifacts,
      owner: options.owner ?? "strands",
      concurrency: limitsOf(options.concurrency),
      clock: options.clock ?? systemClock,
      ids: options.ids ?? randomIds,
      random: options.random ?? random,
      pacer: new Pacer(),
      runs: new Set(),
      questions: new Map(),
    };
    hosts.set(this, this.#host);
  }

  /**
   * Starts a workflow and gives its run at once.
   *
   * @throws {@link SpecError} when the spec has problems or asks for what this version does not have
   * @throws {@link ProviderError} `PROVIDER_NOT_CONFIGURED` when an agent has no model, or one that lacks a key or the like. Of a
   * provider that has to be loaded first, {@link Run.result} rejects with it. Nothing is stored then.
   * @throws {@link InputError} for a variable or a budget that is not usable
   * @throws {@link RunError} `CLIENT_CLOSED`
   */
  start<S extends SpecShape = AnyShape>(spec: BuiltSpec<S> | Program, ...given: RunArguments<S>): Run<S> {
    // Shapes exist in types only.
    const [options = {}] = given as RunArguments<AnyShape>;
    this.#assertOpen();
    checkBudgets(options.budgets);
    const { models, clock, ids, sessions, owner } = this.#host;
    // With one model for every agent, names of providers do not matter.
    const program = isProgram(spec) ? spec : compileSpec(spec, { offline: models.overridden });
    const checked = this.#checkModels(program);
    const sessionId = options.sessionId ?? ids.next("session");
    const variables = options.variables === undefined ? {} : copyOf(options.variables);
    const open = async (): Promise<OpenedRun> => {
      if (checked !== undefined) await checked;
      const record: SessionRecord = {
        id: sessionId,
        workflowName: program.name,
        patternType: program.pattern.type,
        specHash: specHashOf(program),
        spec: program.spec,
        variables,
        createdAt: clock.now(),
      };
      const { labels } = options;
      return openNewRun(sessions, labels === undefined ? record : { ...record, labels }, owner);
    };
    const executed = withBudgets(program, options);
    return this.#launch({ sessionId, open, program: executed, answer: undefined }, options) as Run<S>;
  }

  /** Runs a workflow to its end, or until it pauses. Rejects like {@link start} throws and {@link Run.result} rejects. */
  run<S extends SpecShape = AnyShape>(
    spec: BuiltSpec<S> | Program,
    ...options: RunArguments<S>
  ): Promise<RunResult<S>> {
    try {
      return this.start<S>(spec, ...options).result;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Runs a workflow and gives what happens, token by token. Leaving the loop early cancels the run. */
  async *stream<S extends SpecShape = AnyShape>(
    spec: BuiltSpec<S> | Program,
    ...options: RunArguments<S>
  ): AsyncGenerator<WorkflowEvent, RunResult<S>, undefined> {
    const run = this.start<S>(spec, ...options);
    try {
      yield* run.events();
    } finally {
      run.cancel("The consumer of the stream left");
    }
    return run.result;
  }

  /**
   * Goes on with a session that paused, failed, was cancelled or was cut off. Finished steps are not run again. The
   * workflow is the one stored with the session, whatever became of its file.
   *
   * @throws {@link InputError} for a budget that is none
   * @throws {@link RunError} `CLIENT_CLOSED`
   */
  resume<S extends SpecShape = AnyShape>(sessionId: SessionId<S>, options: ResumeOptions<S> = {}): Run<S> {
    this.#assertOpen();
    checkBudgets(options.budgets);
    const { response, action, interruptId, digest, by } = options;
    const answer: AnswerRequest | undefined =
      response === undefined ? undefined : { response, action, interruptId, digest, by };
    const { sessions, clock, owner } = this.#host;
    const open = ({ signal }: Cancellation): Promise<OpenedRun> =>
      openResumedRun(sessions, clock, {
        sessionId,
        owner,
        answer,
        attended: options.onInterrupt !== undefined,
        signal,
      });
    const program = async (record: SessionRecord): Promise<Program> => {
      const restored = restoreProgram(record.spec);
      const checked = this.#checkModels(restored);
      if (checked !== undefined) await checked;
      return withBudgets(restored, options);
    };
    return this.#launch({ sessionId, open, program, answer }, options) as Run<S>;
  }

  /**
   * Records the answer to an interrupt without running anything: any process may then resume the session. Of two
   * different answers exactly one is recorded; the same answer twice is one answer.
   *
   * @throws {@link SessionError} `INTERRUPT_NOT_FOUND`, `INTERRUPT_STALE`, `INTERRUPT_INVALID`, and `SESSION_CONFLICT`
   * saying who answered and when
   */
  async answer<S extends SpecShape = AnyShape>(
    sessionId: SessionId<S>,
    answer: AnswerRequest<S>,
  ): Promise<InterruptAnswer> {
    return (await giveAnswer(this, sessionId, answer)).answer;
  }

  /**
   * Records the time-out answers of the questions of a session whose time is up, without running anything: any process may
   * then resume the session. A person's answer that came first stands.
   *
   * @returns the questions that have been answered so; none when none was due
   */
  async expire(sessionId: string): Promise<readonly InterruptState[]> {
    this.#assertOpen();
    const expired = await recordTimeouts(this.#host.sessions, sessionId, this.#host);
    for (const { answer } of expired) if (answer !== undefined) this.#host.questions.get(sessionId)?.learn(answer);
    return expired;
  }

  /** Listens to the events of every run. Returns the function that stops listening. */
  on<T extends EventType>(type: T, listener: Listener<EventOf<T>>): () => void;
  on(type: "*", listener: Listener<WorkflowEvent>): () => void;
  on(type: EventType | "*", listener: Listener<never>): () => void {
    return this.#host.bus.on(type as "*", listener as Listener<WorkflowEvent>);
  }

  /** Listens to the next event of a type. */
  once<T extends EventType>(type: T, listener: Listener<EventOf<T>>): () => void;
  once(type: "*", listener: Listener<WorkflowEvent>): () => void;
  once(type: EventType | "*", listener: Listener<never>): () => void {
    return this.#host.bus.once(type as "*", listener as Listener<WorkflowEvent>);
  }

  off(type: EventType | "*", listener: Listener<never>): void {
    this.#host.bus.off(type, listener);
  }

  /** Cancels the runs under way, waits for them, and closes providers and repository. A second call waits for the first. */
  close(): Promise<void> {
    hosts.delete(this);
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const runs = [...this.#host.runs];
    for (const run of runs) run.cancel("The client was closed");
    await Promise.allSettled(runs.map((run) => run.result));
    try {
      await this.#host.models.close();
    } finally {
      await this.#host.sessions.close?.();
    }
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw clientClosed();
  }

  /** Refuses, before anything is stored, what could not run. */
  #checkModels(program: Program): Promise<void> | undefined {
    return this.#host.models.check(Array.from(program.agents.values(), ({ model }) => model));
  }

  #launch(
    { sessionId, open, program, answer }: Pick<LaunchRequest, "sessionId" | "open" | "program" | "answer">,
    { signal, onInterrupt, overwriteArtifacts = false }: ResumeOptions,
  ): Run {
    return launchRun(this.#host, { sessionId, open, program, answer, signal, onInterrupt, overwriteArtifacts });
  }
}

function withBudgets(program: Program, { budgets }: ResumeOptions): Program {
  if (budgets === undefined) return program;
  const limits = compileBudgets({ ...program.spec.runtime.budgets, ...budgets }, program.pattern.type);
  return { ...program, budgets: limits };
}

/** @throws {@link InputError} for what is no budget: a limit that nobody set must not pass for one */
function checkBudgets(budgets: BudgetsSpec = {}): void {
  const names = ["max_steps", "max_tokens", "max_duration_s", "warn_threshold"];
  if (typeof budgets !== "object" || budgets === null) {
    throw new InputError("`budgets` is not an object", { hint: "Give the limits by name: `{ max_tokens: 20000 }`." });
  }
  for (const [name, value] of Object.entries(budgets)) {
    if (!names.includes(name)) {
      throw new InputError(`\`${name}\` is not a budget`, { hint: `Use one of: ${names.join(", ")}.` });
    }
    if (value !== undefined && !(Number.isFinite(value) && value > 0)) {
      throw new InputError(`The budget \`${name}\` cannot be ${quoteValue(value)}`, { hint: "Give a number above 0." });
    }
  }
}

/** What the runs of an open client share. Not for users: what else works on sessions takes it from here. */
const hosts = new WeakMap<WorkflowClient, RunHost>();

/** @throws {@link RunError} `CLIENT_CLOSED` */
export function hostOf(client: WorkflowClient): RunHost {
  const host = hosts.get(client);
  if (host === undefined) throw clientClosed();
  return host;
}

function clientClosed(): RunError {
  return new RunError("CLIENT_CLOSED", "The client has been closed", { hint: "Create a new WorkflowClient." });
}

/** Records an answer, and lets a run of this client that waits for it go on. */
export async function giveAnswer(
  client: WorkflowClient,
  sessionId: string,
  request: AnswerRequest,
): Promise<RecordedAnswer> {
  const host = hostOf(client);
  const recorded = await recordAnswer(host.sessions, sessionId, request, host);
  host.questions.get(sessionId)?.learn(recorded.answer);
  return recorded;
}

function limitsOf(given: ClientOptions["concurrency"]): ConcurrencyLimits | undefined {
  return given === undefined || given instanceof ConcurrencyLimits ? given : new ConcurrencyLimits(given);
}

/** A spec of a JavaScript caller may hold any key; it holds no map. */
function isProgram(spec: Spec | Program): spec is Program {
  return (spec as Partial<Program> | undefined)?.agents instanceof Map;
}

/** A copy that is stored as it is used: what the caller changes later, and what JSON would change, must not matter. */
function copyOf(variables: Readonly<Record<string, JsonValue>>): Readonly<Record<string, JsonValue>> {
  if (typeof variables !== "object" || variables === null || Array.isArray(variables)) {
    throw new InputError("`variables` is not an object", { hint: 'Give the values by name: `{ topic: "tea" }`.' });
  }
  for (const [name, value] of Object.entries(variables)) {
    if (isJson(value)) continue;
    throw new InputError(`The variable \`${name}\` is not plain data`, {
      hint: "Give strings, finite numbers, booleans, null, lists and plain objects.",
    });
  }
  return structuredClone(variables);
}

function byName(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  const named = new Map(tools.map((tool) => [tool.name, tool]));
  const twice = tools.find((tool) => named.get(tool.name) !== tool);
  if (twice === undefined) return named;
  throw new InputError(`Two tools have the name \`${twice.name}\``, { hint: "Give each tool a name of its own." });
}

const specHashes = new WeakMap<Spec, string>();

/** Hash of a program's spec, computed once per program. */
function specHashOf({ spec }: Program): string {
  let hash = specHashes.get(spec);
  if (hash === undefined) {
    hash = sha256(canonicalJson(spec));
    specHashes.set(spec, hash);
  }
  return hash;
}
