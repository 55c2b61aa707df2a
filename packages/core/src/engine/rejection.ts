import { RunError } from "../error/errors.js";

/** What ends a run that a person has rejected. */
export function rejection(stepKey: string, reason: string, by?: string): RunError {
  const who = by === undefined ? "" : ` by ${by}`;
  return new RunError("RUN_CANCELLED", `Rejected${who}${reason.trim() === "" ? "" : `: ${reason}`}`, {
    stepKey,
    details: { rejected: true },
  });
}

/** Whether a run ended because a person rejected it: resuming it would end the same way. */
export function isRejection(error: RunError): boolean {
  return error.details?.["rejected"] === true;
}
