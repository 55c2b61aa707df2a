import type { StrandsError } from "../error/strands-error.js";
import type { Usage } from "../model/model.js";
import type { InterruptRecord } from "../session/entry.js";
import type { JsonValue } from "../spec/json.js";
import type { PatternType } from "../spec/spec.js";
import type { Artifact } from "./artifacts.js";

interface RunResultBase {
  readonly sessionId: string;
  readonly runId: string;
  readonly workflowName: string;
  readonly patternType: PatternType;
  /** What the whole session has used so far. */
  readonly usage: Usage;
  /** Milliseconds this run took. */
  readonly durationMs: number;
  /** Inputs and variables of the session. */
  readonly variables: Readonly<Record<string, JsonValue>>;
}

/** How a run ended. */
export type RunResult = RunResultBase &
  (
    | {
        readonly status: "completed";
        readonly lastResponse: string;
        /** The last response as data, when the agent it comes from has an output schema; null otherwise. */
        readonly data: JsonValue;
        /** Agent of the last response; `hitl` when it came from a person. */
        readonly agentId: string;
        readonly artifacts: readonly Artifact[];
        /** Names of the pattern, as artifact templates see them, for example `steps`. */
        readonly context: Readonly<Record<string, unknown>>;
      }
    /** It waits for people; answer, then resume. */
    | { readonly status: "paused"; readonly interrupts: readonly InterruptRecord[] }
    /** It can be resumed once the cause is mended. */
    | { readonly status: "failed"; readonly error: StrandsError }
    /** It can be resumed, unless a person rejected it: then it would end the same way again. */
    | { readonly status: "cancelled"; readonly reason: string; readonly rejected?: true }
  );
