import type {
  AgentStepRecord,
  BranchRecord,
  HitlStepRecord,
  IterationRecord,
  JsonValue,
  NodeRecord,
  TaskRecord,
  WorkerRecord,
} from "@strands/core";

/** Steps in order: the id of the agent, `null` for a pause. */
export type Steps = readonly (string | null)[];

/** What each step left behind. */
export type StepRecords<S extends Steps> = {
  readonly [Index in keyof S]: S[Index] extends string
    ? AgentStepRecord & { readonly agent: S[Index] }
    : HitlStepRecord;
};

/** Context of a chain. */
export interface ChainContext<S extends Steps> {
  readonly steps: StepRecords<S>;
}

/** Context of a workflow of tasks; `Pause` are the ids of those that ask a person. */
export interface TasksContext<Id extends string, Pause extends string> {
  readonly tasks: {
    readonly [Name in Id]: Name extends Pause
      ? Extract<TaskRecord, { readonly type: "hitl" }>
      : Exclude<TaskRecord, { readonly type: "hitl" }>;
  };
}

/** Context of a routing; the steps are those of the route that was taken. */
export interface RoutingContext<Routes extends object> {
  readonly steps: {
    readonly [Name in keyof Routes]: Routes[Name] extends Steps ? StepRecords<Routes[Name]> : never;
  }[keyof Routes];
  readonly chosen_route: keyof Routes & string;
  readonly router_agent: string;
  readonly router: { readonly chosen_route: keyof Routes & string; readonly response: string };
}

/** Context of parallel branches. */
export interface ParallelContext<Branches extends object> {
  readonly branches: {
    readonly [Name in keyof Branches]: Branches[Name] extends Steps
      ? Omit<BranchRecord, "step_history"> & { readonly step_history: StepRecords<Branches[Name]> }
      : never;
  };
}

/** Context of a graph. A node that was not reached has `response: null`. */
export interface GraphContext<Id extends string> {
  readonly nodes: { readonly [Name in Id]: NodeRecord };
  readonly terminal_node: Id;
  readonly total_steps: number;
  /** Visits by node, of those that were visited. */
  readonly iteration_counts: { readonly [Name in Id]?: number };
  readonly cumulative_tokens: number;
  readonly name: string;
  readonly timestamp: string;
}

/** Context of an evaluator-optimizer. */
export interface EvaluatorOptimizerContext {
  /** Number of evaluations. */
  readonly iterations: number;
  readonly final_score: number;
  readonly min_score: number;
  readonly max_iters: number;
  readonly history: readonly IterationRecord[];
  readonly cumulative_tokens: number;
  readonly last_evaluation: Pick<IterationRecord, "score" | "issues" | "fixes">;
  /** A person stopped it at the review gate. */
  readonly early_termination?: true;
  readonly termination_reason?: "review_gate";
}

/** Context of an orchestrator and its workers. A variable of the same name wins over the two counts. */
export interface OrchestratorWorkersContext {
  readonly workers: readonly WorkerRecord[];
  readonly num_workers: JsonValue;
  readonly round_count: JsonValue;
  /** The latest answer of a person. */
  readonly hitl_response?: string;
  readonly reduce_response?: string;
  readonly writeup_response?: string;
}
