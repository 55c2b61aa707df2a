import type { StrandsError } from "../error/strands-error.js";

const replacements: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|pk|rk)(?:-|_live_|_test_)[A-Za-z0-9_-]{8,}/g, "[redacted]"],
  [/\b(?:ghp|gho|ghs|ghu|ghr|github_pat|glpat|xox[abprs]|hf|pypi)[-_][A-Za-z0-9_-]{10,}/g, "[redacted]"],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g, "[redacted]"],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, "[redacted]"],
  // Nothing is asked for after the first part: a text of many beginnings would take quadratic time.
  [/\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g, "[redacted]"],
  // Words are no credentials: a digit, an `=` or a capital inside is.
  [
    /\b([Bb]earer|BEARER|[Bb]asic|BASIC|[Tt]oken|TOKEN)\s+(?=[A-Za-z._~+/-]*(?:[0-9=]|[a-z][A-Z]))[A-Za-z0-9._~+/=-]{8,}/g,
    "$1 [redacted]",
  ],
  [/([?&](?:x-amz-signature|x-amz-security-token|x-amz-credential|signature|sig)=)[^\s"',;&]{4,}/gi, "$1[redacted]"],
  [/([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@]{1,512}@/gi, "$1[redacted]@"],
  [
    /((?:api[-_]?key|access[-_]?key|secret|token|password|passwd|authorization|cookie)["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:bearer|basic|token|digest)\s{1,4})?)[^\s"',;&]{4,}/gi,
    "$1[redacted]",
  ],
];

/** Takes what looks like a credential out of a text that comes from outside, before it is stored or shown. */
export function redact(text: string): string {
  let result = text;
  for (const [pattern, replacement] of replacements) result = result.replace(pattern, replacement);
  return result;
}

/** Takes what looks like a credential out of all that an error says: it is about to be stored and shown. */
export function redactError(error: StrandsError): void {
  const { message, hint, details, stack } = error;
  Object.assign(error, { message: redact(message), hint: redactDeep(hint), details: redactDeep(details) });
  if (stack !== undefined) error.stack = redact(stack);
}

function redactDeep(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null || depth > 8) return value;
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, depth + 1)]));
}
