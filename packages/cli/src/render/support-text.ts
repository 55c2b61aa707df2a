import type { SpecError, SpecIssue, Unsupported } from "@strands/sdk";
import type { Io } from "../io.js";
import type { PlannedWorkflow } from "../load-plan.js";
import { counted } from "./amounts.js";
import { shortPath } from "./error-text.js";
import { summaryOf } from "./plan-summary.js";
import type { Screen } from "./screen.js";
import type { Document, Section } from "./section-text.js";

/** What a workflow does and what of it is unsupported. */
export function explainDocument({ plan, support }: PlannedWorkflow, screen: Screen): Document {
  const verdict: readonly Section[] = support.supported
    ? [
        {
          title: "",
          lines: ["[OK] No unsupported features", "The workflow is compatible with this version."],
          tone: "green",
        },
      ]
    : [
        {
          title: counted(support.issues.length, "unsupported feature"),
          lines: support.issues.flatMap(issueLines),
        },
        { title: "", lines: hints },
      ];
  return {
    title: plan.name,
    intro: plan.description ?? undefined,
    sections: [
      { title: "What it does", lines: summaryOf(plan) },
      ...warningSections(plan.warnings, screen.io),
      ...verdict,
    ],
  };
}

const hints = [
  "`strands list-supported` shows what this version supports.",
  "`strands run FILE --offline` runs the workflow with simulated answers.",
];

function issueLines({ pointer, reason, remediation }: Unsupported, index: number): readonly string[] {
  return [`${index + 1}. ${pointer}`, `   ${reason}.`, `   ${remediation}.`];
}

/** A workflow that is well formed, and nothing that can be run. */
export function issueDocument({ issues }: SpecError, io: Io): Document {
  const { errors, warnings } = bySeverity(issues);
  return {
    title: counted(errors.length, "unsupported feature"),
    sections: [
      {
        title: "",
        lines: errors.flatMap((issue, index) => [
          `${index + 1}. ${placeText(issue, io)}`,
          `   ${issue.message}`,
          ...(issue.suggestion === undefined ? [] : [`   ${issue.suggestion}`]),
        ]),
      },
      ...warningSections(warnings, io),
      { title: "", lines: hints },
    ],
  };
}

/** What keeps a workflow from running, and what does not. */
export function bySeverity(
  issues: readonly SpecIssue[],
): Readonly<Record<"errors" | "warnings", readonly SpecIssue[]>> {
  const isError = ({ severity }: SpecIssue): boolean => severity === "error";
  return { errors: issues.filter(isError), warnings: issues.filter((issue) => !isError(issue)) };
}

/** Warnings, each with its place. */
export function warningSections(warnings: readonly SpecIssue[], io: Io): readonly Section[] {
  if (warnings.length === 0) return [];
  const lines = warnings.flatMap((issue) => [
    `${placeText(issue, io)}  ${issue.message}`,
    ...(issue.suggestion === undefined ? [] : [`  ${issue.suggestion}`]),
  ]);
  return [{ title: "Worth knowing", lines, tone: "yellow" }];
}

function placeText({ file, line, column, pointer }: SpecIssue, io: Io): string {
  const near = file === undefined ? [] : [shortPath(file, io.cwd)];
  return line === undefined ? pointer : [...near, line, column ?? 1].join(":");
}
