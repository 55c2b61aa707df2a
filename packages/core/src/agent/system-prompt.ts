import { TemplateError } from "../error/errors.js";
import type { JsonValue } from "../spec/json.js";
import type { Program, ProgramAgent, SoftTemplate } from "../program/program.js";
import { renderTemplate } from "../template/render-template.js";

/** Renders a text whose names all have a value; gives it as written otherwise. */
export function renderSoft(text: SoftTemplate, variables: Readonly<Record<string, JsonValue>>): string {
  if (text.template === undefined) return text.source;
  try {
    return renderTemplate(text.template, variables);
  } catch (error) {
    if (error instanceof TemplateError) return text.source;
    throw error;
  }
}

/** The agent's prompt, followed by what it should know about the workflow it works in. */
export function systemPrompt(
  program: Program,
  agent: ProgramAgent,
  variables: Readonly<Record<string, JsonValue>>,
): string {
  const { spec } = program;
  const lines = [`Workflow: ${spec.name}`];
  if (spec.description !== undefined) lines.push(`Description: ${spec.description}`);
  if (spec.tags !== undefined && spec.tags.length > 0) lines.push(`Tags: ${spec.tags.join(", ")}`);
  lines.push(`Agent: ${agent.id}`);
  for (const [name, limit] of Object.entries(spec.runtime.budgets ?? {})) lines.push(`Budget ${name}: ${limit}`);
  return `${renderSoft(agent.prompt, variables)}\n\n${lines.join("\n")}`;
}
