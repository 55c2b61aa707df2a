import { readJsonAnswer } from "../model/json-answer.js";
import type { JsonValue } from "../spec/json.js";

/** What an evaluator said of a draft. */
export interface Evaluation {
  readonly score: number;
  readonly issues: readonly string[];
  readonly fixes: readonly string[];
}

/** Reads what an evaluator answered; `undefined` when it is not of the shape asked for. */
export function readEvaluation(answer: string): Evaluation | undefined {
  return readJsonAnswer(answer, evaluationOf);
}

function evaluationOf(value: JsonValue): Evaluation | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { score: given, issues, fixes } = value as Readonly<Record<string, JsonValue | undefined>>;
  const score = scoreOf(given);
  const [issueList, fixList] = [textsOf(issues), textsOf(fixes)];
  if (score === undefined || issueList === undefined || fixList === undefined) return undefined;
  return { score, issues: issueList, fixes: fixList };
}

/** Whole numbers from 0 to 100, also when written as text, as `85.0` or, for 1 and 0, as a boolean. */
function scoreOf(value: JsonValue | undefined): number | undefined {
  const score = typeof value === "string" && /^\s*[+-]?\d+(?:\.0*)?\s*$/.test(value) ? Number(value) : value;
  const number = typeof score === "boolean" ? Number(score) : score;
  return Number.isInteger(number) && (number as number) >= 0 && (number as number) <= 100
    ? (number as number)
    : undefined;
}

function textsOf(value: JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

const evaluationShape = '{"score": <whole number from 0 to 100>, "issues": ["..."], "fixes": ["..."]}';

/** Asks for an evaluation. */
export function evaluatePrompt(draft: string): string {
  return `Judge the draft below. Answer with one JSON object and nothing else: ${evaluationShape}\n\n${draft}`;
}

/** Asks again after an answer that could not be read. */
export function clarifyEvaluation(draft: string): string {
  return `Your last answer was not valid JSON of the shape asked for. Answer with this object only: ${evaluationShape}\n\nThe draft:\n${draft}`;
}

/** Asks for a revision. */
export function revisionPrompt(draft: string, { score, issues, fixes }: Evaluation): string {
  const list = (title: string, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : [`${title}:\n${items.map((item) => `- ${item}`).join("\n")}`];
  return [
    "Revise the draft below so that it answers what the evaluator found.",
    `Draft:\n${draft}`,
    `Score: ${score} of 100`,
    ...list("Issues", issues),
    ...list("Fixes asked for", fixes),
    "Write the improved version.",
  ].join("\n\n");
}
