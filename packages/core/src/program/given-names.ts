import type {
  GraphSpec,
  OrchestratorWorkersSpec,
  ParallelSpec,
  PatternSpec,
  Spec,
  StepSpec,
  TaskSpec,
} from "../spec/spec.js";
import { placeTasks, seesTask } from "./compile-tasks.js";

/** What can be read of a name: the parts listed, or anything. */
export type Known = Parts | "anything";

/** The parts a value can have. */
export interface Parts {
  readonly all: ReadonlyMap<string, Known>;
  /** Whether a part can have a value here; those that cannot have one elsewhere. */
  readonly here?: (part: string) => boolean;
  /** What to do so that a part has one. */
  readonly advice?: string;
}

/** The names a pattern gives a template, over inputs and variables. The patterns' own functions give them their values. */
export type Given = Readonly<Record<string, Known>>;

/** Names of which anything can be read. */
export function anything(...names: readonly string[]): Given {
  return Object.fromEntries(names.map((name) => [name, "anything"]));
}

function parts(...names: readonly string[]): Parts {
  return { all: new Map(names.map((name) => [name, "anything"])) };
}

const agentStep = parts("index", "agent", "response", "data", "tokens_estimated");
const hitlStep = parts("index", "type", "prompt", "response", "data", "tokens_estimated");
const agentTask = parts("response", "data", "status", "tokens_estimated", "agent");
const hitlTask = parts("type", "prompt", "response", "data", "status", "tokens_estimated", "agent");
const agentNode = parts("response", "data", "agent", "status", "iteration");
const hitlNode = parts("response", "data", "agent", "status", "iteration", "type", "prompt");
const branch = parts("response", "data", "status", "tokens_estimated", "step_history");
const verdict = parts("score", "issues", "fixes");

function stepRecords(steps: readonly StepSpec[]): ReadonlyMap<string, Known> {
  return new Map(steps.map((step, index) => [String(index), "agent" in step ? agentStep : hitlStep]));
}

/** What each of some steps in a row sees: the records of those before it, and the latest answer of a person. */
export function inSteps(steps: readonly StepSpec[], more: Given, lastResponse: boolean): readonly Given[] {
  const all = stepRecords(steps);
  const advice = "a step sees the answers of those before it";
  let answered: Given = {};
  return steps.map((step, index) => {
    const last = lastResponse && index > 0 ? anything("last_response") : {};
    const given = {
      ...more,
      steps: { all, here: (part: string) => Number(part) < index, advice },
      ...answered,
      ...last,
    };
    if (!("agent" in step)) answered = { hitl_response: "anything" };
    return given;
  });
}

/** What each task sees: those of earlier layers, and what was answered before it. */
export function inTasks(specs: readonly TaskSpec[]): (task: TaskSpec) => Given {
  const all = taskRecords(specs);
  const placed = placeTasks(specs);
  const indices = new Map(placed.map(({ spec }, index) => [spec.id, index]));
  const advice = "it is not done before this task: name it under `deps`, if it can be";
  return ({ id }) => {
    const index = indices.get(id);
    // A task of a circle; that is an error already.
    if (index === undefined) return { tasks: { all } };
    const here = (part: string): boolean => seesTask(placed, index, indices.get(part) ?? index);
    return {
      tasks: { all, here, advice },
      ...(placed[index]?.question === undefined ? {} : { hitl_response: "anything" }),
    };
  };
}

function taskRecords(specs: readonly TaskSpec[]): ReadonlyMap<string, Known> {
  return new Map(specs.map((task) => [task.id, "agent" in task ? agentTask : hitlTask]));
}

export const router: Given = { router: parts("chosen_route", "response", "data") };

export function inReduce({ branches }: ParallelSpec): Given {
  return { branches: { all: new Map(branches.map(({ id }) => [id, branch])) } };
}

export const draft: Given = { draft: "anything" };
export const revision: Given = { draft: "anything", iteration: "anything", evaluation: verdict };
export const draftReview: Given = {
  iteration_index: "anything",
  iterations: "anything",
  current_draft: "anything",
  current_evaluation: verdict,
};

export const decomposition: Given = anything("orchestrator_response", "subtasks", "task_count");

const results: Given = anything("workers", "num_workers", "round_count");

export function inReduceReview({ decomposition_review: review }: OrchestratorWorkersSpec): Given {
  return { ...results, worker_count: "anything", ...(review === undefined ? {} : { hitl_response: "anything" }) };
}

export function inFinalStep(config: OrchestratorWorkersSpec, step: "reduce" | "writeup" | "artifact"): Given {
  const { decomposition_review: first, reduce_review: second, reduce, writeup } = config;
  const asked = first !== undefined || (second !== undefined && reduce !== undefined);
  return {
    ...results,
    last_response: "anything",
    ...(asked ? { hitl_response: "anything" } : {}),
    ...(step !== "reduce" && reduce !== undefined ? { reduce_response: "anything" } : {}),
    ...(step === "artifact" && writeup !== undefined ? { writeup_response: "anything" } : {}),
  };
}

export function inGraph({ nodes }: GraphSpec): Given {
  const all = new Map(Object.entries(nodes).map(([id, node]) => [id, "agent" in node ? agentNode : hitlNode]));
  return { nodes: { all }, hitl_response: "anything" };
}

/** What artifacts see, once all is done. */
export function inArtifacts({ pattern, context_policy: policy }: Spec): Given {
  return {
    ...anything("name", "runtime", "execution_context", "last_response", "TRACE"),
    ...(policy === undefined ? {} : { context_policy: "anything" }),
    ...ofOutcome(pattern),
  };
}

function ofOutcome(pattern: PatternSpec): Given {
  switch (pattern.type) {
    case "chain":
      return { steps: { all: stepRecords(pattern.config.steps) } };
    case "workflow":
      return { tasks: { all: taskRecords(pattern.config.tasks) } };
    case "routing": {
      const longest = Object.values(pattern.config.routes).reduce(
        (most, { then }) => Math.max(most, then?.length ?? 0),
        0,
      );
      const all = new Map(Array.from({ length: longest }, (_, index) => [String(index), "anything" as const]));
      return { ...router, steps: { all }, ...anything("chosen_route", "router_agent") };
    }
    case "parallel":
      return inReduce(pattern.config);
    case "evaluator_optimizer":
      return {
        ...anything("iterations", "final_score", "min_score", "max_iters", "history", "cumulative_tokens"),
        last_evaluation: verdict,
        ...(pattern.config.review_gate === undefined ? {} : anything("early_termination", "termination_reason")),
      };
    case "orchestrator_workers":
      return inFinalStep(pattern.config, "artifact");
    case "graph":
      return {
        nodes: inGraph(pattern.config)["nodes"] ?? "anything",
        ...anything("terminal_node", "total_steps", "iteration_counts", "cumulative_tokens", "timestamp"),
      };
  }
}
