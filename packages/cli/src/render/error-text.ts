import { relative } from "node:path";
import type { SpecIssue, StrandsError } from "@strands/sdk";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import type { Io } from "../io.js";
import { printable, printableLine } from "./printable-text.js";
import { type Style, styleFor } from "./style.js";
import { wrapText } from "./text-width.js";

/** What is known about an error that is to be shown. */
export interface ErrorView {
  readonly io: Io;
  readonly exitCode: ExitCode;
  readonly known: StrandsError | undefined;
  /** Stands in front instead of what the exit code says. */
  readonly label?: string;
}

/** An error for people: what happened, every problem with its place, and what to do. */
export function errorText(error: unknown, view: ErrorView): string {
  const { io, exitCode, known } = view;
  const style = styleFor(io.stderr, io.env);
  if (known === undefined) {
    const message = error instanceof Error ? error.message : String(error);
    return `${style.red("Unexpected error:")} ${printable(message)}\nThis is a bug in Strands. Please report it with the output of \`--debug\`.`;
  }
  const issues = issuesOf(known);
  const label = view.label ?? labelOf(known, exitCode);
  const lines = [`${style.red(label)} ${issues.length > 0 ? summaryOf(known, issues) : printable(known.message)}`];
  lines.push(...issueLines(issues, io, style));
  const hint = hintOf(known);
  if (hint !== undefined && issues.length === 0) lines.push(wrapText(printable(hint), io.stderr.columns));
  return lines.join("\n");
}

function labelOf({ code }: StrandsError, exitCode: ExitCode): string {
  if (code.startsWith("INTERRUPT_")) return "Resume failed:";
  if (code === "PROVIDER_NOT_CONFIGURED") return "Cannot run here:";
  return labels[exitCode] ?? "Error:";
}

/** What to do about it; without a provider, also what works without one. */
function hintOf({ code, hint }: StrandsError): string | undefined {
  if (code !== "PROVIDER_NOT_CONFIGURED") return hint;
  return `${hint ?? ""} Or add \`--offline\` to see the workflow run with simulated answers.`.trimStart();
}

/** Every issue of a spec, with its place and how to mend it. */
export function issueLines(issues: readonly SpecIssue[], io: Io, style: Style): readonly string[] {
  return issues.map((issue) => {
    const place = placeOf(issue, io.cwd);
    const severity = issue.severity === "warning" ? style.yellow("warning: ") : "";
    const head = `  ${style.cyan(place)}${place === "" ? "" : "  "}${severity}${printable(issue.message)}`;
    return issue.suggestion === undefined ? head : `${head}\n    ${style.dim(printable(issue.suggestion))}`;
  });
}

function placeOf({ file, line, column, pointer }: SpecIssue, cwd: string): string {
  const near = file === undefined ? undefined : shortPath(file, cwd);
  const parts = [near, line, line === undefined ? undefined : column].filter((part) => part !== undefined);
  return printableLine(parts.length === 0 ? pointer : parts.join(":"));
}

/** A path as people would type it from where they are. */
export function shortPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near !== "" && !near.startsWith("..") && near.length < path.length ? near : path;
}

function issuesOf(error: StrandsError): readonly SpecIssue[] {
  return "issues" in error && Array.isArray(error.issues) ? (error.issues as readonly SpecIssue[]) : [];
}

function summaryOf(error: StrandsError, issues: readonly SpecIssue[]): string {
  const errors = issues.filter((issue) => issue.severity === "error").length;
  if (error.code === "SPEC_UNSUPPORTED")
    return errors === 1 ? "This keeps the workflow from running here:" : "These keep the workflow from running here:";
  if (error.code === "SPEC_NOT_FOUND") return "the workflow file cannot be read";
  return `the workflow has ${errors} ${errors === 1 ? "problem" : "problems"}`;
}

const labels: Readonly<Partial<Record<ExitCode, string>>> = {
  [exitCodes.runtime]: "Execution failed:",
  [exitCodes.artifact]: "Failed to write artifacts:",
  [exitCodes.session]: "Session error:",
  [exitCodes.unsupported]: "Unsupported features detected.",
  [exitCodes.budget]: "Budget exceeded:",
  [exitCodes.internal]: "Unexpected error:",
};
