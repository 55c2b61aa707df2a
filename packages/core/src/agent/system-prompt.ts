import type { Program, ProgramAgent } from "../program/program.js";
import type { JsonValue } from "../spec/json.js";
import { schemaInstruction } from "./structured-answer.js";

/** What the agents of one run are told first: the same in every line of work. */
export class SystemPrompts {
  readonly #program: Program;
  readonly #variables: Readonly<Record<string, JsonValue>>;
  #made: Map<ProgramAgent, string> | undefined;

  constructor(program: Program, variables: Readonly<Record<string, JsonValue>>) {
    this.#program = program;
    this.#variables = variables;
  }

  of(agent: ProgramAgent): string {
    let prompt = fixed.get(agent) ?? this.#made?.get(agent);
    if (prompt === undefined) {
      prompt = systemPrompt(this.#program, agent, this.#variables);
      this.#keep(agent, prompt);
    }
    return prompt;
  }

  #keep(agent: ProgramAgent, prompt: string): void {
    if (agent.prompt.isText) fixed.set(agent, prompt);
    else {
      this.#made ??= new Map();
      this.#made.set(agent, prompt);
    }
  }
}

/** Those that are the same in every run of a program. */
const fixed = new WeakMap<ProgramAgent, string>();

/** The agent's prompt, followed by what it should know about the workflow it works in. */
function systemPrompt(program: Program, agent: ProgramAgent, variables: Readonly<Record<string, JsonValue>>): string {
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
