import { createBuilder, stateOf } from "../draft/builder-state.js";
import type { Draft } from "../draft/draft.js";
import { valueAt } from "../draft/draft.js";
import type { SpecPath } from "../field/spec-path.js";
import type { Steps } from "../types/contexts.js";
import type { AnyText, Known } from "../types/known-name.js";
import type { WorkflowTypes } from "../types/workflow-types.js";
import type { Given, ManualGateOptions, PauseOptions, StepOptions } from "./step-options.js";
import { addEach, agentStep, giveAll, pauseStep } from "./step-options.js";

/** Steps of a route or a branch, one after the other. */
export abstract class StepsBuilder<W extends WorkflowTypes, S extends Steps = [], Names extends string = never> {
  /** Asks an agent. @param input template of what it is asked */
  step<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
    input?: string,
    options?: StepOptions,
  ): StepsBuilder<W, [...S, A], Names> {
    return addStep(this, agentStep(agent, input, options));
  }

  /** Pauses for a person. */
  hitl<const Id extends string = never>(
    prompt: string,
    options?: PauseOptions<Id>,
  ): StepsBuilder<W, [...S, null], Names | Id> {
    return addStep(this, pauseStep(prompt, options));
  }

  /** Pauses for a person, under a name. */
  manualGate<const Id extends string>(
    id: Id,
    prompt: string,
    options?: ManualGateOptions,
  ): StepsBuilder<W, [...S, null], Names | Id> {
    return addStep(this, pauseStep(prompt, options, { id, type: "manual_gate" }));
  }

  /** Adds to the builder for every item of a list. What is added is checked when it runs, not when it is compiled. */
  each<T>(
    items: readonly T[],
    add: (steps: StepsBuilder<W, Steps, string>, item: T, index: number) => StepsBuilder<W, Steps, string>,
  ): StepsBuilder<W, readonly [...S, ...Steps], Names> {
    return addEach(this, items, add);
  }
}

/** A builder with one more step at its place. */
export function addStep<Next extends object>(builder: object, given: Given): Next {
  const { draft, at } = stateOf(builder);
  const before = valueAt(draft.data, at);
  return giveAll(builder, [...at, Array.isArray(before) ? before.length : 0], given);
}

/** A builder of steps below a pattern, for a callback. */
export function nestedSteps<W extends WorkflowTypes>(draft: Draft, at: SpecPath): StepsBuilder<W> {
  return createBuilder<StepsBuilder<W>>(StepsBuilder, { draft, at, origin: {} });
}
