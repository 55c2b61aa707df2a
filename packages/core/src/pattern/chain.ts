import type { PatternOutcome, RunContext } from "../engine/run-context.js";
import type { ChainProgram } from "../program/program.js";
import type { StepRecord } from "./run-steps.js";
import { runSteps } from "./run-steps.js";

/** Steps one after the other, each seeing the answers of those before. */
export function runChain(run: RunContext, chain: ChainProgram): Promise<PatternOutcome> {
  return runSteps(run, "steps", chain.steps).then(outcomeOf);
}

function outcomeOf(steps: readonly StepRecord[]): PatternOutcome {
  const last = steps.at(-1);
  return {
    lastResponse: last?.response ?? "",
    data: last?.data ?? null,
    agentId: last !== undefined && "agent" in last ? last.agent : "hitl",
    responses: steps.flatMap((step) => ("agent" in step ? [step.response] : [])),
    context: { steps },
  };
}
