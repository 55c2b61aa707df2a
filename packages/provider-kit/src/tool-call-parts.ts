import type { JsonValue, ToolCall } from "@strands/core";

interface OpenCall {
  id: string;
  name: string;
  text: string;
  providerData: JsonValue | undefined;
}

/** One piece of a tool call, as it comes in a stream. */
export interface ToolCallPiece {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** More of the arguments' JSON text. */
  readonly text?: string | undefined;
  readonly providerData?: JsonValue | undefined;
}

/** Puts the tool calls of one answer together: several at once, their arguments arriving in pieces. */
export class ToolCallParts {
  readonly #calls = new Map<number | string, OpenCall>();

  /** @param place what tells calls apart in the stream: an index or an id */
  add(place: number | string, piece: ToolCallPiece): void {
    let call = this.#calls.get(place);
    if (call === undefined) {
      call = { id: "", name: "", text: "", providerData: undefined };
      this.#calls.set(place, call);
    }
    // Id and name come whole, and some servers send them again with every piece.
    if (piece.id) call.id = piece.id;
    if (piece.name) call.name = piece.name;
    if (piece.text !== undefined) call.text += piece.text;
    if (piece.providerData !== undefined) call.providerData = piece.providerData;
  }

  get empty(): boolean {
    return this.#calls.size === 0;
  }

  /**
   * The calls, in the order they began. Arguments that are no JSON stay text, which the engine gives back to the model as
   * a mistake of its own. A call without an id gets one made from its place.
   */
  finish(): readonly ToolCall[] {
    return [...this.#calls].map(([place, { id, name, text, providerData }]) => ({
      id: id === "" ? `call_${place}` : id,
      name,
      input: parseInput(text),
      ...(providerData === undefined ? {} : { providerData }),
    }));
  }
}

function parseInput(text: string): JsonValue {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
