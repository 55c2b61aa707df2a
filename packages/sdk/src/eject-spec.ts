import type { Spec } from "@strands/core";

/**
 * Writes a workflow as the code of a builder of `@strands/builders`. Running it gives the same spec.
 *
 * @throws SpecError `SPEC_INVALID` when the spec is not one that a file could hold
 * @example
 * const { spec } = await loadWorkflow("workflow.yaml");
 * await writeFile("workflow.ts", await ejectSpec(spec));
 */
export async function ejectSpec(spec: Spec): Promise<string> {
  const { eject } = await import("@strands/builders/eject");
  return eject(spec);
}
