import { stateOf, withDraft } from "../draft/builder-state.js";
import { give, giveNamed } from "../draft/draft.js";
import { SpecBuilder } from "../spec-builder.js";
import type { GraphContext } from "../types/contexts.js";
import type { AnyText, Fresh, Known } from "../types/known-name.js";
import type { PatternTypes, WorkflowTypes } from "../types/workflow-types.js";
import type { PauseOptions } from "./step-options.js";
import { addEach, giveAll, pauseStep } from "./step-options.js";

/** What is known of a graph. */
export interface GraphTypes<Ids extends readonly string[], Names extends string, HasEdge extends boolean>
  extends PatternTypes {
  readonly context: GraphContext<Ids[number]>;
  readonly interrupts: Names;
  readonly missing: Ids extends readonly []
    ? "The graph has no node: call node(id, agent, input)"
    : HasEdge extends false
      ? "The graph has no edge: call edge(from, to) or choose(from, choices)"
      : never;
}

/** A condition and where to go when it holds. */
export interface Choice<To extends string = string> {
  /** Condition such as `nodes.check.response == 'ok'`, or `else`. */
  readonly when: string;
  readonly to: To;
}

/** Nodes and edges; conditions decide the way, loops included. The first node is where it starts. */
export abstract class GraphBuilder<
  W extends WorkflowTypes,
  Ids extends readonly string[] = [],
  Names extends string = never,
  HasEdge extends boolean = false,
> extends SpecBuilder<W, GraphTypes<Ids, Names, HasEdge>> {
  /** Adds a node of an agent. @param input template of what it is asked; it sees `nodes.<id>.response` */
  node<const Id extends string, A extends W["agents"][number] | AnyText>(
    id: Fresh<Id, Ids, "node">,
    agent: Known<A, W["agents"], "agent">,
    input?: string,
  ): GraphBuilder<W, [...Ids, Id], Names, HasEdge> {
    return addNode(this, id, [{ agent, input }]);
  }

  /** Adds a node that asks a person; it can be answered by the name in its options, or by its id. */
  hitlNode<const Id extends string, const Name extends string = Id>(
    id: Fresh<Id, Ids, "node">,
    prompt: string,
    options?: PauseOptions<Name>,
  ): GraphBuilder<W, [...Ids, Id], Names | Name, HasEdge> {
    return addNode(this, id, pauseStep(prompt, options));
  }

  /** Goes on from one node to another. Nodes are declared before their edges. */
  edge<F extends Ids[number] | AnyText, T extends Ids[number] | AnyText>(
    from: Known<F, Ids, "node">,
    to: Known<T, Ids, "node"> | readonly Known<T, Ids, "node">[],
  ): GraphBuilder<W, Ids, Names, true> {
    return giveAll(this, edges, [[{ from, to: typeof to === "string" ? [to] : to }]]);
  }

  /** Goes on to the first of several nodes whose condition holds. */
  choose<F extends Ids[number] | AnyText, T extends Ids[number] | AnyText>(
    from: Known<F, Ids, "node">,
    choices: readonly Choice<Known<T, Ids, "node">>[],
  ): GraphBuilder<W, Ids, Names, true> {
    return giveAll(this, edges, [[{ from, choose: choices }]]);
  }

  /** How often a node may be visited. @defaultValue 10 */
  maxIterations(count: number): this {
    return withDraft(this, give(stateOf(this).draft, ["pattern", "config", "max_iterations"], count));
  }

  /** Says the order of the nodes apart. @defaultValue the order in which they were given */
  nodeOrder<T extends Ids[number] | AnyText>(...ids: readonly Known<T, Ids, "node">[]): this {
    return giveAll(this, ["pattern", "config"], [{ nodeOrder: ids }]);
  }

  /** Adds to the builder for every item of a list. What is added is checked when it runs, not when it is compiled. */
  each<T>(
    items: readonly T[],
    add: (
      graph: GraphBuilder<W, readonly string[], string, boolean>,
      item: T,
      index: number,
    ) => GraphBuilder<W, readonly string[], string, boolean>,
  ): GraphBuilder<W, readonly [...Ids, ...string[]], Names, HasEdge> {
    return addEach(this, items, add);
  }
}

const edges = ["pattern", "config", "edges"];

function addNode<Next extends object>(
  builder: object,
  id: string,
  [node, options]: readonly (object | undefined)[],
): Next {
  const nodes = ["pattern", "config", "nodes"];
  const named = withDraft(builder, giveNamed(stateOf(builder).draft, nodes, id, node));
  return giveAll(named, [...nodes, id], [options]);
}
