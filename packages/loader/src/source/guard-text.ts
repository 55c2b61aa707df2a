/** Largest spec file, in bytes. */
export const maxBytes: number = 10 * 1024 * 1024;

/** Deepest nesting of lists and mappings, references to anchors included. */
export const maxDepth = 64;

/** A problem of the text at an offset. */
export interface TextProblem {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly suggestion?: string;
}

// Everything YAML calls not printable, plus the C1 controls; tab, line feed and carriage return are fine.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;

const maxListed = 20;

/** What must be true of a text before any parser sees it: its size, and no control characters. */
export function guardText(text: string): TextProblem[] {
  if (text.length > maxBytes) {
    const message = `the text is longer than ${maxBytes / 1024 / 1024} MiB`;
    return [{ code: "too_large", message, offset: 0, suggestion: "split the workflow, or move data into files" }];
  }
  const problems: TextProblem[] = [];
  for (const match of text.matchAll(controls)) {
    if (problems.length === maxListed) break;
    const name = `U+${(match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    const message = `the text holds the control character \`${name}\``;
    const suggestion = "take it out, or write it as an escape in double quotes";
    problems.push({ code: "control_character", message, offset: match.index, suggestion });
  }
  return problems;
}
