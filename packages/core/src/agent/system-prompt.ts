import type { Program, ProgramAgent } from "../program/program.js";
import type { JsonValue } from "../spec/json.js";
import { schemaInstruction } from "./structured-answer.js";

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
  const prompt = `${agent.prompt.renderOrKeep(variables)}\n\n${lines.join("\n")}`;
  // Also where the provider has a mode of its own for schemas: not all do, and few take every schema.
  return agent.outputSchema === undefined ? prompt : `${prompt}\n\n${schemaInstruction(agent.outputSchema)}`;
}
