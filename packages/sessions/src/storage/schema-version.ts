import { StrandsError } from "@strands/core";

/**
 * The steps that bring tables of a version to that of this code.
 * @throws `SESSION_VERSION_UNKNOWN` when they are of a newer one, `SESSION_CORRUPT` when they are of none
 */
export function stepsFrom<S>(steps: readonly S[], version: number, place: string): readonly S[] {
  if (!Number.isInteger(version) || version < 0) {
    throw new StrandsError("SESSION_CORRUPT", `\`${place}\` says that its tables are of version \`${version}\``, {
      hint: "Restore it from a backup. Nothing was changed or skipped.",
    });
  }
  if (version > steps.length) {
    throw new StrandsError(
      "SESSION_VERSION_UNKNOWN",
      `\`${place}\` holds session tables of version \`${version}\`; this version of Strands knows \`${steps.length}\``,
      { hint: "They were made by a newer version of Strands: update, then try again." },
    );
  }
  return steps.slice(version);
}
