import type { Usage } from "./model.js";

/** The sum of two usages. */
export function addUsage(sum: Usage | undefined, usage: Usage): Usage {
  if (sum === undefined) return usage;
  return { inputTokens: sum.inputTokens + usage.inputTokens, outputTokens: sum.outputTokens + usage.outputTokens };
}

/** Whether a value can be counted with: sums of more would soon be no numbers any more. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
