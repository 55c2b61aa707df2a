// The public API of @strands/builders. A test holds the list of names.

export type { BuildOptions } from "./draft/finish-draft.js";
export { ChainBuilder } from "./pattern/chain-builder.js";
export type { AcceptOptions } from "./pattern/evaluator-optimizer-builder.js";
export { EvaluatorOptimizerBuilder } from "./pattern/evaluator-optimizer-builder.js";
export type { Choice } from "./pattern/graph-builder.js";
export { GraphBuilder } from "./pattern/graph-builder.js";
export type { OrchestratorOptions, WorkerOptions } from "./pattern/orchestrator-workers-builder.js";
export { OrchestratorWorkersBuilder } from "./pattern/orchestrator-workers-builder.js";
export { ParallelBuilder } from "./pattern/parallel-builder.js";
export type { RouterOptions } from "./pattern/routing-builder.js";
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
export { WorkflowPatternBuilder } from "./pattern/workflow-pattern-builder.js";
export { SpecBuilder } from "./spec-builder.js";
export type { Options } from "./types/options.js";
export type { AgentOptions, RuntimeOptions } from "./workflow-builder.js";
export { WorkflowBuilder } from "./workflow-builder.js";
