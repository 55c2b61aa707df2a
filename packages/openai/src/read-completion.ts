import type { FinishReason, ModelChunk, Usage } from "@strands/core";
import { ToolCallParts, type ToolNames } from "@strands/provider-kit";
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
  add(event: unknown): string {
    const { choices, usage } = (event ?? {}) as LooseEvent;
    this.#usage = usageOf(usage) ?? this.#usage;
    const choice = listOf(choices).find(({ index }) => index === undefined || index === 0);
    // Usage may come after the finish; anything else that does is not of this answer.
    if (choice === undefined || this.finished) return "";
    const { delta, finish_reason: reason } = choice;
    const { content, refusal, tool_calls: calls } = delta ?? {};
    for (const call of listOf(calls)) this.#addCall(call);
    if (typeof reason === "string" && reason !== "") this.#finish = reason;
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

  #addCall({ index, id, function: piece }: LooseCall): void {
    // Servers that number nothing begin a call with its id.
    this.#lastPlace = index ?? (id || this.#lastPlace);
    this.#calls.add(this.#lastPlace, { id: textOf(id), name: textOf(piece?.name), text: textOf(piece?.arguments) });
  }
}

/** What an event of the SDK's type is made of, once nothing is taken for granted. */
interface LooseEvent {
  readonly choices?: readonly LooseChoice[] | null;
  readonly usage?: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown } | null;
}

interface LooseChoice {
  readonly index?: number;
  readonly delta?: {
    readonly content?: unknown;
    readonly refusal?: unknown;
    readonly tool_calls?: readonly LooseCall[] | null;
  } | null;
  readonly finish_reason?: unknown;
}

interface LooseCall {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null } | null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The objects of a list; nothing of what is no list. */
function listOf<T extends object>(list: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(list) ? list.filter((item: T | null) => typeof item === "object" && item !== null) : [];
}

function usageOf(usage: LooseEvent["usage"]): Usage | undefined {
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage ?? {};
  return typeof inputTokens === "number" && typeof outputTokens === "number"
    ? { inputTokens, outputTokens }
    : undefined;
}
