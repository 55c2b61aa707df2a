export { formatIssue } from "./format-issue.js";
export { generateJsonSchema } from "./json-schema.js";
export { type LoadedSpec, type LoadOptions, loadSpec } from "./load-spec.js";
export { parseSpec } from "./parse-spec.js";
export type { ParsedSpec, ParseOptions } from "./parsed-spec.js";
export type { RefFile } from "./ref/inline-refs.js";
export type { Position } from "./source/source-document.js";
export { convertVariable } from "./variable/convert-variable.js";
export { type ResolvedVariables, resolveVariables } from "./variable/resolve-variables.js";
