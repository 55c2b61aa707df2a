import type { RoutingSpec } from "@strands/core";
import { draftOf, stateOf, withDraft } from "../draft/builder-state.js";
import { giveNamed } from "../draft/draft.js";
import { SpecBuilder } from "../spec-builder.js";
import type { RoutingContext, Steps } from "../types/contexts.js";
import type { AnyText, Fresh, Known } from "../types/known-name.js";
import type { Options } from "../types/options.js";
import type { PatternTypes, WorkflowTypes } from "../types/workflow-types.js";
import type { PauseOptions } from "./step-options.js";
import { addEach, giveAll, pauseStep } from "./step-options.js";
import { nestedSteps, type StepsBuilder } from "./steps-builder.js";

/** What is known of a routing. */
export interface RoutingTypes<
  Routes extends object,
  Ids extends readonly string[],
  Names extends string,
  HasRouter extends boolean,
> extends PatternTypes {
  readonly context: RoutingContext<Routes>;
  readonly interrupts: Names;
  readonly missing: HasRouter extends false
    ? "The routing has no router: call router(agent)"
    : Ids extends readonly []
      ? "The routing has no route: call route(name, steps)"
      : never;
}

/** What a router can have besides its input. */
export type RouterOptions = Options<Pick<RoutingSpec["router"], "max_retries">>;

/** One agent chooses which steps run. */
export abstract class RoutingBuilder<
  W extends WorkflowTypes,
  Routes extends object = Record<never, never>,
  Ids extends readonly string[] = [],
  Names extends string = never,
  HasRouter extends boolean = false,
> extends SpecBuilder<W, RoutingTypes<Routes, Ids, Names, HasRouter>> {
  /** The agent that chooses. @param input template of what it is asked */
  router<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
    input?: string,
    options?: RouterOptions,
  ): RoutingBuilder<W, Routes, Ids, Names, true> {
    return giveAll(this, ["pattern", "config", "router"], [{ agent, input }, options]);
  }

  /** Lets a person confirm the choice, or name another route. */
  reviewRouter<const Id extends string = never>(
    prompt: string,
    options?: PauseOptions<Id>,
  ): RoutingBuilder<W, Routes, Ids, Names | Id, HasRouter> {
    return giveAll(this, ["pattern", "config", "router", "review_router"], pauseStep(prompt, options));
  }

  /** Adds a route: `route("billing", (steps) => steps.step("clerk", "{{ request }}"))`. */
  route<const Name extends string, S extends Steps, N extends string>(
    name: Fresh<Name, Ids, "route">,
    steps: (steps: StepsBuilder<W>) => StepsBuilder<W, S, N>,
  ): RoutingBuilder<W, Routes & { readonly [Key in Name]: S }, [...Ids, Name], Names | N, HasRouter> {
    const routes = ["pattern", "config", "routes"];
    // biome-ignore lint/suspicious/noThenProperty: the format calls it that, and nobody awaits a route.
    const draft = giveNamed(stateOf(this).draft, routes, name, { then: [] });
    const nested = nestedSteps<W>(draft, [...routes, name, "then"]);
    return withDraft<object>(this, draftOf("route", nested, steps(nested))) as never;
  }

  /** Says the order of the routes apart. @defaultValue the order in which they were given */
  routeOrder<T extends Ids[number] | AnyText>(...names: readonly Known<T, Ids, "route">[]): this {
    return giveAll(this, ["pattern", "config"], [{ routeOrder: names }]);
  }

  /** Adds to the builder for every item of a list. What is added is checked when it runs, not when it is compiled. */
  each<T>(
    items: readonly T[],
    add: (
      routing: RoutingBuilder<W, Readonly<Record<string, Steps>>, readonly string[], string, boolean>,
      item: T,
      index: number,
    ) => RoutingBuilder<W, Readonly<Record<string, Steps>>, readonly string[], string, boolean>,
  ): RoutingBuilder<W, Routes & Readonly<Record<string, Steps>>, readonly [...Ids, ...string[]], Names, HasRouter> {
    return addEach(this, items, add);
  }
}
