import type { RecordedCase } from "./recorded-case.js";

/**
 * The reference ends every answer of a model with a newline, we keep what the model said. Gives the function that takes
 * that newline out of a recorded text wherever an answer stands, also inside JSON and inside a printed list.
 */
export function withoutAnswerNewlines({ answers }: RecordedCase): (text: string) => string {
  const texts = new Set(answers.flatMap(({ text }) => (text === undefined || text === "" ? [] : [text])));
  const longestFirst = [...texts].sort((a, b) => b.length - a.length);
  const changes = longestFirst.flatMap((text) =>
    encodings.map((encode) => [`${encode(text)}${encode("\n")}`, encode(text)] as const),
  );
  return (recorded) => changes.reduce((text, [from, to]) => text.replaceAll(from, to), recorded);
}

/** How an answer may stand in a rendered text. */
const encodings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'"),
  (text) => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'),
];
