import { printableLine } from "../render/printable-text.js";
import type { FailureKind } from "./fails-for-good.js";

/** The option without which a session that used up a budget would stop again. */
export function raisedBudget(failure: FailureKind | undefined): readonly string[] {
  const budget = reachedBudget(failure);
  return budget === undefined ? [] : ["--budget", `${printableLine(budget)}=<higher>`];
}

/** The budget that was used up, if that is what ended a run. */
export function reachedBudget(failure: FailureKind | undefined): string | undefined {
  const budget = failure?.code === "RUN_BUDGET_EXCEEDED" ? failure.details?.["budget"] : undefined;
  return typeof budget === "string" ? budget : undefined;
}
