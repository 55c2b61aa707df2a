import type { AgentStepSpec, AgentTaskSpec, GateSpec, HitlFields } from "@strands/core";
import { draftOf, stateOf, withDraft } from "../draft/builder-state.js";
import { give } from "../draft/draft.js";
import type { SpecPath } from "../field/spec-path.js";
import type { Options } from "../types/options.js";

/** What a step of an agent can have besides its input. */
export type StepOptions = Options<Pick<AgentStepSpec, "vars" | "tool_overrides">>;

/** What a pause for a person can have besides its prompt. `Id` is its name. */
export interface PauseOptions<Id extends string = string>
  extends Options<Omit<HitlFields, "prompt" | "type">>,
    Partial<Pick<HitlFields, "type">> {
  /** Name of the pause, by which it can be answered. */
  readonly id?: Id;
}

/** What a manual gate can have besides its name and prompt. */
export type ManualGateOptions = Omit<PauseOptions, "id" | "type">;

/** What a review gate can have besides its prompt. */
export interface GateOptions<Id extends string = string>
  extends PauseOptions<Id>,
    Options<Pick<GateSpec, "validation">> {}

/** What a task of an agent can have besides its input. */
export interface TaskOptions<Dependency extends string = string> extends Options<Pick<AgentTaskSpec, "description">> {
  /** Tasks that must be done before. */
  readonly deps?: readonly Dependency[];
}

/** What a task that asks a person can have besides its prompt. */
export interface PauseTaskOptions<Dependency extends string = string> extends Omit<PauseOptions, "id"> {
  /** Tasks that must be done before. */
  readonly deps?: readonly Dependency[];
}

/** An agent's step: given in full, so that an option that says the same again is noticed. */
export function agentStep(agent: string, input: string | undefined, options: object | undefined): Given {
  return [{ agent, input }, options];
}

/** A pause; `hitl` unless something says otherwise. */
export function pauseStep(prompt: string, options: object | undefined, more: object = {}): Given {
  const isTyped = Object.hasOwn(more, "type") || (options !== undefined && Object.hasOwn(options, "type"));
  return [{ ...more, ...(isTyped ? {} : { type: "hitl" }), prompt }, options];
}

/** What is given to one place: the arguments of a method, then its options. */
export type Given = readonly (object | undefined)[];

/** The builder with everything given to a place. It has the same class; what its type knows of it is more. */
export function giveAll<Next extends object>(builder: object, path: SpecPath, given: Given): Next {
  const { draft } = stateOf(builder);
  const next = given.reduce<typeof draft>((before, part) => give(before, path, part), draft);
  return withDraft(builder, next) as Next;
}

/** The builder after a function has added to it for each item. */
export function addEach<Next extends object, T>(
  builder: object,
  items: readonly T[],
  add: (builder: never, item: T, index: number) => object,
): Next {
  return items.reduce<object>((before, item, index) => {
    const after = add(before as never, item, index);
    return withDraft(before, draftOf("each", before, after));
  }, builder) as Next;
}
