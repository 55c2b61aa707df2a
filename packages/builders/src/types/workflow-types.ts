import type { SpecShape } from "@strands/core";
import type { VariablesOf } from "./inputs.js";

/** What the type of a builder remembers of its workflow. */
export interface WorkflowTypes {
  /** Ids of the agents, in order. */
  readonly agents: readonly string[];
  /** Declared inputs by name. */
  readonly inputs: object;
  /** Whether it says which model runs. */
  readonly runtime: boolean;
}

export interface EmptyWorkflow extends WorkflowTypes {
  readonly agents: [];
  readonly inputs: Record<never, never>;
  readonly runtime: false;
}

export interface WithAgent<W extends WorkflowTypes, Id extends string> extends WorkflowTypes {
  readonly agents: [...W["agents"], Id];
  readonly inputs: W["inputs"];
  readonly runtime: W["runtime"];
}

export interface WithInputs<W extends WorkflowTypes, Inputs extends object> extends WorkflowTypes {
  readonly agents: W["agents"];
  readonly inputs: Inputs;
  readonly runtime: W["runtime"];
}

export interface WithRuntime<W extends WorkflowTypes> extends WorkflowTypes {
  readonly agents: W["agents"];
  readonly inputs: W["inputs"];
  readonly runtime: true;
}

/** What the type of a builder remembers of its pattern. */
export interface PatternTypes {
  /** `context` of a completed result. */
  readonly context: object;
  /** Names of the pauses. */
  readonly interrupts: string;
  /** Sentences about what is missing; `never` when nothing is. */
  readonly missing: string;
}

export interface NoPattern extends PatternTypes {
  readonly context: Readonly<Record<string, unknown>>;
  readonly interrupts: never;
  readonly missing: "The workflow has no pattern: call chain(), workflow(), routing(), parallel(), graph(), evaluatorOptimizer() or orchestratorWorkers()";
}

/** The shape of the spec that `build()` gives. */
export interface ShapeOfBuild<W extends WorkflowTypes, P extends PatternTypes> extends SpecShape {
  readonly variables: VariablesOf<W["inputs"]>;
  readonly interrupts: P["interrupts"];
  readonly context: P["context"];
}

type Missing<W extends WorkflowTypes, P extends PatternTypes> = W["runtime"] extends false
  ? "The workflow has no runtime: call withRuntime(provider, modelId)"
  : W["agents"] extends readonly []
    ? "The workflow has no agent: call addAgent(id, prompt)"
    : P["missing"];

/** The builder when nothing is missing, else the sentence a compiler shows. */
export type Complete<Builder, W extends WorkflowTypes, P extends PatternTypes> = [Missing<W, P>] extends [never]
  ? Builder
  : Missing<W, P>;
