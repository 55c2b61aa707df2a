import type { EntryKind } from "./entry.js";

/** What a field of a body must be at least, so that a reader can rely on it. */
type Shape = "string" | "number" | "array" | "any" | { readonly [key: string]: Shape };

const usage: Shape = { inputTokens: "number", outputTokens: "number" };

/** Every kind of version 1, with the fields its readers lean on. */
const bodyShapes: Readonly<Record<EntryKind, Shape>> = {
  "run.started": { runId: "string", owner: "string" },
  "run.paused": { runId: "string", interrupts: "array" },
  "run.completed": { runId: "string", lastResponse: "string", agentId: "string" },
  "run.failed": { runId: "string", error: { code: "string", message: "string" } },
  "run.cancelled": { runId: "string", reason: "string" },
  model: { agentId: "string", text: "string", finish: "string", usage, provider: "string" },
  "tool.intent": { agentId: "string", call: { id: "string", name: "string", input: "any" }, effect: "string" },
  "tool.result": { result: { callId: "string", name: "string", content: "any" } },
  value: { value: "any" },
  "interrupt.opened": { id: "string", digest: "string", stepKey: "string", type: "string", prompt: "string" },
  "interrupt.answered": { id: "string", digest: "string", response: "string", source: "string" },
  "artifacts.intent": { files: "array" },
  "artifact.written": { path: "string" },
};

/** Whether this version knows the kind. */
export function isKnownKind(kind: unknown): kind is EntryKind {
  return typeof kind === "string" && Object.hasOwn(bodyShapes, kind);
}

/** The members from a body to the first field that is not what it must be; `undefined` when all are. */
export function findBadField(kind: EntryKind, body: unknown): readonly string[] | undefined {
  return misfit(body, bodyShapes[kind]);
}

function misfit(value: unknown, shape: Shape): readonly string[] | undefined {
  if (typeof shape === "string") return fits(value, shape) ? undefined : [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  for (const key in shape) {
    const field = Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
    const bad = misfit(field, shape[key] as Shape);
    if (bad !== undefined) return [key, ...bad];
  }
  return undefined;
}

function fits(value: unknown, shape: Extract<Shape, string>): boolean {
  if (shape === "any") return value !== undefined;
  if (shape === "number") return Number.isFinite(value);
  return shape === "array" ? Array.isArray(value) : typeof value === shape;
}
