import type { InputType } from "./spec.js";

/** Which numbers a field of the format takes. */
export interface NumberRange {
  readonly min: number;
  /** @defaultValue none */
  readonly max?: number;
  /** Whether it must be a whole number. */
  readonly whole?: boolean;
  /** Whether `min` itself is too small. */
  readonly above?: boolean;
}

const count: NumberRange = { min: 1, whole: true };
const countOrNone: NumberRange = { min: 0, whole: true };
const share: NumberRange = { min: 0, max: 1 };
const seconds: NumberRange = { min: 0, above: true };

/** The numbers of the format: a key means the same wherever it stands. */
export const numberRanges: Readonly<Record<string, NumberRange>> = {
  temperature: { min: 0, max: 2 },
  top_p: share,
  max_tokens: count,
  max_parallel: count,
  max_steps: count,
  max_duration_s: count,
  warn_threshold: share,
  retries: countOrNone,
  wait_min: countOrNone,
  wait_max: countOrNone,
  total_s: seconds,
  first_token_s: seconds,
  idle_s: seconds,
  step_s: seconds,
  sample_ratio: share,
  when_tokens_over: { min: 1000, whole: true },
  summary_ratio: share,
  preserve_recent_messages: count,
  include_last: count,
  timeout_ms: count,
  timeout_seconds: countOrNone,
  timeout_minutes: countOrNone,
  max_retries: countOrNone,
  min_score: { min: 0, max: 100, whole: true },
  max_iters: count,
  max_workers: count,
  max_rounds: count,
  max_iterations: count,
};

/** The types an input can be declared with. */
export const inputTypes: readonly InputType[] = ["string", "number", "integer", "boolean", "array", "object"];

/** The words of the format that are one of a few. `type` is that of a pause. */
export const fieldChoices: Readonly<Record<string, readonly string[]>> = {
  backoff: ["constant", "exponential", "jittered"],
  format: ["markdown", "json"],
  type: ["hitl", "manual_gate"],
};
