import type { JsonObject, JsonValue, Spec } from "@strands/core";
import { canonicalJson, invalidSpec, validateSpec } from "@strands/core";
import type { Call } from "./eject/code.js";
import { chained, literal, options } from "./eject/code.js";
import { patternCall } from "./eject/pattern-calls.js";
import { checkData } from "./field/check-data.js";
import { specFields } from "./field/spec-fields.js";
import { isPlainObject } from "./field/spec-path.js";
import { toOptions } from "./field/write-options.js";

/**
 * Writes a spec as the code of a builder: JavaScript that is TypeScript, too. Running it gives the same spec.
 *
 * @throws {@link SpecError} `SPEC_INVALID` when the spec is not one that a file could hold
 * @example
 * const { spec } = await loadSpec("workflow.yaml");
 * await writeFile("workflow.ts", eject(spec));
 */
export function eject(spec: Spec): string {
  const issues = checkData(specFields(spec.pattern?.type), spec as unknown as JsonValue);
  if (issues.length > 0) throw invalidSpec(spec, issues);
  const calls: readonly Call[] = [
    ...(spec.version === 0 ? [] : [["withVersion", literal(spec.version)] as const]),
    ...(spec.description === undefined ? [] : [["withDescription", literal(spec.description)] as const]),
    ...section(spec, "metadata", "withMetadata"),
    ...listSection(spec, "tags", "withTags"),
    runtimeCall(spec),
    ...inputCalls(spec),
    ...section(spec, "env", "withEnv"),
    ...section(spec, "telemetry", "withTelemetry"),
    ...section(spec, "context_policy", "withContextPolicy"),
    ...listSection(spec, "skills", "withSkills"),
    ...section(spec, "tools", "withTools"),
    ...section(spec, "security", "withSecurity"),
    ...agentCalls(spec),
    patternCall(spec.pattern),
    ...outputCalls(spec),
    buildCall(spec),
  ];
  const start = `export const workflow = new WorkflowBuilder(${literal(spec.name)("")})`;
  return `import { WorkflowBuilder } from "@strands/builders";\n\n${start}${chained(calls, "  ")};\n`;
}

/** A section of the format as options. */
function optionsOf(spec: Spec, key: keyof Spec): JsonValue | undefined {
  const field = specFields(spec.pattern.type).fields[key];
  const value = spec[key] as unknown as JsonValue | undefined;
  return field === undefined || value === undefined ? undefined : toOptions(field, value);
}

function section(spec: Spec, key: keyof Spec, method: string): readonly Call[] {
  const given = optionsOf(spec, key);
  return given === undefined ? [] : [[method, literal(given)]];
}

function listSection(spec: Spec, key: keyof Spec, method: string): readonly Call[] {
  const given = optionsOf(spec, key);
  return Array.isArray(given) ? [[method, ...(given as readonly JsonValue[]).map((item) => literal(item))]] : [];
}

function runtimeCall(spec: Spec): Call {
  const { provider = "", modelId, ...more } = optionsOf(spec, "runtime") as JsonObject;
  const model = modelId === undefined ? [] : [literal(modelId)];
  return ["withRuntime", literal(provider), ...model, options(more)];
}

/** Declarations, and the values that `build()` does not fill in from their defaults. */
function inputCalls({ inputs }: Spec): readonly Call[] {
  if (inputs === undefined) return [];
  const { values, ...declared } = inputs;
  const { required = {}, optional = {} } = declared;
  const own = Object.entries(values ?? {}).filter(([name, value]) => {
    const declaration = [required, optional].find(
      (section) => isPlainObject(section[name]) && section[name].default !== undefined && Object.hasOwn(section, name),
    )?.[name];
    return typeof declaration !== "object" || canonicalJson(declaration.default) !== canonicalJson(value);
  });
  const isFilledIn = own.length === 0 && Object.keys(values ?? {}).length > 0;
  const declares = Object.keys(declared).length > 0 || values === undefined;
  return [
    ...(declares ? [["declareInputs", literal(declared as unknown as JsonValue)] as const] : []),
    ...(values === undefined || isFilledIn ? [] : [["withInputs", literal(Object.fromEntries(own))] as const]),
  ];
}

function agentCalls(spec: Spec): readonly Call[] {
  return Object.entries(optionsOf(spec, "agents") as Readonly<Record<string, JsonObject>>).map(
    ([id, { prompt = "", ...more }]) => ["addAgent", literal(id), literal(prompt), options(more)],
  );
}

function outputCalls({ outputs }: Spec): readonly Call[] {
  if (outputs === undefined) return [];
  const { artifacts = [] } = outputs;
  if (artifacts.length === 0) return [["withOutputs", literal(outputs as unknown as JsonValue)]];
  return artifacts.map(({ path, from }) => ["withArtifact", literal(path), literal(from)]);
}

/** Specs that the loader takes with a warning about a name that can never have a value are taken here, too. */
function buildCall(spec: Spec): Call {
  const isLenient = validateSpec(spec).some(({ code }) => code === "never_defined");
  return isLenient ? ["build", literal({ lenient: true })] : ["build"];
}
