import type { JsonValue } from "../spec/json.js";

/** Where in an answer a JSON value was found. */
export type JsonPlace = "whole" | "fence" | "prose";

/**
 * Finds the JSON a model was asked for: the whole answer, else the content of a Markdown fence, else an object or array
 * somewhere in the text. Gives the first value that is accepted. Takes time linear in the length of the answer, whatever it holds.
 *
 * @param accept reads a value, and gives `undefined` for what is not meant
 */
export function readJsonAnswer<T>(
  answer: string,
  accept: (value: JsonValue, place: JsonPlace) => T | undefined,
): T | undefined {
  // Values inside values are tried as well: what that may cost is bounded.
  let charsLeft = answer.length * 4 + 10_000;
  let attemptsLeft = maxAttempts;
  const attempt = (text: string, place: JsonPlace): T | undefined => {
    charsLeft -= text.length;
    attemptsLeft -= 1;
    if (charsLeft < 0 || attemptsLeft < 0) return undefined;
    try {
      const value = JSON.parse(text) as JsonValue;
      return isTooDeep(value) ? undefined : accept(value, place);
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  };
  const whole = attempt(answer.trim(), "whole");
  if (whole !== undefined) return whole;
  for (const content of fences(answer)) {
    const found = attempt(content.trim(), "fence");
    if (found !== undefined) return found;
  }
  for (const [start, end] of bracketed(answer)) {
    const found = attempt(answer.slice(start, end), "prose");
    if (found !== undefined) return found;
  }
  return undefined;
}

/** More pieces that look like JSON are in no answer to a question for JSON; each that is none costs microseconds. */
const maxAttempts = 400;

/** Deeper nesting is in no answer either, and what goes through values level by level would run out of stack. */
const maxDepth = 100;

/** Whether a value is nested deeper than anything a model is asked for. */
export function isTooDeep(value: JsonValue, levels: number = maxDepth): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}

/** The contents of Markdown fences, in order. A fence may stand inside a line. */
function* fences(text: string): Generator<string> {
  let from = text.indexOf("```");
  while (from !== -1) {
    const end = text.indexOf("```", from + 3);
    if (end === -1) return;
    const content = text.slice(from + 3, end);
    // Fences inside strings of the JSON would end it too early; the scan of brackets finds such a value.
    yield content.replace(/^[A-Za-z0-9_-]*\s/, "");
    from = text.indexOf("```", end + 3);
  }
}

/**
 * The objects and arrays that stand in a text, from outside to inside and from left to right: one pass with a stack. Inside a
 * bracket quotes count as JSON strings.
 */
function bracketed(text: string): readonly (readonly [start: number, end: number])[] {
  const begin = /\{\s*["}]|\[\s*(?:["[{\]]|-?\d|true|false|null)/y;
  const open: number[] = [];
  const found: (readonly [number, number])[] = [];
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (inString) {
      if (char === "\\") index += 1;
      else if (char === '"' || char === "\n") inString = false;
    } else if (char === "{" || char === "[") {
      // What JSON cannot begin with is a bracket of the prose: quotes behind it are no strings.
      begin.lastIndex = index;
      if (begin.test(text)) open.push(index);
    } else if (open.length === 0) continue;
    else if (char === '"') inString = true;
    else if (char === "}" || char === "]") {
      const start = open.at(-1) as number;
      // A bracket of the wrong kind belongs to the prose.
      if (text[start] !== (char === "}" ? "{" : "[")) continue;
      open.pop();
      found.push([start, index + 1]);
    }
  }
  return found.sort(([a], [b]) => a - b);
}
