import type { Model, ModelChunk, ModelRequest, ToolCall } from "../../src/model/model.js";
import type { JsonValue } from "../../src/spec/json.js";

/** One answer: a text, the very chunks, or an error to throw. An error among the chunks is thrown in its place. */
export type Reply = string | Error | readonly (ModelChunk | Error)[];

export interface ScriptedModel extends Model {
  /** Every call, with a copy of its conversation. */
  readonly requests: readonly ModelRequest[];
}

/** A model that says what it is told to: one reply per call, or a function of the request and the number of the call. */
export function scriptedModel(
  script: readonly Reply[] | ((request: ModelRequest, call: number) => Reply | Promise<Reply>),
): ScriptedModel {
  const requests: ModelRequest[] = [];
  async function* stream(request: ModelRequest): AsyncGenerator<ModelChunk> {
    const call = requests.length;
    requests.push({ ...request, messages: [...request.messages] });
    const reply = typeof script === "function" ? await script(request, call) : script[call];
    if (reply === undefined) throw new Error(`The script has no reply for call ${call} (${request.stepKey})`);
    for (const chunk of typeof reply === "string" || reply instanceof Error ? [reply] : reply) {
      if (chunk instanceof Error) throw chunk;
      yield chunk;
    }
  }
  return { provider: "scripted", modelId: "script-1", requests, stream };
}

/** A model that answers `<step key>: <last message>`. */
export function echoModel(): ScriptedModel {
  return scriptedModel((request) => `${request.stepKey}: ${lastText(request)}`);
}

export function lastText(request: ModelRequest): string {
  const last = request.messages.at(-1);
  return last?.role === "user" ? last.content : JSON.stringify(last);
}

/** The chunk with which a model asks for a tool. */
export function toolCall(name: string, input: JsonValue = {}, id = `call-${name}`): ModelChunk {
  const call: ToolCall = { id, name, input };
  return { type: "tool_call", call };
}
