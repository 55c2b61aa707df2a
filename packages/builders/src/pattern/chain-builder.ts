import { SpecBuilder } from "../spec-builder.js";
import type { ChainContext, Steps } from "../types/contexts.js";
import type { AnyText, Known } from "../types/known-name.js";
import type { PatternTypes, WorkflowTypes } from "../types/workflow-types.js";
import type { ManualGateOptions, PauseOptions, StepOptions } from "./step-options.js";
import { addEach, agentStep, pauseStep } from "./step-options.js";
import { addStep } from "./steps-builder.js";

/** What is known of a chain. */
export interface ChainTypes<S extends Steps, Names extends string> extends PatternTypes {
  readonly context: ChainContext<S>;
  readonly interrupts: Names;
  readonly missing: S extends readonly [] ? "The chain has no step: call step(agent, input)" : never;
}

/** Steps one after the other, each seeing the answers of those before. */
export abstract class ChainBuilder<
  W extends WorkflowTypes,
  S extends Steps = [],
  Names extends string = never,
> extends SpecBuilder<W, ChainTypes<S, Names>> {
  /** Asks an agent. @param input template of what it is asked; it sees `steps[0].response` and so on */
  step<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
    input?: string,
    options?: StepOptions,
  ): ChainBuilder<W, [...S, A], Names> {
    return addStep(this, agentStep(agent, input, options));
  }

  /** Pauses for a person. */
  hitl<const Id extends string = never>(
    prompt: string,
    options?: PauseOptions<Id>,
  ): ChainBuilder<W, [...S, null], Names | Id> {
    return addStep(this, pauseStep(prompt, options));
  }

  /** Pauses for a person, under a name. */
  manualGate<const Id extends string>(
    id: Id,
    prompt: string,
    options?: ManualGateOptions,
  ): ChainBuilder<W, [...S, null], Names | Id> {
    return addStep(this, pauseStep(prompt, options, { id, type: "manual_gate" }));
  }

  /** Adds to the builder for every item of a list. What is added is checked when it runs, not when it is compiled. */
  each<T>(
    items: readonly T[],
    add: (chain: ChainBuilder<W, Steps, string>, item: T, index: number) => ChainBuilder<W, Steps, string>,
  ): ChainBuilder<W, readonly [...S, ...Steps], Names> {
    return addEach(this, items, add);
  }
}
