import { expect, it } from "vitest";
import * as builders from "./index.js";

it("exports what it promises", () => {
  expect(Object.keys(builders).sort()).toEqual([
    "ChainBuilder",
    "EvaluatorOptimizerBuilder",
    "GraphBuilder",
    "OrchestratorWorkersBuilder",
    "ParallelBuilder",
    "RoutingBuilder",
    "SpecBuilder",
    "StepsBuilder",
    "WorkflowBuilder",
    "WorkflowPatternBuilder",
  ]);
});
