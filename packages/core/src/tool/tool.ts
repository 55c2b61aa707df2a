import type { JsonObject, JsonValue } from "../spec/json.js";

/** What the engine hands to a tool besides its input. */
export interface ToolContext {
  readonly sessionId: string;
  readonly agentId: string;
  /** The same for every try at this very call: hand it on to services that can tell a repeat by it. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/** Something that a model may call. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the input object. */
  readonly inputSchema: JsonObject;
  /**
   * What calling it again does. `read` changes nothing, `idempotent` may be repeated with the same idempotency key,
   * `once` must never be repeated silently: after a crash a person is asked whether it happened.
   * @defaultValue "once"
   */
  readonly effect?: "read" | "idempotent" | "once";
  /** Does the work. What it throws becomes a result the model sees, unless it is a fatal {@link ToolError}. */
  execute(input: JsonValue, context: ToolContext): Promise<JsonValue> | JsonValue;
}
