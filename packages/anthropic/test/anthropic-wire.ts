import type { JsonObject, JsonValue, Message, ToolCall, ToolResult } from "@strands/core";
import type { ModelWire, WireAnswer, WireErrorKind, WireReading, WireRequest } from "@strands/testing/model";

/** The Messages API, from the server's side. */
export const anthropicWire: ModelWire = {
  contentType: "text/event-stream; charset=utf-8",
  events,
  error(_status, kind, message) {
    return {
      contentType: "application/json",
      headers: { "request-id": "req_contract" },
      body: JSON.stringify({ type: "error", error: { type: errorTypes[kind], message: wordsOf(kind, message) } }),
    };
  },
  errorEvent: (message) => event("error", { type: "error", error: { type: "overloaded_error", message } }),
  // Events without a name are none of this protocol.
  garbage: () => Buffer.from("event: content_block_delta\ndata: {oops\n\n"),
  listing: () => ({
    contentType: "application/json",
    body: JSON.stringify({ data: [], has_more: false, first_id: null, last_id: null }),
  }),
  readRequest,
};

const errorTypes: Readonly<Record<WireErrorKind, string>> = {
  auth: "authentication_error",
  not_found: "not_found_error",
  overflow: "invalid_request_error",
  rate_limit: "rate_limit_error",
  quota: "billing_error",
  other: "invalid_request_error",
};

function wordsOf(kind: WireErrorKind, message: string): string {
  return kind === "overflow" ? `prompt is too long: 208310 tokens > 200000 maximum. ${message}` : message;
}

const stopReasons = {
  stop: "end_turn",
  tool_calls: "tool_use",
  length: "max_tokens",
  content_filter: "refusal",
  other: "pause_turn",
  unknown: "solar_flare",
} as const;

function events({ text = [], toolCalls = [], usage, finish }: WireAnswer): readonly Uint8Array[] {
  const started = {
    id: "msg_contract",
    type: "message",
    role: "assistant",
    model: "contract-model",
    content: [],
    stop_reason: null,
    // The output is counted at the end, the input in three parts.
    usage: {
      input_tokens: (usage?.inputTokens ?? 9) - 5,
      cache_read_input_tokens: 3,
      cache_creation_input_tokens: 2,
      output_tokens: 1,
    },
  };
  const textBlocks = text.length === 0 ? [] : [textBlock(text)];
  const blocks = [...textBlocks, ...toolCalls.map(toolBlock)].flatMap((make, index) => make(index));
  const all = [
    event("message_start", { type: "message_start", message: started }),
    event("ping", { type: "ping" }),
    ...blocks,
  ];
  if (finish === "missing") return all;
  const stop_reason = stopReasons[finish ?? (toolCalls.length > 0 ? "tool_calls" : "stop")];
  return [
    ...all,
    event("message_delta", {
      type: "message_delta",
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: usage?.outputTokens ?? 7 },
    }),
    event("message_stop", { type: "message_stop" }),
  ];
}

type MakeBlock = (index: number) => Uint8Array[];

function textBlock(pieces: readonly string[]): MakeBlock {
  return (index) =>
    block(
      index,
      { type: "text", text: "" },
      pieces.map((text) => ({ type: "text_delta", text })),
    );
}

function toolBlock({ id, name, pieces }: NonNullable<WireAnswer["toolCalls"]>[number]): MakeBlock {
  const deltas = pieces.map((partial_json) => ({ type: "input_json_delta", partial_json }));
  return (index) => block(index, { type: "tool_use", id, name, input: {} }, deltas);
}

export function block(index: number, content_block: object, deltas: readonly object[]): Uint8Array[] {
  return [
    event("content_block_start", { type: "content_block_start", index, content_block }),
    ...deltas.map((delta) => event("content_block_delta", { type: "content_block_delta", index, delta })),
    event("content_block_stop", { type: "content_block_stop", index }),
  ];
}

export function event(name: string, data: object): Uint8Array {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

interface Body {
  readonly model?: string;
  readonly system?: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: readonly Block[] }[];
  readonly tools?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly input_schema: JsonObject;
  }[];
  readonly temperature?: number;
  readonly top_p?: number;
  readonly max_tokens?: number;
  readonly output_config?: { readonly format?: { readonly type: string; readonly schema: JsonObject } };
}

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: JsonValue;
  readonly tool_use_id?: string;
  readonly content?: string;
  readonly is_error?: boolean;
}

function readRequest({ body, headers }: WireRequest): WireReading {
  const { model, system, messages, tools = [], temperature, top_p, max_tokens, output_config } = body as Body;
  const names = new Map(messages.flatMap(({ content }) => content.map(({ id, name }) => [id, name] as const)));
  return {
    modelId: model,
    system: system ?? "",
    messages: messages.flatMap((message) => toMessages(message, names)),
    tools: tools.map(({ name, description = "", input_schema }) => ({ name, description, inputSchema: input_schema })),
    temperature,
    topP: top_p,
    maxTokens: max_tokens,
    outputSchema: output_config?.format?.schema,
    key: headers["x-api-key"] ?? headers["authorization"]?.replace(/^Bearer /, ""),
  };
}

function toMessages(
  { role, content }: Body["messages"][number],
  names: ReadonlyMap<string | undefined, string | undefined>,
): Message[] {
  const text = content.flatMap((part) => (part.type === "text" ? [part.text ?? ""] : [])).join("\n");
  if (role === "assistant") {
    const toolCalls = content.flatMap(({ type, id = "", name = "", input = null }): ToolCall[] =>
      type === "tool_use" ? [{ id, name, input }] : [],
    );
    return [{ role, content: text, ...(toolCalls.length === 0 ? {} : { toolCalls }) }];
  }
  const results = content.flatMap((part): ToolResult[] => {
    const { type, tool_use_id: callId = "", content: words = "", is_error: isError = false } = part;
    return type === "tool_result" ? [{ callId, name: names.get(callId) ?? "", content: words, isError }] : [];
  });
  return [
    ...(results.length === 0 ? [] : [{ role: "tool", results } as const]),
    ...(text === "" ? [] : [{ role, content: text } as const]),
  ];
}
