import type { SpecIssue } from "@strands/core";

/** An issue on one line: `workflow.yaml:8:5: unknown key … — did you mean …? (/pattern/config)`. */
export function formatIssue(issue: SpecIssue): string {
  const place = [issue.file, issue.line, issue.column].filter((part) => part !== undefined).join(":");
  const suggestion = issue.suggestion === undefined ? "" : ` — ${issue.suggestion}`;
  const pointer = issue.pointer === "" ? "" : ` (${issue.pointer})`;
  const severity = issue.severity === "warning" ? "warning: " : "";
  return `${place === "" ? "" : `${place}: `}${severity}${issue.message}${suggestion}${pointer}`;
}
