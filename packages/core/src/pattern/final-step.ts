import type { RunContext } from "../engine/run-context.js";
import type { ProgramStep } from "../program/program.js";
import type { JsonValue } from "../spec/json.js";
import { hitlRequest } from "./hitl-request.js";
import { renderInput } from "./run-steps.js";
import type { StepScope } from "./step-scope.js";

/** What a step at the end of a pattern gave. */
export interface FinalStep {
  readonly response: string;
  /** The same as data, when the agent has an output schema; null otherwise. */
  readonly data: JsonValue;
  /** Who gave it; `hitl` for a person. */
  readonly agentId: string;
}

/**
 * Runs a step that makes one result out of many, such as `reduce`. A person's answer is the result as it is, so it may not
 * be empty.
 *
 * @param feedback what a reviewer wants to be considered
 */
export async function runFinalStep(
  run: RunContext,
  key: string,
  step: ProgramStep,
  scope: StepScope,
  feedback?: string,
): Promise<FinalStep> {
  if (step.type === "hitl") {
    const request = hitlRequest(step, run, scope);
    const { response } = await run.interrupt(key, {
      ...request,
      pattern: request.pattern ?? "\\S",
      accepts: "any text that is not blank; it is the result",
    });
    return { response, data: null, agentId: "hitl" };
  }
  const prompt = (): string => {
    const input = renderInput(step, scope);
    return feedback === undefined ? input : `${input}\n\nFeedback of a reviewer:\n${feedback}`;
  };
  const { text: response, data } = await run.agent(key, step.agentId, prompt, step.tools);
  return { response, data, agentId: step.agentId };
}
