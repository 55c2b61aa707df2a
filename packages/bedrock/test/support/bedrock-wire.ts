import type { FinishReason, JsonObject, JsonValue, Message, ToolDeclaration } from "@strands/core";
import type { ModelWire, WireAnswer, WireBody, WireErrorKind, WireReading } from "@strands/testing/model";
import { encodeEvent } from "./event-stream.js";

/** ConverseStream of Bedrock, from the server's side. */
export const bedrockWire: ModelWire = {
  contentType: "application/vnd.amazon.eventstream",
  events: (answer) => [...eventsOf(answer)],
  error: (status, kind, message) => errorBody(errorName(status, kind), kind === "overflow" ? overflow : message),
  errorEvent: (message) => exceptionEvent("internalServerException", message),
  garbage: () => event("contentBlockDelta", "{oops"),
  listing: () => ({ contentType: "application/json", body: JSON.stringify({ asyncInvokeSummaries: [] }) }),
  readRequest: ({ body, path, headers }) => readConverse(body as ConverseBody, path, headers["authorization"] ?? ""),
};

const overflow = "Input is too long for requested model.";

/** One event of the stream. It leaves out `:content-type`, which nobody reads: tests send some streams once per byte. */
export function event(type: string, payload: object | string): Uint8Array {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  return encodeEvent({ ":event-type": type, ":message-type": "event" }, text);
}

/** One exception in the stream. */
export function exceptionEvent(type: string, message: string): Uint8Array {
  const headers = { ":exception-type": type, ":message-type": "exception" };
  return encodeEvent(headers, JSON.stringify({ message }));
}

/** An error response. */
export function errorBody(name: string, message: string): WireBody {
  return {
    contentType: "application/json",
    body: JSON.stringify({ message }),
    headers: { "x-amzn-errortype": `${name}:http://internal.amazon.com/coral/` },
  };
}

const stopReasons: Readonly<Record<Exclude<WireAnswer["finish"], undefined | "missing">, string>> = {
  stop: "end_turn",
  tool_calls: "tool_use",
  length: "max_tokens",
  content_filter: "content_filtered",
  other: "malformed_model_output",
  unknown: "because",
} satisfies Record<FinishReason | "unknown", string>;

function* eventsOf({ text = [], toolCalls = [], usage, finish }: WireAnswer): Generator<Uint8Array> {
  yield event("messageStart", { role: "assistant" });
  for (const piece of text) yield event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: piece } });
  if (text.length > 0) yield event("contentBlockStop", { contentBlockIndex: 0 });
  for (const [index, { id, name }] of toolCalls.entries()) {
    const start = { toolUse: { toolUseId: id, name } };
    yield event("contentBlockStart", { contentBlockIndex: index + 1, start });
  }
  // The pieces of several calls take turns.
  const longest = Math.max(0, ...toolCalls.map(({ pieces }) => pieces.length));
  for (let turn = 0; turn < longest; turn += 1) {
    for (const [index, { pieces }] of toolCalls.entries()) {
      const input = pieces[turn];
      if (input === undefined) continue;
      yield event("contentBlockDelta", { contentBlockIndex: index + 1, delta: { toolUse: { input } } });
    }
  }
  for (const index of toolCalls.keys()) yield event("contentBlockStop", { contentBlockIndex: index + 1 });
  if (finish === "missing") return;
  yield event("messageStop", { stopReason: stopReasons[finish ?? (toolCalls.length > 0 ? "tool_calls" : "stop")] });
  const { inputTokens = 1, outputTokens = 1 } = usage ?? {};
  const counts = { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
  yield event("metadata", { usage: counts });
}

function errorName(status: number, kind: WireErrorKind): string {
  if (kind === "quota") return "ServiceQuotaExceededException";
  const names: Readonly<Record<number, string>> = {
    400: "ValidationException",
    401: "UnrecognizedClientException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    409: "ConflictException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
  };
  return names[status] ?? "SomethingNewException";
}

interface ConverseBody {
  readonly system?: readonly { readonly text: string }[];
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: readonly Block[] }[];
  readonly toolConfig?: {
    readonly tools: readonly {
      readonly toolSpec: {
        readonly name: string;
        readonly description?: string;
        readonly inputSchema: { readonly json: JsonObject };
      };
    }[];
  };
  readonly inferenceConfig?: { readonly temperature?: number; readonly topP?: number; readonly maxTokens?: number };
  readonly outputConfig?: {
    readonly textFormat: { readonly structure: { readonly jsonSchema: { readonly schema: string } } };
  };
}

interface Block {
  readonly text?: string;
  readonly toolUse?: { readonly toolUseId: string; readonly name: string; readonly input: JsonValue };
  readonly toolResult?: {
    readonly toolUseId: string;
    readonly content: readonly { readonly text: string }[];
    readonly status: string;
  };
}

function readConverse(body: ConverseBody, path: string, authorization: string): WireReading {
  const { system = [], messages, toolConfig, inferenceConfig = {}, outputConfig } = body;
  const schema = outputConfig?.textFormat.structure.jsonSchema.schema;
  return {
    modelId: decodeURIComponent(/^\/model\/([^/]+)\/converse-stream$/.exec(path)?.[1] ?? ""),
    system: system.map(({ text }) => text).join("\n"),
    messages: messagesOf(messages),
    tools: (toolConfig?.tools ?? []).map(({ toolSpec }): ToolDeclaration => {
      const { name, description = "", inputSchema } = toolSpec;
      return { name, description, inputSchema: inputSchema.json };
    }),
    temperature: inferenceConfig.temperature,
    topP: inferenceConfig.topP,
    maxTokens: inferenceConfig.maxTokens,
    outputSchema: schema === undefined ? undefined : (JSON.parse(schema) as JsonObject),
    key: /^Bearer (.+)$/.exec(authorization)?.[1],
  };
}

/** Results do not name their tool, so the call before them does. */
function messagesOf(messages: ConverseBody["messages"]): Message[] {
  const names = new Map<string, string>();
  return messages.flatMap(({ role, content }): Message[] => {
    const text = content.map((block) => block.text ?? "").join("");
    const toolCalls = content.flatMap(({ toolUse }) =>
      toolUse === undefined ? [] : [{ id: toolUse.toolUseId, name: toolUse.name, input: toolUse.input }],
    );
    for (const { id, name } of toolCalls) names.set(id, name);
    if (role === "assistant") return [{ role, content: text, ...(toolCalls.length === 0 ? {} : { toolCalls }) }];
    const results = content.flatMap(({ toolResult }) => {
      if (toolResult === undefined) return [];
      const { toolUseId: callId, content: parts, status } = toolResult;
      const said = parts.map((part) => part.text).join("");
      return [{ callId, name: names.get(callId) ?? "", content: said, isError: status === "error" }];
    });
    const answered: Message[] = results.length === 0 ? [] : [{ role: "tool", results }];
    return text === "" ? answered : [...answered, { role: "user", content: text }];
  });
}
