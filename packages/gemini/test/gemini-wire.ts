import type { JsonObject, JsonValue, Message, ToolCall, ToolResult } from "@strands/core";
import type { ModelWire, WireAnswer, WireErrorKind, WireReading, WireRequest } from "@strands/testing/model";

/** `streamGenerateContent` of the Gemini API, from the server's side. */
export const geminiWire: ModelWire = {
  contentType: "text/event-stream",
  events,
  error(status, kind, message) {
    const { words, ...error } = errors[kind];
    const body = { error: { code: status, message: words === undefined ? message : `${words} ${message}`, ...error } };
    return { contentType: "application/json; charset=UTF-8", body: JSON.stringify(body) };
  },
  errorEvent: (message) => event({ error: { code: 503, message, status: "UNAVAILABLE" } }),
  listing: () => ({ contentType: "application/json; charset=UTF-8", body: JSON.stringify({ models: [] }) }),
  readRequest,
};

interface ErrorShape {
  readonly status: string;
  readonly words?: string;
  readonly details?: readonly JsonObject[];
}

const errors: Readonly<Record<WireErrorKind, ErrorShape>> = {
  auth: { status: "PERMISSION_DENIED" },
  not_found: { status: "NOT_FOUND" },
  overflow: {
    status: "INVALID_ARGUMENT",
    words: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  },
  rate_limit: { status: "RESOURCE_EXHAUSTED" },
  quota: {
    status: "RESOURCE_EXHAUSTED",
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" }],
      },
    ],
  },
  other: { status: "UNKNOWN" },
};

const finishReasons = {
  stop: "STOP",
  tool_calls: "STOP",
  length: "MAX_TOKENS",
  content_filter: "SAFETY",
  other: "OTHER",
  unknown: "SOLAR_FLARE",
} as const;

function events({ text = [], toolCalls = [], usage, finish }: WireAnswer): readonly Uint8Array[] {
  const calls = toolCalls.map(({ id, name, pieces }) => {
    const args = pieces.join("");
    return { functionCall: { id, name, ...(args === "" ? {} : { args: JSON.parse(args) as JsonValue }) } };
  });
  const parts: readonly JsonObject[] = [...text.map((piece) => ({ text: piece })), ...calls];
  const pieces = parts.map((part) => piece([part]));
  if (finish === "missing") return pieces;
  const { inputTokens = 9, outputTokens = 7 } = usage ?? {};
  const last = piece([{ text: "" }], {
    finishReason: finishReasons[finish ?? "stop"],
    // Counted apart: thoughts are output, and what tools of the vendor add is input.
    usageMetadata: {
      promptTokenCount: inputTokens - 2,
      toolUsePromptTokenCount: 2,
      candidatesTokenCount: outputTokens - 3,
      thoughtsTokenCount: 3,
      totalTokenCount: inputTokens + outputTokens,
    },
  });
  return [...pieces, last];
}

interface PieceEnd {
  readonly finishReason?: string;
  readonly usageMetadata?: JsonObject;
}

export function piece(parts: readonly JsonObject[], { finishReason, usageMetadata }: PieceEnd = {}): Uint8Array {
  const candidate = { content: { parts, role: "model" }, index: 0, ...(finishReason && { finishReason }) };
  return event({ candidates: [candidate], ...(usageMetadata && { usageMetadata }), modelVersion: "contract-model" });
}

/** With the line ends of the real service. */
export function event(data: object): Uint8Array {
  return Buffer.from(`data: ${JSON.stringify(data)}\r\n\r\n`);
}

interface Part {
  readonly text?: string;
  readonly functionCall?: { readonly id: string; readonly name: string; readonly args: JsonValue };
  readonly functionResponse?: {
    readonly id: string;
    readonly name: string;
    readonly response: { readonly output?: JsonValue; readonly error?: JsonValue };
  };
}

interface Body {
  readonly systemInstruction?: { readonly parts: readonly Part[] };
  readonly contents: readonly { readonly role: string; readonly parts: readonly Part[] }[];
  readonly tools?: readonly {
    readonly functionDeclarations: readonly {
      readonly name: string;
      readonly description: string;
      readonly parametersJsonSchema: JsonObject;
    }[];
  }[];
  readonly generationConfig?: {
    readonly temperature?: number;
    readonly topP?: number;
    readonly maxOutputTokens?: number;
    readonly responseJsonSchema?: JsonObject;
  };
}

function readRequest({ path, body, headers }: WireRequest): WireReading {
  const { systemInstruction, contents, tools = [], generationConfig = {} } = body as Body;
  const declarations = tools.flatMap(({ functionDeclarations }) => functionDeclarations);
  return {
    modelId: /\/v1beta\/models\/([^:]+):streamGenerateContent\?alt=sse$/.exec(path)?.[1],
    system: textOf(systemInstruction?.parts ?? []),
    messages: contents.flatMap(toMessages),
    tools: declarations.map(({ name, description, parametersJsonSchema: inputSchema }) => ({
      name,
      description,
      inputSchema,
    })),
    temperature: generationConfig.temperature,
    topP: generationConfig.topP,
    maxTokens: generationConfig.maxOutputTokens,
    outputSchema: generationConfig.responseJsonSchema,
    key: headers["x-goog-api-key"],
  };
}

function toMessages({ role, parts }: Body["contents"][number]): Message[] {
  const text = textOf(parts);
  if (role === "model") {
    const toolCalls = parts.flatMap(({ functionCall }): ToolCall[] => {
      if (functionCall === undefined) return [];
      const { id, name, args } = functionCall;
      return [{ id, name, input: args }];
    });
    return [{ role: "assistant", content: text, ...(toolCalls.length === 0 ? {} : { toolCalls }) }];
  }
  const results = parts.flatMap(({ functionResponse }): ToolResult[] => {
    if (functionResponse === undefined) return [];
    const { id: callId, name, response } = functionResponse;
    return [{ callId, name, content: words(response.error ?? response.output), isError: "error" in response }];
  });
  return [
    ...(results.length === 0 ? [] : [{ role: "tool", results } as const]),
    ...(text === "" ? [] : [{ role: "user", content: text } as const]),
  ];
}

function textOf(parts: readonly Part[]): string {
  return parts.flatMap(({ text }) => (text === undefined ? [] : [text])).join("\n");
}

function words(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
