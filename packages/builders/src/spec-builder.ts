import type { BuiltSpec, SpecIssue } from "@strands/core";
import { stateOf, withDraft } from "./draft/builder-state.js";
import { give } from "./draft/draft.js";
import type { BuildOptions } from "./draft/finish-draft.js";
import { finishDraft, judgeDraft } from "./draft/finish-draft.js";
import type { Complete, PatternTypes, ShapeOfBuild, WorkflowTypes } from "./types/workflow-types.js";

/** What every builder of a whole workflow can do, its patterns included. */
export abstract class SpecBuilder<W extends WorkflowTypes, P extends PatternTypes> {
  /**
   * Adds a file that is written at the end.
   *
   * @param path template of the path below the output directory
   * @param from template of the content
   */
  withArtifact(path: string, from: string): this {
    return withDraft(this, give(stateOf(this).draft, ["outputs", "artifacts"], [{ path, from }]));
  }

  /**
   * The spec as plain, frozen data: what the loader gives for the same workflow in a file.
   *
   * @throws {@link SpecError} `SPEC_INVALID` with every problem found, each with a suggestion where there is one;
   * `SPEC_UNSUPPORTED` when all of them are things that this version does not have
   */
  build(this: Complete<W, P>, options?: BuildOptions): BuiltSpec<ShapeOfBuild<W, P>> {
    return finishDraft(stateOf(this as object).draft, options);
  }

  /** Everything `build()` would say, warnings included. Throws nothing. */
  check(options?: BuildOptions): readonly SpecIssue[] {
    return judgeDraft(stateOf(this).draft, options).issues;
  }
}
