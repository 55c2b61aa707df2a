import { readFileSync } from "node:fs";
import type { JsonObject, JsonValue } from "../../src/spec/json.js";

const file = new URL("../../../../conformance/entry-bodies.json", import.meta.url);

/** A body of every kind with every field that version 1 of the format has. */
export const fullBodies = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, JsonObject>>;

/** Fields that hold whatever a tool, a model or an error gave: what is in them is theirs. */
const anything = new Set(["input", "providerData", "content", "value", "details"]);

/** The places of a body that hold a value, as members from it down. Places in lists count once. */
export function placesOf(value: JsonValue | undefined, at: readonly string[] = []): readonly (readonly string[])[] {
  const own = at.length === 0 ? [] : [at];
  if (typeof value !== "object" || value === null || anything.has(at.at(-1) ?? "")) return own;
  const inner = Array.isArray(value) ? value.slice(0, 1).entries() : Object.entries(value);
  return [...own, ...[...inner].flatMap(([member, more]) => placesOf(more, [...at, String(member)]))];
}
