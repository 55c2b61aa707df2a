import type { InterruptRequest } from "../engine/interrupt.js";
import type { RunContext } from "../engine/run-context.js";
import { StrandsError } from "../error/strands-error.js";
import type { ProgramAgentStep, ProgramHitlStep, ProgramStep } from "../program/program.js";
import { StepScope } from "./step-scope.js";

/** What templates see of a finished step. */
export type StepRecord =
  | { readonly index: number; readonly agent: string; readonly response: string; readonly tokens_estimated: number }
  | {
      readonly index: number;
      readonly type: "hitl";
      readonly prompt: string;
      readonly response: string;
      readonly tokens_estimated: 0;
    };

/** Runs steps in order; each sees the records of those before it. Keys are `<prefix>/<index>`. */
export async function runSteps(
  run: RunContext,
  prefix: string,
  steps: readonly ProgramStep[],
): Promise<readonly StepRecord[]> {
  const records: StepRecord[] = [];
  const scope = new StepScope(run.variables, { steps: records });
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] as ProgramStep;
    const key = `${prefix}/${index}`;
    if (step.type === "agent") {
      const answer = await run.agent(key, step.agentId, () => renderInput(step, scope), step.tools);
      records.push({ index, agent: step.agentId, response: answer.text, tokens_estimated: answer.tokensEstimated });
    } else {
      const request = hitlRequest(step, run, scope);
      const response = await run.interrupt(key, request);
      scope.set("hitl_response", response);
      records.push({ index, type: "hitl", prompt: request.prompt, response, tokens_estimated: 0 });
    }
  }
  return records;
}

function renderInput(step: ProgramAgentStep, scope: StepScope): string {
  return step.input.render(step.vars === undefined ? scope : scope.with(step.vars));
}

function hitlRequest(step: ProgramHitlStep, run: RunContext, scope: StepScope): InterruptRequest {
  const { context } = step;
  return {
    prompt: step.prompt.renderOrKeep(run.variables),
    context: () => (context === undefined ? "" : renderShown(() => context.render(scope))),
    default: step.default,
    timeoutMs: step.timeoutMs,
    pattern: step.pattern,
  };
}

/** What a person is shown must not cost the pause: a template that fails is replaced by the reason. */
function renderShown(render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (!StrandsError.isInstance(error)) throw error;
    return `[context_display could not be rendered: ${error.message}]`;
  }
}
