import {
  type LoadedWorkflow,
  loadWorkflow,
  offlineSettings,
  type Plan,
  planOf,
  type SpecError,
  StrandsError,
  type Support,
  secretValues,
  supportOf,
} from "@strands/sdk";
import type { Screen } from "./render/screen.js";

/** A workflow and what it would do. */
export interface PlannedWorkflow {
  readonly plan: Plan;
  readonly support: Support;
}

/** Loads a workflow to look at it; values of its secrets are hidden from then on. */
export async function loadPlan(file: string, screen: Screen): Promise<PlannedWorkflow> {
  const { cwd, env } = screen.io;
  const workflow: LoadedWorkflow = await loadWorkflow(file, { cwd, offline: offlineSettings(env).enabled });
  screen.hide(secretValues(workflow.spec, env));
  return { plan: planOf(workflow.program, workflow), support: await supportOf(workflow.program, { env }) };
}

/**
 * The same for commands that also speak of workflows that cannot run: one that is well formed and still unsupported is
 * given as its error.
 */
export async function loadPlanOrIssues(file: string, screen: Screen): Promise<PlannedWorkflow | SpecError> {
  try {
    return await loadPlan(file, screen);
  } catch (error) {
    if (StrandsError.isInstance(error) && error.code === "SPEC_UNSUPPORTED") return error as SpecError;
    throw error;
  }
}
