import type { JsonValue } from "@strands/core";

/** How much of a text one example may take, and how many openings are tried. */
const maxLength = 6000;
const maxTries = 12;

/** The first JSON object or array in a text, also one with blanks to fill in such as `{"name": <text>, ...}`. */
export function findExample(text: string): JsonValue | undefined {
  let from = 0;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const start = nextOpening(text, from);
    if (start === -1) return undefined;
    const end = closingOf(text, start);
    if (end !== -1) {
      const found = parseLeniently(text.slice(start, end + 1));
      if (found !== undefined) return found;
    }
    from = start + 1;
  }
  return undefined;
}

function nextOpening(text: string, from: number): number {
  const offset = text.slice(from).search(/\{\s*["'}]|\[\s*[{"]/);
  return offset === -1 ? -1 : from + offset;
}

/** The place of the bracket that closes the one at `start`, or -1. */
function closingOf(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  const limit = Math.min(text.length, start + maxLength);
  for (let index = start; index < limit; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === "\\") index += 1;
      else if (character === '"') quoted = false;
      continue;
    }
    if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth === 0) return index;
    if (depth > 64) return -1;
  }
  return -1;
}

function parseLeniently(text: string): JsonValue | undefined {
  return parse(text) ?? parse(fillBlanks(text));
}

function parse(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === "object" && value !== null && Object.keys(value).length > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Turns what people write in examples into JSON: `<text>`, `...`, `true|false`, `number`, comments, hanging commas. */
function fillBlanks(text: string): string {
  return text
    .replace(/\/\/[^\n"]{0,200}$/gm, "")
    .replace(/"(?:\s?\|\s?"[^"\n]{0,60}"){1,20}/g, '"')
    .replace(/<[^<>"\n]{0,80}(?:\d|number|integer|float|count)[^<>"\n]{0,80}>(?=\s?[,}\]])/gi, "1")
    .replace(/:\s?<[^<>\n]{0,80}>/g, ': "text"')
    .replace(/:\s?(?:true\s?[|/]\s?false|boolean|bool)\b/g, ": true")
    .replace(/:\s?(?:number|integer|int|float)\b/g, ": 1")
    .replace(/:\s?string\b/g, ': "text"')
    .replace(/,?\s?(?:\.\.\.|…)/g, "")
    .replace(/,(\s{0,4}[}\]])/g, "$1");
}
