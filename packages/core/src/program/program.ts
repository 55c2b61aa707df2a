import type { SpecIssue } from "../error/errors.js";
import type { ModelSettings } from "../model/model.js";
import type { JsonObject } from "../spec/json.js";
import type { Spec } from "../spec/spec.js";
import type { LazyCondition, LazyTemplate } from "./lazy-template.js";

/** A spec compiled: checked, references resolved, templates parsed. Immutable, reusable for any number of runs. */
export interface Program {
  readonly spec: Spec;
  readonly name: string;
  /** Problems that do not keep it from running. */
  readonly warnings: readonly SpecIssue[];
  readonly agents: ReadonlyMap<string, ProgramAgent>;
  readonly pattern: ProgramPattern;
  readonly artifacts: readonly ProgramArtifact[];
  readonly retry: RetryPolicy;
  readonly budgets: Budgets;
  /** Branches and tasks at once; `undefined` means all. */
  readonly maxParallel: number | undefined;
}

export interface ProgramAgent {
  readonly id: string;
  /** Rendered when every name it uses has a value, used as written otherwise. */
  readonly prompt: LazyTemplate;
  /** Tools it may call; `undefined` means every tool there is. */
  readonly tools: readonly string[] | undefined;
  readonly model: ModelSettings;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly maxTokens: number | undefined;
  /** JSON Schema that its answers have to fit. */
  readonly outputSchema: JsonObject | undefined;
  /** `undefined` when it has none at all. */
  readonly timeouts: Timeouts | undefined;
}

/** How long an agent's model calls and turns may take, in milliseconds; `undefined` means unlimited. */
export interface Timeouts {
  readonly totalMs: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly idleMs: number | undefined;
  readonly stepMs: number | undefined;
}

/** The pattern in the form its executor reads: names resolved, texts parsed, defaults filled in. */
export type ProgramPattern =
  | ChainProgram
  | WorkflowProgram
  | RoutingProgram
  | ParallelProgram
  | EvaluatorOptimizerProgram
  | OrchestratorWorkersProgram
  | GraphProgram;

export interface ChainProgram {
  readonly type: "chain";
  readonly steps: readonly ProgramStep[];
}

export interface WorkflowProgram {
  readonly type: "workflow";
  /** Layer by layer; a task stands behind everything it waits for. */
  readonly tasks: readonly ProgramTask[];
}

export interface ProgramTask {
  readonly id: string;
  readonly step: ProgramStep;
  /** Number of its layer: 0 without dependencies, else one more than the highest of them. */
  readonly layer: number;
  /** Indices of the tasks it waits for: those it names under `deps`, and earlier ones its templates read. */
  readonly waitsFor: readonly number[];
  /** Indices of the tasks its templates see. */
  readonly sees: readonly number[];
  /** Index of the task whose answer is its `hitl_response`. */
  readonly answeredBy: number | undefined;
}

export interface RoutingProgram {
  readonly type: "routing";
  readonly agentId: string;
  readonly input: LazyTemplate;
  /** Router calls in all, at least 1. */
  readonly attempts: number;
  readonly review: ProgramHitlStep | undefined;
  readonly routes: ReadonlyMap<string, readonly ProgramStep[]>;
}

export interface ParallelProgram {
  readonly type: "parallel";
  readonly branches: readonly { readonly id: string; readonly steps: readonly ProgramStep[] }[];
  readonly reduce: ProgramStep | undefined;
}

export interface EvaluatorOptimizerProgram {
  readonly type: "evaluator_optimizer";
  readonly producerId: string;
  readonly evaluatorId: string;
  /** Prompt of the evaluator; ours when absent. */
  readonly input: LazyTemplate | undefined;
  /** Prompt of a revision; ours when absent. */
  readonly revise: LazyTemplate | undefined;
  readonly minScore: number;
  /** Evaluations in all. */
  readonly maxEvaluations: number;
  readonly gate: ProgramHitlStep | undefined;
}

export interface OrchestratorWorkersProgram {
  readonly type: "orchestrator_workers";
  readonly orchestratorId: string;
  readonly workerId: string;
  /** Replaces the worker agent's tool list. */
  readonly workerTools: readonly string[] | undefined;
  /** Workers at once; `undefined` means all. */
  readonly maxWorkers: number | undefined;
  readonly maxRounds: number;
  readonly decompositionReview: ProgramHitlStep | undefined;
  readonly reduceReview: ProgramHitlStep | undefined;
  readonly reduce: ProgramStep | undefined;
  readonly writeup: ProgramStep | undefined;
}

export interface GraphProgram {
  readonly type: "graph";
  readonly entry: string;
  /** In the order of the file. */
  readonly nodes: ReadonlyMap<string, ProgramNode>;
  /** Visits per node. */
  readonly maxVisits: number;
}

export interface ProgramNode {
  readonly id: string;
  readonly step: ProgramStep;
  /** Where it goes on: the first whose condition holds. `undefined` ends the run. */
  readonly choices: readonly ProgramChoice[] | undefined;
}

export interface ProgramChoice {
  readonly when: LazyCondition;
  readonly to: string;
}

export type ProgramStep = ProgramAgentStep | ProgramHitlStep;

export interface ProgramAgentStep {
  readonly type: "agent";
  readonly agentId: string;
  readonly input: LazyTemplate;
  /** Names for this step only. */
  readonly vars: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Replaces the agent's tool list. */
  readonly tools: readonly string[] | undefined;
}

export interface ProgramHitlStep {
  readonly type: "hitl";
  /** Its `id`, or that of its task or node. */
  readonly name: string | undefined;
  /** Rendered when every name it uses has a value, used as written otherwise. */
  readonly prompt: LazyTemplate;
  readonly context: LazyTemplate | undefined;
  readonly default: string | undefined;
  /** Milliseconds until the default is taken; `undefined` means never. */
  readonly timeoutMs: number | undefined;
  /** Regular expression the answer must match. */
  readonly pattern: string | undefined;
}

export interface ProgramArtifact {
  readonly path: LazyTemplate;
  readonly content: LazyTemplate;
}

export interface RetryPolicy {
  /** Attempts in all, at least 1. */
  readonly attempts: number;
  readonly backoff: "constant" | "exponential" | "jittered";
  readonly minMs: number;
  readonly maxMs: number;
}

/** Limits over the whole session; `undefined` means none. */
export interface Budgets {
  readonly maxSteps: number | undefined;
  readonly maxTokens: number | undefined;
  readonly maxDurationMs: number | undefined;
  /** Share of a limit at which a warning event is sent. */
  readonly warnAt: number;
}
