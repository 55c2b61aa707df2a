import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultScript, FaultStep } from "@strands/testing/model";

/** A case of `conformance/provider-faults.json`. */
export interface FaultCase {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly (FaultStep | { readonly do: "dns_fail"; readonly times: number })[];
  readonly expect: string;
  /** The script of the next attempt. */
  readonly then?: "ok" | "429-ok";
}

const file = join(import.meta.dirname, "../../../conformance/provider-faults.json");

export const faultCases: readonly FaultCase[] = (
  JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly FaultCase[] }
).cases;

/** What the server does; a failing look-up of its name comes before it is asked. */
export function scriptOf({ steps }: FaultCase): FaultScript {
  return steps.filter((step): step is FaultStep => step.do !== "dns_fail");
}

/** What must come of a case in a chain of one step, with three attempts and waits of 100 ms and more. */
export interface FaultOutcome {
  /** What the step says, when the run is completed. */
  readonly says?: string;
  /** The code of the last failure, when the run has failed. */
  readonly code?: string;
  /** How many times the server was asked. */
  readonly requests: number;
  readonly waits?: readonly number[];
  /** A part of the error's message. */
  readonly message?: string;
  /** The time-out of the workflow that ends each attempt, after this many milliseconds. */
  readonly timeoutMs?: number;
}

const unavailable = { code: "PROVIDER_UNAVAILABLE", requests: 3, waits: [1000, 1500] };
const refused = { code: "PROVIDER_BAD_REQUEST", requests: 1 };
const unreadable = { code: "PROVIDER_BAD_RESPONSE", requests: 1 };
const second = { says: "ok", requests: 2, waits: [1000] };
const late = { code: "PROVIDER_TIMEOUT", requests: 3, waits: [1000, 1500], timeoutMs: 500 };

export const outcomes: Readonly<Record<string, FaultOutcome>> = {
  "pf-04": second,
  "pf-05": { code: "PROVIDER_RATE_LIMIT", requests: 1, message: "it asks to wait 86400 s" },
  "pf-09": second,
  "pf-10": second,
  "pf-11": second,
  "pf-19": refused,
  "pf-21": refused,
  "pf-22": { says: "ok", requests: 3, waits: [1000, 2000] },
  "pf-23": { ...unreadable, message: "redirect to `https://evil.example`" },
  "pf-24": unavailable,
  "pf-25": { ...unreadable, message: "empty" },
  // The platform's fetch takes an interim response 100 that nobody asked for as a fault of the connection.
  "pf-26": second,
  "pf-27": second,
  "pf-28": second,
  "pf-30": { ...unreadable, message: "`text/html`" },
  "pf-31": { says: "ok", requests: 1 },
  "pf-32": { says: "\ufffd\ufffd\ufffd(", requests: 1 },
  "pf-34": { says: "ok", requests: 1 },
  "pf-35": { ...unreadable, message: "more than 16777216 bytes" },
  "pf-36": { ...unreadable, message: "more than 16777216 bytes" },
  // The call goes back to the model as its mistake, which then answers.
  "pf-38": { says: "ok", requests: 2 },
  "pf-41": { code: "PROVIDER_CONTENT_FILTER", requests: 1 },
  "pf-43": second,
  "pf-45": late,
  "pf-49": { says: "ok", requests: 1, waits: [1000, 1500] },
  "pf-52": { says: "€😀e\u0301", requests: 1 },
  "pf-54": { says: "ab", requests: 1 },
  "pf-55": { says: "a", requests: 1 },
  "pf-58": unavailable,
  "pf-59": unavailable,
  "pf-60": unreadable,
  "pf-62": late,
  "pf-63": { ...unreadable, message: "more than 1048576 bytes" },
  // The tool is unknown here, so its call goes back to the model.
  "pf-65": { says: "ok", requests: 2 },
  // What comes after the model has finished is not part of its answer.
  "pf-68": { says: "a", requests: 1 },
};
