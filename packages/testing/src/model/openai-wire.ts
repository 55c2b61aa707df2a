import type { JsonObject, Message, ToolCall } from "@strands/core";
import type { ModelWire, WireAnswer, WireErrorKind } from "./model-wire.js";
import type { WireRequest } from "./wire-request.js";

const data = (event: unknown): Uint8Array => Buffer.from(`data: ${JSON.stringify(event)}\n\n`);

/** The Chat Completions API from the server's side. */
export const openaiWire: ModelWire = {
  contentType: "text/event-stream",

  events({ text = [], toolCalls = [], usage, finish }: WireAnswer): readonly Uint8Array[] {
    const choice = (delta: unknown, reason: string | null = null): Uint8Array =>
      data({ id: "c-1", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: reason }] });
    const events = [choice({ role: "assistant", content: "" }), ...text.map((content) => choice({ content }))];
    for (const [index, { id, name }] of toolCalls.entries()) {
      events.push(choice({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }));
    }
    // One piece of each call in turn, as servers that work on several at once send them.
    const rounds = Math.max(0, ...toolCalls.map(({ pieces }) => pieces.length));
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, { pieces }] of toolCalls.entries()) {
        const piece = pieces[round];
        if (piece !== undefined) events.push(choice({ tool_calls: [{ index, function: { arguments: piece } }] }));
      }
    }
    if (finish === "missing") return events;
    events.push(choice({}, reasonOf(finish ?? (toolCalls.length === 0 ? "stop" : "tool_calls"))));
    if (usage !== undefined) {
      const { inputTokens, outputTokens } = usage;
      events.push(data({ choices: [], usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens } }));
    }
    return [...events, Buffer.from("data: [DONE]\n\n")];
  },

  error: (_, kind, message) => ({
    contentType: "application/json",
    body: JSON.stringify({ error: { message, param: null, ...signsOf(kind) } }),
    headers: { "x-request-id": "req-1" },
  }),

  errorEvent: (message) => data({ error: { message, type: "server_error", code: null } }),

  listing: () => ({
    contentType: "application/json",
    body: JSON.stringify({ object: "list", data: [{ id: "contract-model", object: "model" }] }),
  }),

  readRequest({ headers, body }: WireRequest) {
    const { model, messages, tools = [], temperature, top_p, response_format, ...rest } = body as RequestBody;
    return {
      modelId: model,
      system: messages.find(({ role }) => role === "system")?.content ?? "",
      messages: readMessages(messages.filter(({ role }) => role !== "system")),
      tools: tools.map(({ function: { name, description, parameters } }) => ({
        name,
        description,
        inputSchema: parameters,
      })),
      temperature,
      topP: top_p,
      maxTokens: rest.max_tokens ?? rest.max_completion_tokens,
      outputSchema: response_format?.json_schema.schema,
      key: headers["authorization"]?.replace(/^Bearer /, "") ?? headers["api-key"],
    };
  },
};

interface WireMessage {
  readonly role: string;
  readonly content: string | null;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

interface RequestBody {
  readonly model: string;
  readonly messages: readonly WireMessage[];
  readonly tools?: readonly {
    readonly function: { readonly name: string; readonly description: string; readonly parameters: JsonObject };
  }[];
  readonly temperature?: number;
  readonly top_p?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly response_format?: { readonly json_schema: { readonly schema: JsonObject } };
}

/** Results that follow each other belong to one message of ours. */
function readMessages(messages: readonly WireMessage[]): Message[] {
  const read: Message[] = [];
  const names = new Map<string, string>();
  for (const { role, content, tool_call_id: callId = "", tool_calls: calls = [] } of messages) {
    if (role === "tool") {
      const text = content ?? "";
      const isError = text.startsWith("Error: ");
      const result = { callId, name: names.get(callId) ?? "", content: isError ? text.slice(7) : text, isError };
      const last = read.at(-1);
      if (last?.role === "tool") read[read.length - 1] = { role: "tool", results: [...last.results, result] };
      else read.push({ role: "tool", results: [result] });
    } else if (role === "assistant") {
      const toolCalls = calls.map(
        ({ id, function: { name, arguments: text } }): ToolCall => ({ id, name, input: JSON.parse(text) }),
      );
      for (const { id, name } of toolCalls) names.set(id, name);
      read.push({ role: "assistant", content: content ?? "", ...(toolCalls.length === 0 ? {} : { toolCalls }) });
    } else read.push({ role: "user", content: content ?? "" });
  }
  return read;
}

function reasonOf(finish: NonNullable<WireAnswer["finish"]>): string {
  if (finish === "other") return "recitation";
  return finish === "unknown" ? "a_reason_of_tomorrow" : finish;
}

function signsOf(kind: WireErrorKind): { readonly type: string; readonly code: string | null } {
  switch (kind) {
    case "auth":
      return { type: "invalid_request_error", code: "invalid_api_key" };
    case "not_found":
      return { type: "invalid_request_error", code: "model_not_found" };
    case "overflow":
      return { type: "invalid_request_error", code: "context_length_exceeded" };
    case "rate_limit":
      return { type: "requests", code: "rate_limit_exceeded" };
    case "quota":
      return { type: "insufficient_quota", code: "insufficient_quota" };
    case "other":
      return { type: "invalid_request_error", code: null };
  }
}
