import type { JsonValue, ModelChunk, Usage } from "@strands/core";
import { ToolCallParts, type ToolNames } from "@strands/provider-kit";
import { mapFinishReason } from "./map-finish-reason.js";

interface OpenCall {
  readonly name: string;
  text: string;
  providerData: JsonValue | undefined;
}

/** What the parts of one stream add up to. They come from outside: nothing about their shape is taken for granted. */
export class AiSdkAnswer {
  readonly #names: ToolNames;
  readonly #calls = new Map<string, OpenCall>();
  #end: { readonly finishReason: unknown; readonly usage: unknown } | undefined;

  constructor(names: ToolNames) {
    this.#names = names;
  }

  /** Whether the answer came to its end. Later versions end every stream with a part that says so, with no reason for one cut off. */
  get complete(): boolean {
    const reason = this.#end?.finishReason;
    if (typeof reason !== "object" || reason === null) return this.#end !== undefined;
    const { unified, raw } = reason as { unified?: unknown; raw?: unknown };
    return unified !== "other" || raw !== undefined;
  }

  /** Whether the model says that it failed. */
  get failed(): boolean {
    return mapFinishReason(this.#end?.finishReason) === "error";
  }

  /**
   * Takes a part, and gives its text.
   *
   * @throws what an error part holds
   */
  take(part: unknown): string {
    const { type, ...fields } = (part ?? {}) as Readonly<Record<string, unknown>>;
    switch (type) {
      case "text-delta":
        return textOf(fields["delta"] ?? fields["textDelta"]);
      case "tool-input-start":
        if (fields["providerExecuted"] !== true) this.#open(textOf(fields["id"]), textOf(fields["toolName"]));
        return "";
      case "tool-input-delta": {
        const call = this.#calls.get(textOf(fields["id"]));
        if (call !== undefined) call.text += textOf(fields["delta"]);
        return "";
      }
      case "tool-call":
        if (fields["providerExecuted"] !== true) this.#take(fields);
        return "";
      case "finish":
        this.#end = { finishReason: fields["finishReason"], usage: fields["usage"] };
        return "";
      case "error":
        throw fields["error"];
      default:
        // Reasoning, sources, files and what tools of the provider gave are no part of an answer here.
        return "";
    }
  }

  /** What comes at the end: calls in the order they began, usage, and why it ended. */
  finish(): readonly ModelChunk[] {
    const parts = new ToolCallParts();
    for (const [id, { name, text, providerData }] of this.#calls) {
      parts.add(id, { id, name: this.#names.fromProvider(name), text, providerData });
    }
    const reason = mapFinishReason(this.#end?.finishReason);
    const usage = usageOf(this.#end?.usage);
    return [
      ...parts.finish().map((call) => ({ type: "tool_call", call }) as const),
      ...(usage === undefined ? [] : [{ type: "usage", usage } as const]),
      { type: "finish", reason: reason === "error" ? "other" : reason },
    ];
  }

  #open(id: string, name: string): OpenCall {
    const call: OpenCall = { name, text: "", providerData: undefined };
    this.#calls.set(id, call);
    return call;
  }

  /** A whole call; its input says the same as the pieces before. */
  #take(fields: Readonly<Record<string, unknown>>): void {
    const { toolCallId, toolName, input, providerMetadata } = fields;
    const id = textOf(toolCallId);
    const call = this.#calls.get(id) ?? this.#open(id, textOf(toolName));
    call.text = typeof input === "string" ? input : JSON.stringify(input ?? {});
    // Opaque, and back it goes: signatures of thoughts are in it.
    if (typeof providerMetadata === "object" && providerMetadata !== null)
      call.providerData = providerMetadata as JsonValue;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Version 2 gives numbers, later ones objects with a `total`. */
function usageOf(usage: unknown): Usage | undefined {
  const { inputTokens, outputTokens } = (usage ?? {}) as Readonly<Record<string, unknown>>;
  const [input, output] = [countOf(inputTokens), countOf(outputTokens)];
  return input === undefined && output === undefined
    ? undefined
    : { inputTokens: input ?? 0, outputTokens: output ?? 0 };
}

function countOf(given: unknown): number | undefined {
  const count = typeof given === "object" && given !== null ? (given as { total?: unknown }).total : given;
  return typeof count === "number" && Number.isFinite(count) && count >= 0 ? count : undefined;
}
