import { type JsonObject, quoteValue, type SpecIssue, toPointer } from "@strands/core";
import { readSource } from "../source/source-document.js";
import { isMapping } from "../structure/check-structure.js";
import type { RefProblem } from "./check-ref-path.js";
import type { Inlined, RefFile } from "./inline-refs.js";

/** An agent whose output schema is in a file of its own. */
export interface SchemaPlace {
  readonly agentId: string;
  /** The path as it is written; absolute when it came with an agent from another file. */
  readonly reference: string;
  /** Whether the path came with an agent from another file. */
  readonly inlined: boolean;
}

/** Every output schema that is given as a path. */
export function collectSchemas({ data, agents }: Inlined): readonly SchemaPlace[] {
  const all = isMapping(data) && isMapping(data["agents"]) ? Object.entries(data["agents"]) : [];
  return all.flatMap(([agentId, agent]) => {
    const reference = isMapping(agent) ? agent["output_schema"] : undefined;
    if (typeof reference !== "string") return [];
    const origin = agents.get(agentId);
    return [{ agentId, reference, inlined: origin !== undefined && !origin.overrides.has("output_schema") }];
  });
}

/**
 * Replaces paths of output schemas by the schemas, so that a session that stores the spec needs no file. Issues never quote
 * what is in a file.
 *
 * @param files what was found for each agent
 */
export function inlineSchemas(inlined: Inlined, files: ReadonlyMap<string, RefFile | RefProblem>): Inlined {
  const places = collectSchemas(inlined);
  if (places.length === 0) return inlined;
  const issues: SpecIssue[] = [...inlined.issues];
  const data = inlined.data as JsonObject;
  const agents = { ...(data["agents"] as JsonObject) };
  for (const { agentId, reference } of places) {
    const found = readSchema(files.get(agentId), reference);
    if ("code" in found) {
      const pointer = toPointer(["agents", agentId, "output_schema"]);
      const message = `the output schema of agent ${quoteValue(agentId)}: ${found.message}`;
      issues.push({ ...found, pointer, message, severity: "error" });
    }
    // Without its file the schema cannot be judged further.
    const schema = "code" in found ? {} : found.schema;
    Object.defineProperty(agents, agentId, {
      value: { ...(agents[agentId] as JsonObject), output_schema: schema },
      enumerable: true,
    });
  }
  return { ...inlined, issues, data: { ...data, agents } };
}

function readSchema(
  file: RefFile | RefProblem | undefined,
  reference: string,
): { readonly schema: JsonObject } | RefProblem {
  if (file === undefined) {
    const suggestion = "load the workflow from its file, or write the schema out";
    return { code: "ref_unresolved", message: "it is in another file, which is out of reach here", suggestion };
  }
  if ("code" in file) return file;
  const document = readSource(file.text, /\.json$/i.test(reference) ? "json" : "yaml", file.file ?? reference);
  const [problem] = document.issues;
  // What the reader says may quote the file.
  if (problem !== undefined) return { code: problem.code, message: "its file cannot be read as JSON" };
  if (isMapping(document.data)) return { schema: document.data };
  return { code: "type", message: "its file holds no JSON object" };
}
