import {
  type Clock,
  InputError,
  type ModelChunk,
  type ModelProvider,
  type ModelRequest,
  systemClock,
} from "@strands/core";
import { answerRequest } from "./answer-request.js";
import { countCharacters } from "./request-view.js";
import { streamText } from "./stream-text.js";

/** How the offline model answers. */
export interface OfflineProviderOptions {
  /** A whole number; another seed gives other answers. @defaultValue 0 */
  readonly seed?: number | undefined;
  /** Wait before each piece of text, in milliseconds; 0 waits for nothing and sets no timer. @defaultValue 0 */
  readonly latencyMs?: number | undefined;
  /** Does the waiting. @defaultValue the clock of the machine */
  readonly clock?: Clock | undefined;
}

/**
 * Makes the provider `offline`: a deterministic simulator that needs no key and no network. It shows how a workflow
 * flows; it knows nothing. The same seed, agent, step and conversation give the same answer, byte for byte.
 *
 * Texts begin with `[simulated]`. JSON that an engine reads holds the mark inside, as `"simulated": true` or in its
 * texts. Only a single word that a prompt insists on comes without it.
 *
 * @throws InputError `INPUT_INVALID` when the seed is not a whole number or the latency is negative
 * @example
 * const provider = createOfflineProvider({ seed: 7, latencyMs: 20 });
 */
export function createOfflineProvider(options: OfflineProviderOptions = {}): ModelProvider {
  const { seed = 0, latencyMs = 0, clock = systemClock } = options;
  if (!Number.isSafeInteger(seed)) {
    throw new InputError(`The seed of the offline model is \`${seed}\``, { hint: "Give a whole number." });
  }
  if (!Number.isFinite(latencyMs) || latencyMs < 0) {
    throw new InputError(`The latency of the offline model is \`${latencyMs}\``, {
      hint: "Give milliseconds, 0 or more.",
    });
  }
  return {
    name: "offline",
    model: (settings) => ({
      provider: "offline",
      modelId: settings.modelId,
      stream: (request, { signal }) => streamAnswer(request, { seed, latencyMs, clock, signal }),
    }),
  };
}

interface AnswerOptions {
  readonly seed: number;
  readonly latencyMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function* streamAnswer(
  request: ModelRequest,
  options: AnswerOptions,
): AsyncGenerator<ModelChunk, void, undefined> {
  options.signal.throwIfAborted();
  const inputCharacters = request.system.length + countCharacters(request.messages);
  const answer = answerRequest(request, options.seed);
  if (answer.type === "tool_call") {
    if (options.latencyMs > 0) await options.clock.sleep(options.latencyMs, options.signal);
    yield { type: "tool_call", call: answer.call };
  }
  yield* streamText(answer.type === "text" ? answer.text : "", {
    ...options,
    inputCharacters,
    maxTokens: request.maxTokens,
    calls: answer.type === "tool_call" ? [answer.call] : [],
  });
}
