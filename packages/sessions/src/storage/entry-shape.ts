import type { Entry, EntryKind } from "@strands/core";
import { InputError } from "@strands/core";

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

const shapes: ReadonlyMap<string, Shape> = new Map(Object.entries(bodyShapes));

/** Whether this version knows the kind. */
export function isKnownKind(kind: string): kind is EntryKind {
  return shapes.has(kind);
}

/** The first field of a body that is not what it must be, as a path; `undefined` when all are. */
export function findBadField(kind: EntryKind, body: unknown): string | undefined {
  return misfit(body, shapes.get(kind) as Shape, "body");
}

function misfit(value: unknown, shape: Shape, path: string): string | undefined {
  if (shape === "any") return value === undefined ? path : undefined;
  if (shape === "number") return Number.isFinite(value) ? undefined : path;
  if (shape === "array") return Array.isArray(value) ? undefined : path;
  if (typeof shape === "string") return typeof value === shape ? undefined : path;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return path;
  for (const key in shape) {
    const field = Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
    const bad = misfit(field, shape[key] as Shape, `${path}.${key}`);
    if (bad !== undefined) return bad;
  }
  return undefined;
}

/**
 * The body of an entry as JSON.
 * @throws `INPUT_INVALID` when the entry cannot be stored
 */
export function encodeBody(entry: Entry): string {
  const { key, kind, at, body } = entry;
  const bad = !isKnownKind(kind)
    ? "kind"
    : typeof key !== "string"
      ? "key"
      : !Number.isFinite(at)
        ? "at"
        : findBadField(kind, body);
  if (bad !== undefined) {
    throw new InputError(`The entry \`${String(key)}\` cannot be stored: its \`${bad}\` is not valid`);
  }
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw new InputError(`The entry \`${key}\` cannot be stored: its body is not JSON`, { cause });
  }
}
