import { findChoice, findRouteNames, type NamedChoice } from "./named-choices.js";
import type { RequestView } from "./request-view.js";

/** What a prompt asks for. */
export type Ask =
  | { readonly type: "route"; readonly routes: readonly NamedChoice[] }
  | { readonly type: "evaluation"; readonly scale: number; readonly json: boolean }
  | { readonly type: "tasks"; readonly count: number }
  | { readonly type: "json"; readonly source: string }
  | { readonly type: "form"; readonly source: string }
  | { readonly type: "choice"; readonly choices: readonly NamedChoice[] }
  | { readonly type: "prose" };

/**
 * Recognises from the wording what a prompt asks for. The last user message has the first word, the system prompt the
 * second: an agent that is told once to answer in JSON does so every time.
 */
export function recogniseAsk(view: RequestView): Ask {
  for (const source of [view.user, view.system]) {
    if (!demandsJson(source)) continue;
    const shape = jsonShape(source);
    // "Answer in JSON" alone says nothing about the shape: the system prompt may.
    const other = shape === "json" && source === view.user ? jsonShape(view.system) : shape;
    return jsonAsk(other, view, source);
  }
  const both = `${view.user}\n${view.system}`;
  if (formLine.test(both)) return { type: "form", source: both };
  const choices = findChoice(view.user) ?? findChoice(view.system);
  if (choices !== undefined) return { type: "choice", choices };
  if (asksForScore(view)) return { type: "evaluation", scale: scaleOf(both), json: isEvaluatorKey(view) };
  return { type: "prose" };
}

function jsonAsk(shape: JsonShape, view: RequestView, source: string): Ask {
  const both = `${view.user}\n${view.system}`;
  switch (shape) {
    case "route":
      return { type: "route", routes: findRouteNames(view) };
    case "evaluation":
      return { type: "evaluation", scale: scaleOf(both), json: true };
    case "tasks":
      return { type: "tasks", count: taskCount(view) };
    case "json":
      return { type: "json", source };
  }
}

type JsonShape = "route" | "evaluation" | "tasks" | "json";

/** A line such as `Priority: <low/medium/high>`: a blank to fill in. */
export const formLine: RegExp =
  /^[ \t]*(?:[-*] )?(?:[^\n]{0,40}")?([A-Z][\w /-]{0,30}):[ \t]*<((?:[^<>\n]|>=){1,80})>/m;

const demands: readonly RegExp[] = [
  /\b(?:respond|reply|return|answer|output|format|provide|produce|give|emit|write|print|send|generate|express)\b[^\n.]{0,90}\bJSON\b/i,
  /\b(?:only|valid|strict|raw|pure)\s+(?:(?:a|an|the)\s+)?(?:valid\s+)?JSON\b/i,
  /(?<!\b(?:given|provided|stored|passed|supplied|comes|received|is|are|was|were)\s)\bas\s+(?:an?\s+)?(?:valid\s+|strict\s+)?JSON\b/i,
  /\bJSON\b[^\n.]{0,12}\bonly\b/i,
  /\bJSON\s+(?:format|object|array|list|schema|structure|shape)\s*(?::|with|containing|holding|that|matching|of)/i,
  /\b(?:answer|response|reply|output|verdict|decision|result|evaluation|assessment)\s+(?:must|should|shall|has to|is to)\s+be\b[^\n.]{0,30}\bJSON\b/i,
];

function demandsJson(text: string): boolean {
  return demands.some((demand) => demand.test(text));
}

function jsonShape(text: string): JsonShape {
  if (/["'`]route["'`]\s*[:=]/.test(text) || near(text, String.raw`["'\x60]?\broute(?:_name)?\b["'\x60]?`))
    return "route";
  if (/\[\s*\{\s*["']task["']\s*:/.test(text) || near(text, String.raw`(?:sub)?-?tasks?\b["'\x60]?`)) return "tasks";
  if (/["'`]score["'`]\s*[:=]/.test(text) || near(text, String.raw`["'\x60]?\bscore\b["'\x60]?`)) return "evaluation";
  return "json";
}

/** Whether a word stands in the same sentence as JSON, or in the next few words. */
function near(text: string, word: string): boolean {
  return (
    new RegExp(String.raw`\bJSON\b[^\n]{0,100}?${word}`, "i").test(text) ||
    new RegExp(String.raw`${word}[^\n.]{0,60}\bJSON\b`, "i").test(text)
  );
}

function asksForScore(view: RequestView): boolean {
  if (isEvaluatorKey(view)) return true;
  return [view.user, view.system].some(
    (text) =>
      /^\s*(?:judge|grade|rate|score)\b/i.test(text) ||
      /\b(?:give|assign|return|provide|with|add|state|report)\b[^\n.]{0,40}\b(?:score|rating|grade)\b[^\n.]{0,40}\d/i.test(
        text,
      ) ||
      /\b(?:score|rate|grade)\b[^\n.]{0,60}\b(?:from\s+)?[01]\s*(?:-|–|to)\s*(?:5|10|100)\b/i.test(text),
  );
}

function isEvaluatorKey(view: RequestView): boolean {
  return /(?:^|\/)evaluat/.test(view.stepKey);
}

function scaleOf(text: string): number {
  const range =
    /\b(?:score|rate|rating|grade)\b[^\n]{0,60}?\b[01](?:\.0)?\s*(?:-|–|to|and)\s*(1\.0|1|5|10|100)\b/i.exec(text);
  const outOf = /\bout of (5|10|100)\b/i.exec(text);
  return Number(range?.[1] ?? outOf?.[1] ?? 100);
}

function taskCount(view: RequestView): number {
  for (const text of [view.user, view.system]) {
    const range = /\b(\d{1,2})\s*(?:-|–|to)\s*(\d{1,2})\s+(?:\w+\s+){0,3}(?:sub)?tasks?\b/i.exec(text);
    if (range !== null) return bounded(Math.round((Number(range[1]) + Number(range[2])) / 2));
    const exact = /\b(\d{1,2})\s+(?:\w+\s+){0,3}(?:sub)?tasks\b/i.exec(text);
    if (exact !== null) return bounded(Number(exact[1]));
    const word = /\b(two|three|four|five|six)\s+(?:\w+\s+){0,3}(?:sub)?tasks\b/i.exec(text)?.[1];
    if (word !== undefined) return ["two", "three", "four", "five", "six"].indexOf(word.toLowerCase()) + 2;
    const variable = /"(?:num|number|count|max)_\w{1,30}"\s*:\s*(\d{1,2})\b/.exec(text);
    if (variable !== null) return bounded(Number(variable[1]));
  }
  return 3;
}

function bounded(count: number): number {
  return Math.min(8, Math.max(1, count));
}
