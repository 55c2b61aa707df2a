import { type SessionStep, secretValues } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { counted, formatDuration } from "../render/amounts.js";
import { preview } from "../render/preview.js";
import { printable, printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { wrapText } from "../render/text-width.js";
import { sessionPlace, sessionsOf } from "../session-place.js";
import { usageWhenUnknown } from "./sessions-delete.js";

/** `strands sessions steps` */
export const sessionsStepsCommand: Command = {
  description: "Show what each agent of a session was asked, what it answered, and what that took.",
  arguments: [{ name: "<id>", description: "id of the session, or the beginning of it" }],
  options: [...storageOptions],
  examples: ["strands sessions steps 3f2a", "strands sessions steps 3f2a -v", "strands sessions steps 3f2a --json"],
  notes: "With `-v` inputs and answers are shown in full.",
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, args, options, secrets } = context;
  await using sessions = sessionsOf(sessionPlace(context), context);
  const screen = new Screen(io, { json: options.flag("json"), verbose: options.flag("verbose") }, secrets);
  const { record } = await usageWhenUnknown(sessions.get(args[0] ?? ""));
  screen.hide(secretValues(record.spec, io.env));
  const steps = await sessions.steps(record.id);
  if (screen.manner.json) screen.json({ sessionId: record.id, steps });
  else if (steps.length === 0) screen.note("No agent has answered yet.");
  else screen.result(steps.map((step) => stepText(step, screen)).join("\n"));
  return exitCodes.ok;
}

function stepText(step: SessionStep, { outStyle, io, manner }: Screen): string {
  const { stepKey, agentId, input, response, usage, estimated, attempts, calls, tools, durationMs } = step;
  const facts = [
    `${estimated ? "about " : ""}${counted(usage.inputTokens + usage.outputTokens, "token")}`,
    ...(durationMs === undefined ? [] : [formatDuration(durationMs)]),
    ...(tools.length === 0 ? [] : [`tools: ${tools.map(printableLine).join(", ")}`]),
    ...(attempts === calls ? [] : [counted(attempts - calls, "retry", "retries")]),
  ].join(" · ");
  const columns = io.stdout.isTTY ? io.stdout.columns : 100;
  const shown = (text: string): string =>
    manner.verbose === true
      ? `\n${wrapText(printable(text).trimEnd(), columns, "    ")}`
      : ` ${preview(text, columns - 12)}`;
  const mark = response === undefined ? outStyle.yellow("…") : outStyle.green("✓");
  return [
    `${mark} ${printableLine(stepKey)} ${printableLine(agentId)}  ${outStyle.dim(facts)}`,
    `  ${outStyle.dim("asked:")}${shown(input)}`,
    ...(response === undefined ? [] : [`  ${outStyle.dim("answered:")}${shown(response)}`]),
  ].join("\n");
}
