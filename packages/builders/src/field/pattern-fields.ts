import type {
  AgentStepSpec,
  AgentTaskSpec,
  BranchSpec,
  ChainSpec,
  EdgeSpec,
  EvaluatorOptimizerSpec,
  GateSpec,
  GraphSpec,
  HitlStepSpec,
  HitlTaskSpec,
  OrchestratorWorkersSpec,
  ParallelSpec,
  PatternType,
  RoutingSpec,
  WorkflowSpec,
} from "@strands/core";
import type { Field, ShapeField } from "./field.js";
import { choice, either, flag, identifier, integer, list, map, shape, text, uniqueList } from "./field.js";

const numberField: Field = { type: "number", whole: false };
const texts = list(text);

const pauseFields = {
  type: choice("hitl", "manual_gate"),
  prompt: text,
  context_display: text,
  default: text,
  timeout_seconds: integer(0),
  timeout_minutes: integer(0),
};

const agentStep = shape<AgentStepSpec>(
  { agent: text, input: text, vars: map(either(text, numberField, flag)), tool_overrides: texts },
  "agent",
);
const pauseStep = shape<HitlStepSpec>({ id: identifier, ...pauseFields }, "type", "prompt");
const step = either(agentStep, pauseStep);
const gate = shape<GateSpec>(
  { id: identifier, ...pauseFields, validation: shape<NonNullable<GateSpec["validation"]>>({ pattern: text }) },
  "type",
  "prompt",
);

const deps = uniqueList(identifier);
const agentTask = shape<AgentTaskSpec>(
  { id: identifier, agent: text, deps, description: text, input: text },
  "id",
  "agent",
);
const pauseTask = shape<HitlTaskSpec>({ id: identifier, deps, ...pauseFields }, "id", "type", "prompt");

const agentNode = shape<{ readonly agent: string; readonly input?: string }>({ agent: text, input: text }, "agent");
const edge = shape<Pick<Required<EdgeSpec>, "from" | "to">>({ from: identifier, to: list(identifier) }, "from", "to");
const choosingEdge = shape<Pick<Required<EdgeSpec>, "from" | "choose">>(
  {
    from: identifier,
    choose: list(shape<{ when: string; to: string }>({ when: text, to: identifier }, "when", "to")),
  },
  "from",
  "choose",
);

type Orchestrator = OrchestratorWorkersSpec["orchestrator"];

/** The config of each pattern. */
export const patternFields: Readonly<Record<PatternType, ShapeField>> = {
  chain: shape<ChainSpec>({ steps: list(step) }, "steps"),
  workflow: shape<WorkflowSpec>({ tasks: list(either(agentTask, pauseTask)) }, "tasks"),
  routing: shape<RoutingSpec>(
    {
      router: shape<RoutingSpec["router"]>(
        { agent: text, input: text, max_retries: integer(0), review_router: step },
        "agent",
      ),
      // biome-ignore lint/suspicious/noThenProperty: the format calls it that, and nobody awaits a field.
      routes: map(shape<RoutingSpec["routes"][string]>({ then: list(step) })),
      route_order: texts,
    },
    "router",
    "routes",
  ),
  parallel: shape<ParallelSpec>(
    { branches: list(shape<BranchSpec>({ id: identifier, steps: list(step) }, "id", "steps")), reduce: step },
    "branches",
  ),
  evaluator_optimizer: shape<EvaluatorOptimizerSpec>(
    {
      producer: text,
      evaluator: shape<EvaluatorOptimizerSpec["evaluator"]>({ agent: text, input: text }, "agent"),
      accept: shape<EvaluatorOptimizerSpec["accept"]>(
        { min_score: integer(0, 100), max_iters: integer(1) },
        "min_score",
      ),
      revise_prompt: text,
      review_gate: gate,
    },
    "producer",
    "evaluator",
    "accept",
  ),
  orchestrator_workers: shape<OrchestratorWorkersSpec>(
    {
      orchestrator: shape<Orchestrator>(
        {
          agent: text,
          limits: shape<NonNullable<Orchestrator["limits"]>>({ max_workers: integer(1), max_rounds: integer(1) }),
        },
        "agent",
      ),
      decomposition_review: gate,
      worker_template: shape<OrchestratorWorkersSpec["worker_template"]>({ agent: text, tools: texts }, "agent"),
      reduce_review: gate,
      reduce: step,
      writeup: step,
    },
    "orchestrator",
    "worker_template",
  ),
  graph: shape<GraphSpec>(
    {
      max_iterations: integer(1),
      nodes: map(either(agentNode, pauseStep)),
      node_order: texts,
      edges: list(either(edge, choosingEdge)),
    },
    "nodes",
    "edges",
  ),
};
