import type { Spec } from "@strands/core";
import { Document, Scalar, visit } from "yaml";

/**
 * Writes a spec as a workflow file. Loading it gives the same spec.
 *
 * @example
 * await writeFile("workflow.yaml", toYAML(spec));
 */
export function toYAML(spec: Spec): string {
  const document = new Document(spec, { version: "1.2", schema: "core", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value !== "string") return;
      if (unprintable.test(scalar.value) || otherwise.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  // Long lines stay whole: folding them would move prompts about.
  const text = document.toString({ lineWidth: 0 });
  return text.replace(new RegExp(unprintable, "gu"), escaped);
}

/** What a file may hold only as an escape in double quotes. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/u;

/** What the loader takes for something else without quotes: `1_000`, `0b11` and `-0x1F` for numbers, `<<` for a merge. */
const otherwise = /^(?:[-+]?(?:0[box][0-9a-fA-F_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?)|<<)$/;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
