import type { RequestView } from "./request-view.js";
import { simulatedMark } from "./topic.js";

/** The sorts of text the simulator writes. */
export type ProseKind =
  | "findings"
  | "analysis"
  | "article"
  | "summary"
  | "plan"
  | "code"
  | "review"
  | "reply"
  | "answer";

const words: readonly (readonly [ProseKind, RegExp])[] = [
  [
    "findings",
    /\b(?:research\w*|investigat\w+|gather\w*|find(?:ings?)?|sources?|collect\w*|search\w*|facts?|discover\w*|explore\w*)\b/gi,
  ],
  [
    "analysis",
    /\b(?:analy[sz]\w*|assess\w*|examin\w+|compar\w+|interpret\w*|insights?|trends?|implications?|evaluat\w+)\b/gi,
  ],
  [
    "article",
    /\b(?:writ\w+|articles?|blog|drafts?|essays?|compos\w+|reports?|story|stories|documentation|copy|content|letters?)\b/gi,
  ],
  ["summary", /\b(?:summar\w+|condens\w+|digest|tl;?dr|synthesi\w+|recap|combin\w+|aggregat\w+)\b/gi],
  ["plan", /\b(?:plan\w*|strateg\w+|roadmap|propos\w+|outline\w*|schedule\w*|milestones?|recommend\w*)\b/gi],
  [
    "code",
    /\b(?:code|coder?|coding|implement\w*|functions?|program\w*|engineer|developer|python|typescript|algorithm)\b/gi,
  ],
  ["review", /\b(?:review\w*|feedback|critic\w*|critique\w*|edit(?:or|s)?\b|proofread\w*|verif\w+|validat\w+)\b/gi],
  ["reply", /\b(?:customers?|support|e-?mails?|repl(?:y|ies)|inquir\w+|ticket|troubleshoot\w*|complaint|FAQ)\b/gi],
];

/**
 * Guesses what an agent would write. What the user's message says first counts most (in `Write a plan` it is the plan);
 * the rest of it and the agent's role come after.
 */
export function proseKindOf(view: RequestView): ProseKind {
  const own = (view.user.split(simulatedMark)[0] ?? "").trimStart();
  const opening = own.slice(0, 80);
  const wanted = opening.replace(
    /^(?:please )?(?:write|draft|create|make|prepare|compose|produce|give|develop)\b/i,
    "",
  );
  const role = view.system.slice(0, 300);
  let best: ProseKind = "answer";
  let bestScore = 0;
  for (const [kind, pattern] of words) {
    const score =
      6 * (firstKind(wanted) === kind ? 1 : 0) +
      2 * Math.min(2, count(pattern, opening)) +
      Math.min(3, count(pattern, view.user.slice(-300))) +
      2 * Math.min(2, count(pattern, role)) +
      2 * count(pattern, view.agentId.replace(/[_-]/g, " "));
    if (score > bestScore) [best, bestScore] = [kind, score];
  }
  return best;
}

/** The sort of text named first. */
function firstKind(text: string): ProseKind | undefined {
  const places = words.map(([kind, pattern]) => ({ kind, at: text.search(pattern) })).filter(({ at }) => at >= 0);
  return places.sort((left, right) => left.at - right.at)[0]?.kind;
}

function count(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}
