import { printable } from "./printable-text.js";
import { cutToWidth } from "./text-width.js";

/** A text on one line, cut to a number of columns. */
export function preview(text: string, columns: number): string {
  return cutToWidth(printable(text).replace(/\s+/g, " ").trim(), columns);
}
