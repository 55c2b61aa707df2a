import type { SpecIssue } from "../error/errors.js";
import { checkAgents } from "./check-agents.js";
import { checkInactive } from "./check-inactive.js";
import { checkInputs } from "./check-inputs.js";
import { checkPattern } from "./check-pattern.js";
import { CheckReport } from "./check-report.js";
import { checkRuntime } from "./check-runtime.js";
import { checkTools } from "./check-tools.js";
import type { Spec } from "./spec.js";

/** What {@link checkSpec} needs to know about its surroundings. */
export interface CheckOptions {
  /** Whether every model is simulated, so that what only a real provider needs is not asked for. @defaultValue false */
  readonly offline?: boolean;
  /** Names of further providers that exist here. @defaultValue the providers of the format and `offline` */
  readonly providers?: readonly string[];
}

/**
 * Judges a structurally valid spec: names that must exist, cycles, unreachable nodes, unsafe addresses and the like.
 * Pure, in linear time, and complete: every problem is in the list, errors and warnings in the order of the document's
 * sections. Codes are those of {@link checkCodes}. Templates and conditions are not parsed here.
 */
export function checkSpec(spec: Spec, options: CheckOptions = {}): SpecIssue[] {
  const report = new CheckReport();
  checkRuntime(spec, options, report);
  checkInputs(spec, report);
  checkTools(spec, report);
  const names = checkAgents(spec, options, report);
  checkPattern(spec, names, report);
  checkInactive(spec, report);
  return report.issues;
}
