import { cutToWidth, textWidth, wrapText } from "./text-width.js";

/** How wide a table may be. */
export interface TableRoom {
  /** Columns of the terminal; `undefined` cuts nothing. */
  readonly columns: number | undefined;
  /** Index of the column that gives way when room is short. */
  readonly shrink: number;
  /** Indexes of columns that are left out, one after the other, when that is not enough. */
  readonly drop?: readonly number[];
}

/**
 * Rows under a header, in columns. Cells may carry colours, but not in the column that gives way. Where there is no room
 * for columns at all, each row is a line with its first cell and the others below it.
 */
export function tableText(header: readonly string[], rows: readonly (readonly string[])[], room: TableRoom): string {
  const lines = [header, ...rows];
  const widths = header.map((_, index) => Math.max(...lines.map((line) => textWidth(line[index] ?? ""))));
  const wide = (): number => {
    const shown = widths.filter((width) => width > 0);
    return shown.reduce((sum, width) => sum + width, 0) + gap.length * (shown.length - 1);
  };
  const columns = room.columns ?? Number.POSITIVE_INFINITY;
  const natural = widths[room.shrink] ?? 0;
  const give = (): void => {
    widths[room.shrink] = natural;
    widths[room.shrink] = Math.min(natural, Math.max(leastWidth, natural - Math.max(0, wide() - columns)));
  };
  give();
  for (const index of room.drop ?? []) {
    if (wide() <= columns) break;
    widths[index] = 0;
    give();
  }
  if (wide() > columns) return rows.map((row) => stackedText(row, columns)).join("\n");
  return lines.map((line) => lineText(line, widths)).join("\n");
}

/** What a column that gives way keeps. */
const leastWidth = 8;

const gap = "  ";

function stackedText([first = "", ...others]: readonly string[], columns: number): string {
  return `${first}\n${wrapText(others.filter((cell) => cell !== "").join(" · "), columns, gap)}`;
}

function lineText(row: readonly string[], widths: readonly number[]): string {
  return row
    .flatMap((cell, index) => {
      const width = widths[index] ?? 0;
      if (width === 0) return [];
      const cut = textWidth(cell) > width ? cutToWidth(cell, width) : cell;
      return cut + " ".repeat(Math.max(0, width - textWidth(cut)));
    })
    .join(gap)
    .trimEnd();
}
