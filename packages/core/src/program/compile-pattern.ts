import { entriesInOrder } from "../spec/key-order.js";
import type {
  EvaluatorOptimizerSpec,
  GateSpec,
  GraphSpec,
  HitlStepSpec,
  NodeSpec,
  OrchestratorWorkersSpec,
  PatternSpec,
  RoutingSpec,
  StepSpec,
  TaskSpec,
} from "../spec/spec.js";
import { compileTasks } from "./compile-tasks.js";
import { LazyCondition } from "./lazy-template.js";
import type {
  EvaluatorOptimizerProgram,
  GraphProgram,
  OrchestratorWorkersProgram,
  ProgramChoice,
  ProgramHitlStep,
  ProgramNode,
  ProgramPattern,
  ProgramStep,
  RoutingProgram,
} from "./program.js";
import type { TemplateTable } from "./template-table.js";

/** Brings a pattern that was checked into the form its executor reads. */
export function compilePattern(pattern: PatternSpec, templates: TemplateTable): ProgramPattern {
  const steps = (list: readonly StepSpec[] = []) => list.map((step) => compileStep(step, templates));
  switch (pattern.type) {
    case "chain":
      return { type: "chain", steps: steps(pattern.config.steps) };
    case "workflow":
      return { type: "workflow", tasks: compileTasks(pattern.config.tasks, (task) => compileStep(task, templates)) };
    case "routing":
      return compileRouting(pattern.config, templates);
    case "parallel": {
      const { branches, reduce } = pattern.config;
      return {
        type: "parallel",
        branches: branches.map((branch) => ({ id: branch.id, steps: steps(branch.steps) })),
        reduce: reduce === undefined ? undefined : compileStep(reduce, templates),
      };
    }
    case "evaluator_optimizer":
      return compileEvaluator(pattern.config, templates);
    case "orchestrator_workers":
      return compileOrchestrator(pattern.config, templates);
    case "graph":
      return compileGraph(pattern.config, templates);
  }
}

function compileStep(step: StepSpec | TaskSpec | NodeSpec, templates: TemplateTable): ProgramStep {
  if (!("agent" in step)) return compileHitl(step, templates);
  return {
    type: "agent",
    agentId: step.agent,
    input: templates.get(step.input ?? ""),
    vars: "vars" in step ? step.vars : undefined,
    tools: "tool_overrides" in step ? step.tool_overrides : undefined,
  };
}

function compileHitl(step: HitlStepSpec | GateSpec, templates: TemplateTable): ProgramHitlStep {
  const seconds = step.timeout_seconds ?? (step.timeout_minutes ?? 0) * 60;
  return {
    type: "hitl",
    name: step.id,
    prompt: templates.get(step.prompt),
    context: step.context_display === undefined ? undefined : templates.get(step.context_display),
    default: step.default,
    timeoutMs: seconds > 0 ? seconds * 1000 : undefined,
    pattern: "validation" in step ? step.validation?.pattern : undefined,
  };
}

function compileGate(gate: StepSpec | GateSpec | undefined, templates: TemplateTable): ProgramHitlStep | undefined {
  return gate === undefined || "agent" in gate ? undefined : compileHitl(gate, templates);
}

function compileRouting({ router, routes, route_order: order }: RoutingSpec, templates: TemplateTable): RoutingProgram {
  return {
    type: "routing",
    agentId: router.agent,
    input: templates.get(router.input ?? ""),
    attempts: (router.max_retries ?? 2) + 1,
    review: compileGate(router.review_router, templates),
    routes: new Map(
      entriesInOrder(routes, order).map(([name, { then: steps = [] }]) => [
        name,
        steps.map((step) => compileStep(step, templates)),
      ]),
    ),
  };
}

function compileEvaluator(config: EvaluatorOptimizerSpec, templates: TemplateTable): EvaluatorOptimizerProgram {
  const { producer, evaluator, accept, revise_prompt: revise, review_gate: gate } = config;
  return {
    type: "evaluator_optimizer",
    producerId: producer,
    evaluatorId: evaluator.agent,
    input: evaluator.input === undefined ? undefined : templates.get(evaluator.input),
    revise: revise === undefined ? undefined : templates.get(revise),
    minScore: accept.min_score,
    maxEvaluations: accept.max_iters ?? 3,
    gate: compileGate(gate, templates),
  };
}

function compileOrchestrator(config: OrchestratorWorkersSpec, templates: TemplateTable): OrchestratorWorkersProgram {
  const { orchestrator, worker_template: worker, reduce, writeup } = config;
  return {
    type: "orchestrator_workers",
    orchestratorId: orchestrator.agent,
    workerId: worker.agent,
    workerTools: worker.tools,
    maxWorkers: orchestrator.limits?.max_workers,
    maxRounds: orchestrator.limits?.max_rounds ?? 1,
    decompositionReview: compileGate(config.decomposition_review, templates),
    reduceReview: compileGate(config.reduce_review, templates),
    reduce: reduce === undefined ? undefined : compileStep(reduce, templates),
    writeup: writeup === undefined ? undefined : compileStep(writeup, templates),
  };
}

function compileGraph(
  { nodes, node_order: order, edges, max_iterations: maxVisits = 10 }: GraphSpec,
  templates: TemplateTable,
): GraphProgram {
  const choices = new Map<string, readonly ProgramChoice[]>();
  for (const { from, to, choose = [] } of edges) {
    // Only the first edge of a node counts.
    if (choices.has(from)) continue;
    const targets = to === undefined ? choose : to.slice(0, 1).map((target) => ({ when: "else", to: target }));
    choices.set(
      from,
      targets.map((choice) => ({ when: new LazyCondition(choice.when), to: choice.to })),
    );
  }
  const compiled = new Map<string, ProgramNode>();
  for (const [id, node] of entriesInOrder(nodes, order)) {
    const step = compileStep("agent" in node ? node : { id, ...node }, templates);
    compiled.set(id, { id, step, choices: choices.get(id) });
  }
  const [entry = ""] = compiled.keys();
  return { type: "graph", entry, nodes: compiled, maxVisits };
}
