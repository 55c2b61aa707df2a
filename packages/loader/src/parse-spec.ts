import { StrandsError } from "@strands/core";
import { finishSpec } from "./finish-spec.js";
import type { ParsedSpec, ParseOptions } from "./parsed-spec.js";
import { checkRefKind, checkRefPath, type RefProblem } from "./ref/check-ref-path.js";
import { collectRefs, type RefFile } from "./ref/inline-refs.js";
import { readSource } from "./source/source-document.js";

/**
 * Turns YAML 1.2 or JSON text into a spec.
 *
 * @throws SpecError `SPEC_SYNTAX` when the text cannot be read, `SPEC_INVALID` when it breaks the format; `issues` has
 * every problem, each with its place.
 * @throws InputError `INPUT_INVALID` when a variable is not of its declared type.
 * @example
 * const { spec, warnings } = parseSpec(await readFile("workflow.yaml", "utf8"), { file: "workflow.yaml" });
 */
export function parseSpec(text: string, options: ParseOptions = {}): ParsedSpec {
  const format = options.format ?? (options.file !== undefined && /\.json$/i.test(options.file) ? "json" : "yaml");
  const source = readSource(text, format, options.file);
  const files = new Map<string, RefFile | RefProblem>();
  for (const reference of collectRefs(source.data)) {
    const problem = checkRefPath(reference);
    if (problem !== undefined) files.set(reference, problem);
    else if (options.resolveRef !== undefined) {
      files.set(reference, checkRefKind(reference) ?? tryResolve(reference, options.resolveRef));
    }
  }
  return finishSpec(source, files, options);
}

function tryResolve(reference: string, resolveRef: (reference: string) => RefFile): RefFile | RefProblem {
  try {
    return resolveRef(reference);
  } catch (error) {
    // What a foreign error says may hold content of the file.
    return { code: "ref_unreadable", message: StrandsError.isInstance(error) ? error.message : "it cannot be read" };
  }
}
