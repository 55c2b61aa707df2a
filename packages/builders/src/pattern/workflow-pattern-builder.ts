import { SpecBuilder } from "../spec-builder.js";
import type { TasksContext } from "../types/contexts.js";
import type { AnyText, Fresh, Known } from "../types/known-name.js";
import type { PatternTypes, WorkflowTypes } from "../types/workflow-types.js";
import type { PauseTaskOptions, TaskOptions } from "./step-options.js";
import { addEach, pauseStep } from "./step-options.js";
import { addStep } from "./steps-builder.js";

/** What is known of a workflow of tasks. */
export interface TasksTypes<Ids extends readonly string[], Pauses extends string, Ahead extends string>
  extends PatternTypes {
  readonly context: TasksContext<Ids[number], Pauses>;
  readonly interrupts: Pauses;
  readonly missing: Ids extends readonly []
    ? "The workflow has no task: call task(id, agent, input)"
    : Exclude<Ahead, Ids[number]> extends infer Late extends string
      ? [Late] extends [never]
        ? never
        : `The task \`${Late}\` was announced with forward() and is not declared`
      : never;
}

/** Tasks that start as soon as those they depend on are done. */
export abstract class WorkflowPatternBuilder<
  W extends WorkflowTypes,
  Ids extends readonly string[] = [],
  Pauses extends string = never,
  Ahead extends string = never,
> extends SpecBuilder<W, TasksTypes<Ids, Pauses, Ahead>> {
  /** Gives an agent a task. @param input template of what it is asked; it sees `tasks.<id>.response` of what is done by then */
  task<const Id extends string, A extends W["agents"][number] | AnyText, D extends Ids[number] | Ahead | AnyText>(
    id: Fresh<Id, Ids, "task">,
    agent: Known<A, W["agents"], "agent">,
    input?: string,
    options?: TaskOptions<Known<D, Ids, "task", Ahead>>,
  ): WorkflowPatternBuilder<W, [...Ids, Id], Pauses, Ahead> {
    return addStep(this, [{ id, agent, input }, options]);
  }

  /** A task that asks a person; it can be answered by its id. */
  hitlTask<const Id extends string, D extends Ids[number] | Ahead | AnyText>(
    id: Fresh<Id, Ids, "task">,
    prompt: string,
    options?: PauseTaskOptions<Known<D, Ids, "task", Ahead>>,
  ): WorkflowPatternBuilder<W, [...Ids, Id], Pauses | Id, Ahead> {
    return addStep(this, pauseStep(prompt, options, { id }));
  }

  /** Names tasks that are declared further down, so that earlier ones can depend on them. */
  forward<const Id extends string>(..._ids: readonly Id[]): WorkflowPatternBuilder<W, Ids, Pauses, Ahead | Id> {
    return this as unknown as WorkflowPatternBuilder<W, Ids, Pauses, Ahead | Id>;
  }

  /** Adds to the builder for every item of a list. What is added is checked when it runs, not when it is compiled. */
  each<T>(
    items: readonly T[],
    add: (
      workflow: WorkflowPatternBuilder<W, readonly string[], string>,
      item: T,
      index: number,
    ) => WorkflowPatternBuilder<W, readonly string[], string>,
  ): WorkflowPatternBuilder<W, readonly [...Ids, ...string[]], Pauses, Ahead> {
    return addEach(this, items, add);
  }
}
