import type { Entry, EntryKind } from "@strands/core";
import { entryVersion, InputError } from "@strands/core";
import { blobName } from "./durable-files.js";
import { sealLine } from "./sealed-line.js";

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
  const bad = misfit(body, shapes.get(kind) as Shape);
  return bad === undefined ? undefined : `body${bad}`;
}

/** The path from a value to what does not fit; made only where something does not. */
function misfit(value: unknown, shape: Shape): string | undefined {
  if (typeof shape === "string") return fits(value, shape) ? undefined : "";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  for (const key in shape) {
    const field = Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
    const bad = misfit(field, shape[key] as Shape);
    if (bad !== undefined) return `.${key}${bad}`;
  }
  return undefined;
}

function fits(value: unknown, shape: Extract<Shape, string>): boolean {
  if (shape === "any") return value !== undefined;
  if (shape === "number") return Number.isFinite(value);
  return shape === "array" ? Array.isArray(value) : typeof value === shape;
}

/** Bodies longer than this, in bytes of their JSON, are kept as blobs. */
const maxInlineBytes = 65_536;

export interface EncodedEntries {
  readonly text: string;
  /** Sum of the last line. */
  readonly sum: number;
  /** What has to be kept before the lines are written. */
  readonly blobs: readonly Blob[];
}

/** A long body, under the name its line gives it. */
export interface Blob {
  readonly name: string;
  readonly json: string;
}

/**
 * The lines of one append. All but the last carry `more`: readers count none of them before the last is there.
 * @throws `INPUT_INVALID` when an entry cannot be stored
 */
export function encodeEntries(entries: readonly Entry[], seed: number): EncodedEntries {
  const blobs: Blob[] = [];
  const keep = (json: string): string => {
    const name = blobName(json);
    blobs.push({ name, json });
    return name;
  };
  let text = "";
  let sum = seed;
  const last = entries.length - 1;
  for (let i = 0; i <= last; i += 1) {
    const entry = entries[i] as Entry;
    const body = bodyJson(entry);
    const more = i === last ? "" : ',"more":true';
    const content = isLong(body) ? `"blob":"${keep(body)}"` : `"body":${body}`;
    const line = sealLine(
      `{"v":${entryVersion},"seq":${entry.seq},"epoch":${entry.epoch},"key":${JSON.stringify(entry.key)},"kind":"${entry.kind}","at":${entry.at}${more},${content}`,
      sum,
    );
    text += line.text;
    sum = line.sum;
  }
  return { text, sum, blobs };
}

function bodyJson(entry: Entry): string {
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

function isLong(json: string): boolean {
  return json.length > maxInlineBytes || (json.length * 3 > maxInlineBytes && Buffer.byteLength(json) > maxInlineBytes);
}
