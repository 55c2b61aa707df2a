import {
  checkSpec,
  fromPointer,
  type JsonObject,
  type JsonValue,
  type Spec,
  SpecError,
  type SpecIssue,
  StrandsError,
  specErrorCode,
  toPointer,
  validateSpec,
} from "@strands/core";
import type { ParsedSpec, ParseOptions } from "./parsed-spec.js";
import type { Inlined } from "./ref/inline-refs.js";
import { keepOrder } from "./source/keep-order.js";
import type { Position, PositionOf, SourceDocument } from "./source/source-document.js";
import { checkStructure, isMapping, type Structure } from "./structure/check-structure.js";
import type { Found } from "./structure/explain-issue.js";
import { resolveVariables, valuesWithDefaults } from "./variable/resolve-variables.js";

/** Codes whose issues are about a key rather than the value behind it. */
const keyCodes = new Set(["unknown_key", "duplicate_key", "forbidden_key", "unreachable_node", "inactive"]);

/** Codes whose issues show nothing of a referenced file but the names its templates read, which the advice says too. */
const nameCodes = new Set(["undeclared_name", "never_defined"]);

/** Longest list of issues of an error. */
const maxIssues = 1000;

/** Codes of the reader for text that is correct YAML, but says what a workflow cannot hold. */
const dataCodes = new Set(["forbidden_key", "bad_key", "number_range"]);

/** Everything after reading and putting together: shape, meaning, inputs. */
export function finishSpec(source: SourceDocument, inlined: Inlined, options: ParseOptions): ParsedSpec {
  const syntax = source.issues;
  if (source.data === undefined || (syntax.length > 0 && !isMapping(source.data)))
    throw failure(source, syntax, "SPEC_SYNTAX");
  const locator = new Locator(source, inlined);
  const data = keepOrder(inlined.data, source.reordered);
  const structure = checkStructure(data, (path) => locator.isInlined(path.map(String)));
  // A value that could not be read has been named already; that it is also of the wrong type would say it twice.
  const named = new Set(syntax.map((issue) => issue.pointer));
  const found = structure.found.filter((issue) => !named.has(toPointer(issue.path)) || issue.about !== undefined);
  const issues = [
    ...syntax,
    ...locator.positionAll(inlined.issues),
    ...locator.positionAll(found.map(toIssue)).map((issue) => locator.withoutKey(issue)),
    ...locator.positionAll(judge(structure, options).map((issue) => locator.withoutContent(issue))),
  ];
  const spec = data as unknown as Spec;
  const sorted = sortIssues(issues, source.file);
  if (sorted.some((issue) => issue.severity === "error")) {
    const unreadable = syntax.some((issue) => !dataCodes.has(issue.code));
    throw failure(source, limit(sorted), unreadable ? "SPEC_SYNTAX" : specErrorCode(sorted));
  }
  return {
    spec: withValues(spec, data as JsonObject, options.variables),
    warnings: sorted,
    locate: (pointer) => locator.locate(fromPointer(pointer), "value"),
    positionIssues: (later) => locator.positionAll(later.map((issue) => locator.withoutContent(issue))),
  };
}

function toIssue({ path, about: _, fix: __, ...issue }: Found): SpecIssue {
  return { ...issue, pointer: toPointer(path) };
}

/** Judges the meaning; of a spec with a broken shape, as far as the broken parts do not matter. */
function judge({ found, data, original }: Structure, options: ParseOptions): readonly SpecIssue[] {
  const spec = data as unknown as Spec;
  if (found.length === 0) return collect(() => (options.check ?? validateSpec)(spec));
  let issues: readonly SpecIssue[];
  try {
    issues =
      options.check === undefined ? checkSpec(spec, { partial: true }) : collect(() => options.check?.(spec) ?? []);
  } catch {
    // The check given expects a sound shape; ours can pass over what is broken.
    issues = checkSpec(spec, { partial: true });
  }
  const broken = found.filter((issue) => issue.fix === undefined).map((issue) => toPointer(issue.about ?? issue.path));
  const noAgents = broken.includes("/agents") || broken.includes("");
  return issues.flatMap((issue) => {
    if (noAgents && issue.code === "unknown_agent") return [];
    const pointer = toPointer(original(toPath(issue.pointer, data)));
    const doubtful = broken.some((place) => isWithin(pointer, place) || isWithin(place, pointer));
    return doubtful ? [] : [{ ...issue, pointer }];
  });
}

/** A pointer as the path it stands for, indexes as numbers. */
function toPath(pointer: string, data: JsonValue): (string | number)[] {
  let value: JsonValue | undefined = data;
  return fromPointer(pointer).map((part) => {
    const key = Array.isArray(value) ? Number(part) : part;
    value =
      typeof value === "object" && value !== null ? (value as Record<string | number, JsonValue>)[key] : undefined;
    return key;
  });
}

function collect(check: () => readonly SpecIssue[]): readonly SpecIssue[] {
  try {
    return check();
  } catch (error) {
    if (StrandsError.isInstance(error) && "issues" in error) return (error as SpecError).issues;
    throw error;
  }
}

function isWithin(pointer: string, outer: string): boolean {
  return pointer === outer || pointer.startsWith(`${outer}/`);
}

function withValues(spec: Spec, data: JsonObject, variables: Readonly<Record<string, JsonValue>> | undefined): Spec {
  const values = variables === undefined ? valuesWithDefaults(spec.inputs) : resolveVariables(spec, variables).values;
  if (Object.keys(values).length === 0) return spec;
  return { ...data, inputs: { ...spec.inputs, values } } as unknown as Spec;
}

/** Finds places across the file and those it references. */
class Locator {
  readonly #source: SourceDocument;
  readonly #inlined: Inlined;

  constructor(source: SourceDocument, inlined: Inlined) {
    this.#source = source;
    this.#inlined = inlined;
  }

  /** Whether a part came from a referenced file. */
  isInlined(path: readonly string[]): boolean {
    const [section, id = "", key] = path;
    const agent = section === "agents" && key !== undefined ? this.#inlined.agents.get(id) : undefined;
    return agent !== undefined && key !== undefined && !agent.overrides.has(key);
  }

  locate(path: readonly string[], of: PositionOf): Position | undefined {
    const agent = this.isInlined(path) ? this.#inlined.agents.get(path[1] ?? "") : undefined;
    if (agent !== undefined) return agent.document.locate([...agent.path, ...path.slice(2)], of);
    return this.#source.locate(path, of);
  }

  /** An issue about a referenced file, without the values in backticks: they may be content of that file. */
  withoutContent(issue: SpecIssue): SpecIssue {
    if (nameCodes.has(issue.code) || !this.isInlined(fromPointer(issue.pointer))) return issue;
    return { ...issue, message: issue.message.replace(/`[^`]*`/g, "…") };
  }

  /** An unknown key of a referenced file, reported at the mapping it is in: the pointer would name it. */
  withoutKey(issue: SpecIssue): SpecIssue {
    const path = fromPointer(issue.pointer);
    return issue.code === "unknown_key" && this.isInlined(path)
      ? { ...issue, pointer: toPointer(path.slice(0, -1)) }
      : issue;
  }

  positionAll(issues: readonly SpecIssue[]): SpecIssue[] {
    return issues.map((issue) => {
      if (issue.line !== undefined) return issue;
      const position = this.locate(fromPointer(issue.pointer), keyCodes.has(issue.code) ? "key" : "value");
      return position === undefined ? issue : { ...issue, ...position };
    });
  }
}

/** In the order of the text; issues in referenced files come last. */
function sortIssues(issues: readonly SpecIssue[], file: string | undefined): SpecIssue[] {
  return [...issues].sort((a, b) => {
    const aside = Number(a.file !== file) - Number(b.file !== file);
    if (aside !== 0) return aside;
    return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
  });
}

/** A list that is too long to read is cut, warnings first. */
function limit(issues: readonly SpecIssue[]): readonly SpecIssue[] {
  if (issues.length <= maxIssues) return issues;
  const errors = issues.filter((issue) => issue.severity === "error");
  const first = errors[maxIssues];
  if (first === undefined) return errors;
  const message = `${errors.length - maxIssues} more problems are not listed`;
  const { suggestion: _, ...place } = first;
  return [...errors.slice(0, maxIssues), { ...place, code: "more_issues", message }];
}

function failure(
  source: SourceDocument,
  issues: readonly SpecIssue[],
  code: "SPEC_SYNTAX" | "SPEC_INVALID" | "SPEC_UNSUPPORTED",
): SpecError {
  const errors = issues.filter((issue) => issue.severity === "error");
  const [first] = errors;
  const where = `${first?.file ?? source.file ?? "the workflow"}${first?.line === undefined ? "" : `:${first.line}:${first.column}`}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new SpecError(code, `${where}: ${first?.message ?? "cannot be read"}${more}`, issues, {
    hint: first?.suggestion,
  });
}
