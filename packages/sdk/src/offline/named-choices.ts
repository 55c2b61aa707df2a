import type { RequestView } from "./request-view.js";
import { contentWords } from "./topic.js";

/** One of the names a prompt lets the model choose from. */
export interface NamedChoice {
  readonly name: string;
  /** What the prompt says about it, `""` for nothing. */
  readonly description: string;
}

const name = String.raw`["'\x60“]?[\p{L}\p{N}][\p{L}\p{N}_.-]{0,40}["'\x60”]?`;
const separator = String.raw`(?:,\s?(?:or |and )?|\s(?:or|\||/)\s|[|/])`;
const list = `(${name}(?:${separator}${name}){1,40})`;

/** The lists of names that prompts use, most explicit first. */
const lists: readonly RegExp[] = [
  new RegExp(String.raw`["'\x60]route["'\x60]\s*:\s*["'\x60]?<?\s?(${name}(?:\s?[|/]\s?${name}){1,40})`, "gu"),
  new RegExp(String.raw`\bbetween\s(${name}\sand\s${name})`, "giu"),
  new RegExp(String.raw`\b(?:one of|among|between)\b[^\n:\[]{0,40}?[:\[(]?\s?${list}`, "giu"),
  new RegExp(
    String.raw`\b(?:into|as|routes?|teams?|categor(?:y|ies)|options|choices|handlers?|names?|labels?)\b[^\n:]{0,40}:\s?\[?\s?${list}`,
    "giu",
  ),
];

/** The routes a prompt names, with what it says about each; `[]` when it names none. */
export function findRouteNames(view: RequestView): readonly NamedChoice[] {
  const described = [...bulleted(view.user), ...bulleted(view.system)];
  for (const text of [view.user, view.system]) {
    for (const pattern of lists) {
      // The engine's instruction stands after the user's own words: the last list is the one that counts.
      const found = [...text.matchAll(pattern)].at(-1)?.[1];
      if (found === undefined) continue;
      const names = splitNames(found);
      if (names.length > 1) return names.map((each) => describe(each, described));
    }
    const bullets = bulleted(text);
    if (bullets.length > 0) return bullets;
  }
  return [];
}

/** The words a prompt wants one of, and nothing else; undefined when it does not ask so. */
export function findChoice(text: string): readonly NamedChoice[] | undefined {
  const found = onlyOneOf.exec(text)?.[1];
  if (found === undefined) return undefined;
  const names = splitNames(found);
  return names.length > 1 ? names.map((each) => ({ name: each, description: "" })) : undefined;
}

const onlyOneOf = new RegExp(
  String.raw`\b(?:respond|reply|answer|return|output|say)\b[^\n.]{0,40}\b(?:only|exactly|just|either|one word|single word|one of)\b(?:\s(?:with|the|of|word|words|one|single|a|either)){0,5}\s?:?\s?${list}`,
  "iu",
);

/** Chooses by how many words of the input a name and its description share; the first of equals. */
export function chooseByOverlap(choices: readonly NamedChoice[], input: string): NamedChoice | undefined {
  const words = new Set(contentWords(withoutChoices(choices, input)).map(stem));
  let best: NamedChoice | undefined;
  let bestScore = -1;
  for (const choice of choices) {
    const own = new Set(contentWords(choice.name.replace(/[_.-]/g, " ")).map(stem));
    const said = new Set(contentWords(choice.description).map(stem));
    let score = 0;
    for (const word of words) score += own.has(word) ? 3 : said.has(word) ? 1 : 0;
    if (score > bestScore) [best, bestScore] = [choice, score];
  }
  return best;
}

/** Lines that list the choices say nothing about which one fits. */
function withoutChoices(choices: readonly NamedChoice[], input: string): string {
  const names = choices.map((choice) => choice.name.toLowerCase());
  return input
    .split("\n")
    .filter((line) => {
      const lower = line.toLowerCase();
      const listed = names.filter((each) => lower.includes(each)).length;
      return listed < 2 && !/["'`]route["'`]/.test(line) && !/^\s*[-*•]\s/.test(line);
    })
    .join("\n");
}

function splitNames(found: string): string[] {
  const names = found
    .split(/,\s?(?:or |and )?|\s(?:or|and|\||\/)\s|[|/]/u)
    .map((each) => each.replace(/["'`“”]/gu, ""));
  return [...new Set(names.map((each) => each.replace(/[.]+$/, "")).filter((each) => each !== ""))];
}

function describe(each: string, described: readonly NamedChoice[]): NamedChoice {
  const known = described.find((choice) => choice.name.toLowerCase() === each.toLowerCase());
  return { name: each, description: known?.description ?? "" };
}

/** Bullets such as `- faq: Simple questions`, from the first line that speaks of routes on. */
function bulleted(text: string): NamedChoice[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /\b(?:route|categor|option|choice|team|handler|guideline|label)/i.test(line));
  if (start === -1) return [];
  const found: NamedChoice[] = [];
  for (const line of lines.slice(start + 1)) {
    const match =
      /^\s*(?:[-*•]|\d{1,2}[.)])\s+["'`*]{0,3}([\p{L}\p{N}][\p{L}\p{N}_.-]{0,40})["'`*]{0,3}\s*(?:$|[:–—(-]\s*(.*))/u.exec(
        line,
      );
    if (match?.[1] !== undefined && !line.includes(":**")) found.push({ name: match[1], description: match[2] ?? "" });
    else if (found.length > 0 && line.trim() !== "") break;
  }
  return found;
}

function stem(word: string): string {
  return word.length > 4 ? word.replace(/(?:ings?|ed|es|s|ly|al)$/, "") : word;
}
