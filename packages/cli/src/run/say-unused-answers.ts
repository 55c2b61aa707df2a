import {
  type AnswerScript,
  compileSpec,
  type Program,
  planOf,
  type Spec,
  StrandsError,
  unusedAnswers,
} from "@strands/sdk";
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

/** The same for the workflow of a session. One that this version would refuse goes on as it is, and nothing is said. */
export function sayUnusedAnswersOf(script: AnswerScript | undefined, spec: Spec, screen: Screen): void {
  if (script === undefined) return;
  try {
    sayUnusedAnswers(script, compileSpec(spec), screen);
  } catch (error) {
    if (!StrandsError.isInstance(error)) throw error;
  }
}
