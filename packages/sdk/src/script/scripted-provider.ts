import {
  type Clock,
  type Message,
  type Model,
  type ModelChunk,
  type ModelProvider,
  type ModelRequest,
  type ModelSettings,
  ProviderError,
  systemClock,
} from "@strands/core";
import { countCharacters } from "../offline/request-view.js";
import { streamText } from "../offline/stream-text.js";
import type { AnswerScript, ScriptedAnswer } from "./answer-script.js";
import { rerunOf } from "./rerun-key.js";

/** How scripted answers are streamed. */
export interface ScriptedProviderOptions {
  /** Wait before each piece of text, in milliseconds. @defaultValue 0 */
  readonly latencyMs?: number | undefined;
  /** Does the waiting. @defaultValue the clock of the machine */
  readonly clock?: Clock | undefined;
}

/**
 * Makes a provider that answers from a script and leaves what is not scripted to another provider, whose model is made
 * only when it is first needed. The step key is looked up first, then the key of the step that it repeats, then the agent id.
 *
 * It remembers nothing, so a run resumed by another process goes on correctly: which answer of a list is due is read
 * from the conversation. For a step key it is the number of answers since the step began, also when a person has sent it
 * back or it was asked for a readable answer (`steps/0@1.2` goes on with the list of `steps/0`), for an agent id the
 * number of answers in the whole conversation; past the end of the list the last answer stays. An `error` with `times`
 * fails the first attempts at a call; then the answer's own text follows or, when it has none, the fallback's.
 */
export function createScriptedProvider(
  script: AnswerScript,
  fallback: ModelProvider,
  options: ScriptedProviderOptions = {},
): ModelProvider {
  const { latencyMs = 0, clock = systemClock } = options;
  return {
    name: fallback.name,
    model: (settings) => {
      const unscripted = once(() => fallback.model(settings));
      return {
        provider: fallback.name,
        modelId: settings.modelId,
        stream: (request, { signal }) => answer(request, { script, settings, unscripted, latencyMs, clock, signal }),
      };
    },
    ...(fallback.close === undefined ? {} : { close: () => fallback.close?.() ?? Promise.resolve() }),
  };
}

interface AnswerContext {
  readonly script: AnswerScript;
  readonly settings: ModelSettings;
  readonly unscripted: () => Model | Promise<Model>;
  readonly latencyMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function* answer(request: ModelRequest, context: AnswerContext): AsyncGenerator<ModelChunk, void, undefined> {
  const { script, settings, signal } = context;
  signal.throwIfAborted();
  const scripted = findAnswer(script, request);
  if (scripted?.error !== undefined && request.attempt <= scripted.error.times) {
    const { code, message, retryAfterMs } = scripted.error;
    throw new ProviderError(code, message, { provider: settings.provider, modelId: settings.modelId, retryAfterMs });
  }
  if (scripted === undefined || (scripted.text === undefined && scripted.toolCalls.length === 0)) {
    yield* (await context.unscripted()).stream(request, { signal });
    return;
  }
  const turn = answersSinceUser(request.messages);
  const calls = scripted.toolCalls.map((call, index) => ({ id: `script-${turn + 1}-${index + 1}`, ...call }));
  for (const call of calls) yield { type: "tool_call", call };
  yield* streamText(scripted.text ?? "", {
    latencyMs: context.latencyMs,
    clock: context.clock,
    signal,
    maxTokens: request.maxTokens,
    inputCharacters: request.system.length + countCharacters(request.messages),
    calls,
    usage: scripted.usage,
  });
}

function findAnswer(script: AnswerScript, request: ModelRequest): ScriptedAnswer | undefined {
  const rerun = script.answers.has(request.stepKey) ? undefined : rerunOf(request.stepKey);
  const ofStep = script.answers.get(rerun?.base ?? request.stepKey);
  if (ofStep !== undefined) {
    const count = answersSinceUser(request.messages, rerun?.turns);
    return ofStep[Math.min(count, ofStep.length - 1)];
  }
  const ofAgent = script.answers.get(request.agentId);
  return ofAgent?.[countAnswers(request.messages, ofAgent.length - 1)];
}

/** Counts from the last message of the user, or from so many before it. */
function answersSinceUser(messages: readonly Message[], before = 0): number {
  let count = 0;
  let left = before;
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const role = messages[index]?.role;
    if (role === "user") {
      if (left === 0) break;
      left -= 1;
    }
    if (role === "assistant") count += 1;
  }
  return count;
}

/** Counts from the start and stops at `limit`, so that a long conversation costs no more than a short one. */
function countAnswers(messages: readonly Message[], limit: number): number {
  let count = 0;
  for (const message of messages) {
    if (count >= limit) break;
    if (message.role === "assistant") count += 1;
  }
  return count;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
