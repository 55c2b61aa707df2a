import type { RequestView } from "./request-view.js";

/** What every simulated text begins with, so that nobody takes it for a real answer. */
export const simulatedMark = "[simulated]";

/** What the prompt is about, in a few of its own words. */
export function topicOf(view: RequestView): string {
  const [own = "", ...embedded] = withoutSlots(view.user).split(simulatedMark);
  const system = withoutSlots(view.system);
  return (
    labelled(own) ??
    spokenAbout(own) ??
    headingOf(embedded) ??
    firstWords(own) ??
    labelled(system) ??
    spokenAbout(system) ??
    firstWords(system) ??
    "the task"
  );
}

/** Takes out template slots, which are sent as they stand when a name has no value, and a leading `Step 3:`. */
function withoutSlots(text: string): string {
  return text
    .replace(/^\s*(?:step|task|part|phase|round) \d{1,6}\s?[:.)-]\s*/i, "")
    .replace(/\{\{[^{}]{0,200}\}\}|\{%[^{}%]{0,200}%\}/g, "");
}

/** Words of the prompt worth naming, apart from the topic itself; at most `count`. */
export function focusWords(view: RequestView, topic: string, count: number): string[] {
  const own = view.user.split(simulatedMark)[0] ?? "";
  const known = new Set(contentWords(topic));
  const words = contentWords(own).filter((word) => !known.has(word) && word.length > 4 && !instructionWords.has(word));
  return [...new Set(words)].slice(0, count);
}

/** A short piece of an earlier answer or of feedback that the prompt carries, so that a reader sees it arrive. */
export function materialOf(
  view: RequestView,
): { readonly type: "feedback" | "earlier"; readonly text: string } | undefined {
  const feedback =
    /\b(?:feedback|comments?|decision|answered|said|reviewer|editor|human)\b[^:\n]{0,30}:[ \t]*\n?[ \t]*([^\n]{2,200})/i.exec(
      view.user,
    )?.[1];
  if (feedback !== undefined && !feedback.includes(simulatedMark)) {
    const text = phrase(feedback, 12);
    if (text !== undefined) return { type: "feedback", text };
  }
  const embedded = view.user.split(simulatedMark).slice(1).join("\n");
  for (const line of embedded.split("\n").slice(0, 40)) {
    if (!/^(?:[-*]|\d+\.) /.test(line)) continue;
    const text = phrase(line.replace(/^(?:[-*]|\d+\.) /, ""), 12);
    if (text !== undefined) return { type: "earlier", text };
  }
  return undefined;
}

/** The words of a text that carry meaning, in lower case and in order. */
export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{2,40}/gu) ?? [];
  return words.filter((word) => !stopWords.has(word));
}

/** The text after a label such as `Topic:`, or a variable of that name in JSON. */
function labelled(text: string): string | undefined {
  const label =
    "topic|subject|theme|title|question|query|inquiry|issue|task|request|problem|product|concept|idea|proposal|goal|asked|message";
  const variables = text.matchAll(
    new RegExp(String.raw`"(\w{0,24}(?:${label}|description)\w{0,24})"\s*:\s*"([^"\n<]{1,300})"`, "gi"),
  );
  for (const [, key = "", value = ""] of [...variables].reverse()) {
    const found = /^(?:sub)?task$/i.test(key) ? undefined : phrase(value, 9);
    if (found !== undefined) return found;
  }
  const first = /\bvariables\b[^\n]{0,30}:\s*\{\s*"[^"\n]{1,60}"\s*:\s*"([^"\n]{1,300})"/i.exec(text)?.[1];
  if (first !== undefined) return phrase(first, 9);
  const line = new RegExp(
    String.raw`^[ \t>*-]{0,6}(?:[\p{L} ]{1,30} )?(?:${label})\**[ \t]*:[ \t]*(\S[^\n]{0,300})`,
    "imu",
  ).exec(text)?.[1];
  return line === undefined ? undefined : phrase(line, 9);
}

/** What follows `about`, `on`, `regarding` and the like, or stands in quotation marks. */
function spokenAbout(text: string): string | undefined {
  const quoted = /["“]([^"“”{}<>\n]{3,80})["”]/u.exec(text)?.[1];
  if (quoted !== undefined && !/[{[]/.test(text)) {
    const found = phrase(quoted, 9);
    if (found !== undefined) return found;
  }
  for (const word of ["about", "regarding", "concerning", "on", "into", "for", "of"]) {
    const pattern = new RegExp(
      String.raw`\b${word}\s+(?:the\s+topic\s+(?:of\s+)?|the\s+subject\s+(?:of\s+)?)?:?\s*([^\n.;:!?,()]{3,100})`,
      "gi",
    );
    for (const match of text.slice(0, 4000).matchAll(pattern)) {
      const words = match[1] ?? "";
      if (
        /^(?:this|these|that|those|it|them|your|our|their|each|all|both|the (?:following|above|findings|research|analysis|draft|feedback|input|basis|results?|notes?|text|article|most))\b/i.test(
          words,
        )
      )
        continue;
      const found = phrase(words.replace(tail, ""), 9);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Where a topic ends and a condition or a second demand begins. */
const tail =
  /\s+(?:for|with|using|from|in (?:about|at most|\d)|and (?:list|give|then|write|explain|return|answer|name|say|describe|make)|based|so that|that|which|as)\s.*$/i;

/** Simulated texts carry their topic in the heading, `## Findings: green tea`. */
function headingOf(embedded: readonly string[]): string | undefined {
  for (const text of embedded) {
    const found = /^#{1,3} [^:\n]{1,40}: ([^\n]{2,120})$/m.exec(text)?.[1];
    if (found !== undefined) return phrase(found, 9);
  }
  return undefined;
}

function firstWords(text: string): string | undefined {
  const words = firstLine(text).split(/\s+/);
  const rest = instructionWords.has((words[0] ?? "").toLowerCase().replace(/\W/g, "")) ? words.slice(1) : words;
  if (/^(?:you are|your (?:previous|last))\b/i.test(text.trimStart())) return undefined;
  return phrase((rest.join(" ").split(/[.;:!?]/)[0] ?? "").replace(tail, ""), 9);
}

function firstLine(text: string): string {
  return text.trimStart().split("\n", 1)[0]?.slice(0, 400) ?? "";
}

/** At most so many words, without Markdown, template or quotation signs; undefined when nothing is left. */
function phrase(text: string, limit: number): string | undefined {
  const plain = text
    .replace(/[*`]/g, "")
    .replace(/[_#<>[\]{}|"“”\\]/gu, " ")
    .replace(/^\s*(?:the|a|an)\s+/i, "")
    .trim();
  const words = plain.split(/\s+/).slice(0, limit);
  while (words.length > 1 && words.join(" ").length > 80) words.pop();
  const found = words
    .join(" ")
    .slice(0, 80)
    .replace(/[\s.,;:!?–—-]+$/u, "");
  const telling = contentWords(found).some((word) => !instructionWords.has(word) && !/^\d+$/.test(word));
  return telling ? found : undefined;
}

const stopWords = new Set(
  `the and for are was were has have had not you your our their his her its this that these those with from into onto
  about which what who how why when where will would can could should may must shall all any each every some more most
  than then them they there here been being but out off over under only just also very too one two of in on at to as by
  is it be or if an we do so up no me my he she us am`.split(/\s+/),
);

const instructionWords = new Set(
  `research investigate find gather collect write draft compose create make produce provide give list explain describe
  analyze analyse assess evaluate review summarize summarise compare plan design implement build answer reply respond
  return please using based following above below agent assistant workflow response format input output valid json text
  simulated prompt clear concise focus helpful execute perform conduct develop generate prepare improve revise topic
  paragraph paragraphs words bullet bullets points brief short now task tasks subtask subtasks score rate judge grade
  draft essay previous malformed object array field string example one first second part classify route router name
  your you only exactly wanted final finding findings version article title sentence sentences important researcher
  analyst writer author editor reviewer facts audience general readers short clear careful proposal following matters
  worker workers evaluator feedback proceed instructions begin start go ahead continue work job described change
  matter bring reviewer keep turn`.split(/\s+/),
);
