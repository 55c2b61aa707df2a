import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { canonicalJson, compileSpec, type JsonValue, type Program, type Spec, type SpecIssue } from "@strands/core";
import type { PlanPosition } from "./plan/plan.js";

/** How a workflow file is loaded. */
export interface LoadWorkflowOptions {
  /** What a relative path starts from. @defaultValue the working directory */
  readonly cwd?: string | undefined;
  /** Whether the offline model answers, so that names of providers do not matter. @defaultValue false */
  readonly offline?: boolean | undefined;
}

/** The values a run starts with. */
export interface WorkflowVariables {
  /** What was given, converted to the declared types. */
  readonly given: Readonly<Record<string, JsonValue>>;
  /** Required inputs without a value, in the order of the file. */
  readonly missing: readonly string[];
  /** Given names that the workflow does not declare. */
  readonly undeclared: readonly string[];
}

/** A workflow that was read from a file, ready to run any number of times. */
export interface LoadedWorkflow {
  /** For `client.run` and `client.start`. */
  readonly program: Program;
  readonly spec: Spec;
  /** Absolute path of the file. */
  readonly path: string;
  /** What is worth knowing although the workflow can run, with positions. */
  readonly warnings: readonly SpecIssue[];
  /** Where a part of the workflow, named by a JSON pointer, stands in the file. */
  readonly locate: (pointer: string) => PlanPosition | undefined;
  /** SHA-256 of the spec's canonical form, as sessions record it. */
  readonly specHash: string;
  /**
   * Converts values to the declared types.
   *
   * @throws InputError `INPUT_INVALID` when a value is not of its declared type
   */
  variables(given: Readonly<Record<string, JsonValue>>): WorkflowVariables;
}

/**
 * Reads a workflow from a YAML or JSON file and compiles it. Every problem is reported at once, each with its place.
 *
 * @throws SpecError `SPEC_NOT_FOUND`, `SPEC_SYNTAX`, `SPEC_INVALID`, `SPEC_UNSUPPORTED`
 * @example
 * const { program } = await loadWorkflow("workflow.yaml");
 */
export async function loadWorkflow(file: string, options: LoadWorkflowOptions = {}): Promise<LoadedWorkflow> {
  // Reading YAML and checking its shape brings two libraries with it: only those who load a file pay for them.
  const { loadSpec, resolveVariables } = await import("@strands/loader");
  const path = resolve(options.cwd ?? process.cwd(), file);
  const compile = (candidate: Spec): Program => compileSpec(candidate, { offline: options.offline === true });
  const { spec, warnings, locate } = await loadSpec(path, { check: (candidate) => compile(candidate).warnings });
  return {
    program: compile(spec),
    spec,
    path,
    warnings,
    locate,
    specHash: createHash("sha256").update(canonicalJson(spec)).digest("hex"),
    variables(given) {
      const { values, missing, undeclared } = resolveVariables(spec, given);
      return {
        given: Object.fromEntries(Object.keys(given).map((name) => [name, values[name] ?? null])),
        missing,
        undeclared,
      };
    },
  };
}
