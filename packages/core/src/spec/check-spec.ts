import type { SpecIssue } from "../error/errors.js";
import { checkAgents, declaredNames } from "./check-agents.js";
import { checkAllFields } from "./check-fields.js";
import { checkInactive } from "./check-inactive.js";
import { checkInputs } from "./check-inputs.js";
import type { CheckOptions } from "./check-options.js";
import { checkPattern } from "./check-pattern.js";
import { CheckReport } from "./check-report.js";
import { checkRuntime } from "./check-runtime.js";
import { checkTools } from "./check-tools.js";
import type { Spec } from "./spec.js";

export type { CheckOptions } from "./check-options.js";

/**
 * Judges a structurally valid spec: numbers out of range, names that must exist, cycles, unreachable nodes, unsafe
 * addresses and the like. Pure, in linear time, and complete: every problem is in the list, errors and warnings, the
 * ranges first and the rest in the order of the document's sections. Codes are those of {@link checkCodes}. Templates and conditions are not parsed here.
 */
export function checkSpec(spec: Spec, options: CheckOptions = {}): SpecIssue[] {
  const report = new CheckReport();
  const judge = (section: () => void) => (options.partial === true ? attempt(section) : section());
  judge(() => checkAllFields(spec, report));
  judge(() => checkRuntime(spec, options, report));
  judge(() => checkInputs(spec, report));
  judge(() => checkTools(spec, report));
  judge(() => checkAgents(spec, options, report));
  judge(() => checkPattern(spec, declaredNames(spec), report));
  judge(() => checkInactive(spec, report));
  return report.issues;
}

function attempt(section: () => void): void {
  try {
    section();
  } catch {
    // The shape of this section is broken, and whoever asks for a partial check has reported that.
  }
}
