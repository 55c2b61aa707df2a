import type { SpecIssue } from "../error/errors.js";
import { SpecError, TemplateError } from "../error/errors.js";
import { specErrorCode } from "../spec/check-codes.js";
import { toPointer } from "../spec/check-pointer.js";
import { checkShape } from "../spec/check-shape.js";
import type { CheckOptions } from "../spec/check-spec.js";
import { checkSpec } from "../spec/check-spec.js";
import { unplainPart } from "../spec/is-json.js";
import type { BudgetsSpec, PatternType, RuntimeSpec, Spec, TimeoutSpec } from "../spec/spec.js";
import { parseCondition } from "../template/condition.js";
import { compileRegex } from "../template/regex/compile-regex.js";
import { artifactSource, checkArtifacts } from "./check-artifacts.js";
import { checkDefaults } from "./check-defaults.js";
import { compilePattern } from "./compile-pattern.js";
import type { Budgets, Program, ProgramAgent, RetryPolicy, Timeouts } from "./program.js";
import { nameCheck } from "./template-names.js";
import type { TemplatePlace } from "./template-places.js";
import { templatePlaces } from "./template-places.js";
import { TemplateTable } from "./template-table.js";

/**
 * Checks a spec and turns it into a program. The spec is copied: changing it later changes nothing.
 *
 * @throws {@link SpecError} `SPEC_INVALID` with every problem found; `SPEC_UNSUPPORTED` when all of them are things of the
 * format that cannot run here.
 * @example
 * const program = compileSpec(spec);
 * for (const warning of program.warnings) console.warn(warning.pointer, warning.message);
 */
export function compileSpec(spec: Spec, options: CheckOptions = {}): Program {
  const copy = snapshot(spec);
  const templates = new TemplateTable();
  const issues = judge(copy, templates, options);
  if (issues.some((issue) => issue.severity === "error")) throw invalidSpec(copy, issues);
  return buildProgram(copy, templates, issues);
}

/**
 * Judges a structurally valid spec: everything {@link compileSpec} checks, without making a program.
 *
 * @returns every problem, errors and warnings
 */
export function validateSpec(spec: Spec, options: CheckOptions = {}): readonly SpecIssue[] {
  return judge(spec, new TemplateTable(), options);
}

/** The program of a spec that was compiled before, as a stored session holds it: nothing is checked again. */
export function restoreProgram(spec: Spec): Program {
  return buildProgram(spec, new TemplateTable(), []);
}

function judge(spec: Spec, templates: TemplateTable, options: CheckOptions): readonly SpecIssue[] {
  const shape = checkShape(spec);
  if (shape.length > 0) return shape;
  const issues = [...checkSpec(spec, options)];
  const places = templatePlaces(spec);
  const checkNames = nameCheck(spec, places, templates);
  for (const place of places) issues.push(...checkTemplate(place, templates), ...checkNames(place));
  issues.push(...checkDefaults(spec.pattern, places), ...checkArtifacts(spec, templates));
  return issues;
}

function buildProgram(spec: Spec, templates: TemplateTable, warnings: readonly SpecIssue[]): Program {
  return Object.freeze({
    spec,
    name: spec.name,
    warnings,
    agents: compileAgents(spec, templates),
    pattern: compilePattern(spec.pattern, templates),
    artifacts: (spec.outputs?.artifacts ?? []).map((artifact) => ({
      path: templates.get(artifact.path),
      content: templates.get(artifactSource(artifact.from)),
    })),
    retry: compileRetry(spec.runtime),
    budgets: compileBudgets(spec.runtime.budgets, spec.pattern.type),
    maxParallel: spec.runtime.max_parallel,
  });
}

/** The error that lists all problems of a spec. */
export function invalidSpec(spec: { readonly name?: unknown } | undefined, issues: readonly SpecIssue[]): SpecError {
  const errors = issues.filter((issue) => issue.severity === "error");
  const name = typeof spec?.name === "string" ? ` \`${spec.name}\`` : "";
  const count = errors.length === 1 ? "1 problem" : `${errors.length} problems`;
  const first = errors[0];
  const detail = first === undefined ? "" : `: ${first.message} (at ${first.pointer || "the top level"})`;
  return new SpecError(specErrorCode(issues), `The workflow${name} has ${count}${detail}`, issues, {
    hint: first?.suggestion ?? "See the list of problems; each names its place in the file.",
  });
}

/** A copy that is stored as it is used, so it must hold nothing that JSON would change. */
function snapshot(spec: Spec): Spec {
  let copy: Spec | undefined;
  let cause: unknown;
  try {
    copy = structuredClone(spec);
  } catch (error) {
    cause = error;
  }
  const path = unplainPart(copy ?? spec ?? null, true) ?? (cause === undefined ? undefined : []);
  if (path === undefined) return frozen(copy as Spec);
  const pointer = toPointer(path);
  const message = `The workflow must be plain data: JSON cannot hold what stands at ${pointer || "the top level"}`;
  throw new SpecError("SPEC_INVALID", message, [{ code: "shape", pointer, severity: "error", message }], {
    hint: "Remove functions, dates and the like from the spec; pass models and tools to the WorkflowClient.",
    cause,
  });
}

/** Freezes data all the way down. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) frozen(member);
  return value;
}

/** What becomes of a template that does not parse, where that is no failure. */
const instead: Partial<Record<TemplatePlace["kind"], string>> = {
  text: "the text is used as written",
  lenient: "the text is used as written",
  display: "the person is shown this instead",
};

/** What is wrong with a template, condition or regular expression. */
function checkTemplate({ pointer, source, kind }: TemplatePlace, templates: TemplateTable): readonly SpecIssue[] {
  try {
    if (kind === "regex") compileRegex(source);
    else {
      const { deferred } = kind === "condition" ? parseCondition(source) : templates.get(source).parse();
      // A lenient text is used as written when it does not parse; one that does is rendered and may fail.
      const then = (kind === "lenient" ? undefined : instead[kind]) ?? "this fails when it is reached";
      return deferred.map((error) => {
        const issue = templateIssue(error, pointer, "warning");
        return { ...issue, message: `${issue.message}: ${then}` };
      });
    }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const issue = templateIssue(error, pointer, "error");
    if (kind === "regex") return [{ ...issue, code: "invalid_pattern" }];
    if (kind === "template" || kind === "condition") return [issue];
    const literal = kind === "display" ? "" : ", or ignore this when the braces are meant literally";
    return [{ ...issue, severity: "warning", suggestion: `Mend the template${literal}: ${instead[kind]}.` }];
  }
  return [];
}

function templateIssue(error: TemplateError, pointer: string, severity: SpecIssue["severity"]): SpecIssue {
  const place = error.line === undefined ? "" : ` (line ${error.line}, column ${error.column ?? 1} of this text)`;
  return {
    code: error.code.toLowerCase(),
    pointer,
    severity,
    message: `${error.message}${place}`,
    ...(error.hint === undefined ? {} : { suggestion: error.hint }),
  };
}

function compileAgents(spec: Spec, templates: TemplateTable): ReadonlyMap<string, ProgramAgent> {
  const { runtime } = spec;
  const agents = new Map<string, ProgramAgent>();
  for (const [id, agent] of Object.entries(spec.agents)) {
    const ownProvider = agent.provider !== undefined && agent.provider !== runtime.provider;
    agents.set(id, {
      id,
      prompt: templates.get(agent.prompt),
      tools: agent.tools,
      model: {
        provider: agent.provider ?? runtime.provider,
        // Model, host and region of the runtime belong to the runtime's provider.
        modelId: agent.model_id ?? (ownProvider ? undefined : runtime.model_id),
        host: ownProvider ? undefined : runtime.host,
        region: ownProvider ? undefined : runtime.region,
      },
      temperature: agent.inference?.temperature ?? runtime.temperature,
      topP: agent.inference?.top_p ?? runtime.top_p,
      maxTokens: agent.inference?.max_tokens ?? runtime.max_tokens,
      // A path can only be in a session that was stored before schemas were read in with the file.
      outputSchema: typeof agent.output_schema === "object" ? agent.output_schema : undefined,
      timeouts: compileTimeouts({ ...runtime.timeout, ...agent.timeout }),
    });
  }
  return agents;
}

function compileTimeouts(timeout: TimeoutSpec): Timeouts | undefined {
  if (Object.keys(timeout).length === 0) return undefined;
  const ms = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
  return {
    totalMs: ms(timeout.total_s),
    firstTokenMs: ms(timeout.first_token_s),
    idleMs: ms(timeout.idle_s),
    stepMs: ms(timeout.step_s),
  };
}

function compileRetry(runtime: RuntimeSpec): RetryPolicy {
  const policy = runtime.failure_policy ?? {};
  return {
    attempts: (policy.retries ?? 2) + 1,
    backoff: policy.backoff ?? "exponential",
    minMs: (policy.wait_min ?? 1) * 1000,
    maxMs: (policy.wait_max ?? 60) * 1000,
  };
}

/** Steps of a graph that names no budget: a loop that never ends should not cost more. */
const graphSteps = 100;

/** Limits in the engine's units. */
export function compileBudgets(budgets: BudgetsSpec = {}, pattern?: PatternType): Budgets {
  return {
    maxSteps: budgets.max_steps ?? (pattern === "graph" ? graphSteps : undefined),
    maxTokens: budgets.max_tokens,
    maxDurationMs: budgets.max_duration_s === undefined ? undefined : budgets.max_duration_s * 1000,
    warnAt: budgets.warn_threshold ?? 0.8,
  };
}
