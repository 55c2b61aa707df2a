import { draftOf, stateOf, withDraft } from "../draft/builder-state.js";
import { give, valueAt } from "../draft/draft.js";
import { SpecBuilder } from "../spec-builder.js";
import type { ParallelContext, Steps } from "../types/contexts.js";
import type { AnyText, Fresh, Known } from "../types/known-name.js";
import type { PatternTypes, WorkflowTypes } from "../types/workflow-types.js";
import type { PauseOptions, StepOptions } from "./step-options.js";
import { addEach, agentStep, giveAll, pauseStep } from "./step-options.js";
import { nestedSteps, type StepsBuilder } from "./steps-builder.js";

/** What is known of parallel branches. */
export interface ParallelTypes<Branches extends object, Ids extends readonly string[], Names extends string>
  extends PatternTypes {
  readonly context: ParallelContext<Branches>;
  readonly interrupts: Names;
  readonly missing: Ids extends readonly [] | readonly [string]
    ? "Parallel needs at least two branches: call branch(id, steps)"
    : never;
}

/** Branches at the same time, and a step that joins their answers. */
export abstract class ParallelBuilder<
  W extends WorkflowTypes,
  Branches extends object = Record<never, never>,
  Ids extends readonly string[] = [],
  Names extends string = never,
> extends SpecBuilder<W, ParallelTypes<Branches, Ids, Names>> {
  /** Adds a branch: `branch("food", (steps) => steps.step("scout", "Where to eat?"))`. */
  branch<const Id extends string, S extends Steps, N extends string>(
    id: Fresh<Id, Ids, "branch">,
    steps: (steps: StepsBuilder<W>) => StepsBuilder<W, S, N>,
  ): ParallelBuilder<W, Branches & { readonly [Name in Id]: S }, [...Ids, Id], Names | N> {
    const { draft } = stateOf(this);
    const branches = ["pattern", "config", "branches"];
    const before = valueAt(draft.data, branches);
    const at = [...branches, Array.isArray(before) ? before.length : 0];
    const nested = nestedSteps<W>(give(draft, at, { id, steps: [] }), [...at, "steps"]);
    return withDraft<object>(this, draftOf("branch", nested, steps(nested))) as never;
  }

  /** The agent that joins the answers. @param input template; it sees `branches.<id>.response` */
  reduce<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
    input?: string,
    options?: StepOptions,
  ): this {
    return giveAll(this, ["pattern", "config", "reduce"], agentStep(agent, input, options));
  }

  /** Asks a person for the joined result. */
  hitlReduce<const Id extends string = never>(
    prompt: string,
    options?: PauseOptions<Id>,
  ): ParallelBuilder<W, Branches, Ids, Names | Id> {
    return giveAll(this, ["pattern", "config", "reduce"], pauseStep(prompt, options));
  }

  /** Adds to the builder for every item of a list. What is added is checked when it runs, not when it is compiled. */
  each<T>(
    items: readonly T[],
    add: (
      parallel: ParallelBuilder<W, Readonly<Record<string, Steps>>, readonly string[], string>,
      item: T,
      index: number,
    ) => ParallelBuilder<W, Readonly<Record<string, Steps>>, readonly string[], string>,
  ): ParallelBuilder<W, Branches & Readonly<Record<string, Steps>>, readonly [...Ids, ...string[]], Names> {
    return addEach(this, items, add);
  }
}
