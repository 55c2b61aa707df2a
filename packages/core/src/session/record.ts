import type { JsonValue } from "../spec/json.js";
import type { PatternType, Spec } from "../spec/spec.js";

/** What never changes about a session. */
export interface SessionRecord {
  readonly id: string;
  readonly workflowName: string;
  readonly patternType: PatternType;
  /** SHA-256 of the canonical spec, in hex. */
  readonly specHash: string;
  /** The workflow as it was when the session began, references resolved. */
  readonly spec: Spec;
  /** Variables given by the caller, over those of the spec. */
  readonly variables: Readonly<Record<string, JsonValue>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** What the caller wants to find again on resume, such as the output directory. Not read by the engine. */
  readonly labels?: Readonly<Record<string, string>>;
}
