import type { FinishReason, JsonObject, Message, ToolDeclaration, Usage } from "@strands/core";
import type { WireRequest } from "./wire-request.js";

/** One answer in the contract's terms. A wire turns it into the vendor's bytes. */
export interface WireAnswer {
  /** Pieces of the text. */
  readonly text?: readonly string[];
  /** Arguments as JSON text in pieces. The pieces of several calls interleave where the protocol allows it. */
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly pieces: readonly string[] }[];
  readonly usage?: Usage;
  /** `unknown`: a reason that nobody knows. `missing`: the stream ends without its end. @defaultValue `stop` or `tool_calls` */
  readonly finish?: FinishReason | "unknown" | "missing";
}

/** What the vendor was asked, in our terms. */
export interface WireReading {
  readonly modelId: string | undefined;
  readonly system: string;
  /** Contents of tool results as text. */
  readonly messages: readonly Message[];
  /** Names as the vendor got them. */
  readonly tools: readonly ToolDeclaration[];
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly maxTokens: number | undefined;
  readonly outputSchema: JsonObject | undefined;
  /** The key it was asked with. */
  readonly key: string | undefined;
}

/** What kind of error a response tells of. */
export type WireErrorKind = "auth" | "not_found" | "overflow" | "rate_limit" | "quota" | "other";

export interface WireBody {
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A vendor's protocol, from the server's side. */
export interface ModelWire {
  readonly contentType: string;
  /** The stream of an answer: one element per event. */
  events(answer: WireAnswer): readonly Uint8Array[];
  /** The body of an error response. */
  error(status: number, kind: WireErrorKind, message: string): WireBody;
  /** An error in the middle of a stream, where the protocol has one. */
  errorEvent?(message: string): Uint8Array;
  /** An event that cannot be read. @defaultValue broken JSON, in the framing of event streams or of lines of JSON */
  garbage?(): Uint8Array;
  /** A list of models, as `diagnose` asks for it. */
  listing?(): WireBody;
  readRequest(request: WireRequest): WireReading;
}
