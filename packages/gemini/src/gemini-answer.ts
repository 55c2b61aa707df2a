import type { GenerateContentResponse, Part } from "@google/genai";
import type { JsonValue, ModelChunk, ToolCall, Usage } from "@strands/core";
import type { ToolNames } from "@strands/provider-kit";
import { mapFinishReason } from "./map-finish-reason.js";

/** Puts one answer together from the pieces of its stream. */
export class GeminiAnswer {
  readonly #names: ToolNames;
  readonly #firstCall: number;
  readonly #calls: ToolCall[] = [];
  #usage: Usage | undefined;
  #finishReason: string | undefined;
  #blocked = false;
  #hasText = false;

  /** @param firstCall how many calls the conversation holds already, to make ids for calls that come without */
  constructor(names: ToolNames, firstCall: number) {
    this.#names = names;
    this.#firstCall = firstCall;
  }

  /** Whether the answer is whole; if not, the connection ended too early. */
  get complete(): boolean {
    return this.#blocked || this.#finishReason !== undefined;
  }

  /** Whether the model tried to call a tool in a way that even Gemini could not read, and gave nothing else. */
  get malformedCall(): boolean {
    return this.#finishReason === "MALFORMED_FUNCTION_CALL" && this.#calls.length === 0 && !this.#hasText;
  }

  /** Takes the next piece; gives its text, without the model's thoughts. Fields that are not known are passed over. */
  take({ candidates, promptFeedback, usageMetadata }: GenerateContentResponse): string {
    const [candidate] = Array.isArray(candidates) ? candidates : [];
    if (promptFeedback?.blockReason !== undefined) this.#blocked = true;
    if (candidate?.finishReason !== undefined) this.#finishReason = candidate.finishReason;
    if (usageMetadata !== undefined) this.#usage = usageOf(usageMetadata);
    let text = "";
    for (const part of candidate?.content?.parts ?? []) text += this.#part(part);
    if (text !== "") this.#hasText = true;
    return text;
  }

  /** What comes after the text. */
  finish(): ModelChunk[] {
    const hasCalls = this.#calls.length > 0;
    const reason = this.#blocked ? "content_filter" : mapFinishReason(this.#finishReason ?? "", hasCalls);
    return [
      ...this.#calls.map((call): ModelChunk => ({ type: "tool_call", call })),
      ...(this.#usage === undefined ? [] : [{ type: "usage", usage: this.#usage } as const]),
      { type: "finish", reason },
    ];
  }

  #part({ text, thought, functionCall, thoughtSignature }: Part): string {
    if (functionCall !== undefined) {
      const { id, name = "", args = {} } = functionCall;
      this.#calls.push({
        id: id || `call_${this.#firstCall + this.#calls.length}`,
        name: this.#names.fromProvider(name),
        // The cast is from what was JSON on the wire.
        input: args as JsonValue,
        ...(thoughtSignature === undefined ? {} : { providerData: { thoughtSignature } }),
      });
    }
    return thought === true || typeof text !== "string" ? "" : text;
  }
}

/** Thoughts are paid for as output, and what tools of the vendor added to the prompt as input. */
function usageOf(counts: NonNullable<GenerateContentResponse["usageMetadata"]>): Usage {
  const {
    promptTokenCount = 0,
    toolUsePromptTokenCount = 0,
    candidatesTokenCount = 0,
    thoughtsTokenCount = 0,
  } = counts;
  return {
    inputTokens: promptTokenCount + toolUsePromptTokenCount,
    outputTokens: candidatesTokenCount + thoughtsTokenCount,
  };
}
