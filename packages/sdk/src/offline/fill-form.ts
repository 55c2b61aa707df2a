import { formLine } from "./ask.js";
import { chooseByOverlap } from "./named-choices.js";
import type { RequestView } from "./request-view.js";
import type { SeededRandom } from "./seeded-random.js";
import { simulatedMark, topicOf } from "./topic.js";
import { risingScore } from "./write-evaluation.js";

/** Fills in a form that the prompt gives line by line, such as `Score: <number>` or `Category: <a/b/c>`. */
export function fillForm(view: RequestView, source: string, random: SeededRandom): string {
  const score = risingScore(view, random);
  const lines: string[] = [];
  for (const match of source.matchAll(new RegExp(formLine.source, "gm"))) {
    const label = match[1] ?? "";
    lines.push(`${label}: ${fillingFor(label, match[2] ?? "", { view, source, score })}`);
    if (lines.length === 24) break;
  }
  return `${simulatedMark}\n\n${[...new Set(lines)].join("\n")}`;
}

interface FormContext {
  readonly view: RequestView;
  readonly source: string;
  readonly score: number;
}

function fillingFor(label: string, blank: string, { view, source, score }: FormContext): string {
  const threshold =
    /^(\w+) if score\s?(?:>=?|of at least|is at least|above)\s?(\d{1,3}),? (?:otherwise|else) (\w+)$/i.exec(blank);
  if (threshold !== null) return (score >= Number(threshold[2]) ? threshold[1] : threshold[3]) ?? "";
  if (/score|rating/i.test(label)) return String(score);
  const options = optionsOf(blank) ?? optionsOf(parenthesised(source, label));
  if (options !== undefined)
    return (
      chooseByOverlap(
        options.map((name) => ({ name, description: "" })),
        view.user,
      )?.name ?? ""
    );
  if (/number|amount|digits?|\d/i.test(`${blank} ${label}`)) return "100";
  return `about ${topicOf(view)}`;
}

/** The options of `yes/no` or `low | medium | high`. */
function optionsOf(text: string | undefined): string[] | undefined {
  const parts = text?.split(/\s?[/|]\s?|,\s?(?:or )?|\sor\s/).filter((part) => /^[\w-]{1,30}$/.test(part)) ?? [];
  return parts.length > 1 ? parts : undefined;
}

/** What a list of the prompt says in brackets after the same word: `2. Category (technical/billing)`. */
function parenthesised(source: string, label: string): string | undefined {
  const at = source.indexOf(`${label} (`);
  if (at === -1) return undefined;
  const start = at + label.length + 2;
  const end = source.indexOf(")", start);
  return end === -1 || end - start > 120 ? undefined : source.slice(start, end);
}
