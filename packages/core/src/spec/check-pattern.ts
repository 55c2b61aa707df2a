import { checkAgentName, checkPause, checkStep, checkToolIds, type DeclaredNames, isPause } from "./check-agents.js";
import { checkGraph } from "./check-graph.js";
import { quoteValue } from "./check-quote.js";
import { type CheckReport, listNames, type SpecPath } from "./check-report.js";
import { checkTasks } from "./check-tasks.js";
import type {
  EvaluatorOptimizerSpec,
  GateSpec,
  OrchestratorWorkersSpec,
  ParallelSpec,
  PatternSpec,
  RoutingSpec,
  Spec,
  StepSpec,
} from "./spec.js";

const root: SpecPath = ["pattern", "config"];

export const patternTypes: readonly PatternSpec["type"][] = [
  "chain",
  "workflow",
  "routing",
  "parallel",
  "evaluator_optimizer",
  "orchestrator_workers",
  "graph",
];

/** The pattern: every name it uses, and the shape its type asks for. */
export function checkPattern(spec: Spec, names: DeclaredNames, report: CheckReport): void {
  const { pattern } = spec;
  switch (pattern.type) {
    case "chain":
      checkSteps(pattern.config.steps, [...root, "steps"], names, report);
      return;
    case "workflow":
      checkTasks(pattern.config, names, report);
      return;
    case "routing":
      checkRouting(pattern.config, names, report);
      return;
    case "parallel":
      checkParallel(pattern.config, names, report);
      return;
    case "evaluator_optimizer":
      checkEvaluator(pattern.config, names, report);
      return;
    case "orchestrator_workers":
      checkOrchestrator(pattern.config, names, report);
      return;
    case "graph":
      checkGraph(pattern.config, names, report);
      return;
    default: {
      // Reached by a spec that was written as an object and not checked by the compiler.
      const { type } = pattern as { readonly type: unknown };
      const otherwise = `use one of ${listNames(patternTypes)}`;
      const suggestion = report.suggest("pattern", String(type), new Set<string>(patternTypes), otherwise);
      report.error("unknown_pattern", ["pattern", "type"], `no pattern is called ${quoteValue(type)}`, suggestion);
    }
  }
}

function checkSteps(steps: readonly StepSpec[] = [], path: SpecPath, names: DeclaredNames, report: CheckReport): void {
  report.filled(steps.length, path, "step");
  for (const [index, step] of steps.entries()) checkStep(step, [...path, index], names, report);
}

function checkRouting(config: RoutingSpec, names: DeclaredNames, report: CheckReport): void {
  checkAgentOf("router", config, names, report);
  const review = config.router?.review_router;
  if (review !== undefined) checkGate(review, [...root, "router", "review_router"], report);
  const routes = Object.entries(config.routes ?? {});
  report.filled(routes.length, [...root, "routes"], "route");
  for (const [name, route] of routes) checkSteps(route.then, [...root, "routes", name, "then"], names, report);
}

function checkParallel(config: ParallelSpec, names: DeclaredNames, report: CheckReport): void {
  const branches = config.branches ?? [];
  if (branches.length < 2) {
    report.error(
      "empty",
      [...root, "branches"],
      "parallel needs at least two branches",
      "add a branch, or use `chain`",
    );
  }
  const seen = new Map<string, number>();
  for (const [index, branch] of branches.entries()) {
    const path = [...root, "branches", index];
    const first = seen.get(branch.id);
    if (first !== undefined) {
      const message = `the branch id ${quoteValue(branch.id)} is taken by \`branches[${first}]\``;
      report.error("duplicate_id", [...path, "id"], message, "give each branch its own id");
    } else seen.set(branch.id, index);
    checkSteps(branch.steps, [...path, "steps"], names, report);
  }
  if (config.reduce !== undefined) checkStep(config.reduce, [...root, "reduce"], names, report);
}

function checkEvaluator(config: EvaluatorOptimizerSpec, names: DeclaredNames, report: CheckReport): void {
  if (config.producer !== undefined) checkAgentName(config.producer, [...root, "producer"], names, report);
  checkAgentOf("evaluator", config, names, report);
  if (config.review_gate !== undefined) checkGate(config.review_gate, [...root, "review_gate"], report);
  if (config.review_gate !== undefined && config.accept?.max_iters === 1) {
    const message = "the gate is never reached: after the one evaluation there is nothing to revise";
    report.warn("unused_gate", [...root, "review_gate"], message, "raise `accept.max_iters`, or take the gate out");
  }
}

function checkOrchestrator(config: OrchestratorWorkersSpec, names: DeclaredNames, report: CheckReport): void {
  checkAgentOf("orchestrator", config, names, report);
  checkAgentOf("worker_template", config, names, report);
  checkToolIds(config.worker_template?.tools, [...root, "worker_template", "tools"], names, report);
  for (const gate of ["decomposition_review", "reduce_review"] as const) {
    const review = config[gate];
    if (review !== undefined) checkGate(review, [...root, gate], report);
  }
  if (config.reduce_review !== undefined && config.reduce === undefined) {
    const message = "the gate is never reached: there is no `reduce` it could stand before";
    report.warn("unused_gate", [...root, "reduce_review"], message, "add `reduce`, or take the gate out");
  }
  for (const step of ["reduce", "writeup"] as const) {
    const value = config[step];
    if (value !== undefined) checkStep(value, [...root, step], names, report);
  }
}

/** The agent of a part of the config, which is there unless the shape is broken. */
function checkAgentOf<Key extends string>(
  part: Key,
  config: { readonly [K in Key]?: { readonly agent: string } },
  names: DeclaredNames,
  report: CheckReport,
): void {
  const holder = config[part];
  if (holder !== undefined) checkAgentName(holder.agent, [...root, part, "agent"], names, report);
}

function checkGate(gate: StepSpec | GateSpec, path: SpecPath, report: CheckReport): void {
  if (isPause(gate)) {
    checkPause(gate, path, report);
    return;
  }
  report.error("gate_expected", path, "a review must be a pause for a person", "write `type: hitl` and a `prompt`");
}
