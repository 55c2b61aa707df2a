import type { RequestView } from "./request-view.js";
import type { SeededRandom } from "./seeded-random.js";
import { simulatedMark, topicOf } from "./topic.js";

const scores = [62, 78, 91, 97, 100] as const;
const problems = ["The main claim has no source", "The middle part repeats itself", "The end comes too soon"] as const;
const remedies = [
  "Add a source for the main claim",
  "Cut what repeats in the middle",
  "Close with what follows from it",
] as const;

/** The score of this evaluation, out of 100: higher each time the same agent evaluates, so that loops end. */
export function risingScore(view: RequestView, random: SeededRandom): number {
  const round = roundOf(view);
  const base = scores[round] ?? 100;
  return round < 3 ? base + random.below(5) - 2 : base;
}

/** An evaluation in JSON: `score`, `issues`, `fixes`. */
export function writeEvaluation(view: RequestView, scale: number, random: SeededRandom): string {
  const score = risingScore(view, random);
  const left = Math.max(0, 3 - roundOf(view));
  const mark = (text: string): string => `${simulatedMark} ${text}`;
  return JSON.stringify({
    score: scale === 1 ? score / 100 : Math.round((score * scale) / 100),
    issues: problems.slice(0, left).map(mark),
    fixes: remedies.slice(0, left).map(mark),
    simulated: true,
  });
}

/** The same for a prompt that did not ask for JSON: a sentence for people, and JSON in a fence for the engine. */
export function writeSpokenEvaluation(view: RequestView, scale: number, random: SeededRandom): string {
  const json = writeEvaluation(view, scale, random);
  const { score } = JSON.parse(json) as { score: number };
  return `${simulatedMark}\n\nScore: ${score}/${scale}\n\nAbout ${topicOf(view)}: an evaluator would explain the score here, point by point.\n\n\`\`\`json\n${json}\n\`\`\``;
}

/** How many evaluations came before: as the conversation shows or, for an evaluator without memory, as the key does. */
function roundOf(view: RequestView): number {
  const numbered = /evaluat\w*\/(\d{1,3})$/.exec(view.stepKey)?.[1];
  return Math.min(scores.length - 1, Math.max(view.scoresGiven, Number(numbered ?? 0)));
}
