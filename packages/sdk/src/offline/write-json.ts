import type { JsonObject, JsonValue } from "@strands/core";
import { findExample } from "./find-example.js";
import { chooseByOverlap, type NamedChoice } from "./named-choices.js";
import type { RequestView } from "./request-view.js";
import { isSchema, sampleValue } from "./sample-value.js";
import type { SeededRandom } from "./seeded-random.js";
import { simulatedMark, topicOf } from "./topic.js";

/** The decision of a router: `route`, one of the names the prompt lists. */
export function writeRoute(view: RequestView, routes: readonly NamedChoice[]): string {
  const chosen = chooseByOverlap(routes, view.user)?.name ?? "default";
  return JSON.stringify({ route: chosen, simulated: true });
}

/** The task list of an orchestrator. The mark stands inside the text: other fields would reach the workers. */
export function writeTasks(view: RequestView, count: number, random: SeededRandom): string {
  const topic = topicOf(view);
  const tasks = random.some(
    [
      `Collect the background of “${topic}”`,
      `Describe how “${topic}” looks today`,
      `Compare the main views on “${topic}”`,
      `List the risks of “${topic}”`,
      `Find examples of “${topic}”`,
      `Work out what “${topic}” costs and brings`,
      `Name the open questions about “${topic}”`,
      `Suggest what to do next about “${topic}”`,
    ],
    count,
  );
  return JSON.stringify(tasks.map((task) => ({ task: `${simulatedMark} ${task}` })));
}

/** Any other JSON: by the schema or the example in the prompt, else by the fields it names. */
export function writeJson(view: RequestView, source: string): string {
  const topic = topicOf(view);
  const found = findExample(source) ?? findExample(view.system);
  if (found !== undefined) {
    if (isSchema(found))
      return JSON.stringify(sampleValue(found, { topic: `${simulatedMark} ${topic}`, optional: true }));
    return JSON.stringify(fillExample(found, topic, "", 0));
  }
  const fields = namedFields(source);
  const entries = fields.map((field) => [field, valueFor(field, topic)] as const);
  const object: JsonObject =
    entries.length > 0
      ? Object.fromEntries(entries)
      : { summary: `${simulatedMark} About ${topic}`, points: [`The first point about ${topic}`] };
  const list = /\bJSON\s+(?:array|list)\b|\b(?:array|list)\b[^\n.]{0,20}\bin JSON\b/i.test(source);
  if (!list) return JSON.stringify({ ...object, simulated: true });
  if (entries.length > 0) return JSON.stringify([object, object]);
  return JSON.stringify(
    ["first", "second", "third"].map((word) => `${simulatedMark} The ${word} point about ${topic}`),
  );
}

/** Keeps the shape of an example and puts the topic into its texts. */
function fillExample(example: JsonValue, topic: string, key: string, depth: number): JsonValue {
  if (typeof example === "string") {
    const option = /^[\w -]{1,30}(?:\s?[|/]\s?[\w -]{1,30})+$/.test(example) ? example.split(/[|/]/)[0] : undefined;
    if (option !== undefined) return option.trim();
    return `${simulatedMark} ${key === "" ? "Text" : spoken(key)} about ${topic}`;
  }
  if (Array.isArray(example))
    return depth > 6 ? [] : example.slice(0, 3).map((item) => fillExample(item, topic, key, depth + 1));
  if (typeof example === "object" && example !== null) {
    if (depth > 6) return {};
    return Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, fillExample(value, topic, name, depth + 1)]),
    );
  }
  return example;
}

/** The names after `with the fields`, `keys:` and the like. */
function namedFields(source: string): string[] {
  const found =
    /\b(?:keys?|fields?|properties|attributes)\b(?:\s(?:called|named|are|for))?\s?:?\s([^\n.]{1,200})/i.exec(
      source,
    )?.[1] ??
    /\bJSON(?:\s(?:object|array|list|of objects|objects))*\s(?:with|containing|holding|that has|having)\s([^\n.]{1,200})/i.exec(
      source,
    )?.[1];
  if (found === undefined) return [];
  const quoted = [...found.matchAll(/["'`]([A-Za-z_][\w-]{0,40})["'`]/g)].map((match) => match[1] ?? "");
  const plain = found
    .split(/,\s?(?:and )?|\sand\s/)
    .map((part) => /^(?:an?\s|the\s)?([A-Za-z_][\w-]{0,40})\b/.exec(part.trim())?.[1] ?? "");
  const names = (quoted.length > 0 ? quoted : plain).filter((name) => name !== "" && name !== "__proto__");
  return [...new Set(names)].slice(0, 20);
}

function valueFor(field: string, topic: string): JsonValue {
  if (/^(?:is|has|can|should)_|^(?:valid|approved|ok|passed|success)$/i.test(field)) return true;
  if (/count|number|score|amount|total|price|age|year|rating|confidence|percent/i.test(field)) return 1;
  if (/(?:[^s]s|list)$/i.test(field) && !/(?:status|analysis|basis)$/i.test(field))
    return [`${simulatedMark} ${spoken(field)} of ${topic}`];
  return `${simulatedMark} ${spoken(field)} of ${topic}`;
}

function spoken(field: string): string {
  const words = field
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
