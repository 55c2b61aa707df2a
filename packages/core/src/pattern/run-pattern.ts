import type { PatternOutcome, RunContext } from "../engine/run-context.js";
import type { ProgramPattern } from "../program/program.js";
import { runChain } from "./chain.js";
import { runEvaluatorOptimizer } from "./evaluator-optimizer.js";
import { runGraph } from "./graph.js";
import { runOrchestratorWorkers } from "./orchestrator-workers.js";
import { runParallel } from "./parallel.js";
import { runRouting } from "./routing.js";
import { runWorkflow } from "./workflow.js";

/** Runs the function of a pattern. */
export function runPattern(run: RunContext, pattern: ProgramPattern): Promise<PatternOutcome> {
  switch (pattern.type) {
    case "chain":
      return runChain(run, pattern);
    case "workflow":
      return runWorkflow(run, pattern);
    case "routing":
      return runRouting(run, pattern);
    case "parallel":
      return runParallel(run, pattern);
    case "evaluator_optimizer":
      return runEvaluatorOptimizer(run, pattern);
    case "orchestrator_workers":
      return runOrchestratorWorkers(run, pattern);
    case "graph":
      return runGraph(run, pattern);
  }
}
