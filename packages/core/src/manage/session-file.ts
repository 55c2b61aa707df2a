import { redact } from "../engine/redact.js";
import { sha256 } from "../platform/sha256.js";
import type { Entry } from "../session/entry.js";
import type { SessionRecord } from "../session/record.js";
import type { StoredSession } from "../session/repository.js";
import { canonicalJson } from "../spec/canonical-json.js";

/** Version of the file format this code writes. */
export const sessionFileVersion = 1;

/** A session as one JSON document. */
export interface SessionFile {
  readonly format: "strands-session";
  readonly version: typeof sessionFileVersion;
  /** Milliseconds since the epoch. */
  readonly exportedAt: number;
  readonly record: SessionRecord;
  readonly entries: readonly Entry[];
  /** SHA-256 of the canonical JSON of record and entries, in hex: what was changed since, shows. */
  readonly sha256: string;
}

/** What is left out of an exported session. */
export interface ExportOptions {
  /** Values that must not be in it, besides all that looks like a credential. */
  readonly secrets?: readonly string[];
}

/** Writes a session as a document without credentials. Ids, keys and digests stay as they are, so that it can be resumed. */
export function toSessionFile(
  { record, entries }: StoredSession,
  exportedAt: number,
  { secrets = [] }: ExportOptions,
): SessionFile {
  // Shorter ones are no secrets, and would tear words apart.
  const hidden = secrets.filter(({ length }) => length >= 4).sort((a, b) => b.length - a.length);
  const clean = <T>(value: T): T => cleaned(value, hidden) as T;
  const { spec, variables, labels, workflowName, ...identity } = record;
  const told = clean({ spec, variables, workflowName, ...(labels === undefined ? {} : { labels }) });
  const content = { record: { ...identity, ...told }, entries: entries.map((entry) => cleanEntry(entry, clean)) };
  return {
    format: "strands-session",
    version: sessionFileVersion,
    exportedAt,
    ...content,
    sha256: contentDigest(content),
  };
}

/** The digest over what a file holds. */
export function contentDigest({ record, entries }: Pick<SessionFile, "record" | "entries">): string {
  return sha256(canonicalJson({ record, entries }));
}

/** Members of bodies by which entries refer to each other. */
const references: ReadonlySet<string> = new Set(["id", "digest", "stepKey", "runId", "agentId", "interrupts"]);

function cleanEntry(entry: Entry, clean: <T>(value: T) => T): Entry {
  const body: Record<string, unknown> = clean({ ...entry.body });
  for (const [name, value] of Object.entries(entry.body)) if (references.has(name)) body[name] = value;
  return { ...entry, body } as unknown as Entry;
}

/** A copy without credentials, and without what JSON has no form for. */
function cleaned(value: unknown, secrets: readonly string[], name = ""): unknown {
  if (typeof value === "string") return cleanText(value, secrets, name);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => cleaned(item, secrets, name));
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, cleaned(member, secrets, key)]));
}

const secretName = /(?:api[-_]?key|access[-_]?key|secret|token|password|passwd|authorization|cookie)$/i;
/** What stands in a workflow for a value that is not in it. */
const placeholder = /(\{\{[^{}]*\}\}|\$\{[^{}]*\})/;

function cleanText(text: string, secrets: readonly string[], name: string): string {
  const parts = text.split(placeholder);
  if (parts.length === 1 && text !== "" && secretName.test(name)) return "[redacted]";
  let result = parts.map(redact).join("");
  for (const secret of secrets) result = result.replaceAll(secret, "[redacted]");
  return result;
}
