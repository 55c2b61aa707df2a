import type { InterruptRequest } from "../engine/interrupt.js";
import type { RunContext } from "../engine/run-context.js";
import { StrandsError } from "../error/strands-error.js";
import type { ProgramHitlStep } from "../program/program.js";
import type { TemplateScope } from "../template/scope.js";

/** What a pause of the spec asks a person, with what its template shows of the scope. */
export function hitlRequest(step: ProgramHitlStep, run: RunContext, scope: TemplateScope): InterruptRequest {
  const { context, name } = step;
  return {
    name,
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
