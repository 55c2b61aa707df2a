import type { CheckReport, SpecPath } from "./check-report.js";
import type { Spec } from "./spec.js";

/** Parts of the format that load today and start to act in a later version. */
export const inactive: readonly {
  readonly path: SpecPath;
  readonly of: (spec: Spec) => unknown;
  readonly what: string;
}[] = [
  { path: ["telemetry"], of: (spec) => spec.telemetry, what: "telemetry is not sent yet" },
  { path: ["context_policy"], of: (spec) => spec.context_policy, what: "the context policy is not applied yet" },
  { path: ["skills"], of: (spec) => spec.skills, what: "skills are not offered to agents yet" },
  { path: ["tools", "python"], of: (spec) => spec.tools?.python, what: "Python tools are not run yet" },
  { path: ["tools", "mcp"], of: (spec) => spec.tools?.mcp, what: "MCP servers are not connected yet" },
  {
    path: ["security", "guardrails"],
    of: (spec) => spec.security?.guardrails,
    what: "guardrails are not enforced yet",
  },
];

/** Says which parts of the spec this version reads but does not act on. */
export function checkInactive(spec: Spec, report: CheckReport): void {
  for (const part of inactive) {
    const value = part.of(spec);
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    report.warn("inactive", part.path, `${part.what}; the workflow runs without`);
  }
}
