import { redact, type SpecChange } from "@strands/sdk";
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
      return `  + ${place}: ${preview(plain(pointer, after), 50)}`;
    case "removed":
      return `  - ${place}: ${preview(plain(pointer, before), 50)}`;
    case "changed": {
      const [was, is] = fromDifference(plain(pointer, before), plain(pointer, after));
      return `  ~ ${place}: ${preview(was, 50)} -> ${preview(is, 50)}`;
    }
  }
}

/** A value as text, without what looks like a credential, be it by its name or by itself. */
function plain(pointer: string, value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const name = `${pointer.slice(pointer.lastIndexOf("/") + 1)}: `;
  const named = redact(`${name}${text}`);
  return named.startsWith(name) ? named.slice(name.length) : redact(text);
}

/** Two texts from shortly before the first place where they differ, where the beginning would show no difference. */
function fromDifference(before: string, after: string): readonly [string, string] {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  if (same < 30) return [before, after];
  const from = same - 15;
  return [`…${before.slice(from)}`, `…${after.slice(from)}`];
}
