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

/** The same from its parts, which grow one by one: types that grow inside others would be slow to look into. */
export interface TypesOf<Agents extends readonly string[], Inputs extends object, Runtime extends boolean>
  extends WorkflowTypes {
  readonly agents: Agents;
  readonly inputs: Inputs;
  readonly runtime: Runtime;
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

/** What a complete builder may be called on; else the sentence a compiler shows. */
export type Complete<W extends WorkflowTypes, P extends PatternTypes> = [Missing<W, P>] extends [never]
  ? unknown
  : Missing<W, P>;
