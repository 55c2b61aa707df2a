import type { SpecIssue } from "../error/errors.js";
import { TemplateError } from "../error/errors.js";
import { quoteValue } from "../spec/check-quote.js";
import { compileRegex } from "../template/regex/compile-regex.js";
import type { TemplatePlace } from "./template-places.js";

/**
 * Defaults of questions that their own `validation.pattern` refuses. They are taken all the same when the time is up, so this
 * is no error.
 */
export function checkDefaults(places: readonly TemplatePlace[]): readonly SpecIssue[] {
  return places.flatMap(({ pointer, source, answer }): readonly SpecIssue[] => {
    if (typeof answer !== "string" || answer === "" || accepts(source, answer)) return [];
    return [
      {
        code: "default_not_accepted",
        pointer: pointer.replace(/validation\/pattern$/, "default"),
        severity: "warning",
        message: `the default ${quoteValue(answer)} does not match the question's own pattern ${quoteValue(source)}`,
        suggestion: "give a default that a person could answer too, or change the pattern",
      },
    ];
  });
}

/** A pattern that is none is reported as such. */
function accepts(pattern: string, answer: string): boolean {
  try {
    return compileRegex(pattern).search(answer) !== undefined;
  } catch (error) {
    if (error instanceof TemplateError) return true;
    throw error;
  }
}
