import type { Cancellation } from "../engine/cancellation.js";
import { redact } from "../engine/redact.js";
import { isRetryable, retryDelayMs } from "../engine/retry.js";
import type { RunServices } from "../engine/run-services.js";
import { RunError } from "../error/errors.js";
import { StrandsError } from "../error/strands-error.js";
import { messageOf } from "../error/wrap-unknown.js";
import type { FinishReason, Message, Model, ModelRequest, ToolCall, Usage } from "../model/model.js";
import type { ModelEntryBody } from "../session/entry.js";
import { countWords } from "./count-words.js";

/** The answer of one model call, as the journal holds it. */
export type ModelAnswer = Omit<ModelEntryBody, "agentId" | "input">;

/**
 * Calls a model until it has answered once, with the retries of the workflow's failure policy.
 *
 * @throws {@link RunError} `RUN_STEP_FAILED`, with the last failure as its cause
 */
export async function callModel(
  services: RunServices,
  cancellation: Cancellation,
  model: Model,
  request: ModelRequest,
): Promise<ModelAnswer> {
  const { retry } = services.program;
  for (let attempt = 1; ; attempt += 1) {
    cancellation.throwIfCancelled();
    try {
      const current = attempt === 1 ? request : { ...request, attempt };
      const answer = await collect(services, cancellation, model, current);
      return attempt === 1 ? answer : { ...answer, attempts: attempt };
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
  model: Model,
  request: ModelRequest,
): Promise<ModelAnswer> {
  const { stepKey, agentId } = request;
  const { emitter } = services;
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
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      if (cancellation.cancelled) break;
      const chunk = next.value;
      if (typeof chunk === "string") addText(chunk);
      else if (chunk.type === "text") addText(chunk.text);
      else if (chunk.type === "tool_call") toolCalls = [...(toolCalls ?? []), chunk.call];
      else if (chunk.type === "usage") usage = chunk.usage;
      else finish = chunk.reason;
    }
  } finally {
    off();
  }
  // An aborted stream may end as if it were complete.
  cancellation.throwIfCancelled();
  return {
    text,
    ...(toolCalls === undefined ? {} : { toolCalls }),
    finish: finish ?? (toolCalls === undefined ? "stop" : "tool_calls"),
    ...(usage === undefined ? { usage: estimate(request, text), estimated: true as const } : { usage }),
    provider: model.provider,
    ...(model.modelId === undefined ? {} : { modelId: model.modelId }),
  };
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
