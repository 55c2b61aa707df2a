import type { InterruptRecord } from "@strands/sdk";
import { formatTime } from "./amounts.js";
import { printable, printableLine } from "./printable-text.js";
import { shellQuote } from "./shell-quote.js";
import type { Style } from "./style.js";
import { wrapText } from "./text-width.js";

/** How sessions are named in command lines. */
export interface SessionReference {
  readonly id: string;
  /** What the next command needs to find it, where that is not what it would take anyway. */
  readonly place: readonly string[];
  readonly platform: string;
  /** Limits the next run needs as well, as `name=value`. */
  readonly budgets?: readonly string[];
}

/** The command that goes on with a session. */
export function resumeCommand(session: SessionReference, ...more: readonly string[]): string {
  const { id, place, platform, budgets = [] } = session;
  const limits = budgets.flatMap((limit) => ["--budget", limit]);
  return ["strands run --resume", id, ...more, ...limits, ...place.map((word) => shellQuote(word, platform))].join(" ");
}

/** The command that answers a question. It names it: whoever looks at an old question must not answer the next one unseen. */
export function answerCommand(session: SessionReference, { id }: Pick<InterruptRecord, "id">): string {
  const { platform } = session;
  const answer = ["--hitl-response", shellQuote("your response", platform)];
  return resumeCommand(session, "--interrupt", shellQuote(id, platform), ...answer);
}

/** The questions a session waits for, as plain text, and how to answer them. */
export function interruptText(
  interrupts: readonly InterruptRecord[],
  session: SessionReference,
  look: { readonly style: Style; readonly columns: number },
): string {
  const count = interrupts.length;
  const blocks = interrupts.map((interrupt, index) =>
    questionText(interrupt, session, { ...look, place: { index, count } }),
  );
  return [...blocks, `Session ID: ${session.id}`].join("\n");
}

/** How one question is shown. */
export interface QuestionLook {
  readonly style: Style;
  readonly columns: number;
  /** Which of the open questions it is. */
  readonly place: { readonly index: number; readonly count: number };
  /** Whether the command that answers it is shown. @defaultValue true */
  readonly command?: boolean;
}

/** One question, and how to answer it. */
export function questionText(
  interrupt: InterruptRecord,
  session: SessionReference,
  { style, columns, place, command: withCommand = true }: QuestionLook,
): string {
  const { bold, dim, yellow } = style;
  const block = (text: string): string => wrapText(printable(text).trimEnd(), columns, "  ");
  const number = place.count === 1 ? "" : ` · question ${place.index + 1} of ${place.count}`;
  const lines = [
    yellow(`HITL Pause: human input required (${printableLine(interrupt.stepKey)})${number}`),
    "",
    block(interrupt.prompt),
    "",
  ];
  if (interrupt.context !== "") lines.push(dim("Context:"), block(interrupt.context), "");
  if (interrupt.choices !== undefined) lines.push(`Accepted: ${interrupt.choices.map(printableLine).join(", ")}`);
  if (interrupt.accepts !== undefined) lines.push(`Accepted: ${printableLine(interrupt.accepts)}`);
  else if (interrupt.pattern !== undefined) lines.push(`The answer must match: ${printableLine(interrupt.pattern)}`);
  if (interrupt.expiresAt !== undefined) {
    const taken = interrupt.default === undefined || interrupt.default === "" ? "timeout_expired" : interrupt.default;
    lines.push(`Not answered by ${formatTime(interrupt.expiresAt)}: \`${printableLine(taken)}\` is taken.`);
  } else if (interrupt.default !== undefined && interrupt.default !== "") {
    lines.push(`Suggested answer: ${printableLine(interrupt.default)}`);
  }
  if (!withCommand) return wrapText(lines.join("\n"), columns);
  const sendsBack = interrupt.revisable === true && interrupt.accepts === undefined;
  const also = sendsBack ? "modify sends the step before back, " : "";
  lines.push(dim(`--hitl-action: ${also}reject ends the run; the response says why.`));
  return [wrapText(lines.join("\n"), columns), `Resume with: ${bold(answerCommand(session, interrupt))}`, ""].join(
    "\n",
  );
}
