import type { SpecIssue } from "../error/errors.js";
import { TemplateError } from "../error/errors.js";
import { quoteValue } from "../spec/check-quote.js";
import { listNames } from "../spec/check-report.js";
import { reviewChoices, sameChoice } from "../spec/choices.js";
import type { PatternSpec } from "../spec/spec.js";
import { compileRegex } from "../template/regex/compile-regex.js";
import type { TemplatePlace } from "./template-places.js";

/** Defaults that their own question would refuse. No errors: they are taken unchecked, or the question is asked anew. */
export function checkDefaults({ type, config }: PatternSpec, places: readonly TemplatePlace[]): readonly SpecIssue[] {
  return places.flatMap(({ pointer, pause }): readonly SpecIssue[] => {
    const usual = pause?.default;
    if (pause === undefined || typeof usual !== "string" || usual === "") return [];
    const at = pointer.replace(/\/prompt$/, "");
    const pattern = "validation" in pause ? pause.validation?.pattern : undefined;
    const choices =
      type === "routing" && at.endsWith("/review_router") ? reviewChoices(Object.keys(config.routes)) : [];
    // A person's answer that is the result may not be blank.
    const isResult = /^\/pattern\/config\/(?:reduce|writeup)$/.test(at);
    const refused =
      (pattern !== undefined && !matches(pattern, usual)) ||
      (choices.length > 0 && !choices.some((choice) => sameChoice(choice, usual))) ||
      (isResult && usual.trim() === "");
    if (!refused) return [];
    const suggestion = `give one that a person could answer too${choices.length > 0 ? `: ${listNames(choices, 10)}` : ""}`;
    const message = `the question does not accept its own default ${quoteValue(usual)}`;
    return [{ code: "default_not_accepted", pointer: `${at}/default`, severity: "warning", message, suggestion }];
  });
}

/** A pattern that is none is reported as such. */
function matches(pattern: string, answer: string): boolean {
  try {
    return compileRegex(pattern).search(answer) !== undefined;
  } catch (error) {
    if (error instanceof TemplateError) return true;
    throw error;
  }
}
