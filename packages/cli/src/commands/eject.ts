import { ejectSpec, loadWorkflow, secretValues } from "@strands/sdk";
import type { Command, CommandContext } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { Screen } from "../render/screen.js";

/** `strands eject` */
export const ejectCommand: Command = {
  description: "Write a workflow as code: the same workflow for the builders of @strands/builders.",
  arguments: [{ name: "<file>", description: "workflow file (.yaml, .yml or .json)" }],
  options: [],
  examples: ["strands eject workflow.yaml > workflow.ts", "strands eject workflow.yaml --json"],
  notes:
    "The code is TypeScript and JavaScript alike; running it gives the same workflow. Agents from other files are part of it.\nWith `--json`: the name of the workflow, and the `code`.",
  run,
};

async function run({ io, args, options, secrets }: CommandContext): Promise<number> {
  const screen = new Screen(io, { json: options.flag("json"), verbose: options.flag("verbose") }, secrets);
  const { spec } = await loadWorkflow(args[0] ?? "", { cwd: io.cwd });
  screen.hide(secretValues(spec, io.env));
  const code = await ejectSpec(spec);
  if (screen.manner.json) screen.json({ name: spec.name, code });
  else screen.result(code.trimEnd());
  return exitCodes.ok;
}
