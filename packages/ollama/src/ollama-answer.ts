import type { ModelChunk, ModelRequest, Usage } from "@strands/core";
import type { ToolCallPiece, ToolNames } from "@strands/provider-kit";
import { ToolCallParts } from "@strands/provider-kit";
import type { ChatResponse } from "ollama";
import { mapFinishReason } from "./map-finish-reason.js";
import { OllamaFailure } from "./ollama-failure.js";

/** One answer, put together from the lines of its stream. */
export class OllamaAnswer {
  readonly #names: ToolNames;
  readonly #calls = new ToolCallParts();
  /** Old servers give no ids: one is made from the place in the whole conversation, so that it does not come twice. */
  #place: number;
  #last: Partial<ChatResponse> | undefined;

  constructor(request: ModelRequest, names: ToolNames) {
    this.#names = names;
    this.#place = request.messages.reduce((sum, message) => sum + callsOf(message), 0);
  }

  /** Whether the last line has come. */
  get complete(): boolean {
    return this.#last !== undefined;
  }

  /** Takes a line, and gives the text that came with it. */
  add(part: ChatResponse): string {
    // What a reasoning model thinks comes apart from the text, and stays there.
    const { content, tool_calls } = part.message ?? {};
    for (const call of tool_calls ?? []) {
      this.#calls.add(this.#place, pieceOf(call, this.#names));
      this.#place += 1;
    }
    if (part.done) this.#last = part;
    return typeof content === "string" ? content : "";
  }

  /**
   * What the answer ended with.
   *
   * @throws OllamaFailure when it did not
   */
  *end(): Generator<ModelChunk> {
    if (this.#last === undefined) throw new OllamaFailure("cut_off", "the answer ended before its last line");
    for (const call of this.#calls.finish()) yield { type: "tool_call", call };
    const usage = usageOf(this.#last);
    if (usage !== undefined) yield { type: "usage", usage };
    yield { type: "finish", reason: mapFinishReason(this.#last.done_reason, !this.#calls.empty) };
  }
}

function callsOf(message: ModelRequest["messages"][number]): number {
  return message.role === "assistant" ? (message.toolCalls ?? []).length : 0;
}

/** Arguments come as an object; some servers before Ollama send JSON text. */
function pieceOf(call: { readonly id?: unknown; readonly function?: unknown }, names: ToolNames): ToolCallPiece {
  const { name, arguments: input = {} } = (call.function ?? {}) as { name?: unknown; arguments?: unknown };
  if (typeof name !== "string") throw new OllamaFailure("unreadable", "a tool call without a name");
  return {
    ...(typeof call.id === "string" ? { id: call.id } : {}),
    name: names.fromProvider(name),
    text: typeof input === "string" ? input : JSON.stringify(input),
  };
}

function usageOf({ prompt_eval_count: input, eval_count: output }: Partial<ChatResponse>): Usage | undefined {
  if (input === undefined && output === undefined) return undefined;
  return { inputTokens: input ?? 0, outputTokens: output ?? 0 };
}
