import type { JsonValue, Spec, SpecIssue } from "@strands/core";
import type { RefFile } from "./ref/inline-refs.js";
import type { Position } from "./source/source-document.js";

/** How the text is read and judged. */
export interface ParseOptions {
  /** Name of the text for positions. */
  readonly file?: string;
  /** @defaultValue `json` when `file` ends in `.json`, else `yaml` */
  readonly format?: "yaml" | "json";
  /** Values laid over `inputs.values`; text is converted to the declared type. */
  readonly variables?: Readonly<Record<string, JsonValue>>;
  /**
   * Gives the file that an agent's `$ref` or `output_schema` names, or throws. The path has been checked to be relative; that of a
   * schema which came with an agent from another file starts from that file's `directory`. Whether it may be read is for
   * this function to judge. @defaultValue references are refused
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
