import type { OrchestratorWorkersSpec } from "@strands/core";
import { SpecBuilder } from "../spec-builder.js";
import type { OrchestratorWorkersContext } from "../types/contexts.js";
import type { AnyText, Known } from "../types/known-name.js";
import type { Options } from "../types/options.js";
import type { PatternTypes, WorkflowTypes } from "../types/workflow-types.js";
import type { GateOptions, PauseOptions, StepOptions } from "./step-options.js";
import { agentStep, giveAll, pauseStep } from "./step-options.js";

/** What is known of an orchestrator and its workers; `Given` are the parts that are there. */
export interface OrchestratorWorkersTypes<Names extends string, Given extends string> extends PatternTypes {
  readonly context: OrchestratorWorkersContext;
  readonly interrupts: Names;
  readonly missing: "orchestrator" extends Given
    ? "workerTemplate" extends Given
      ? never
      : "There is no worker template: call workerTemplate(agent)"
    : "There is no orchestrator: call orchestrator(agent)";
}

/** What an orchestrator can have besides its agent. */
export type OrchestratorOptions = Options<Pick<OrchestratorWorkersSpec["orchestrator"], "limits">>;

/** What a worker can have besides its agent. */
export type WorkerOptions = Options<Pick<OrchestratorWorkersSpec["worker_template"], "tools">>;

/** One agent splits the work, workers do it, and two more steps join and write up. */
export abstract class OrchestratorWorkersBuilder<
  W extends WorkflowTypes,
  Names extends string = never,
  Given extends string = never,
> extends SpecBuilder<W, OrchestratorWorkersTypes<Names, Given>> {
  /** The agent that splits the work. */
  orchestrator<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
    options?: OrchestratorOptions,
  ): OrchestratorWorkersBuilder<W, Names, Given | "orchestrator"> {
    return giveAll(this, at("orchestrator"), [{ agent }, options]);
  }

  /** Lets a person look at the tasks before they are done. */
  decompositionReview<const Id extends string = never>(
    prompt: string,
    options?: GateOptions<Id>,
  ): OrchestratorWorkersBuilder<W, Names | Id, Given> {
    return giveAll(this, at("decomposition_review"), pauseStep(prompt, options));
  }

  /** The agent that does one piece of work. */
  workerTemplate<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
    options?: WorkerOptions,
  ): OrchestratorWorkersBuilder<W, Names, Given | "workerTemplate"> {
    return giveAll(this, at("worker_template"), [{ agent }, options]);
  }

  /** Lets a person look at the results before they are joined. */
  reduceReview<const Id extends string = never>(
    prompt: string,
    options?: GateOptions<Id>,
  ): OrchestratorWorkersBuilder<W, Names | Id, Given> {
    return giveAll(this, at("reduce_review"), pauseStep(prompt, options));
  }

  /** The agent that joins the results. @param input template; it sees `workers` */
  reduce<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
    input?: string,
    options?: StepOptions,
  ): this {
    return giveAll(this, at("reduce"), agentStep(agent, input, options));
  }

  /** Asks a person for the joined result. */
  hitlReduce<const Id extends string = never>(
    prompt: string,
    options?: PauseOptions<Id>,
  ): OrchestratorWorkersBuilder<W, Names | Id, Given> {
    return giveAll(this, at("reduce"), pauseStep(prompt, options));
  }

  /** The agent that writes the final text. @param input template; it sees `reduce_response` too, if there is a `reduce` */
  writeup<A extends W["agents"][number] | AnyText>(
    agent: Known<A, W["agents"], "agent">,
    input?: string,
    options?: StepOptions,
  ): this {
    return giveAll(this, at("writeup"), agentStep(agent, input, options));
  }

  /** Asks a person for the final text. */
  hitlWriteup<const Id extends string = never>(
    prompt: string,
    options?: PauseOptions<Id>,
  ): OrchestratorWorkersBuilder<W, Names | Id, Given> {
    return giveAll(this, at("writeup"), pauseStep(prompt, options));
  }
}

function at(part: string): readonly string[] {
  return ["pattern", "config", part];
}
