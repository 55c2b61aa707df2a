import { dotOf, mermaidOf } from "@strands/sdk";
import type { Command, CommandContext } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { loadPlan } from "../load-plan.js";
import { drawingText } from "../render/plan-drawing.js";
import { Screen } from "../render/screen.js";

/** `strands graph` */
export const graphCommand: Command = {
  description: "Draw a workflow of any pattern: in the terminal, or as text for Mermaid or Graphviz.",
  arguments: [{ name: "<file>", description: "workflow file (.yaml, .yml or .json)" }],
  options: [
    {
      flags: "--format <format>",
      description: "text, mermaid or dot (default: text)",
      choices: ["text", "mermaid", "dot"],
    },
  ],
  examples: [
    "strands graph workflow.yaml",
    "strands graph workflow.yaml --format mermaid",
    "strands graph workflow.yaml --format dot | dot -Tsvg > workflow.svg",
  ],
  notes: "With `--json`: the units, the edges between them, and the drawing as `text`.",
  run,
};

async function run({ io, args, options, secrets }: CommandContext): Promise<number> {
  const screen = new Screen(io, { json: options.flag("json"), verbose: options.flag("verbose") }, secrets);
  const { plan } = await loadPlan(args[0] ?? "", screen);
  const format = options.text("format") ?? "text";
  const columns = io.stdout.isTTY ? io.stdout.columns : undefined;
  const text =
    format === "mermaid"
      ? mermaidOf(plan).trimEnd()
      : format === "dot"
        ? dotOf(plan).trimEnd()
        : drawingText(plan, screen.outStyle, screen.manner.json ? undefined : columns);
  if (screen.manner.json) {
    const { name, pattern, units, edges } = plan;
    screen.json({ name, pattern, units, edges, format, text });
  } else screen.result(text);
  return exitCodes.ok;
}
