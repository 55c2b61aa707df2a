import type { SpecIssue } from "../error/errors.js";
import type { CheckCode } from "./check-codes.js";
import { toPointer } from "./check-pointer.js";
import { quoteValue } from "./check-quote.js";
import { nearest } from "./suggest.js";

/** Where something stands in the spec: keys and indexes from the top. */
export type SpecPath = readonly (string | number)[];

/** How many misspelt names are compared with a long list of candidates before we stop guessing. */
const maxGuesses = 50;
const longList = 200;

/** So many names are listed when none of them is near. */
const fewNames = 6;

/** Collects the issues of one check. */
export class CheckReport {
  readonly issues: SpecIssue[] = [];
  readonly #guesses = new Map<string, string | undefined>();
  #guessesLeft = maxGuesses;

  error(code: CheckCode, path: SpecPath, message: string, suggestion?: string): void {
    this.#add("error", code, path, message, suggestion);
  }

  warn(code: CheckCode, path: SpecPath, message: string, suggestion?: string): void {
    this.#add("warning", code, path, message, suggestion);
  }

  /** Refuses a list or mapping that has no entry; `entry` says what one is. */
  filled(count: number, path: SpecPath, entry: string): void {
    if (count === 0) this.error("empty", path, `there are no ${entry}s`, `add at least one ${entry}`);
  }

  /** A did-you-mean for a name of one kind; when none is near, what to do, and the names when there are few. */
  suggest(kind: string, word: string, candidates: ReadonlySet<string>, otherwise: string): string {
    const key = `${kind} ${word}`;
    if (!this.#guesses.has(key)) {
      const mayGuess = candidates.size <= longList || this.#guessesLeft-- > 0;
      this.#guesses.set(key, mayGuess ? nearest(word, candidates) : undefined);
    }
    const near = this.#guesses.get(key);
    if (near !== undefined) return `did you mean ${quoteValue(near)}?`;
    if (candidates.size === 0 || candidates.size > fewNames) return otherwise;
    const names = [...candidates].map(quoteValue).join(", ");
    return `${otherwise}: ${candidates.size === 1 ? "there is only" : "there are"} ${names}`;
  }

  #add(severity: SpecIssue["severity"], code: CheckCode, path: SpecPath, message: string, suggestion?: string): void {
    this.issues.push({
      code,
      pointer: toPointer(path),
      message,
      severity,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
}

/** Names as a message lists them, in backticks; a long list is cut. */
export function listNames(names: readonly string[], max = 50): string {
  const shown = names.slice(0, max).map(quoteValue);
  if (names.length > max) return `${shown.join(", ")} and ${names.length - max} more`;
  const last = shown.pop();
  if (last === undefined) return "none";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}
