import type { Cancellation } from "../engine/cancellation.js";
import { redact } from "../engine/redact.js";
import { isRetryable, retryDelayMs } from "../engine/retry.js";
import type { RunServices } from "../engine/run-services.js";
import { RunError } from "../error/errors.js";
import { StrandsError } from "../error/strands-error.js";
import { messageOf } from "../error/wrap-unknown.js";
import type { FinishReason, Message, ModelRequest, ModelSettings, ToolCall, Usage } from "../model/model.js";
import type { ModelEntryBody } from "../session/entry.js";
import { countWords } from "./count-words.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A model call of a turn. */
export interface ModelCall {
  readonly settings: ModelSettings;
  readonly request: ModelRequest;
  /** The user prompt, when this call begins the turn. */
  readonly input: string | undefined;
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
): Promise<ModelEntryBody> {
  const { retry } = services.program;
  const { request } = call;
  for (let attempt = 1; ; attempt += 1) {
    cancellation.throwIfCancelled();
    try {
      if (attempt === 1) return await collect(services, cancellation, call);
      const again = { ...call, request: { ...request, attempt } };
      return { ...(await collect(services, cancellation, again)), attempts: attempt };
    } catch (error) {
      cancellation.throwIfCancelled();
      const failure = stepFailed(request, attempt, error);
      if (attempt >= retry.attempts || !isRetryable(error)) throw failure;
      const delayMs = retryDelayMs(retry, attempt, error, services.random);
      const { stepKey, agentId } = request;
      services.emitter.emit("step_retry", { stepKey, agentId, attempt, delayMs, error: failure.toJSON() });
      await services.clock.sleep(delayMs, cancellation.signal);
    }
  }
}

async function collect(
  services: RunServices,
  cancellation: Cancellation,
  { settings, request, input }: ModelCall,
): Promise<ModelEntryBody> {
  const { stepKey, agentId } = request;
  const { emitter } = services;
  const found = services.models.get(settings);
  const model = found instanceof Promise ? await found : found;
  let text = "";
  let toolCalls: ToolCall[] | undefined;
  let usage: Usage | undefined;
  let finish: FinishReason | undefined;
  const addText = (piece: string): void => {
    text += piece;
    if (piece !== "" && emitter.wants("token")) emitter.emit("token", { stepKey, agentId, text: piece });
  };

  const iterator = model.stream(request, { signal: cancellation.signal })[Symbol.asyncIterator]();
  // A model that ignores its signal is told to stop the only other way there is.
  const off = cancellation.onCancel(
    () =>
      void Promise.resolve()
        .then(() => iterator.return?.())
        .catch(() => {}),
  );
  let ended = false;
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      if (cancellation.cancelled) break;
      const chunk = next.value;
      if (typeof chunk === "string") addText(chunk);
      else if (chunk.type === "text") addText(chunk.text);
      else if (chunk.type === "tool_call") {
        toolCalls ??= [];
        toolCalls.push(chunk.call);
      } else if (chunk.type === "usage") usage = isCount(chunk.usage) ? chunk.usage : undefined;
      else finish = chunk.reason;
    }
    ended = true;
  } finally {
    off();
    // A piece that is none must not leave the connection behind it open.
    if (!ended) iterator.return?.().catch(() => {});
  }
  // An aborted stream may end as if it were complete.
  cancellation.throwIfCancelled();
  const body: Mutable<ModelEntryBody> = {
    agentId,
    text,
    finish: finish ?? (toolCalls === undefined ? "stop" : "tool_calls"),
    usage: usage ?? estimate(request, text),
    provider: model.provider,
  };
  if (input !== undefined) body.input = input;
  if (toolCalls !== undefined) body.toolCalls = toolCalls;
  if (usage === undefined) body.estimated = true;
  if (model.modelId !== undefined) body.modelId = model.modelId;
  return body;
}

/** Anything but counts would spoil the sums of the session and switch its token budget off. */
function isCount({ inputTokens, outputTokens }: Usage): boolean {
  return [inputTokens, outputTokens].every((count) => Number.isFinite(count) && count >= 0);
}

/** Words stand in for tokens when the provider reports no usage. */
function estimate(request: ModelRequest, text: string): Usage {
  const last: Message | undefined = request.messages.at(-1);
  const prompt = last?.role === "user" ? last.content : "";
  return { inputTokens: countWords(prompt), outputTokens: countWords(text) };
}

function stepFailed(request: ModelRequest, attempt: number, cause: unknown): RunError {
  const tries = attempt === 1 ? "" : ` after ${attempt} attempts`;
  const message = `Step \`${request.stepKey}\` (agent \`${request.agentId}\`) failed${tries}: ${redact(messageOf(cause))}`;
  const known = StrandsError.isInstance(cause);
  return new RunError("RUN_STEP_FAILED", message, {
    stepKey: request.stepKey,
    hint:
      (known ? cause.hint : undefined) ?? "Mend the cause, then resume the session: finished steps are not run again.",
    details: { agentId: request.agentId, attempt, ...(known ? { causeCode: cause.code } : {}) },
    cause,
  });
}
