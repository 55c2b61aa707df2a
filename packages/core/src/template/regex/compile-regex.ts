import { defaultLimits } from "../limits.js";
import { compileProgram } from "./compile-program.js";
import { Matcher } from "./match-regex.js";
import { parseRegex, readFlags } from "./parse-regex.js";

/** What a pattern found. */
export interface RegexMatch {
  /** Index of the match in code points. */
  readonly index: number;
  /** The text of the match. */
  readonly text: string;
  /** The text of each group from 1 on; `undefined` for one that took no part. */
  readonly groups: readonly (string | undefined)[];
  /** The text of each named group. */
  readonly named: ReadonlyMap<string, string | undefined>;
}

/** How a pattern is read and how far a search may go. */
export interface RegexOptions {
  /** Python's flags as letters: `i`, `m`, `s`, `x`, `a`. @defaultValue "" */
  readonly flags?: string;
  /** Steps one search may take. @defaultValue 5_000_000 */
  readonly maxSteps?: number;
  /** Told after each search how many steps it took. */
  readonly onSteps?: (steps: number) => void;
}

/** A pattern with Python's syntax and meaning, run in time that grows with pattern times text. */
export interface Regex {
  /** The first match anywhere. @throws {@link TemplateError} `TEMPLATE_LIMIT` */
  search(text: string): RegexMatch | undefined;
  /** A match of the whole text. @throws {@link TemplateError} `TEMPLATE_LIMIT` */
  fullMatch(text: string): RegexMatch | undefined;
  /** A match at the start of the text. @throws {@link TemplateError} `TEMPLATE_LIMIT` */
  match(text: string): RegexMatch | undefined;
}

/**
 * Compiles a regular expression of Python's `re` syntax.
 *
 * @throws {@link TemplateError} `TEMPLATE_SYNTAX` when it is not one, `TEMPLATE_LIMIT` when it is too large.
 * @example
 * compileRegex("score: (\\d+)", { flags: "i" }).search("Score: 87")?.groups[0]; // "87"
 */
export function compileRegex(source: string, options: RegexOptions = {}): Regex {
  const flags = readFlags(options.flags ?? "", { i: false, m: false, s: false, x: false, a: false });
  const parsed = parseRegex(source, flags);
  const program = compileProgram(parsed);
  const run = (text: string, onlyAtStart: boolean, toEnd: boolean): RegexMatch | undefined => {
    const codes = toCodes(text);
    const matcher = new Matcher(program, codes, options.maxSteps ?? defaultLimits.maxRegexSteps);
    const slots = matcher.find(onlyAtStart, toEnd);
    options.onSteps?.(matcher.steps);
    if (slots === undefined) return undefined;
    const part = (group: number): string | undefined => {
      const from = slots[2 * group] ?? -1;
      const to = slots[2 * group + 1] ?? -1;
      return from < 0 || to < 0 ? undefined : slice(text, codes, from, to);
    };
    const groups = Array.from({ length: parsed.groupCount }, (_, index) => part(index + 1));
    const named = new Map([...parsed.groupNames].map(([name, index]) => [name, groups[index - 1]]));
    return { index: slots[0] ?? 0, text: part(0) ?? "", groups, named };
  };
  return Object.freeze({
    search: (text: string) => run(text, false, false),
    fullMatch: (text: string) => run(text, true, true),
    match: (text: string) => run(text, true, false),
  });
}

function toCodes(text: string): Int32Array {
  const codes = new Int32Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index) ?? 0;
    if (code > 0xffff) index++;
    codes[length++] = code;
  }
  return codes.subarray(0, length);
}

function slice(text: string, codes: Int32Array, from: number, to: number): string {
  if (codes.length === text.length) return text.slice(from, to);
  let result = "";
  for (let index = from; index < to; index += 4096) {
    result += String.fromCodePoint(...codes.subarray(index, Math.min(to, index + 4096)));
  }
  return result;
}
