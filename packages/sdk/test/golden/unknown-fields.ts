import { readFileSync } from "node:fs";
import type { SessionRepository } from "@strands/core";

type Value = unknown;
type Members = Readonly<Record<string, Value>>;

const file = new URL("../../../../conformance/entry-bodies.json", import.meta.url);
const bodies = JSON.parse(readFileSync(file, "utf8")) as Members;

/** Fields whose content is that of a tool, a model or an error. */
const anything = new Set(["input", "providerData", "content", "value", "details"]);

/** What the sessions of a repository hold that no body of version 1 has, by kind and place. */
export async function unknownFields(repository: SessionRepository): Promise<readonly string[]> {
  const unknown = new Set<string>();
  for (const { id } of (await repository.list({ limit: 1000 })).sessions) {
    for (const { kind, body } of (await repository.load(id)).entries) {
      for (const place of unlike(body, bodies[kind], kind)) unknown.add(place);
    }
  }
  return [...unknown];
}

function unlike(value: Value, known: Value, at: string): readonly string[] {
  if (Array.isArray(value) && Array.isArray(known)) return value.flatMap((item) => unlike(item, known[0], at));
  if (!isMembers(value) || !isMembers(known)) return [];
  return Object.keys(value).flatMap((name) => {
    if (!Object.hasOwn(known, name)) return [`${at}.${name}`];
    return anything.has(name) ? [] : unlike(value[name], known[name], `${at}.${name}`);
  });
}

function isMembers(value: Value): value is Members {
  return typeof value === "object" && value !== null;
}
