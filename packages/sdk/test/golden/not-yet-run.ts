/** Patterns without an executor: their cases are refused, and a test fails as soon as one is not. */
export const notYetRun: ReadonlySet<string> = new Set([
  "workflow",
  "routing",
  "parallel",
  "evaluator_optimizer",
  "orchestrator_workers",
  "graph",
]);
