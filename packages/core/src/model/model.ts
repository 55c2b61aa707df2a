import type { ErrorRecord } from "../error/strands-error.js";
import type { JsonObject, JsonValue } from "../spec/json.js";

/** Counted by the provider, in tokens. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A model's wish to call a tool. */
export interface ToolCall {
  /** Unique within the turn. */
  readonly id: string;
  readonly name: string;
  /** Parsed arguments; a string when the model's text was not valid JSON. */
  readonly input: JsonValue;
  /** What the provider wants back unchanged with this call in later requests, such as a signature. Opaque to everybody else. */
  readonly providerData?: JsonValue;
}

/** What came of a tool call. */
export interface ToolResult {
  readonly callId: string;
  readonly name: string;
  readonly content: JsonValue;
  readonly isError: boolean;
}

export type Message =
  | { readonly role: "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: "tool"; readonly results: readonly ToolResult[] };

/** A tool as the model is told about it. */
export interface ToolDeclaration {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input object. */
  readonly inputSchema: JsonObject;
}

/** One call of a model. */
export interface ModelRequest {
  /** Id of the agent in the workflow. */
  readonly agentId: string;
  /** Key of the step that asks, such as `steps/0`. */
  readonly stepKey: string;
  readonly modelId: string | undefined;
  readonly system: string;
  /**
   * The conversation, oldest first; the last message is the one to answer. It is the live conversation, shared and
   * append-only: copy it if you keep it after the stream has ended.
   */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDeclaration[];
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  /** Limit of the answer, in tokens. */
  readonly maxTokens: number | undefined;
  /**
   * JSON Schema of the answer, when the agent has one. A provider with a mode for it uses that mode; the engine checks the
   * answer either way.
   */
  readonly outputSchema: JsonObject | undefined;
  /** 1 for the first attempt at this call. */
  readonly attempt: number;
}

export type FinishReason = "stop" | "tool_calls" | "length" | "content_filter" | "other";

/** One piece of an answer. A plain string is a piece of text. */
export type ModelChunk =
  | string
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_call"; readonly call: ToolCall }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "finish"; readonly reason: FinishReason };

/** A configured model. An async generator function is one. */
export type ModelFunction = (
  request: ModelRequest,
  options: { readonly signal: AbortSignal },
) => AsyncIterable<ModelChunk>;

/**
 * A configured model. `stream` yields the answer piece by piece. It ends early when `signal` is aborted, by throwing or
 * by returning: the caller looks at the signal. However it ends, it leaves no listener on the signal, which a run may
 * give to many calls. Failures are {@link ProviderError}s; only those that are `retryable` are tried again.
 */
export interface Model {
  readonly provider: string;
  readonly modelId: string | undefined;
  stream(request: ModelRequest, options: { readonly signal: AbortSignal }): AsyncIterable<ModelChunk>;
}

/** How a spec asks for a model. */
export interface ModelSettings {
  readonly provider: string;
  readonly modelId: string | undefined;
  readonly host: string | undefined;
  readonly region: string | undefined;
}

/** What is known about a provider without calling a model. Holds names and facts, never the value of a secret. */
export interface ProviderDiagnosis {
  /** The vendor's package, and its version when it is installed. */
  readonly package: { readonly name: string; readonly version: string | undefined };
  /** The environment variables and settings it looks for. */
  readonly configuration: readonly { readonly name: string; readonly found: boolean; readonly required: boolean }[];
  /** What came of reaching the service; absent when it was not tried. */
  readonly reachable?: { readonly ok: true } | { readonly ok: false; readonly error: ErrorRecord };
}

/** A vendor adapter. */
export interface ModelProvider {
  /** The name a spec uses, such as `openai`. */
  readonly name: string;
  /**
   * Looks whether everything is there that a model with these settings needs, before a run begins and anything is stored. Calls
   * nothing. One that has to be loaded first gives a promise; any other throws at once.
   *
   * @throws ProviderError `PROVIDER_NOT_CONFIGURED`, saying what to set
   */
  check?(settings: ModelSettings): void | Promise<void>;
  /**
   * Looks whether the provider could be used from here; `online` also reaches for the service (without a model call).
   */
  diagnose?(options: { readonly online: boolean; readonly signal: AbortSignal }): Promise<ProviderDiagnosis>;
  /** Gives the model for these settings; called once per distinct settings and client. */
  model(settings: ModelSettings): Model | Promise<Model>;
  /** Ends connections. Called once, when the client is closed. */
  close?(): Promise<void>;
}
