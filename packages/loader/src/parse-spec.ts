import { StrandsError } from "@strands/core";
import { finishSpec } from "./finish-spec.js";
import type { ParsedSpec, ParseOptions } from "./parsed-spec.js";
import { checkRefKind, checkRefPath, type RefProblem } from "./ref/check-ref-path.js";
import { collectRefs, inlineRefs, type RefFile } from "./ref/inline-refs.js";
import { collectSchemas, inlineSchemas } from "./ref/inline-schemas.js";
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
  const { resolveRef } = options;
  const files = new Map<string, RefFile | RefProblem>();
  for (const reference of collectRefs(source.data)) {
    const file = checkRefPath(reference) ?? (resolveRef === undefined ? undefined : tryResolve(reference, resolveRef));
    if (file !== undefined) files.set(reference, file);
  }
  const inlined = inlineRefs(source, files);
  const schemas = new Map<string, RefFile | RefProblem>();
  for (const { agentId, reference, inlined: isAbsolute } of collectSchemas(inlined)) {
    const problem = isAbsolute ? undefined : checkRefPath(reference);
    const file = problem ?? (resolveRef === undefined ? undefined : tryResolve(reference, resolveRef));
    if (file !== undefined) schemas.set(agentId, file);
  }
  return finishSpec(source, inlineSchemas(inlined, schemas), options);
}

function tryResolve(reference: string, resolveRef: (reference: string) => RefFile): RefFile | RefProblem {
  const kind = checkRefKind(reference);
  if (kind !== undefined) return kind;
  try {
    return resolveRef(reference);
  } catch (error) {
    // What a foreign error says may hold content of the file.
    return { code: "ref_unreadable", message: StrandsError.isInstance(error) ? error.message : "it cannot be read" };
  }
}
