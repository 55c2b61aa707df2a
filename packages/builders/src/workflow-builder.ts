import type {
  AgentSpec,
  ContextPolicySpec,
  EnvSpec,
  JsonValue,
  OutputsSpec,
  RuntimeSpec,
  SecuritySpec,
  SkillSpec,
  SpecMetadata,
  TelemetrySpec,
  ToolsSpec,
} from "@strands/core";
import type { BuilderClass } from "./draft/builder-state.js";
import { createBuilder, draftOf, stateOf, withState } from "./draft/builder-state.js";
import type { Draft } from "./draft/draft.js";
import { emptyDraft, give, withIssue } from "./draft/draft.js";
import type { SpecPath } from "./field/spec-path.js";
import { problem } from "./field/spec-path.js";
import type { ChainTypes } from "./pattern/chain-builder.js";
import { ChainBuilder } from "./pattern/chain-builder.js";
import type { EvaluatorOptimizerTypes } from "./pattern/evaluator-optimizer-builder.js";
import { EvaluatorOptimizerBuilder } from "./pattern/evaluator-optimizer-builder.js";
import type { GraphTypes } from "./pattern/graph-builder.js";
import { GraphBuilder } from "./pattern/graph-builder.js";
import type { OrchestratorWorkersTypes } from "./pattern/orchestrator-workers-builder.js";
import { OrchestratorWorkersBuilder } from "./pattern/orchestrator-workers-builder.js";
import type { ParallelTypes } from "./pattern/parallel-builder.js";
import { ParallelBuilder } from "./pattern/parallel-builder.js";
import type { RoutingTypes } from "./pattern/routing-builder.js";
import { RoutingBuilder } from "./pattern/routing-builder.js";
import { giveAll } from "./pattern/step-options.js";
import type { TasksTypes } from "./pattern/workflow-pattern-builder.js";
import { WorkflowPatternBuilder } from "./pattern/workflow-pattern-builder.js";
import { SpecBuilder } from "./spec-builder.js";
import type { Steps } from "./types/contexts.js";
import type { Declarations, DeclaredInputs, WithDeclarations, WithValues } from "./types/inputs.js";
import type { Fresh } from "./types/known-name.js";
import type { Options } from "./types/options.js";
import type { NoPattern, PatternTypes, TypesOf } from "./types/workflow-types.js";

/** What an agent can have besides its prompt. */
export type AgentOptions = Options<Omit<AgentSpec, "prompt">>;

/** What a runtime can have besides its provider. */
export type RuntimeOptions = Options<Omit<RuntimeSpec, "provider">>;

/**
 * Builds a workflow. Every method gives a new builder and leaves this one as it is. Sections add up: a list grows, and a
 * value that is there already is a problem that `build()` reports; nothing is dropped.
 *
 * @example
 * const spec = new WorkflowBuilder("tea-notes")
 *   .withRuntime("openai", "gpt-4o-mini")
 *   .addAgent("writer", "You write.")
 *   .chain()
 *   .step("writer", "Write about {{ topic }}.")
 *   .build();
 */
export class WorkflowBuilder<
  Agents extends readonly string[] = [],
  Inputs extends object = Record<never, never>,
  Runtime extends boolean = false,
  P extends PatternTypes = NoPattern,
> extends SpecBuilder<TypesOf<Agents, Inputs, Runtime>, P> {
  constructor(name: string) {
    super();
    withState(this, { draft: give(emptyDraft, ["name"], name), at: [], origin: {} });
  }

  /** Version of the format. @defaultValue 0 */
  withVersion(version: number | string): this {
    return giveAll(this, [], [{ version }]);
  }

  withDescription(description: string): this {
    return giveAll(this, [], [{ description }]);
  }

  withMetadata(metadata: Options<SpecMetadata>): this {
    return section(this, "metadata", metadata);
  }

  /** Words to find the workflow by. */
  withTags(...tags: readonly string[]): this {
    return section(this, "tags", tags);
  }

  /** Which model runs, and within which limits: budgets, time-outs, what happens when a call fails. */
  withRuntime(provider: string, options?: RuntimeOptions): WorkflowBuilder<Agents, Inputs, true, P>;
  withRuntime(
    provider: string,
    modelId: string,
    options?: Omit<RuntimeOptions, "modelId">,
  ): WorkflowBuilder<Agents, Inputs, true, P>;
  withRuntime(
    provider: string,
    model?: string | RuntimeOptions,
    options?: Omit<RuntimeOptions, "modelId">,
  ): WorkflowBuilder<Agents, Inputs, true, P> {
    const given = typeof model === "string" ? [{ provider, modelId: model }, options] : [{ provider }, model];
    return giveAll(this, ["runtime"], given);
  }

  /** Limits of the whole session: those of `withRuntime`, on their own. */
  withBudgets(budgets: NonNullable<RuntimeOptions["budgets"]>): this {
    return giveAll(this, ["runtime"], [{ budgets }]);
  }

  /** What happens when a model call fails. */
  withFailurePolicy(failurePolicy: NonNullable<RuntimeOptions["failurePolicy"]>): this {
    return giveAll(this, ["runtime"], [{ failurePolicy }]);
  }

  /** How long model calls and steps of every agent may take. */
  withTimeouts(timeout: NonNullable<RuntimeOptions["timeout"]>): this {
    return giveAll(this, ["runtime"], [{ timeout }]);
  }

  /** Declares inputs. A run must be given the required ones that have neither a default nor a value. */
  declareInputs<
    const R extends Declarations = Record<never, never>,
    const O extends Declarations = Record<never, never>,
  >(inputs: DeclaredInputs<R, O>): WorkflowBuilder<Agents, WithDeclarations<Inputs, R, O>, Runtime, P> {
    return giveAll(this, ["inputs"], [inputs]);
  }

  /** Values of inputs; a run may give others. */
  withInputs<V extends Readonly<Record<string, JsonValue>>>(
    values: V,
  ): WorkflowBuilder<Agents, WithValues<Inputs, V>, Runtime, P> {
    return giveAll(this, ["inputs"], [{ values }]);
  }

  /** Secrets and mounts. */
  withEnv(env: Options<EnvSpec>): this {
    return section(this, "env", env);
  }

  withTelemetry(telemetry: Options<TelemetrySpec>): this {
    return section(this, "telemetry", telemetry);
  }

  /** What agents are shown of the past. */
  withContextPolicy(policy: Options<ContextPolicySpec>): this {
    return section(this, "context_policy", policy);
  }

  /** Folders of instructions that agents can load. */
  withSkills(...skills: readonly Options<SkillSpec>[]): this {
    return section(this, "skills", skills);
  }

  /** Tools that agents may call. */
  withTools(tools: Options<ToolsSpec>): this {
    return section(this, "tools", tools);
  }

  withSecurity(security: Options<SecuritySpec>): this {
    return section(this, "security", security);
  }

  /** What the workflow leaves behind; `withArtifact` adds one file. */
  withOutputs(outputs: Options<OutputsSpec>): this {
    return section(this, "outputs", outputs);
  }

  /** Adds an agent. @param prompt what it is told about its task (system prompt) */
  addAgent<const Id extends string>(
    id: Fresh<Id, Agents, "agent">,
    prompt: string,
    options?: AgentOptions,
  ): WorkflowBuilder<[...Agents, Id], Inputs, Runtime, P> {
    const { draft } = stateOf(this);
    const withPrompt = give(draft, ["agents"], { [id]: { prompt } });
    return createBuilder(WorkflowBuilder, { ...stateOf(this), draft: give(withPrompt, ["agents", id], options) });
  }

  /** Steps one after the other. With a callback, further methods of this builder can follow. */
  chain(): ChainBuilder<TypesOf<Agents, Inputs, Runtime>>;
  chain<S extends Steps, N extends string>(
    build: (
      chain: ChainBuilder<TypesOf<Agents, Inputs, Runtime>>,
    ) => ChainBuilder<TypesOf<Agents, Inputs, Runtime>, S, N>,
  ): WorkflowBuilder<Agents, Inputs, Runtime, ChainTypes<S, N>>;
  chain(build?: Callback<ChainBuilder<TypesOf<Agents, Inputs, Runtime>>>): object {
    return begin(this, { type: "chain", config: { steps: [] } }, ChainBuilder, "chain", build);
  }

  /** Tasks that start as soon as those they depend on are done. */
  workflow(): WorkflowPatternBuilder<TypesOf<Agents, Inputs, Runtime>>;
  workflow<Ids extends readonly string[], Pauses extends string, Ahead extends string>(
    build: (
      workflow: WorkflowPatternBuilder<TypesOf<Agents, Inputs, Runtime>>,
    ) => WorkflowPatternBuilder<TypesOf<Agents, Inputs, Runtime>, Ids, Pauses, Ahead>,
  ): WorkflowBuilder<Agents, Inputs, Runtime, TasksTypes<Ids, Pauses, Ahead>>;
  workflow(build?: Callback<WorkflowPatternBuilder<TypesOf<Agents, Inputs, Runtime>>>): object {
    return begin(this, { type: "workflow", config: { tasks: [] } }, WorkflowPatternBuilder, "workflow", build);
  }

  /** One agent chooses which steps run. */
  routing(): RoutingBuilder<TypesOf<Agents, Inputs, Runtime>>;
  routing<R extends object, Ids extends readonly string[], N extends string, HasRouter extends boolean>(
    build: (
      routing: RoutingBuilder<TypesOf<Agents, Inputs, Runtime>>,
    ) => RoutingBuilder<TypesOf<Agents, Inputs, Runtime>, R, Ids, N, HasRouter>,
  ): WorkflowBuilder<Agents, Inputs, Runtime, RoutingTypes<R, Ids, N, HasRouter>>;
  routing(build?: Callback<RoutingBuilder<TypesOf<Agents, Inputs, Runtime>>>): object {
    return begin(this, { type: "routing", config: { routes: {} } }, RoutingBuilder, "routing", build);
  }

  /** Branches at the same time, and a step that joins their answers. */
  parallel(): ParallelBuilder<TypesOf<Agents, Inputs, Runtime>>;
  parallel<B extends object, Ids extends readonly string[], N extends string>(
    build: (
      parallel: ParallelBuilder<TypesOf<Agents, Inputs, Runtime>>,
    ) => ParallelBuilder<TypesOf<Agents, Inputs, Runtime>, B, Ids, N>,
  ): WorkflowBuilder<Agents, Inputs, Runtime, ParallelTypes<B, Ids, N>>;
  parallel(build?: Callback<ParallelBuilder<TypesOf<Agents, Inputs, Runtime>>>): object {
    return begin(this, { type: "parallel", config: { branches: [] } }, ParallelBuilder, "parallel", build);
  }

  /** Nodes and edges; conditions decide the way, loops included. */
  graph(): GraphBuilder<TypesOf<Agents, Inputs, Runtime>>;
  graph<Ids extends readonly string[], N extends string, HasEdge extends boolean>(
    build: (
      graph: GraphBuilder<TypesOf<Agents, Inputs, Runtime>>,
    ) => GraphBuilder<TypesOf<Agents, Inputs, Runtime>, Ids, N, HasEdge>,
  ): WorkflowBuilder<Agents, Inputs, Runtime, GraphTypes<Ids, N, HasEdge>>;
  graph(build?: Callback<GraphBuilder<TypesOf<Agents, Inputs, Runtime>>>): object {
    return begin(this, { type: "graph", config: { nodes: {}, edges: [] } }, GraphBuilder, "graph", build);
  }

  /** One agent writes, another scores, until the score is good. */
  evaluatorOptimizer(): EvaluatorOptimizerBuilder<TypesOf<Agents, Inputs, Runtime>>;
  evaluatorOptimizer<N extends string, Given extends string>(
    build: (
      loop: EvaluatorOptimizerBuilder<TypesOf<Agents, Inputs, Runtime>>,
    ) => EvaluatorOptimizerBuilder<TypesOf<Agents, Inputs, Runtime>, N, Given>,
  ): WorkflowBuilder<Agents, Inputs, Runtime, EvaluatorOptimizerTypes<N, Given>>;
  evaluatorOptimizer(build?: Callback<EvaluatorOptimizerBuilder<TypesOf<Agents, Inputs, Runtime>>>): object {
    const pattern = { type: "evaluator_optimizer", config: {} };
    return begin(this, pattern, EvaluatorOptimizerBuilder, "evaluatorOptimizer", build);
  }

  /** One agent splits the work, workers do it, and two more steps join and write up. */
  orchestratorWorkers(): OrchestratorWorkersBuilder<TypesOf<Agents, Inputs, Runtime>>;
  orchestratorWorkers<N extends string, Given extends string>(
    build: (
      work: OrchestratorWorkersBuilder<TypesOf<Agents, Inputs, Runtime>>,
    ) => OrchestratorWorkersBuilder<TypesOf<Agents, Inputs, Runtime>, N, Given>,
  ): WorkflowBuilder<Agents, Inputs, Runtime, OrchestratorWorkersTypes<N, Given>>;
  orchestratorWorkers(build?: Callback<OrchestratorWorkersBuilder<TypesOf<Agents, Inputs, Runtime>>>): object {
    const pattern = { type: "orchestrator_workers", config: {} };
    return begin(this, pattern, OrchestratorWorkersBuilder, "orchestratorWorkers", build);
  }
}

type Callback<B> = (builder: B) => object;

/** The builder of a pattern, or what its callback has made of it as a builder of the whole. */
function begin(
  builder: object,
  pattern: { readonly type: string; readonly config: object },
  Builder: BuilderClass,
  method: string,
  build: Callback<never> | undefined,
): object {
  const { draft } = stateOf(builder);
  const at: SpecPath = pattern.type === "workflow" ? ["pattern", "config", "tasks"] : ["pattern", "config", "steps"];
  const fresh = give(withoutPattern(draft), ["pattern"], pattern);
  const started = createBuilder(Builder, { draft: fresh, at, origin: {} });
  if (build === undefined) return started;
  return createBuilder(WorkflowBuilder, {
    ...stateOf(builder),
    draft: draftOf(method, started, build(started as never)),
  });
}

function section<B extends object>(builder: B, key: string, given: object): B {
  return giveAll(builder, [key], [given]);
}

/** A draft that can take a pattern. One that has a pattern already has a problem with the next. */
function withoutPattern(draft: Draft): Draft {
  const { pattern, ...data } = draft.data;
  if (pattern === undefined) return draft;
  const message = "the workflow has a pattern already, and this is another";
  return withIssue({ ...draft, data, order: [] }, problem("given_twice", ["pattern"], message, "keep one of the two"));
}
