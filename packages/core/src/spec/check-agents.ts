import { checkFields } from "./check-fields.js";
import type { CheckOptions } from "./check-options.js";
import { quoteValue } from "./check-quote.js";
import type { CheckReport, SpecPath } from "./check-report.js";
import { checkProvider } from "./check-runtime.js";
import { declaredToolIds } from "./check-tools.js";
import type { GateSpec, HitlStepSpec, Spec, StepSpec } from "./spec.js";

/** The names steps may use. */
export interface DeclaredNames {
  readonly agents: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
}

/** The names patterns may refer to. */
export function declaredNames(spec: Spec): DeclaredNames {
  return { agents: new Set(Object.keys(spec.agents)), tools: declaredToolIds(spec) };
}

/** The agents themselves. */
export function checkAgents(spec: Spec, options: CheckOptions, report: CheckReport): void {
  const names = declaredNames(spec);
  report.filled(names.agents.size, ["agents"], "agent");
  for (const [id, agent] of Object.entries(spec.agents)) {
    const path = ["agents", id];
    if (agent.provider !== undefined) checkProvider(agent.provider, [...path, "provider"], options, report);
    if (typeof agent.output_schema === "string") {
      const message = "the output schema is the path of a file, which cannot be read from here";
      const suggestion = "load the workflow from its file, or give the schema itself";
      report.error("unread_schema", [...path, "output_schema"], message, suggestion);
    }
    checkToolIds(agent.tools, [...path, "tools"], names, report);
  }
}

/** Tool ids of an agent or a step against those declared. */
export function checkToolIds(
  ids: readonly string[] | undefined,
  path: SpecPath,
  names: DeclaredNames,
  report: CheckReport,
): void {
  for (const [index, id] of (ids ?? []).entries()) {
    if (names.tools.has(id)) continue;
    const suggestion = report.suggest("tool", id, names.tools, "declare it under `tools`, or take it out");
    report.warn("unknown_tool", [...path, index], `no tool is called ${quoteValue(id)}`, suggestion);
  }
}

/** A reference to an agent. */
export function checkAgentName(agent: string, path: SpecPath, names: DeclaredNames, report: CheckReport): void {
  if (names.agents.has(agent)) return;
  const suggestion = report.suggest(
    "agent",
    String(agent),
    names.agents,
    "define it under `agents`, or use one that is",
  );
  report.error("unknown_agent", path, `no agent is called ${quoteValue(agent)}`, suggestion);
}

/** Whether a step pauses for a person. */
export function isPause<T extends object>(step: T | HitlStepSpec): step is HitlStepSpec {
  return Object.hasOwn(step, "type") && !Object.hasOwn(step, "agent");
}

/** A step of a chain, a route or a branch, or a `reduce` or `writeup`. */
export function checkStep(step: StepSpec, path: SpecPath, names: DeclaredNames, report: CheckReport): void {
  if (isPause(step)) {
    checkPause(step, path, report);
    return;
  }
  checkAgentName(step.agent, [...path, "agent"], names, report);
  checkToolIds(step.tool_overrides, [...path, "tool_overrides"], names, report);
}

/** What a pause for a person says. */
export function checkPause(pause: HitlStepSpec | GateSpec, path: SpecPath, report: CheckReport): void {
  checkFields(pause, path, report);
  if (pause.prompt === "") {
    report.error("empty_prompt", [...path, "prompt"], "the prompt is empty", "say what the person is asked to decide");
  }
  if (pause.timeout_seconds !== undefined && pause.timeout_minutes !== undefined) {
    const message = "both `timeout_seconds` and `timeout_minutes` are given";
    report.warn("conflicting_timeouts", [...path, "timeout_minutes"], message, "keep one; `timeout_seconds` wins");
  }
}
