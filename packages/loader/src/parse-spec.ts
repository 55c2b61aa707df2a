import type { JsonValue, Spec, SpecIssue } from "@strands/core";
import { StrandsError } from "@strands/core";
import { finishSpec } from "./finish-spec.js";
import { checkRefKind, checkRefPath, type RefProblem } from "./ref/check-ref-path.js";
import { collectRefs, type RefFile } from "./ref/inline-refs.js";
import { type Position, readSource } from "./source/source-document.js";

/** How the text is read and judged. */
export interface ParseOptions {
  /** Name of the text for positions. */
  readonly file?: string;
  /** @defaultValue `json` when `file` ends in `.json`, else `yaml` */
  readonly format?: "yaml" | "json";
  /** Values laid over `inputs.values`; text is converted to the declared type. */
  readonly variables?: Readonly<Record<string, JsonValue>>;
  /**
   * Gives the file an agent's `$ref` names, or throws. The path has been checked to be relative; whether it may be read
   * is for this function to judge. @defaultValue references are refused
   */
  readonly resolveRef?: (reference: string) => RefFile;
  /**
   * Judges the spec beyond its shape; may give issues back or throw a `SpecError`. Pass the compiler here to have all
   * its problems in the same list, with positions. @defaultValue `checkSpec` of `@strands/core`
   */
  readonly check?: (spec: Spec) => readonly SpecIssue[];
}

/** A spec as data, with what is known about its text. */
export interface ParsedSpec {
  /** Self-contained: references are replaced, and defaults of inputs are among their values. */
  readonly spec: Spec;
  /** What is worth knowing although the workflow can run. */
  readonly warnings: readonly SpecIssue[];
  /** Where a part stands, given as a JSON pointer; the nearest part around it when it is not written out. */
  readonly locate: (pointer: string) => Position | undefined;
  /** Issues found later, with the places they lack. */
  readonly positionIssues: (issues: readonly SpecIssue[]) => SpecIssue[];
}

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
