import type { CheckOptions } from "./check-options.js";
import { quoteValue } from "./check-quote.js";
import type { CheckReport } from "./check-report.js";
import { checkUrl } from "./check-url.js";
import type { Spec } from "./spec.js";

/** Providers the format names, and those of ours. */
export const knownProviders: readonly string[] = [
  "bedrock",
  "ollama",
  "openai",
  "azure_openai",
  "anthropic",
  "gemini",
  "offline",
];

/** Provider, host, retry settings and secrets. */
export function checkRuntime(spec: Spec, options: CheckOptions, report: CheckReport): void {
  const { runtime } = spec;
  checkProvider(runtime.provider, ["runtime", "provider"], options, report);
  if (runtime.host) checkUrl(runtime.host, ["runtime", "host"], "private_allowed", report);
  const { wait_min, wait_max = 60, backoff = "exponential" } = runtime.failure_policy ?? {};
  if (wait_min !== undefined && wait_min > wait_max && backoff !== "constant") {
    // The existing tool refuses this for exponential waits only; jittered ones are then all as long as the shortest.
    report[backoff === "exponential" ? "error" : "warn"](
      "wait_order",
      ["runtime", "failure_policy", "wait_min"],
      `\`wait_min\` of ${wait_min} s is longer than \`wait_max\` of ${wait_max} s`,
      "raise `wait_max` or lower `wait_min`",
    );
  }
  for (const [index, secret] of (spec.env?.secrets ?? []).entries()) {
    if (secret.source === "env") continue;
    report.error(
      "unsupported_secret_source",
      ["env", "secrets", index, "source"],
      `secrets cannot come from ${quoteValue(secret.source)}`,
      "set an environment variable and use `source: env`",
    );
  }
}

/** A provider name, wherever it stands. What it needs is the provider's own to say: much of it may come from the environment. */
export function checkProvider(
  provider: string,
  path: readonly (string | number)[],
  options: CheckOptions,
  report: CheckReport,
): void {
  // One simulated or given model stands in for every provider.
  if (options.offline === true) return;
  const known = new Set([...knownProviders, ...(options.providers ?? [])]);
  if (!known.has(provider)) {
    const all = "use one that exists, or register a model under this name";
    const suggestion = report.suggest("provider", provider, known, all);
    report.warn("unknown_provider", path, `no provider is called ${quoteValue(provider)}`, suggestion);
  }
}
