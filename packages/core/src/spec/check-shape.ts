import type { SpecIssue } from "../error/errors.js";
import { toPointer } from "./check-pointer.js";
import { quoteValue } from "./check-quote.js";

type Shape = "string" | "object" | "array" | "version";

/** What the rest of the checks lean on. The loader checks files in full; this is for objects made in a program. */
const required: readonly (readonly [path: readonly string[], shape: Shape])[] = [
  [["version"], "version"],
  [["name"], "string"],
  [["runtime"], "object"],
  [["runtime", "provider"], "string"],
  [["agents"], "object"],
  [["pattern"], "object"],
  [["pattern", "type"], "string"],
  [["pattern", "config"], "object"],
];

/** The part of each pattern's config that must be there. */
const mainParts: Readonly<Record<string, readonly (readonly [string, Shape])[]>> = {
  chain: [["steps", "array"]],
  workflow: [["tasks", "array"]],
  routing: [
    ["router", "object"],
    ["routes", "object"],
  ],
  parallel: [["branches", "array"]],
  evaluator_optimizer: [
    ["producer", "string"],
    ["evaluator", "object"],
    ["accept", "object"],
  ],
  orchestrator_workers: [
    ["orchestrator", "object"],
    ["worker_template", "object"],
  ],
  graph: [
    ["nodes", "object"],
    ["edges", "array"],
  ],
};

/** Says where a value is not shaped like a spec at all. Empty when the other checks may look at it. */
export function checkShape(spec: unknown): readonly SpecIssue[] {
  const issues: SpecIssue[] = [];
  const expect = (path: readonly string[], shape: Shape): void => {
    const value = valueAt(spec, path);
    if (value === absent || fits(value, shape)) return;
    const pointer = toPointer(path);
    const what = value === undefined ? "is missing" : `is ${quoteValue(value)}`;
    const wanted = { string: "a text", object: "an object", array: "a list", version: "a whole number or a text" }[
      shape
    ];
    issues.push({
      code: "shape",
      pointer,
      severity: "error",
      message: `\`${path.join(".")}\` ${what}; it must be ${wanted}`,
    });
  };
  if (!fits(spec, "object"))
    return [{ code: "shape", pointer: "", severity: "error", message: "The spec is not an object" }];
  for (const [path, shape] of required) expect(path, shape);
  if (issues.length > 0) return issues;
  const type = valueAt(spec, ["pattern", "type"]);
  for (const [name, shape] of (typeof type === "string" && mainParts[type]) || [])
    expect(["pattern", "config", name], shape);
  const agents = valueAt(spec, ["agents"]) as object;
  for (const id of Object.keys(agents)) {
    expect(["agents", id], "object");
    expect(["agents", id, "prompt"], "string");
  }
  const steps = valueAt(spec, ["pattern", "config", "steps"]);
  if (Array.isArray(steps))
    for (const index of steps.keys()) expect(["pattern", "config", "steps", String(index)], "object");
  return issues;
}

const absent = Symbol("absent");

/** The value at a path; `absent` below something that is no object, which has been named already. */
function valueAt(spec: unknown, path: readonly string[]): unknown {
  let value: unknown = spec;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return absent;
    value = Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  return value;
}

function fits(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "string":
      return typeof value === "string";
    case "version":
      return typeof value === "string" || Number.isSafeInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
  }
}
