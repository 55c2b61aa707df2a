import type { StrandsError } from "../error/strands-error.js";
import type { Usage } from "../model/model.js";
import type { InterruptRecord } from "../session/entry.js";
import type { JsonValue } from "../spec/json.js";
import type { PatternType } from "../spec/spec.js";
import type { AnyShape, InterruptId, SessionId, SpecShape } from "../spec/spec-shape.js";
import type { Artifact } from "./artifacts.js";

interface RunResultBase<S extends SpecShape> {
  readonly sessionId: SessionId<S>;
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

/** Names of a pattern's context that a completed result also has itself: `result.tasks` is `result.context.tasks`. */
export const recordNames = ["steps", "tasks", "branches", "nodes", "workers"] as const;

/** A question of a run. Where the names of the spec's pauses are known, its id and name are told apart from other text. */
export type PendingInterrupt<S extends SpecShape = AnyShape> = string extends S["interrupts"]
  ? InterruptRecord
  : InterruptRecord & { readonly id: InterruptId; readonly name?: S["interrupts"] };

/** How a run ended. */
export type RunResult<S extends SpecShape = AnyShape> = RunResultBase<S> &
  (
    | ({
        readonly status: "completed";
        readonly lastResponse: string;
        /** The last response as data, when the agent it comes from has an output schema; null otherwise. */
        readonly data: JsonValue;
        /** Agent of the last response; `hitl` when it came from a person. */
        readonly agentId: string;
        readonly artifacts: readonly Artifact[];
        /** Names of the pattern, as artifact templates see them, for example `steps`. */
        readonly context: S["context"];
      } & Pick<S["context"], keyof S["context"] & (typeof recordNames)[number]>)
    /** It waits for people; answer, then resume. */
    | { readonly status: "paused"; readonly interrupts: readonly PendingInterrupt<S>[] }
    /** It can be resumed once the cause is mended. */
    | { readonly status: "failed"; readonly error: StrandsError }
    /** It can be resumed, unless a person rejected it: then it would end the same way again. */
    | { readonly status: "cancelled"; readonly reason: string; readonly rejected?: true }
  );
