/**
 * What is used of a language model of the AI SDK, in any of the versions 2, 3 and 4 of its specification. Models of
 * `@ai-sdk/openai`, `@ai-sdk/anthropic` and all the others are such.
 */
export interface AiSdkLanguageModel {
  /** `v2`, `v3` or `v4`. */
  readonly specificationVersion: string;
  /** The vendor's name, such as `openai.chat`. */
  readonly provider: string;
  readonly modelId: string;
  /** Takes the call options of its version; what is given here has the same form in all of them. */
  doStream(options: never): PromiseLike<{ readonly stream: ReadableStream<unknown> }>;
}

/** The call options, as far as they are used. The same in every version. */
export interface CallOptions {
  readonly prompt: readonly PromptMessage[];
  readonly tools?: readonly FunctionTool[];
  readonly toolChoice?: { readonly type: "auto" };
  readonly responseFormat?: { readonly type: "json"; readonly name: string; readonly schema: unknown };
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxOutputTokens?: number;
  readonly abortSignal: AbortSignal;
}

export interface FunctionTool {
  readonly type: "function";
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
}

export type PromptMessage =
  | { readonly role: "system"; readonly content: string }
  | { readonly role: "user"; readonly content: readonly TextPart[] }
  | { readonly role: "assistant"; readonly content: readonly (TextPart | ToolCallPart)[] }
  | { readonly role: "tool"; readonly content: readonly ToolResultPart[] };

export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

export interface ToolCallPart {
  readonly type: "tool-call";
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
  readonly providerOptions?: unknown;
}

export interface ToolResultPart {
  readonly type: "tool-result";
  readonly toolCallId: string;
  readonly toolName: string;
  readonly output: { readonly type: "text" | "json" | "error-text" | "error-json"; readonly value: unknown };
}
