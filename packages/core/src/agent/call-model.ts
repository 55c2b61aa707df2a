import type { CallOptions, Cancellation } from "../engine/cancellation.js";
import type { Release } from "../engine/concurrency-limits.js";
import type { Countdown } from "../engine/countdown.js";
import { redact } from "../engine/redact.js";
import { asksTooMuch, isRetryable, retryDelayMs } from "../engine/retry.js";
import type { RunServices } from "../engine/run-services.js";
import { RunError } from "../error/errors.js";
import { StrandsError } from "../error/strands-error.js";
import { messageOf } from "../error/wrap-unknown.js";
import type { Message, Model, ModelRequest, Usage } from "../model/model.js";
import { addUsage } from "../model/usage.js";
import { nextTurn } from "../platform/next-turn.js";
import type { Clock } from "../platform/ports.js";
import type { ProgramAgent } from "../program/program.js";
import type { ModelEntryBody } from "../session/entry.js";
import { AnswerParts, piecesOf } from "./answer-parts.js";
import { CallWatch } from "./call-watch.js";
import { countWords } from "./count-words.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A model call of a turn. */
export interface ModelCall {
  readonly agent: ProgramAgent;
  readonly request: ModelRequest;
  /** The user prompt, when this call begins the turn. */
  readonly input: string | undefined;
  /** Stands still while the call waits for a place. */
  readonly countdown: Countdown | undefined;
}

/** An attempt at a call. */
interface Attempt {
  /** From 1. */
  readonly number: number;
  /** What those before have used. */
  failedUsage: Usage | undefined;
}

/**
 * Calls a model until it has answered once, with the retries of the workflow's failure policy.
 *
 * @returns the answer as the journal holds it
 * @throws {@link RunError} `RUN_STEP_FAILED`, with the last failure as its cause
 */
export async function callModel(
  services: RunServices,
  cancellation: Cancellation,
  call: ModelCall,
  attempt: Attempt = { number: 1, failedUsage: undefined },
): Promise<ModelEntryBody> {
  const { emitter, models, clock, concurrency } = services;
  const { stepKey, agentId } = call.request;
  const { timeouts, model: settings } = call.agent;
  let release: Release | undefined;
  let watch: CallWatch | undefined;
  let pieces: AsyncIterator<unknown> | undefined;
  let attemptOf = cancellation;
  let options: CallOptions | undefined;
  const answer = new AnswerParts();
  // Called when the attempt has failed, and at once when it is cancelled: then the run may end before the model does.
  const giveUp = (): void => {
    lose(services, attempt, answer);
    // What is not read on must not leave the connection behind it open; a model that ignores its signal knows no other stop.
    if (pieces !== undefined) abandon(pieces);
  };
  try {
    const place = concurrency?.acquire(settings.provider, cancellation);
    release = place instanceof Promise ? await paused(place, call.countdown) : place;
    cancellation.throwIfCancelled();
    const startedAt = clock.now();
    if (timeouts !== undefined) {
      watch = new CallWatch(clock, cancellation, call.agent, timeouts);
      attemptOf = watch.cancellation;
    }
    const found = models.get(settings);
    const model = found instanceof Promise ? await (watch === undefined ? found : attemptOf.race(found)) : found;
    const request = attempt.number === 1 ? call.request : { ...call.request, attempt: attempt.number };
    options = attemptOf.callOptions();
    const stream = piecesOf(model.stream(request, options));
    pieces = stream;
    attemptOf.listen(giveUp);
    // One frame for all pieces: a function of its own would cost every call another turn of the event loop's queue.
    for (let count = 1; ; count += 1) {
      const next = await (watch === undefined ? stream.next() : attemptOf.race(stream.next()));
      if (next.done === true || attemptOf.cancelled) break;
      watch?.pieceCame();
      const text = answer.add(next.value);
      if (text !== "" && emitter.wants("token")) emitter.emit("token", { stepKey, agentId, text });
      if (count % piecesPerTurn === 0) await nextTurn();
    }
    // An aborted stream may end as if it were complete.
    attemptOf.throwIfCancelled();
    answer.assertAnswered();
    return bodyOf(call, model, answer, startedAt, attempt);
  } catch (error) {
    giveUp();
    return callAgain(services, cancellation, call, attempt, error);
  } finally {
    attemptOf.ignore(giveUp);
    options?.end();
    watch?.end();
    release?.();
  }
}

/** Waits for a place; that is no time of the step. */
async function paused<T>(place: Promise<T>, countdown: Countdown | undefined): Promise<T> {
  countdown?.pause();
  try {
    return await place;
  } finally {
    countdown?.resume();
  }
}

/** Counts what the provider says a failed attempt has used, once. */
function lose({ meter }: RunServices, attempt: Attempt, answer: AnswerParts): void {
  const { usage } = answer;
  if (usage === undefined) return;
  answer.usage = undefined;
  attempt.failedUsage = addUsage(attempt.failedUsage, usage);
  meter.countFailed(usage);
}

/** Waits and calls once more, if the failure is worth it and the policy allows it. */
async function callAgain(
  services: RunServices,
  cancellation: Cancellation,
  call: ModelCall,
  { number: attempt, failedUsage }: Attempt,
  error: unknown,
): Promise<ModelEntryBody> {
  cancellation.throwIfCancelled();
  const { random, clock } = services;
  const { retry } = services.program;
  const { stepKey, agentId } = call.request;
  const failure = stepFailed(call.request, attempt, error);
  if (attempt >= retry.attempts || !isRetryable(error)) throw failure;
  const now = clock.now();
  if (asksTooMuch(retry, error, now)) throw failure;
  services.meter.beforeCall(stepKey);
  const delayMs = retryDelayMs(retry, attempt, error, { now, random });
  services.emitter.emit("step_retry", { stepKey, agentId, attempt, delayMs, error: failure.toJSON() });
  await sleep(clock, delayMs, cancellation);
  return callModel(services, cancellation, call, { number: attempt + 1, failedUsage });
}

/** Waits with a signal of its own: of many calls that wait at once none may crowd that of the run. */
async function sleep(clock: Clock, ms: number, outer: Cancellation): Promise<void> {
  const { cancellation, detach } = outer.child();
  try {
    await clock.sleep(ms, cancellation.signal);
  } finally {
    detach();
  }
}

/** An answer as the journal holds it. */
function bodyOf(
  { request, input }: ModelCall,
  model: Model,
  { text, toolCalls, usage, finish }: AnswerParts,
  startedAt: number,
  { number: attempt, failedUsage }: Attempt,
): ModelEntryBody {
  const { agentId } = request;
  const ending = finish ?? (toolCalls === undefined ? "stop" : "tool_calls");
  const used = usage ?? estimate(request, text);
  const { provider } = model;
  const body: Mutable<ModelEntryBody> =
    input === undefined
      ? { agentId, text, finish: ending, usage: used, provider, startedAt }
      : { agentId, text, finish: ending, usage: used, provider, startedAt, input };
  if (toolCalls !== undefined) body.toolCalls = toolCalls;
  if (usage === undefined) body.estimated = true;
  if (failedUsage !== undefined) body.failedUsage = failedUsage;
  if (model.modelId !== undefined) body.modelId = model.modelId;
  if (attempt > 1) body.attempts = attempt;
  return body;
}

/** Pieces after which everything else gets its turn: a model that never waits would hold up the signals that stop it. */
const piecesPerTurn = 4096;

function abandon(pieces: AsyncIterator<unknown>): void {
  Promise.resolve()
    .then(() => pieces.return?.())
    .catch(() => {});
}

/** Words stand in for tokens when the provider reports no usage. */
function estimate(request: ModelRequest, text: string): Usage {
  const last: Message | undefined = request.messages.at(-1);
  const prompt = last?.role === "user" ? last.content : "";
  return { inputTokens: countWords(prompt), outputTokens: countWords(text) };
}

function stepFailed(request: ModelRequest, attempt: number, cause: unknown): RunError {
  const tries = attempt === 1 ? "" : ` after ${attempt} attempts`;
  const known = StrandsError.isInstance(cause);
  const asked = known && cause.retryAfterMs ? ` (it asks to wait ${cause.retryAfterMs / 1000} s)` : "";
  const message = `Step \`${request.stepKey}\` (agent \`${request.agentId}\`) failed${tries}: ${redact(messageOf(cause))}${asked}`;
  return new RunError("RUN_STEP_FAILED", message, {
    stepKey: request.stepKey,
    hint:
      (known && cause.hint !== undefined ? redact(cause.hint) : undefined) ??
      "Mend the cause, then resume the session: finished steps are not run again.",
    details: { agentId: request.agentId, attempt, ...(known ? { causeCode: cause.code } : {}) },
    cause,
  });
}
