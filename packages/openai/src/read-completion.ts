import type { FinishReason, ModelChunk, Usage } from "@strands/core";
import { ToolCallParts, type ToolNames } from "@strands/provider-kit";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { mapFinishReason } from "./map-finish-reason.js";

/** Reads the events of one answer. They come from outside: any of their fields may be missing. */
export class CompletionReader {
  readonly #names: ToolNames;
  readonly #calls = new ToolCallParts();
  #lastPlace: number | string = 0;
  #finish: string | undefined;
  #refused = false;
  #usage: Usage | undefined;

  constructor(names: ToolNames) {
    this.#names = names;
  }

  /** Whether the model has said why it stopped. */
  get finished(): boolean {
    return this.#finish !== undefined;
  }

  /** Takes an event, and gives the text in it. */
  add({ choices, usage }: Partial<ChatCompletionChunk>): string {
    this.#usage = usageOf(usage) ?? this.#usage;
    const choice = choices?.find(({ index }) => index === undefined || index === 0);
    // Usage may come after the finish; anything else that does is not of this answer.
    if (choice === undefined || this.finished) return "";
    const { delta, finish_reason } = choice;
    for (const call of delta?.tool_calls ?? []) this.#addCall(call);
    if (finish_reason) this.#finish = finish_reason;
    const { content, refusal } = delta ?? {};
    if (typeof refusal === "string" && refusal !== "") this.#refused = true;
    return (typeof content === "string" ? content : "") + (typeof refusal === "string" ? refusal : "");
  }

  /** What comes after the text. */
  *finish(): Generator<ModelChunk> {
    const calls = this.#calls.finish();
    for (const call of calls) {
      yield { type: "tool_call", call: { ...call, name: this.#names.fromProvider(call.name) } };
    }
    if (this.#usage !== undefined) yield { type: "usage", usage: this.#usage };
    const reason: FinishReason = this.#refused ? "content_filter" : mapFinishReason(this.#finish, calls.length > 0);
    yield { type: "finish", reason };
  }

  #addCall(call: ChatCompletionChunk.Choice.Delta.ToolCall): void {
    const { index, id, function: piece } = call as Partial<typeof call>;
    // Servers that number nothing begin a call with its id.
    this.#lastPlace = index ?? (id || this.#lastPlace);
    this.#calls.add(this.#lastPlace, { id, name: piece?.name, text: piece?.arguments });
  }
}

function usageOf(usage: ChatCompletionChunk["usage"] | undefined): Usage | undefined {
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage ?? {};
  return typeof inputTokens === "number" && typeof outputTokens === "number"
    ? { inputTokens, outputTokens }
    : undefined;
}
