import { isAbsolute, resolve } from "node:path";
import { type JsonObject, type JsonValue, quoteValue, type SpecIssue, toPointer } from "@strands/core";
import { readSource, type SourceDocument } from "../source/source-document.js";
import { isMapping } from "../structure/check-structure.js";
import type { RefProblem } from "./check-ref-path.js";

/** The file a reference leads to. */
export interface RefFile {
  readonly text: string;
  /** Name of the file for positions. */
  readonly file?: string;
  /** Folder that relative schema paths in the file start from. */
  readonly directory?: string;
}

/** An agent that came from another file. */
export interface InlinedAgent {
  readonly document: SourceDocument;
  /** Where the agent stands in that document. */
  readonly path: readonly string[];
  /** Keys that were given next to the reference and win. */
  readonly overrides: ReadonlySet<string>;
}

/** A spec's data with references replaced by the agents they lead to. */
export interface Inlined {
  readonly data: JsonValue;
  readonly issues: readonly SpecIssue[];
  readonly agents: ReadonlyMap<string, InlinedAgent>;
}

/** Every reference in a spec's data, each once. */
export function collectRefs(data: JsonValue | undefined): readonly string[] {
  const references = new Set<string>();
  for (const [, agent] of agentEntries(data)) {
    const key = refKey(agent);
    const reference = key === undefined ? undefined : agent[key];
    if (typeof reference === "string") references.add(reference);
  }
  return [...references];
}

/** Replaces references by what `files` holds for them. Issues never quote a referenced file. */
export function inlineRefs(source: SourceDocument, files: ReadonlyMap<string, RefFile | RefProblem>): Inlined {
  const issues: SpecIssue[] = [];
  const agents = new Map<string, InlinedAgent>();
  const replaced = new Map<string, JsonValue>();
  for (const [id, agent] of agentEntries(source.data)) {
    const key = refKey(agent);
    if (key === undefined) continue;
    const reference = agent[key];
    const path = ["agents", id, key];
    const { $ref: _, ref: __, ...overrides } = agent;
    // Without its file the agent cannot be judged further; an empty prompt keeps it from being called incomplete.
    replaced.set(id, { prompt: "", ...overrides });
    const problem = (issue: RefProblem) =>
      issues.push({ ...issue, pointer: toPointer(path), severity: "error", ...source.locate(path) });
    if (typeof reference !== "string") {
      problem({ code: "type", message: `\`${key}\` must be text: the path of a file` });
      continue;
    }
    const file = files.get(reference);
    if (file === undefined) {
      const suggestion = "load the workflow from its file, or write the agent out";
      problem({
        code: "ref_unresolved",
        message: `agent ${quoteValue(id)} is in another file, which is out of reach here`,
        suggestion,
      });
    } else if ("code" in file) {
      problem({ ...file, message: `${quoteValue(reference)}: ${file.message}` });
    } else {
      const found = readAgent(file, reference, id);
      issues.push(...found.issues);
      if (found.agent === undefined) continue;
      replaced.set(id, { ...found.agent.value, ...overrides });
      agents.set(id, { ...found.agent, overrides: new Set(Object.keys(overrides)) });
    }
  }
  if (replaced.size === 0 || !isMapping(source.data)) return { data: source.data ?? null, issues, agents };
  const all = source.data["agents"] as JsonObject;
  const merged = Object.entries(all).map(([id, agent]) => [id, replaced.get(id) ?? agent] as const);
  return { data: { ...source.data, agents: Object.fromEntries(merged) }, issues, agents };
}

function agentEntries(data: JsonValue | undefined): (readonly [string, JsonObject])[] {
  const agents = isMapping(data) && Object.hasOwn(data, "agents") ? data["agents"] : undefined;
  if (!isMapping(agents)) return [];
  return Object.entries(agents).flatMap(([id, agent]) => (isMapping(agent) ? [[id, agent] as const] : []));
}

function refKey(agent: JsonObject): "$ref" | "ref" | undefined {
  if (Object.hasOwn(agent, "$ref")) return "$ref";
  return Object.hasOwn(agent, "ref") ? "ref" : undefined;
}

interface Found {
  readonly issues: readonly SpecIssue[];
  readonly agent?: { readonly value: JsonObject; readonly document: SourceDocument; readonly path: readonly string[] };
}

/** The one agent of a referenced file. */
function readAgent(file: RefFile, reference: string, id: string): Found {
  const format = /\.json$/i.test(reference) ? "json" : "yaml";
  const document = readSource(file.text, format, file.file ?? reference);
  const pointer = toPointer(["agents", id]);
  const fail = (code: string, message: string, path: readonly string[], suggestion: string): Found => {
    const position = document.locate(path) ?? { file: document.file ?? reference, line: 1, column: 1 };
    return { issues: [{ code, pointer, message, severity: "error", suggestion, ...position }] };
  };
  if (document.issues.length > 0) {
    // The messages may quote keys or values of that file.
    const message = "the file of this agent cannot be read here";
    return { issues: document.issues.map((issue) => ({ ...issue, pointer, message: `${message} (${issue.code})` })) };
  }
  const agents = agentEntries(document.data);
  const [first] = agents;
  if (first === undefined || agents.length > 1 || countAgents(document.data) !== 1) {
    const message = "the file of an agent must hold exactly one agent under `agents`";
    return fail("ref_not_one_agent", message, ["agents"], "put each agent into a file of its own");
  }
  const [name, agent] = first;
  const nested = refKey(agent);
  if (nested !== undefined) {
    const message = "the agent of a referenced file cannot be a reference itself";
    return fail("ref_nested", message, ["agents", name, nested], "reference the last file of the row directly");
  }
  return { issues: [], agent: { value: absoluteSchemas(agent, file.directory), document, path: ["agents", name] } };
}

function countAgents(data: JsonValue | undefined): number {
  const agents = isMapping(data) ? data["agents"] : undefined;
  return isMapping(agents) ? Object.keys(agents).length : 0;
}

/** The session keeps the spec, not the folder it came from, so paths in it must not depend on one. */
function absoluteSchemas(agent: JsonObject, directory: string | undefined): JsonObject {
  if (directory === undefined) return agent;
  const entries = Object.entries(agent).map(([key, value]) => {
    const isPath = (key === "input_schema" || key === "output_schema") && typeof value === "string";
    return [key, isPath && !isAbsolute(value) ? resolve(directory, value) : value] as const;
  });
  return Object.fromEntries(entries);
}
