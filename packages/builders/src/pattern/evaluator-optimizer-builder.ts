import type { EvaluatorOptimizerSpec } from "@strands/core";
import { stateOf, withDraft } from "../draft/builder-state.js";
import { give } from "../draft/draft.js";
import { SpecBuilder } from "../spec-builder.js";
import type { EvaluatorOptimizerContext } from "../types/contexts.js";
import type { AnyText, Known } from "../types/known-name.js";
import type { Options } from "../types/options.js";
import type { PatternTypes, WorkflowTypes } from "../types/workflow-types.js";
import type { GateOptions } from "./step-options.js";
import { giveAll, pauseStep } from "./step-options.js";

/** What is known of an evaluator-optimizer; `Given` are the parts that are there. */
export interface EvaluatorOptimizerTypes<Names extends string, Given extends string> extends PatternTypes {
  readonly context: EvaluatorOptimizerContext;
  readonly interrupts: Names;
  readonly missing: "producer" extends Given
    ? "evaluator" extends Given
      ? "accept" extends Given
        ? never
        : "Nothing says when a draft is good: call accept(minScore)"
      : "The evaluator-optimizer has no evaluator: call evaluator(agent)"
    : "The evaluator-optimizer has no producer: call producer(agent)";
}

/** What the rule of acceptance can have besides its score. */
export type AcceptOptions = Options<Pick<EvaluatorOptimizerSpec["accept"], "max_iters">>;

/** One agent writes, another scores, until the score is good. */
export abstract class EvaluatorOptimizerBuilder<
  W extends WorkflowTypes,
  Names extends string = never,
  Given extends string = never,
> extends SpecBuilder<W, EvaluatorOptimizerTypes<Names, Given>> {
  /** The agent that writes the draft; its prompt is what it is first asked. */
  producer<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
  ): EvaluatorOptimizerBuilder<W, Names, Given | "producer"> {
    return giveAll(this, at, [{ producer: agent }]);
  }

  /** The agent that scores the draft. @param input template; it sees `draft` */
  evaluator<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
    input?: string,
  ): EvaluatorOptimizerBuilder<W, Names, Given | "evaluator"> {
    return giveAll(this, [...at, "evaluator"], [{ agent, input }]);
  }

  /** When a draft is good. @param minScore from 0 to 100 */
  accept(minScore: number, options?: AcceptOptions): EvaluatorOptimizerBuilder<W, Names, Given | "accept"> {
    return giveAll(this, [...at, "accept"], [{ minScore }, options]);
  }

  /** What the producer is asked when the score is too low. @param template sees `draft`, `iteration` and `evaluation` */
  revisePrompt(template: string): this {
    return withDraft(this, give(stateOf(this).draft, [...at, "revise_prompt"], template));
  }

  /** Lets a person look at a draft that is to be revised. */
  reviewGate<const Id extends string = never>(
    prompt: string,
    options?: GateOptions<Id>,
  ): EvaluatorOptimizerBuilder<W, Names | Id, Given> {
    return giveAll(this, [...at, "review_gate"], pauseStep(prompt, options));
  }
}

const at = ["pattern", "config"];
