import { type LoadedWorkflow, loadWorkflow, SpecError } from "@strands/sdk";
import type { Command, CommandContext } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { errorText, issueLines, shortPath } from "../render/error-text.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";

/** `strands validate` */
export const validateCommand: Command = {
  description: "Check workflow files without running them. Every problem is shown, with its place and how to mend it.",
  arguments: [{ name: "<file...>", description: "workflow files (.yaml, .yml or .json)" }],
  options: [],
  examples: [
    "strands validate workflow.yaml",
    "strands validate flows/*.yaml",
    "strands validate workflow.yaml --json",
  ],
  notes: "Exit code 0 when every file is valid, 3 when one is not. Warnings do not make a file invalid.",
  run,
};

type Outcome = { readonly file: string } & ({ readonly workflow: LoadedWorkflow } | { readonly error: SpecError });

async function run({ io, args, options }: CommandContext): Promise<number> {
  const screen = new Screen(io, { json: options.flag("json"), verbose: options.flag("verbose") });
  const outcomes: Outcome[] = [];
  for (const file of args) outcomes.push(await check(file, io.cwd));
  if (screen.manner.json) {
    screen.json({ valid: outcomes.every((outcome) => "workflow" in outcome), files: outcomes.map(toJson) });
  } else {
    for (const outcome of outcomes) print(outcome, screen, args.length > 1);
  }
  return outcomes.every((outcome) => "workflow" in outcome) ? exitCodes.ok : exitCodes.spec;
}

async function check(file: string, cwd: string): Promise<Outcome> {
  try {
    return { file, workflow: await loadWorkflow(file, { cwd }) };
  } catch (error) {
    if (error instanceof SpecError) return { file, error };
    throw error;
  }
}

function print(outcome: Outcome, screen: Screen, several: boolean): void {
  const { io, style, outStyle } = screen;
  const name = printableLine(shortPath(outcome.file, io.cwd));
  if ("error" in outcome) {
    const label = `Validation failed:${several ? ` ${name}:` : ""}`;
    screen.always(errorText(outcome.error, { io, exitCode: exitCodes.spec, known: outcome.error, label }));
    return;
  }
  const { spec, warnings } = outcome.workflow;
  screen.result(
    [
      `${outStyle.green("OK")} Spec is valid: ${printableLine(spec.name)}${several ? outStyle.dim(`  ${name}`) : ""}`,
      `  Version: ${printableLine(String(spec.version))}`,
      `  Agents: ${Object.keys(spec.agents).length}`,
      `  Pattern: ${spec.pattern.type}`,
    ].join("\n"),
  );
  for (const line of issueLines(warnings, io, style)) screen.note(line);
}

function toJson(outcome: Outcome): unknown {
  if ("error" in outcome)
    return { file: outcome.file, valid: false, error: outcome.error.toJSON(), issues: outcome.error.issues };
  const { spec, warnings, specHash } = outcome.workflow;
  return {
    file: outcome.file,
    valid: true,
    name: spec.name,
    version: spec.version,
    agents: Object.keys(spec.agents),
    pattern: spec.pattern.type,
    specHash,
    issues: warnings,
  };
}
