import { cutToWidth, textWidth } from "./text-width.js";

/** How wide a table may be. */
export interface TableRoom {
  /** Columns of the terminal; `undefined` cuts nothing. */
  readonly columns: number | undefined;
  /** Index of the column that gives way when room is short. */
  readonly shrink: number;
}

/** Rows under a header, in columns. Cells may carry colours, but not in the column that gives way. */
export function tableText(header: readonly string[], rows: readonly (readonly string[])[], room: TableRoom): string {
  const widths = header.map((title, index) =>
    Math.max(textWidth(title), ...rows.map((row) => cellWidth(row[index] ?? ""))),
  );
  const total = widths.reduce((sum, width) => sum + width, 0) + gap.length * (header.length - 1);
  const shrinkable = widths[room.shrink] ?? 0;
  if (room.columns !== undefined && total > room.columns) {
    widths[room.shrink] = Math.max(Math.min(shrinkable, 8), shrinkable - (total - room.columns));
  }
  return [header, ...rows].map((row) => lineText(row, widths)).join("\n");
}

const gap = "  ";

function lineText(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, index) => {
      const width = widths[index] ?? 0;
      const cut = cellWidth(cell) > width ? cutToWidth(cell, width) : cell;
      return cut + " ".repeat(Math.max(0, width - cellWidth(cut)));
    })
    .join(gap)
    .trimEnd();
}

function cellWidth(cell: string): number {
  return textWidth(stripColours(cell));
}

function stripColours(text: string): string {
  return text.replace(colour, "");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours begin with it.
const colour = /\u001b\[\d+m/g;
