import type { SpecError } from "@strands/sdk";
import type { Command, CommandContext } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { loadPlanOrIssues, type PlannedWorkflow } from "../load-plan.js";
import { planDocument } from "../render/plan-text.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { documentText, markdownText } from "../render/section-text.js";
import { bySeverity, issueDocument } from "../render/support-text.js";

/** `strands plan` */
export const planCommand: Command = {
  description:
    "Show what a workflow would do without running it: its steps, where it asks people, how many model calls it can come to, and its variables.",
  arguments: [{ name: "<file>", description: "workflow file (.yaml, .yml or .json)" }],
  options: [
    {
      flags: "--format <format>",
      description: "text, md for Markdown, or json, which is the same as --json (default: text)",
    },
  ],
  examples: [
    "strands plan workflow.yaml",
    "strands plan workflow.yaml --format md > plan.md",
    "strands plan workflow.yaml --json",
  ],
  notes: "Exit code 0 also when something is unsupported, 3 when the file cannot be loaded.",
  run,
};

const formats = ["text", "md", "json"];

async function run({ io, args, options, secrets }: CommandContext): Promise<number> {
  const format = options.flag("json") ? "json" : (options.text("format") ?? "text");
  const screen = new Screen(io, { json: format === "json", verbose: options.flag("verbose") }, secrets);
  // The existing tool takes an unknown format for text, and scripts may rely on it.
  if (!formats.includes(format)) {
    screen.note(`\`${printableLine(format)}\` is no format, so this is text. Formats: ${formats.join(", ")}.`);
  }
  const planned = await loadPlanOrIssues(args[0] ?? "", screen);
  if (screen.manner.json) screen.json("issues" in planned ? refusedJson(planned) : planJson(planned));
  else {
    const document = "issues" in planned ? issueDocument(planned, io) : planDocument(planned, screen);
    screen.result(format === "md" ? markdownText(document) : documentText(document, screen));
  }
  return exitCodes.ok;
}

/** The keys that scripts know, `name` to `issues`, and everything else after them. */
function planJson({ plan, support }: PlannedWorkflow): unknown {
  const { name, version, pattern, runtime, agents, warnings, description, ...rest } = plan;
  const { provider, modelId, region, host } = runtime;
  return {
    name,
    version,
    supported: support.supported,
    runtime: { provider, model_id: modelId, region, host },
    agents: agents.map(({ id }) => id),
    pattern,
    issues: support.issues.length,
    description,
    unsupported: support.issues,
    agentDetails: agents,
    ...rest,
    warnings,
  };
}

function refusedJson({ issues }: SpecError): unknown {
  const { errors, warnings } = bySeverity(issues);
  return { name: null, supported: false, issues: errors.length, unsupported: errors, warnings };
}
