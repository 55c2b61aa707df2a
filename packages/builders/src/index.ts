// The public API of @strands/builders. A test holds the list of names.

export type { BuildOptions } from "./draft/finish-draft.js";
export type { ChainTypes } from "./pattern/chain-builder.js";
export { ChainBuilder } from "./pattern/chain-builder.js";
export type { AcceptOptions, EvaluatorOptimizerTypes } from "./pattern/evaluator-optimizer-builder.js";
export { EvaluatorOptimizerBuilder } from "./pattern/evaluator-optimizer-builder.js";
export type { Choice, GraphTypes } from "./pattern/graph-builder.js";
export { GraphBuilder } from "./pattern/graph-builder.js";
export type {
  OrchestratorOptions,
  OrchestratorWorkersTypes,
  WorkerOptions,
} from "./pattern/orchestrator-workers-builder.js";
export { OrchestratorWorkersBuilder } from "./pattern/orchestrator-workers-builder.js";
export type { ParallelTypes } from "./pattern/parallel-builder.js";
export { ParallelBuilder } from "./pattern/parallel-builder.js";
export type { RouterOptions, RoutingTypes } from "./pattern/routing-builder.js";
export { RoutingBuilder } from "./pattern/routing-builder.js";
export type {
  GateOptions,
  ManualGateOptions,
  PauseOptions,
  PauseTaskOptions,
  StepOptions,
  TaskOptions,
} from "./pattern/step-options.js";
export { StepsBuilder } from "./pattern/steps-builder.js";
export type { TasksTypes } from "./pattern/workflow-pattern-builder.js";
export { WorkflowPatternBuilder } from "./pattern/workflow-pattern-builder.js";
export { SpecBuilder } from "./spec-builder.js";
// What the types of builders and of built specs are made of: programs that export such values have to name them.
export type {
  ChainContext,
  EvaluatorOptimizerContext,
  GraphContext,
  OrchestratorWorkersContext,
  ParallelContext,
  RoutingContext,
  StepRecords,
  Steps,
  TasksContext,
} from "./types/contexts.js";
export type { Options } from "./types/options.js";
export type { NoPattern, PatternTypes, ShapeOfBuild, TypesOf, WorkflowTypes } from "./types/workflow-types.js";
export type { AgentOptions, RuntimeOptions } from "./workflow-builder.js";
export { WorkflowBuilder } from "./workflow-builder.js";
