import { type AnswerScript, type Program, planOf, unusedAnswers } from "@strands/sdk";
import { printableLine } from "../render/printable-text.js";
import type { Screen } from "../render/screen.js";

/** Says which keys of a script the workflow will never ask for. */
export function sayUnusedAnswers(script: AnswerScript | undefined, program: Program, screen: Screen): void {
  if (script === undefined) return;
  for (const { key, reason, suggestion } of unusedAnswers(script, planOf(program))) {
    const text = `! the answer for \`${printableLine(key)}\` is never used: ${reason}. ${printableLine(suggestion)}`;
    screen.note(screen.style.yellow(text));
  }
}
