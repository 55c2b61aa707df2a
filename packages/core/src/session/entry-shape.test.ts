import { describe, expect, it } from "vitest";
import { fullBodies, placesOf } from "../../test/support/entry-bodies.js";
import type { JsonObject, JsonValue } from "../spec/json.js";
import type { EntryKind } from "./entry.js";
import { findBadField, isKnownKind } from "./entry-shape.js";
import { findBadRecordField } from "./record-shape.js";
import { isTime, maxDataDepth } from "./shape.js";

const kinds = Object.keys(fullBodies) as EntryKind[];
const places = kinds.flatMap((kind) =>
  placesOf(fullBodies[kind]).map((place) => ({ kind, place, name: `${kind}: ${place.join(".")}` })),
);

function valueAt(body: JsonValue | undefined, place: readonly string[]): JsonValue {
  return place.reduce((inner, member) => (inner as JsonObject)[member] as JsonValue, body as JsonValue);
}

/** A copy with another value at a place; `undefined` takes it away. */
function changed(body: JsonValue | undefined, place: readonly string[], value: unknown): unknown {
  const copy = structuredClone(body) as JsonObject;
  const last = place.at(-1) ?? "";
  const holder = valueAt(copy, place.slice(0, -1)) as Record<string, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

function nested(levels: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

/** Fields that a session may hold or not. */
const optional = new Set(
  [
    "run.paused: failedUsage",
    "run.completed: failedUsage",
    "run.failed: error.hint, error.details, failedUsage",
    "run.cancelled: rejected, failedUsage",
    "model: input, toolCalls, toolCalls.0, toolCalls.0.providerData, correction, estimated, failedUsage, modelId, startedAt, attempts",
    "tool.intent: call.providerData",
    "interrupt.opened: name, choices, choices.0, accepts, revisable, pattern, default, expiresAt",
    "interrupt.answered: action, by",
    "run.paused: interrupts.0",
    "artifacts.intent: files.0",
  ].flatMap((line) => {
    const [kind = "", fields = ""] = line.split(": ");
    return fields.split(", ").map((field) => `${kind}: ${field}`);
  }),
);
/** Fields that take any JSON. */
const free = /(^value: value|content|call\.input|toolCalls\.0\.input|providerData)$/;

describe("the shapes of entries", () => {
  it("are there for every kind", () => {
    expect(kinds.length).toBe(13);
    for (const kind of kinds) {
      expect(isKnownKind(kind)).toBe(true);
      expect([kind, findBadField(kind, fullBodies[kind])]).toEqual([kind, undefined]);
    }
    for (const kind of ["__proto__", "constructor", "toString", "", "future.kind", 7, null]) {
      expect(isKnownKind(kind)).toBe(false);
    }
  });

  it("leave fields they do not know to whoever does", () => {
    for (const kind of kinds) {
      const body = JSON.parse(`{"__proto__":{"usage":7},"later":1,${JSON.stringify(fullBodies[kind]).slice(1)}`);
      expect(findBadField(kind, body)).toBeUndefined();
    }
  });

  it.each(places)("$name", ({ kind, place, name }) => {
    const at = (value: unknown): readonly string[] | undefined =>
      findBadField(kind, changed(fullBodies[kind], place, value));
    // An item that is taken away leaves a hole, and what is looked at last is the list.
    if (!/\.\d+$/.test(name)) expect(at(undefined)).toEqual(optional.has(name) ? undefined : place);
    if (free.test(name)) {
      expect(at(nested(maxDataDepth))).toBeUndefined();
      expect(at(nested(maxDataDepth + 1))).toEqual(place);
      expect(at(nested(100_000))).toEqual(place);
      return;
    }
    const value = valueAt(fullBodies[kind], place);
    const wrong = [null, [[]], Symbol("odd"), 1e300, 8.9e15, -1, Number.NaN, "\0odd", true, false, {}, { length: 1 }];
    for (const odd of wrong.filter((candidate) => isOfOtherType(candidate, value, name))) {
      expect([odd, at(odd)?.slice(0, place.length)]).toEqual([odd, place]);
    }
  });

  it("rely on nothing that is not an entry's own", () => {
    const inherited = Object.create({ path: "out.md" });
    expect(findBadField("artifact.written", inherited)).toEqual(["path"]);
    expect(findBadField("artifact.written", JSON.parse('{"__proto__":{"path":"out.md"}}'))).toEqual(["path"]);
    for (const body of [undefined, null, 7, "text", [], [{ path: "x" }]]) {
      expect(findBadField("artifact.written", body)).toEqual([]);
    }
  });
});

/** Whether a value cannot stand where another one does. */
function isOfOtherType(odd: unknown, value: JsonValue, name: string): boolean {
  if (typeof value === "string") {
    const isOneOfFew = /effect|type|action|source/.test(name.split(": ")[1] ?? "");
    return typeof odd !== "string" || isOneOfFew;
  }
  if (typeof value === "boolean") return typeof odd !== "boolean" || (odd === false && !name.endsWith("isError"));
  if (typeof value === "number") {
    return !(odd === -1 && /At$/.test(name)) && !(odd === 8.9e15 && !/At$/.test(name));
  }
  if (Array.isArray(value)) return true;
  return !(name.endsWith("details") && typeof odd === "object" && odd !== null && !Array.isArray(odd));
}

describe("the shape of a record", () => {
  const record = {
    id: "one",
    workflowName: "sample",
    patternType: "chain",
    specHash: "0f",
    spec: { version: 0 },
    variables: { topic: "tides" },
    createdAt: 1_795_305_600_000,
    labels: { outDir: "out" },
  };

  it("takes a record, with labels and without", () => {
    expect(findBadRecordField(record)).toBeUndefined();
    const { labels: _, ...bare } = record;
    expect(findBadRecordField(bare)).toBeUndefined();
  });

  it.each([
    ["id", 7],
    ["workflowName", null],
    ["patternType", ["chain"]],
    ["specHash", undefined],
    ["spec", null],
    ["spec", nested(maxDataDepth + 1)],
    ["variables", []],
    ["createdAt", 1e300],
    ["createdAt", "2026"],
    ["labels", "x"],
  ])("names `%s` when it is %j", (field, value) => {
    expect(findBadRecordField({ ...record, [field]: value })).toEqual([field]);
  });

  it("names the label that is no text", () => {
    expect(findBadRecordField({ ...record, labels: { outDir: "x", seed: 7 } })).toEqual(["labels", "seed"]);
  });
});

it("a time is one that a calendar can show", () => {
  for (const time of [0, -1, 1.5, 8.64e15]) {
    expect(isTime(time)).toBe(true);
    expect(() => new Date(time).toISOString()).not.toThrow();
  }
  for (const none of [8.64e15 + 2, Number.NaN, Number.POSITIVE_INFINITY, "0", null, undefined, 10n]) {
    expect(isTime(none)).toBe(false);
  }
});
