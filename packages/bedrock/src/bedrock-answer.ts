import type { ConverseStreamOutput } from "@aws-sdk/client-bedrock-runtime";
import type { FinishReason, ModelChunk, Usage } from "@strands/core";
import type { ToolNames } from "@strands/provider-kit";
import { ToolCallParts } from "@strands/provider-kit";
import { BedrockFailure } from "./bedrock-failure.js";
import { mapFinishReason } from "./map-finish-reason.js";

/** One answer, put together from the events of its stream. */
export class BedrockAnswer {
  readonly #names: ToolNames;
  /** The tool that takes the answer, when the model is held to a schema by one. */
  readonly #answerTool: string | undefined;
  readonly #calls = new ToolCallParts();
  readonly #answerBlocks = new Set<number>();
  /** Text that counts only when the answer does not come through the tool. */
  #heldBack = "";
  #finish: FinishReason | undefined;
  #usage: Usage | undefined;

  constructor(names: ToolNames, answerTool: string | undefined) {
    this.#names = names;
    this.#answerTool = answerTool;
  }

  /** Whether nothing more is to come: usage follows the reason why the answer ended. */
  get complete(): boolean {
    return this.#finish !== undefined && this.#usage !== undefined;
  }

  /** Takes an event, and gives the text that came with it. */
  add(event: ConverseStreamOutput): string {
    const { contentBlockStart: start, contentBlockDelta: more, messageStop: stop, metadata } = event;
    if (start?.start?.toolUse !== undefined) this.#begin(start.contentBlockIndex ?? 0, start.start.toolUse);
    if (stop !== undefined) this.#finish = mapFinishReason(stop.stopReason);
    if (metadata?.usage !== undefined) {
      const { inputTokens = 0, outputTokens = 0 } = metadata.usage;
      this.#usage = { inputTokens, outputTokens };
    }
    return more?.delta === undefined ? "" : this.#more(more.contentBlockIndex ?? 0, more.delta);
  }

  /**
   * What the answer ended with.
   *
   * @throws BedrockFailure when it did not
   */
  *end(): Generator<ModelChunk> {
    if (this.#finish === undefined) throw new BedrockFailure("cut_off", "the answer ended before its last event");
    const answered = this.#answerBlocks.size > 0;
    if (!answered && this.#heldBack !== "") yield this.#heldBack;
    for (const call of this.#calls.finish()) yield { type: "tool_call", call };
    if (this.#usage !== undefined) yield { type: "usage", usage: this.#usage };
    const onlyAnswered = answered && this.#calls.empty && this.#finish === "tool_calls";
    yield { type: "finish", reason: onlyAnswered ? "stop" : this.#finish };
  }

  #begin(index: number, { toolUseId, name }: { toolUseId?: string | undefined; name?: string | undefined }): void {
    if (name !== undefined && name === this.#answerTool) this.#answerBlocks.add(index);
    else this.#calls.add(index, { id: toolUseId, name: this.#names.fromProvider(name ?? "") });
  }

  #more(index: number, delta: NonNullable<NonNullable<ConverseStreamOutput["contentBlockDelta"]>["delta"]>): string {
    // What a reasoning model thinks comes in blocks of its own, and stays there.
    if (delta.text !== undefined) {
      if (this.#answerTool === undefined) return delta.text;
      this.#heldBack += delta.text;
    }
    const { input } = delta.toolUse ?? {};
    if (input === undefined) return "";
    if (this.#answerBlocks.has(index)) return input;
    this.#calls.add(index, { text: input });
    return "";
  }
}
