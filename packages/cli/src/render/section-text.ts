import { printable, printableLine } from "./printable-text.js";
import type { Screen } from "./screen.js";
import { tableText } from "./table-text.js";
import { wrapForTerminal } from "./text-width.js";

/** A result of several parts. Its texts may hold anything; they are made safe when they are rendered. */
export interface Document {
  readonly title: string;
  readonly intro?: string | undefined;
  readonly sections: readonly Section[];
}

/** Lines, a table, or something drawn. */
export interface Section {
  readonly title: string;
  readonly lines?: readonly string[];
  readonly header?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
  /** Index of the column that gives way where room is short. @defaultValue the last */
  readonly shrink?: number;
  /** Kept as it is, for it was made for this terminal. */
  readonly drawn?: string;
  /** Colour of the lines. */
  readonly tone?: "green" | "yellow";
}

/** For a terminal or a pipe. */
export function documentText({ title, intro, sections }: Document, screen: Screen): string {
  const { outStyle, io } = screen;
  const blocks = sections.map((section) => {
    const heading = section.title === "" ? [] : [outStyle.bold(section.title)];
    return [...heading, ...bodyText(section, screen)].join("\n");
  });
  const head = [outStyle.bold(printableLine(title))];
  if (intro !== undefined && intro.trim() !== "") head.push(wrapForTerminal(printable(intro).trim(), io.stdout));
  return [head.join("\n"), ...blocks].join("\n\n");
}

const indent = "  ";

function bodyText(
  { lines = [], header, rows, shrink, drawn, tone, title }: Section,
  screen: Screen,
): readonly string[] {
  const { outStyle, io } = screen;
  const margin = title === "" ? "" : indent;
  const out = lines.map((line) => {
    const text = wrapForTerminal(`${margin}${printableLine(line)}`, io.stdout);
    return tone === undefined ? text : outStyle[tone](text);
  });
  if (rows !== undefined && rows.length > 0) {
    const cells = rows.map((row) => row.map(printableLine));
    const width = Math.max(...cells.map((row) => row.length));
    const room = io.stdout.isTTY ? { columns: io.stdout.columns - indent.length } : { columns: undefined };
    const table = tableText(header ?? Array<string>(width).fill(""), cells, { ...room, shrink: shrink ?? width - 1 });
    const shown = header === undefined && table.startsWith("\n") ? table.slice(1) : table;
    out.push(...shown.split("\n").map((line) => `${margin}${line}`));
  }
  if (drawn !== undefined) out.push(...drawn.split("\n").map((line) => `${margin}${line}`.trimEnd()));
  return out;
}

/** For a Markdown file. */
export function markdownText({ title, intro, sections }: Document): string {
  const out = [`# ${escaped(title)}`];
  if (intro !== undefined && intro.trim() !== "") out.push(printable(intro).trim().split("\n").map(escaped).join("\n"));
  for (const { title: heading, lines = [], header, rows = [], drawn } of sections) {
    if (heading !== "") out.push(`## ${escaped(heading)}`);
    if (lines.length > 0)
      out.push(
        lines.map((line) => (heading === "" ? escaped(line) : `${/^ */.exec(line)?.[0]}- ${escaped(line)}`)).join("\n"),
      );
    const [first] = rows;
    if (first !== undefined) {
      const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
      const rule = `| ${first.map(() => "---").join(" | ")} |`;
      out.push([row(header ?? first.map(() => "")), rule, ...rows.map(row)].join("\n"));
    }
    if (drawn !== undefined)
      out.push(
        drawn
          .split("\n")
          .map((line) => `    ${line}`)
          .join("\n"),
      );
  }
  return out.join("\n\n");
}

/** Text on one line that Markdown takes for text. */
function escaped(text: string): string {
  const line = printableLine(text.trim());
  return line
    .replace(/[\\`*_[\]<>#|~&$]/g, "\\$&")
    .replace(/^(?:[-+=]|\d+(?=[.)]))/, (start) => (/^\d/.test(start) ? `${start}\\` : `\\${start}`));
}
