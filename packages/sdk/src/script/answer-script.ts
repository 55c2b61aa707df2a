import type { ErrorCode, JsonValue, Usage } from "@strands/core";

/** Answers that replace those of a model, by step key or agent id. */
export interface AnswerScript {
  /** Where it was read from, for messages. */
  readonly file: string;
  /** The answers of each key, one per call; the last one stays. */
  readonly answers: ReadonlyMap<string, readonly ScriptedAnswer[]>;
}

/** One answer. Without text and tool calls, it only fails. */
export interface ScriptedAnswer {
  readonly text: string | undefined;
  readonly toolCalls: readonly ScriptedToolCall[];
  /** @defaultValue an estimate from the characters */
  readonly usage: Usage | undefined;
  readonly error: ScriptedError | undefined;
}

/** A tool call to make. */
export interface ScriptedToolCall {
  readonly name: string;
  readonly input: JsonValue;
}

/** A failure to rehearse. */
export interface ScriptedError {
  readonly code: ProviderErrorCode;
  /** How many attempts at the same call fail; `Infinity` for all. */
  readonly times: number;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

/** A code that a provider may fail with. */
export type ProviderErrorCode = Extract<ErrorCode, `PROVIDER_${string}`>;
