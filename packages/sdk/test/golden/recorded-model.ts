import { type Model, type ModelProvider, type ModelRequest, ProviderError } from "@strands/core";
import { builtInWording } from "./built-in-wording.js";
import type { RecordedCall, RecordedCase } from "./recorded-case.js";

/** A call of ours, with the recorded one whose answer it got. */
export interface PlayedCall {
  readonly agentId: string;
  readonly stepKey: string;
  /** Name of the provider whose model was asked. */
  readonly provider: string;
  readonly prompt: string;
  readonly request: ModelRequest;
  /** Number of prompts in the conversation, this one included. */
  readonly turn: number;
  readonly recorded: RecordedCall | undefined;
}

/** Providers that answer as recorded, and what they were asked. */
export interface RecordedModels {
  readonly calls: readonly PlayedCall[];
  readonly providers: readonly ModelProvider[];
}

const providerNames = ["openai", "anthropic", "gemini", "bedrock", "ollama", "offline"];

/**
 * Makes models that look their answers up by agent and prompt, not by position. A prompt that was not recorded gets the
 * answer of the next call of that agent, so that one difference does not hide all that follow.
 */
export function recordedModels(recorded: RecordedCase, normalise: (text: string) => string): RecordedModels {
  const calls: PlayedCall[] = [];
  const open = new Set(recorded.calls);

  const find = (request: ModelRequest, prompt: string): RecordedCall | undefined => {
    const ofAgent = [...open].filter(({ agent }) => agent === request.agentId);
    return (
      ofAgent.find(({ input }) => normalise(input) === prompt) ??
      ofAgent.find((call) => builtInWording(recorded, call, normalise)?.(prompt).length === 0) ??
      ofAgent[0]
    );
  };
  const othersOfGroup = (call: RecordedCall) => () =>
    [...open].every(({ group, answer }) => group !== call.group || answer.delay !== undefined);

  const model = (provider: string): Model => ({
    provider,
    modelId: undefined,
    async *stream(request, { signal }) {
      const prompts = request.messages.flatMap((message) => (message.role === "user" ? [message.content] : []));
      const prompt = prompts.at(-1) ?? "";
      const call = find(request, prompt);
      if (call !== undefined) open.delete(call);
      const { agentId, stepKey } = request;
      calls.push({ agentId, stepKey, provider, prompt, request, turn: prompts.length, recorded: call });
      if (call === undefined) {
        yield "Not recorded.";
        return;
      }
      if (call.answer.delay !== undefined) await untilTrue(othersOfGroup(call), signal);
      if (call.answer.raise !== undefined) throw refusal(call.answer.message ?? call.answer.raise);
      yield call.answer.text ?? "";
    },
  });
  return { calls, providers: providerNames.map((name) => ({ name, model: () => model(name) })) };
}

function refusal(message: string): ProviderError {
  return new ProviderError("PROVIDER_BAD_REQUEST", message, { provider: "recorded" });
}

/** Lets other work go on until a condition holds, and then until what that has begun is done. */
async function untilTrue(condition: () => boolean, signal: AbortSignal): Promise<void> {
  for (let turn = 0; turn < 100 && !condition() && !signal.aborted; turn += 1) await nextTurn();
  await nextTurn();
}

/** One turn of the event loop. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
