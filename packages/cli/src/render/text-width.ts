/** How many columns a terminal gives a text of one line. Our own colours take none. */
export function textWidth(coloured: string): number {
  const text = coloured.includes("\u001b") ? coloured.replace(colour, "") : coloured;
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** Cuts a text to a number of columns; `…` stands for the rest. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let out = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns - 1) break;
    out += segment;
  }
  return `${out}…`;
}

/**
 * Breaks lines at spaces so that they fit; a word that is longer than a line keeps its line to itself.
 * @param indent put before every line
 */
export function wrapText(text: string, columns: number, indent = ""): string {
  const room = Math.max(20, columns - indent.length);
  return text
    .split("\n")
    .flatMap((line) => wrapLine(line, room))
    .map((line) => (line === "" ? "" : indent + line))
    .join("\n");
}

/** Breaks the lines of a text at spaces where a terminal would break them anywhere. */
export function wrapForTerminal(text: string, output: { readonly isTTY: boolean; readonly columns: number }): string {
  return output.isTTY ? wrapText(text, output.columns) : text;
}

function wrapLine(line: string, room: number): readonly string[] {
  if (textWidth(line) <= room) return [line];
  const margin = /^\s*/.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = "";
  for (const word of line.trim().split(/ +/)) {
    const longer = current === "" ? margin + word : `${current} ${word}`;
    if (current !== "" && textWidth(longer) > room) {
      lines.push(current);
      current = margin + word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours begin with it.
const colour = /\u001b\[\d+m/g;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

function graphemeWidth(grapheme: string): number {
  if (/^[\p{M}\p{Cf}\p{Cc}]+$/u.test(grapheme)) return 0;
  return wide.test(grapheme) ? 2 : 1;
}

/** East Asian wide and full-width characters, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
