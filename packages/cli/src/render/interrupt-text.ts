import type { InterruptRecord } from "@strands/sdk";
import { formatTime } from "./amounts.js";
import { printable, printableLine } from "./printable-text.js";
import { shellQuote } from "./shell-quote.js";
import type { Style } from "./style.js";
import { wrapText } from "./text-width.js";

/** How sessions are named in command lines. */
export interface SessionReference {
  readonly id: string;
  /** Given when it is not the directory the next command would take. */
  readonly directory: string | undefined;
  readonly platform: string;
}

/** The command that goes on with a session. */
export function resumeCommand({ id, directory, platform }: SessionReference, ...more: readonly string[]): string {
  const place = directory === undefined ? [] : ["--session-dir", shellQuote(directory, platform)];
  return ["strands run --resume", id, ...more, ...place].join(" ");
}

/** The questions a session waits for, as plain text, and how to answer them. */
export function interruptText(
  interrupts: readonly InterruptRecord[],
  session: SessionReference,
  look: { readonly style: Style; readonly columns: number },
): string {
  const blocks = interrupts.map((interrupt) => questionText(interrupt, session, look));
  return [...blocks, `Session ID: ${session.id}`].join("\n");
}

function questionText(
  interrupt: InterruptRecord,
  session: SessionReference,
  { style, columns }: { readonly style: Style; readonly columns: number },
): string {
  const { bold, dim, yellow } = style;
  const block = (text: string): string => wrapText(printable(text).trimEnd(), columns, "  ");
  const lines = [
    yellow(`HITL Pause: human input required (${printableLine(interrupt.stepKey)})`),
    "",
    block(interrupt.prompt),
    "",
  ];
  if (interrupt.context !== "") lines.push(dim("Context:"), block(interrupt.context), "");
  if (interrupt.choices !== undefined) lines.push(`Accepted: ${interrupt.choices.map(printableLine).join(", ")}`);
  if (interrupt.pattern !== undefined) lines.push(`The answer must match: ${printableLine(interrupt.pattern)}`);
  if (interrupt.expiresAt !== undefined) {
    const taken = interrupt.default === undefined || interrupt.default === "" ? "timeout_expired" : interrupt.default;
    lines.push(`Not answered by ${formatTime(interrupt.expiresAt)}: \`${printableLine(taken)}\` is taken.`);
  } else if (interrupt.default !== undefined && interrupt.default !== "") {
    lines.push(`Suggested answer: ${printableLine(interrupt.default)}`);
  }
  // Always named: whoever looks at an old question must not answer the next one unseen.
  const which = ["--interrupt", shellQuote(interrupt.id, session.platform)];
  const command = resumeCommand(session, ...which, "--hitl-response", shellQuote("your response", session.platform));
  return [wrapText(lines.join("\n"), columns), `Resume with: ${bold(command)}`, ""].join("\n");
}
