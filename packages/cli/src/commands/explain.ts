import type { Command, CommandContext } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { loadPlanOrIssues } from "../load-plan.js";
import { summaryOf } from "../render/plan-summary.js";
import { Screen } from "../render/screen.js";
import { documentText } from "../render/section-text.js";
import { bySeverity, explainDocument, issueDocument } from "../render/support-text.js";

/** `strands explain` */
export const explainCommand: Command = {
  description:
    "Say in words what a workflow does, and whether something in it is not supported, with what to do about it.",
  arguments: [{ name: "<file>", description: "workflow file (.yaml, .yml or .json)" }],
  options: [],
  examples: ["strands explain workflow.yaml", "strands explain workflow.yaml --json"],
  notes: "Exit code 0 also when something is unsupported, 3 when the file cannot be loaded.",
  run,
};

async function run({ io, args, options, secrets }: CommandContext): Promise<number> {
  const screen = new Screen(io, { json: options.flag("json"), verbose: options.flag("verbose") }, secrets);
  const planned = await loadPlanOrIssues(args[0] ?? "", screen);
  if (!screen.manner.json) {
    const document = "issues" in planned ? issueDocument(planned, io) : explainDocument(planned, screen);
    screen.result(documentText(document, screen));
  } else if ("issues" in planned) {
    const { errors, warnings } = bySeverity(planned.issues);
    screen.json({ name: null, supported: false, issues: errors, warnings, summary: [] });
  } else {
    const { plan, support } = planned;
    const { name, warnings } = plan;
    screen.json({ name, supported: support.supported, issues: support.issues, warnings, summary: summaryOf(plan) });
  }
  return exitCodes.ok;
}
