import type { CheckOptions, JsonObject, JsonValue, Spec, SpecIssue } from "@strands/core";
import { checkSpec, invalidSpec, toPointer, validateSpec } from "@strands/core";
import { checkData } from "../field/check-data.js";
import { specFields } from "../field/spec-fields.js";
import { isPlainObject } from "../field/spec-path.js";
import type { Draft } from "./draft.js";
import { valueAt } from "./draft.js";

/** How strictly a spec is judged. */
export interface BuildOptions extends Pick<CheckOptions, "offline" | "providers"> {
  /**
   * Let templates pass that read what can never have a value where they stand, as the loader does: they fail when they are
   * reached. @defaultValue false
   */
  readonly lenient?: boolean;
}

/** A spec as far as it was given, and everything that is wrong with it. */
export interface JudgedDraft {
  readonly spec: Spec;
  /** First what could not be kept, then what is of the wrong shape, then what the checks of core say. */
  readonly issues: readonly SpecIssue[];
}

/**
 * The spec of a draft, frozen.
 *
 * @throws {@link SpecError} `SPEC_INVALID` with every problem found
 */
export function finishDraft(draft: Draft, options: BuildOptions = {}): Spec {
  const { spec, issues } = judgeDraft(draft, options);
  if (issues.some((issue) => issue.severity === "error")) throw invalidSpec(spec, issues);
  return spec;
}

/** Assembles and judges the spec of a draft. */
export function judgeDraft(draft: Draft, options: BuildOptions = {}): JudgedDraft {
  const data = assemble(draft);
  const type = valueAt(data, ["pattern", "type"]);
  const fields = specFields(typeof type === "string" ? type : undefined);
  const shape = checkData(fields, data);
  const own = uniquePlaces([...draft.issues, ...shape]).map(withAdvice);
  const broken = shape.map(({ pointer }) => pointer);
  // What was named already is not said again, nor what core makes of a broken value.
  const isNew = ({ pointer }: SpecIssue) =>
    !own.some((issue) => issue.pointer === pointer) && !broken.some((place) => pointer.startsWith(`${place}/`));
  const spec = frozen(data) as unknown as Spec;
  const later = judge(spec, broken, options).filter(isNew);
  return { spec, issues: [...own, ...later.map((issue) => (isFatal(issue, options) ? asError(issue) : issue))] };
}

/** The checks of core; of a spec whose shape is broken as far as the broken parts do not matter. */
function judge(spec: Spec, broken: readonly string[], options: BuildOptions): readonly SpecIssue[] {
  if (broken.length === 0) return validateSpec(spec, options);
  const sound = withoutBroken(spec, broken);
  try {
    const issues = validateSpec(sound, options).filter(
      ({ code }) => code !== "unknown_agent" || !broken.includes("/agents"),
    );
    // A broken outline keeps core from looking further.
    if (!issues.some(({ code }) => code === "shape")) return issues;
  } catch {
    // The checks expect a sound shape.
  }
  return checkSpec(sound, { ...options, partial: true });
}

/** The spec with its broken values left out, and with what the checks cannot do without. */
function withoutBroken(spec: Spec, broken: readonly string[]): Spec {
  const places = new Set(broken);
  const sound = (value: JsonValue, at: string): JsonValue => {
    if (Array.isArray(value)) {
      const items = value as readonly JsonValue[];
      return items.map((item, index) => (places.has(`${at}/${index}`) ? "" : sound(item, `${at}/${index}`)));
    }
    if (!isPlainObject(value)) return value;
    const members = Object.entries(value).map(([key, member]) => [toPointer([key]), key, member as JsonValue] as const);
    const kept = members.filter(([pointer]) => !places.has(`${at}${pointer}`));
    return Object.fromEntries(kept.map(([pointer, key, member]) => [key, sound(member, `${at}${pointer}`)]));
  };
  const data = record(sound(spec as unknown as JsonValue, ""));
  const runtime = { provider: "offline", ...record(data["runtime"]) };
  return { version: 0, name: "", agents: {}, ...data, runtime } as unknown as Spec;
}

/** A name that can never have a value is a mistake of who wrote the code, and code can be mended. */
function isFatal({ code }: SpecIssue, { lenient = false }: BuildOptions): boolean {
  return code === "never_defined" && !lenient;
}

function asError(issue: SpecIssue): SpecIssue {
  return { ...issue, severity: "error" };
}

/** The data in the order of the format, with what the loader fills in: defaults of inputs, and the order of names. */
function assemble({ data, order }: Draft): JsonObject {
  const { version = 0 } = data;
  const whole: JsonObject = { ...data, version };
  const sections = Object.keys(specFields(undefined).fields).flatMap((key) => {
    const value = sectionOf(whole, key, order);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(sections);
}

function sectionOf(data: JsonObject, key: string, order: readonly string[]): JsonValue | undefined {
  if (key === "inputs") return withDefaults(data["inputs"]);
  return key === "pattern" ? withOrder(data["pattern"], order) : data[key];
}

function withDefaults(inputs: JsonValue | undefined): JsonValue | undefined {
  if (!isPlainObject(inputs)) return inputs;
  const values = new Map(Object.entries(record(inputs["values"])));
  for (const section of ["required", "optional"]) {
    for (const [name, declaration] of Object.entries(record(inputs[section]))) {
      const value = record(declaration)["default"];
      if (value !== undefined && !values.has(name)) values.set(name, value);
    }
  }
  return values.size === 0 ? (inputs as JsonObject) : { ...(inputs as JsonObject), values: Object.fromEntries(values) };
}

/** Mappings whose order means something, with the key that says it apart. */
const ordered: readonly (readonly [map: string, key: string])[] = [
  ["nodes", "node_order"],
  ["routes", "route_order"],
];

/** Says the order of nodes and routes where JavaScript does not keep it: it puts keys such as `1` first. */
function withOrder(pattern: JsonValue | undefined, order: readonly string[]): JsonValue | undefined {
  const config = record(record(pattern)["config"]);
  const key = ordered.find(([map]) => Object.hasOwn(config, map));
  if (key === undefined || Object.hasOwn(config, key[1])) return pattern;
  const names = Object.keys(record(config[key[0]]));
  const given = [...new Set(order)].filter((name) => names.includes(name));
  if (given.every((name, index) => name === names[index])) return pattern;
  return { ...record(pattern), config: { ...config, [key[1]]: given } };
}

function record(value: unknown): JsonObject {
  return isPlainObject(value) ? (value as JsonObject) : {};
}

function uniquePlaces(issues: readonly SpecIssue[]): readonly SpecIssue[] {
  const seen = new Set<string>();
  return issues.filter(({ pointer }) => !seen.has(pointer) && seen.add(pointer));
}

/** What to call for a part that is missing. */
const advice: Readonly<Record<string, string>> = {
  "/runtime": "call `withRuntime(provider, modelId)`",
  "/runtime/provider": "call `withRuntime(provider, modelId)`",
  "/agents": "call `addAgent(id, prompt)`",
  "/pattern": "call `chain()` or the method of another pattern",
  "/pattern/config/router": "call `router(agent)`",
  "/pattern/config/routes": "call `route(name, steps)`",
  "/pattern/config/branches": "call `branch(id, steps)`",
  "/pattern/config/producer": "call `producer(agent)`",
  "/pattern/config/evaluator": "call `evaluator(agent)`",
  "/pattern/config/accept": "call `accept(minScore)`",
  "/pattern/config/orchestrator": "call `orchestrator(agent)`",
  "/pattern/config/worker_template": "call `workerTemplate(agent)`",
  "/pattern/config/nodes": "call `node(id, agent)`",
  "/pattern/config/edges": "call `edge(from, to)` or `choose(from, choices)`",
};

function withAdvice(issue: SpecIssue): SpecIssue {
  const suggestion = issue.code === "missing_key" ? advice[issue.pointer] : undefined;
  return suggestion === undefined ? issue : { ...issue, suggestion };
}

function frozen(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
