import type { SpecChange } from "@strands/sdk";
import { preview } from "./preview.js";
import { printableLine } from "./printable-text.js";

/** How the file of a workflow differs from what a session keeps of it. */
export interface FileChanges {
  readonly path: string;
  /** What has to be done to the session's workflow to get the file's. */
  readonly changes?: readonly SpecChange[];
  /** Why it cannot be told. */
  readonly problem?: string;
}

const mostLines = 12;

/** The difference for people, a line for each place. */
export function fileChangeLines({ path, changes = [], problem }: FileChanges): readonly string[] {
  const file = printableLine(path);
  if (problem !== undefined) return [`${file} ${problem}; the session goes on with its own workflow.`];
  return [
    `${file} has changed since the session began; the session goes on with its own workflow. In the file:`,
    ...changes.slice(0, mostLines).map(changeLine),
    ...(changes.length > mostLines ? [`  and ${changes.length - mostLines} more`] : []),
  ];
}

function changeLine({ pointer, change, before, after }: SpecChange): string {
  const place = printableLine(pointer === "" ? "/" : pointer);
  switch (change) {
    case "added":
      return `  + ${place}: ${valueText(after)}`;
    case "removed":
      return `  - ${place}: ${valueText(before)}`;
    case "changed":
      return `  ~ ${place}: ${valueText(before)} -> ${valueText(after)}`;
  }
}

function valueText(value: unknown): string {
  return preview(typeof value === "string" ? value : JSON.stringify(value), 50);
}
