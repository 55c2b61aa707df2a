import { join } from "node:path";
import { type SessionView, type TimelineItem, timelineOf } from "@strands/sdk";
import { failsForGood } from "../run/fails-for-good.js";
import { raisedBudget } from "../run/raised-budget.js";
import { counted, formatCount, formatTime } from "./amounts.js";
import { answerVerb } from "./answer-verb.js";
import { type FileChanges, fileChangeLines } from "./file-change-text.js";
import { interruptText, resumeCommand, type SessionReference } from "./interrupt-text.js";
import { preview } from "./preview.js";
import { printable, printableLine } from "./printable-text.js";
import type { Screen } from "./screen.js";
import { statusText } from "./status-text.js";
import { wrapForTerminal, wrapText } from "./text-width.js";

/** What a session is shown with. */
export interface SessionLook {
  /** What the next command needs to find the session. */
  readonly place: readonly string[];
  /** How the workflow's file is to what the session keeps. */
  readonly file: FileChanges | undefined;
  readonly platform: string;
  readonly screen: Screen;
}

/** A session for people: facts, timeline, open questions and the next command. */
export function sessionText(view: SessionView, look: SessionLook): string {
  const { record, summary } = view;
  const { bold } = look.screen.outStyle;
  const session: SessionReference = { id: record.id, place: look.place, platform: look.platform };
  const story = [
    ...facts(view, look),
    "",
    bold("Timeline"),
    ...timelineOf(view.entries).flatMap((item) => timelineLines(item, look)),
    ...(summary.error === undefined ? [] : ["", `${look.screen.outStyle.red("Error:")} ${printable(summary.error)}`]),
    ...(look.file === undefined
      ? []
      : fileChangeLines(look.file).map((line, index) => `${index === 0 ? "\n! " : ""}${line}`)),
    ...view.notices.map((notice) => `\n! ${printable(notice)}`),
  ].join("\n");
  return `${wrapForTerminal(story, look.screen.io.stdout)}\n\n${next(view, session, look)}`;
}

function facts({ record, summary, entries }: SessionView, { screen }: SessionLook): readonly string[] {
  const { bold, dim } = screen.outStyle;
  const { inputTokens, outputTokens } = summary.usage;
  const labels = record.labels ?? {};
  const files = entries.flatMap((entry) => (entry.kind === "artifact.written" ? [entry.body.path] : []));
  const outDir = labels["outDir"];
  const variables = Object.entries(record.variables).map(
    ([name, value]) =>
      `    ${printableLine(name)} = ${preview(typeof value === "string" ? value : JSON.stringify(value), 60)}`,
  );
  return [
    `${bold("Session")} ${printableLine(record.id)}`,
    `  Workflow: ${printableLine(record.workflowName)} ${dim(`(${record.patternType})`)}`,
    `  Status: ${statusText(summary, screen.outStyle)}`,
    `  Created: ${formatTime(record.createdAt)}`,
    `  Updated: ${formatTime(summary.updatedAt)}`,
    `  Tokens: ${formatCount(inputTokens + outputTokens)} (${formatCount(inputTokens)} in, ${formatCount(outputTokens)} out)`,
    ...(labels["specPath"] === undefined ? [] : [`  File: ${printableLine(labels["specPath"])}`]),
    ...(outDir === undefined ? [] : [`  Output: ${printableLine(outDir)}`]),
    ...(labels["script"] === undefined ? [] : [`  Script: ${printableLine(labels["script"])}`]),
    ...(labels["offline"] === undefined ? [] : ["  Model: the offline model; everything it says is simulated"]),
    ...(variables.length === 0 ? [] : ["  Variables:", ...variables]),
    ...(files.length === 0
      ? []
      : [
          "  Artifacts:",
          ...files.map((file) => `    ${printableLine(outDir === undefined ? file : join(outDir, file))}`),
        ]),
  ];
}

function timelineLines(item: TimelineItem, { screen }: SessionLook): readonly string[] {
  const { dim, green, red, yellow } = screen.outStyle;
  const line = (text: string): string => `  ${dim(formatTime(item.at).slice(11))}  ${text}`;
  switch (item.type) {
    case "run": {
      const text = item.text === "" ? "" : `: ${preview(item.text, 100)}`;
      const colour = item.status === "failed" ? red : item.status === "paused" ? yellow : dim;
      return [line(colour(`run ${item.status}${item.status === "started" ? "" : text}`))];
    }
    case "step": {
      const { inputTokens, outputTokens } = item.usage;
      const extra = [
        `${item.estimated ? "about " : ""}${counted(inputTokens + outputTokens, "token")}`,
        ...(item.tools.length === 0 ? [] : [`tools: ${item.tools.map(printableLine).join(", ")}`]),
        ...(item.retries === 0 ? [] : [counted(item.retries, "retry", "retries")]),
      ];
      const head = line(
        `${green("✓")} ${printableLine(item.stepKey)} ${printableLine(item.agentId)}  ${dim(extra.join(" · "))}`,
      );
      const columns = screen.io.stdout.isTTY ? screen.io.stdout.columns : 100;
      const shown =
        screen.manner.verbose === true
          ? wrapText(printable(item.response).trimEnd(), columns, "      ")
          : `      ${preview(item.response, columns - 8)}`;
      return [head, dim(shown)];
    }
    case "interrupt":
      return [
        line(`${yellow("?")} ${printableLine(item.interrupt.stepKey)} asks: ${preview(item.interrupt.prompt, 80)}`),
      ];
    case "answer": {
      const who = item.answer.source === "timeout" ? "the time-out" : printableLine(item.answer.by ?? "somebody");
      return [
        line(
          `${green("✓")} ${printableLine(item.stepKey)} ${answerVerb(item.answer)} by ${who}: ${preview(item.answer.response, 60)}`,
        ),
      ];
    }
    case "artifact":
      return [line(`${green("✓")} wrote ${printableLine(item.path)}`)];
  }
}

function next(
  { summary, entries, interrupts }: SessionView,
  session: SessionReference,
  { screen }: SessionLook,
): string {
  const { bold } = screen.outStyle;
  const open = interrupts.filter((state) => state.answer === undefined).map((state) => state.interrupt);
  const resume = bold(resumeCommand(session));
  switch (summary.status) {
    case "paused":
      if (open.length === 0) return `It has its answer. Go on with: ${resume}`;
      return interruptText(open, session, {
        style: screen.outStyle,
        columns: screen.io.stdout.isTTY ? screen.io.stdout.columns : 100,
      });
    case "completed":
      return "It is complete; there is nothing to resume.";
    case "failed": {
      const error = entries.findLast((entry) => entry.kind === "run.failed")?.body.error;
      if (error !== undefined && failsForGood(error))
        return "A session keeps its workflow and its variables. Start a new run once that is mended.";
      const again = bold(resumeCommand(session, ...raisedBudget(error)));
      return `Mend the cause, then go on with: ${again}\nFinished steps are not run again.`;
    }
    case "cancelled":
      if (entries.some((entry) => entry.kind === "run.cancelled" && entry.body.rejected === true))
        return "A person rejected it, and it stays as it is. Start a new run to try again.";
      return `Go on with: ${resume}\nFinished steps are not run again.`;
    case "running":
      return `It is being run, or its process was cut off; if so, go on with: ${resume}`;
  }
}
