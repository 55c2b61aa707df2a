import { ProviderError } from "../error/errors.js";
import { isTooDeep } from "../model/json-answer.js";
import type { FinishReason, ToolCall, Usage } from "../model/model.js";
import { isCount } from "../model/usage.js";
import { quoteValue } from "../spec/check-quote.js";

/** A longer answer is no answer: it would fill the memory before anybody could stop it. */
const maxTextLength = 32 * 1024 * 1024;

/** What the pieces of one answer add up to. Pieces come from outside: nothing about their shape is taken for granted. */
export class AnswerParts {
  text = "";
  toolCalls: ToolCall[] | undefined;
  usage: Usage | undefined;
  finish: FinishReason | undefined;

  /**
   * Adds a piece, and gives its text.
   *
   * @throws {@link ProviderError} `PROVIDER_BAD_RESPONSE` for what is no piece of an answer
   */
  add(piece: unknown): string {
    if (typeof piece === "string") return this.#addText(piece);
    const { type, ...fields } = (typeof piece === "object" && piece !== null ? piece : {}) as Record<string, unknown>;
    const { text, call, usage, reason } = fields;
    if (type === "text" && typeof text === "string") return this.#addText(text);
    if (type === "tool_call" && isToolCall(call)) this.#addCall(call);
    // Anything but counts would spoil the sums of the session and switch its token budget off.
    else if (type === "usage") this.usage = isUsage(usage) ? usage : undefined;
    else if (type === "finish" && typeof reason === "string") this.finish = reason as FinishReason;
    else throw badPiece(piece);
    return "";
  }

  /**
   * Says whether the answer, now that it is whole, is one. An empty one is, when the model chose to end it there: after tool
   * calls many have nothing more to say.
   *
   * @throws {@link ProviderError} `PROVIDER_CONTENT_FILTER`, `PROVIDER_BAD_RESPONSE`
   */
  assertAnswered(): void {
    if (this.text.trim() !== "" || this.toolCalls !== undefined) return;
    if (this.finish === "content_filter") {
      throw new ProviderError("PROVIDER_CONTENT_FILTER", "The provider's content filter withheld the whole answer", {
        hint: "Change what the step asks or the provider's filter settings in a new run; the same request would be refused again.",
      });
    }
    if (this.finish === "length") {
      throw new ProviderError("PROVIDER_BAD_RESPONSE", "The model reached its length limit before it said anything", {
        hint: "Raise `max_tokens`: models that think before they answer use it up for that as well.",
      });
    }
    if (this.finish === "tool_calls") {
      throw new ProviderError("PROVIDER_BAD_RESPONSE", "The model ended its answer to call tools, and called none", {
        hint: "Resume to ask again. If it goes on, use another model: this one and its server do not agree about tools.",
        retryable: true,
      });
    }
  }

  #addCall(call: ToolCall): void {
    this.toolCalls ??= [];
    // What goes through arguments level by level would run out of stack; a text is given back to the model as a mistake.
    this.toolCalls.push(isTooDeep(call.input) ? { ...call, input: "arguments nested too deeply" } : call);
  }

  #addText(text: string): string {
    this.text += text;
    if (this.text.length <= maxTextLength) return text;
    throw new ProviderError("PROVIDER_BAD_RESPONSE", `The model's answer is longer than ${maxTextLength} characters`, {
      hint: "Limit it with `max_tokens`, or mend the model: its stream may never end.",
    });
  }
}

/** The pieces of an answer, one by one. */
export function piecesOf(stream: unknown): AsyncIterator<unknown> {
  const source = stream as { [Symbol.asyncIterator]?: unknown } | null | undefined;
  if (typeof source?.[Symbol.asyncIterator] === "function")
    return (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  throw new ProviderError("PROVIDER_BAD_RESPONSE", `The model gave ${quoteValue(stream)}, which is no stream`, {
    hint: "A model function is an async generator: `async function* (request) { yield text; }`.",
  });
}

function badPiece(piece: unknown): ProviderError {
  return new ProviderError(
    "PROVIDER_BAD_RESPONSE",
    `The model gave ${quoteValue(piece)}, which is no piece of an answer`,
    {
      hint: 'Yield strings, or objects of the type "text", "tool_call", "usage" or "finish".',
    },
  );
}

function isToolCall(call: unknown): call is ToolCall {
  const { id, name, input } = (call ?? {}) as Partial<Record<keyof ToolCall, unknown>>;
  return typeof id === "string" && typeof name === "string" && input !== undefined;
}

function isUsage(usage: unknown): usage is Usage {
  const { inputTokens, outputTokens } = (usage ?? {}) as Partial<Record<keyof Usage, unknown>>;
  return isCount(inputTokens) && isCount(outputTokens);
}
