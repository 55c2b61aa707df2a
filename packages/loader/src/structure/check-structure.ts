import { type JsonObject, type JsonValue, nearest, type PatternType, quoteValue, toPointer } from "@strands/core";
import type { z } from "zod";
import { patternConfigs, patternTypes } from "../schema/pattern-schema.js";
import { specSchema } from "../schema/spec-schema.js";
import { describePlace } from "./describe-place.js";
import { explainIssues, type Found, type IsHidden } from "./explain-issue.js";
import { repairData } from "./repair-data.js";

/** What is wrong with a shape, and the data with misspelt names put right. */
export interface Structure {
  readonly found: readonly Found[];
  readonly data: JsonValue;
  /** A path of `data` as the file has it. */
  readonly original: (path: Path) => Path;
}

type Path = readonly (string | number)[];

/** How often misspelt names are put right to look at what stands behind them. */
const maxRepairs = 4;

/** Judges the shape of a document: keys, types, ranges. Names that refer to one another are `checkSpec`'s business. */
export function checkStructure(
  data: JsonValue,
  hidden: IsHidden = () => false,
  repairs: number = maxRepairs,
): Structure {
  const found = checkOnce(data, hidden);
  const repaired = repairs > 0 ? repairData(data, found) : undefined;
  if (repaired === undefined) return { found, data, original: (path) => path };
  const inner = checkStructure(repaired.data, (path) => hidden(repaired.original(path)), repairs - 1);
  const original = (path: Path) => repaired.original(inner.original(path));
  const behind = inner.found.flatMap((issue) => {
    const path = repaired.original(issue.path);
    const pointer = toPointer(path);
    const isNew = repaired.places.some((place) => pointer === place || pointer.startsWith(`${place}/`));
    return isNew ? [{ ...issue, path }] : [];
  });
  return { found: [...found, ...behind], data: inner.data, original };
}

function checkOnce(data: JsonValue, hidden: IsHidden): Found[] {
  if (!isMapping(data)) {
    return [{ code: "type", path: [], message: "a workflow must be a mapping of keys to values", severity: "error" }];
  }
  const found = validate(specSchema, data, [], hidden);
  const pattern = Object.hasOwn(data, "pattern") ? data["pattern"] : undefined;
  if (pattern !== undefined) found.push(...checkPatternShape(pattern, hidden));
  return found;
}

function validate(schema: z.ZodType, value: JsonValue, path: readonly (string | number)[], hidden: IsHidden): Found[] {
  const result = schema.safeParse(value);
  return result.success ? [] : explainIssues(result.error.issues, value, path, schema, hidden);
}

/** The pattern, whose config has a shape of its own for each type. */
function checkPatternShape(pattern: JsonValue, hidden: IsHidden): Found[] {
  const path = ["pattern"];
  if (!isMapping(pattern)) {
    return [{ code: "type", path, message: "`pattern` must be a mapping with `type` and `config`", severity: "error" }];
  }
  const found: Found[] = [];
  for (const key of Object.keys(pattern)) {
    if (key === "type" || key === "config") continue;
    const near = nearest(
      key,
      ["type", "config"].filter((name) => !Object.hasOwn(pattern, name)),
    );
    found.push({
      code: "unknown_key",
      path: [...path, key],
      message: `unknown key ${quoteValue(key)} in ${describePlace(path)}`,
      suggestion: near === undefined ? "it has `type` and `config` only" : `did you mean \`${near}\`?`,
      severity: "error",
      ...(near === undefined ? {} : { fix: { name: near } }),
    });
  }
  const named = Object.hasOwn(pattern, "type") ? pattern["type"] : undefined;
  const config = Object.hasOwn(pattern, "config") ? pattern["config"] : undefined;
  const type = patternTypes.find((candidate) => candidate === named);
  const shape = isMapping(config) ? shapeOf(config) : undefined;
  const misspelt = found.map((issue) => issue.fix?.name);
  if (type === undefined && !(named === undefined && misspelt.includes("type"))) found.push(wrongType(named, shape));
  if (config === undefined) {
    if (misspelt.includes("config")) return found;
    found.push({ code: "missing_key", path, message: "`pattern` has no `config`", severity: "error" });
    return found;
  }
  const meant = type ?? (typeof named === "string" ? nearestType(named) : undefined) ?? shape;
  if (meant === undefined) return found;
  if (type !== undefined && shape !== undefined && shape !== type) {
    const needed = listKeys(requiredKeys[type]);
    found.push({
      code: "pattern_mismatch",
      path: [...path, "config"],
      message: `the pattern is of type \`${type}\`, but its config is that of \`${shape}\``,
      suggestion: `write \`type: ${shape}\`, or give the config ${needed}`,
      severity: "error",
    });
    return found;
  }
  for (const issue of validate(patternConfigs[meant], config, [...path, "config"], hidden)) {
    found.push({ ...issue, message: issue.message.replace("the pattern's config", `the ${meant} config`) });
  }
  return found;
}

function wrongType(named: JsonValue | undefined, shape: PatternType | undefined): Found {
  const all = `use one of ${patternTypes.map((type) => `\`${type}\``).join(", ")}`;
  if (named === undefined) {
    const suggestion = shape === undefined ? all : `with this config it is \`type: ${shape}\``;
    return {
      code: "missing_key",
      path: ["pattern"],
      message: "`pattern` has no `type`",
      suggestion,
      severity: "error",
    };
  }
  const near = typeof named === "string" ? (nearestType(named) ?? shape) : shape;
  return {
    code: "enum",
    path: ["pattern", "type"],
    message: `no pattern is called ${quoteValue(named)}`,
    suggestion: near === undefined ? all : `did you mean \`${near}\`?`,
    severity: "error",
    ...(near === undefined ? {} : { fix: { set: near } }),
  };
}

const requiredKeys: Readonly<Record<PatternType, readonly string[]>> = {
  chain: ["steps"],
  routing: ["router", "routes"],
  parallel: ["branches"],
  orchestrator_workers: ["orchestrator", "worker_template"],
  evaluator_optimizer: ["producer", "evaluator", "accept"],
  graph: ["nodes", "edges"],
  workflow: ["tasks"],
};

function listKeys(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(" and ");
}

/** The pattern whose own keys a config holds, when it holds those of one pattern only. */
function shapeOf(config: JsonObject): PatternType | undefined {
  const fits = patternTypes.filter((type) => requiredKeys[type].some((key) => Object.hasOwn(config, key)));
  return fits.length === 1 ? fits[0] : undefined;
}

function nearestType(word: string): PatternType | undefined {
  const near = nearest(word, patternTypes);
  return patternTypes.find((type) => type === near);
}

export function isMapping(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
