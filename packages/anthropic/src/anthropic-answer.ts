import type {
  RawContentBlockDelta,
  RawContentBlockStartEvent,
  RawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/messages";
import type { FinishReason, JsonValue, ModelChunk, ToolCall, Usage } from "@strands/core";
import type { ToolNames } from "@strands/provider-kit";
import { ToolCallParts } from "@strands/provider-kit";
import { mapFinishReason } from "./map-finish-reason.js";

/** A block of thinking as it goes back in later requests. */
type Thinking =
  | { type: "thinking"; thinking: string; signature: string }
  | { readonly type: "redacted_thinking"; readonly data: string };

type Block = RawContentBlockStartEvent["content_block"];

/** The tokens counted so far. Fields that were not sent keep their value. */
interface Counts {
  input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  output_tokens?: number | null;
}

/** Puts one answer together from the events of its stream. */
export class AnthropicAnswer {
  readonly #names: ToolNames;
  readonly #answerTool: string | undefined;
  readonly #calls = new ToolCallParts();
  readonly #thinking = new Map<number, Thinking>();
  readonly #callBlocks = new Set<number>();
  readonly #counts: Counts = {};
  #answerBlock: number | undefined;
  #stopReason: string | undefined;
  #ended = false;

  /** @param answerTool name of the tool whose arguments are the answer, when there is one */
  constructor(names: ToolNames, answerTool: string | undefined) {
    this.#names = names;
    this.#answerTool = answerTool;
  }

  /** Whether the vendor said that this was all. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the answer is whole; if not, the connection ended too early. */
  get complete(): boolean {
    return this.#ended || this.#stopReason !== undefined;
  }

  /** Takes the next event; gives its piece of text, if it has one. Events and fields that are not known are passed over. */
  take(event: RawMessageStreamEvent): string {
    switch (event?.type) {
      case "message_start":
        this.#count(event.message?.usage);
        return "";
      case "content_block_start":
        return this.#start(event.index, event.content_block);
      case "content_block_delta":
        return this.#delta(event.index, event.delta);
      case "message_delta":
        this.#count(event.usage);
        this.#stopReason = event.delta?.stop_reason ?? this.#stopReason;
        return "";
      case "message_stop":
        this.#ended = true;
        return "";
      default:
        return "";
    }
  }

  /** What comes after the text. */
  finish(): ModelChunk[] {
    const calls = this.#toolCalls();
    const usage = this.#usage();
    return [
      ...calls.map((call): ModelChunk => ({ type: "tool_call", call })),
      ...(usage === undefined ? [] : [{ type: "usage", usage } as const]),
      { type: "finish", reason: this.#reason(calls.length > 0) },
    ];
  }

  #start(index: number, block: Block | undefined): string {
    switch (block?.type) {
      case "text":
        return this.#answerTool === undefined ? (block.text ?? "") : "";
      case "tool_use":
        if (block.name === this.#answerTool) {
          this.#answerBlock = index;
        } else {
          this.#callBlocks.add(index);
          this.#calls.add(index, { id: block.id, name: this.#names.fromProvider(block.name) });
        }
        return "";
      case "thinking":
        this.#thinking.set(index, {
          type: "thinking",
          thinking: block.thinking ?? "",
          signature: block.signature ?? "",
        });
        return "";
      case "redacted_thinking":
        this.#thinking.set(index, { type: "redacted_thinking", data: block.data });
        return "";
      default:
        return "";
    }
  }

  #delta(index: number, delta: RawContentBlockDelta | undefined): string {
    const thinking = this.#thinking.get(index);
    switch (delta?.type) {
      case "text_delta":
        return this.#answerTool === undefined ? delta.text : "";
      case "input_json_delta":
        if (index === this.#answerBlock) return delta.partial_json;
        // Tools of the vendor's own stream their input the same way.
        if (this.#callBlocks.has(index)) this.#calls.add(index, { text: delta.partial_json });
        return "";
      case "thinking_delta":
        if (thinking?.type === "thinking") thinking.thinking += delta.thinking;
        return "";
      case "signature_delta":
        if (thinking?.type === "thinking") thinking.signature += delta.signature;
        return "";
      default:
        return "";
    }
  }

  /** The thinking goes with the first call: the API wants it back with the results, and refuses the conversation without it. */
  #toolCalls(): readonly ToolCall[] {
    const [first, ...others] = this.#calls.finish();
    if (first === undefined) return [];
    const thinking = [...this.#thinking.values()];
    // The cast is from objects of strings.
    const providerData = { thinking: thinking as unknown as JsonValue };
    return [thinking.length === 0 ? first : { ...first, providerData }, ...others];
  }

  #reason(hasCalls: boolean): FinishReason {
    const reason = this.#stopReason === undefined ? "other" : mapFinishReason(this.#stopReason);
    return this.#answerBlock !== undefined && !hasCalls && reason === "tool_calls" ? "stop" : reason;
  }

  #count(counts: Counts | undefined): void {
    for (const key of counters) {
      const count = counts?.[key];
      if (typeof count === "number") this.#counts[key] = count;
    }
  }

  /** Tokens read from and written to the prompt cache are input as well. */
  #usage(): Usage | undefined {
    const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = this.#counts;
    if (input_tokens === undefined && output_tokens === undefined) return undefined;
    return {
      inputTokens: (input_tokens ?? 0) + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0),
      outputTokens: output_tokens ?? 0,
    };
  }
}

const counters = [
  "input_tokens",
  "cache_creation_input_tokens",
  "cache_read_input_tokens",
  "output_tokens",
] as const satisfies readonly (keyof Counts)[];
