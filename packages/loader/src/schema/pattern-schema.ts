import type { PatternType } from "@strands/core";
import { z } from "zod";
import { define, describe, filledMap, identifier, number, text, texts } from "./describe.js";
import {
  agentNodeSchema,
  agentTaskSchema,
  gateSchema,
  pauseNodeSchema,
  pauseTaskSchema,
  stepSchema,
} from "./step-schema.js";

const steps = (description: string) => describe(z.array(stepSchema).min(1), description);
const agentName = () => text("Id of an agent under `agents`.");

const chain = define(
  "chainConfig",
  z.strictObject({ steps: steps("The steps, one after the other.") }),
  "Steps one after the other; each sees the answers before it.",
);

const workflow = define(
  "workflowConfig",
  z.strictObject({
    tasks: describe(z.array(z.union([agentTaskSchema, pauseTaskSchema])).min(1), "The tasks, in any order."),
  }),
  "Tasks that start as soon as those they depend on are done.",
);

const routing = define(
  "routingConfig",
  z.strictObject({
    router: describe(
      z.strictObject({
        agent: agentName(),
        input: text("Template of what the router is asked.").optional(),
        max_retries: number("max_retries", "Attempts after the first to get a readable decision.", {
          default: 2,
        }).optional(),
        review_router: stepSchema.optional(),
      }),
      "The agent that chooses a route.",
    ),
    routes: describe(
      z.record(
        z.string(),
        // biome-ignore lint/suspicious/noThenProperty: the format calls it that, and nobody awaits a shape.
        z.strictObject({ then: describe(z.array(stepSchema), "The steps of the route.").optional() }),
      ),
      "The routes by name.",
    ),
    route_order: texts(
      "Names of the routes in their order, where names are whole numbers; filled in from the file when absent.",
    ).optional(),
  }),
  "One agent chooses which steps run.",
);

const parallel = define(
  "parallelConfig",
  z.strictObject({
    branches: describe(
      z.array(z.strictObject({ id: identifier("Id of the branch."), steps: steps("The steps of the branch.") })).min(2),
      "The branches, which run at the same time.",
    ),
    reduce: stepSchema.optional(),
  }),
  "Branches at the same time, and a step that joins their answers.",
);

const orchestratorWorkers = define(
  "orchestratorWorkersConfig",
  z.strictObject({
    orchestrator: describe(
      z.strictObject({
        agent: agentName(),
        limits: describe(
          z.strictObject({
            max_workers: number("max_workers", "Workers at the same time.").optional(),
            max_rounds: number("max_rounds", "Rounds of work.").optional(),
          }),
          "Limits of the work.",
        ).optional(),
      }),
      "The agent that splits the work.",
    ),
    decomposition_review: gateSchema.optional(),
    worker_template: describe(
      z.strictObject({ agent: agentName(), tools: texts("Replaces the agent's list of tools.").optional() }),
      "The agent that does one piece of work.",
    ),
    reduce_review: gateSchema.optional(),
    reduce: stepSchema.optional(),
    writeup: stepSchema.optional(),
  }),
  "One agent splits the work, workers do it, and two more steps join and write up.",
);

const evaluatorOptimizer = define(
  "evaluatorOptimizerConfig",
  z.strictObject({
    producer: text("Id of the agent that writes the draft."),
    evaluator: describe(
      z.strictObject({ agent: agentName(), input: text("Template of what the evaluator is asked.").optional() }),
      "The agent that scores the draft.",
    ),
    accept: describe(
      z.strictObject({
        min_score: number("min_score", "Score from which a draft is good."),
        max_iters: number("max_iters", "Evaluations of the whole session.", { default: 3 }).optional(),
      }),
      "When a draft is good.",
    ),
    revise_prompt: text("Template of what the producer is asked when the score is too low.").optional(),
    review_gate: gateSchema.optional(),
  }),
  "One agent writes, another scores, until the score is good.",
);

const edges = z
  .array(
    z.union([
      z.strictObject({
        from: identifier("Id of the node the edge leaves."),
        to: describe(z.array(identifier("Id of a node.")), "The next node."),
      }),
      z.strictObject({
        from: identifier("Id of the node the edge leaves."),
        choose: describe(
          z.array(
            z.strictObject({
              when: text("Condition, or `else`."),
              to: identifier("Id of the next node when the condition holds."),
            }),
          ),
          "Conditions in order; the first that holds decides.",
        ),
      }),
    ]),
  )
  .min(1);

const graph = define(
  "graphConfig",
  z.strictObject({
    max_iterations: number("max_iterations", "Visits per node.", { default: 10 }).optional(),
    nodes: filledMap(
      z.union([agentNodeSchema, pauseNodeSchema]),
      "The nodes by id. The first is where the graph starts.",
    ),
    node_order: texts(
      "Ids of the nodes in their order, where ids are whole numbers; filled in from the file when absent.",
    ).optional(),
    edges: describe(edges, "Where to go from a node."),
  }),
  "Nodes and edges; conditions decide the way, loops included.",
);

/** The config of each pattern, by its type. */
export const patternConfigs: Readonly<Record<PatternType, z.ZodType>> = {
  chain,
  routing,
  parallel,
  orchestrator_workers: orchestratorWorkers,
  evaluator_optimizer: evaluatorOptimizer,
  graph,
  workflow,
};

export const patternTypes: readonly PatternType[] = Object.keys(patternConfigs) as PatternType[];
