import { readFileSync } from "node:fs";
import { SpecError } from "@strands/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { formatIssue, generateJsonSchema, parseSpec } from "../src/index.js";
import { arbitraryFromSchema, type JsonSchema } from "./arbitrary-from-schema.js";

const reference = JSON.parse(
  readFileSync(new URL("./fixtures/reference.schema.json", import.meta.url), "utf8"),
) as JsonSchema;
const documents = arbitraryFromSchema(reference);
// Formats are notes for editors in both schemas; zod would insist on them.
const withoutFormats = JSON.stringify(generateJsonSchema(), (key, value) =>
  key === "format" && value === "uri" ? undefined : value,
);
const published = z.fromJSONSchema(JSON.parse(withoutFormats));

/** Stricter than the reference schema on purpose: each of these fails there later, or cannot be expressed here. */
const knownStricter = new Set(["pattern_mismatch", "ref_path", "ref_outside"]);

test("the published schema accepts every document the reference schema accepts", () => {
  fc.assert(
    fc.property(documents, (document) => {
      const result = published.safeParse(document);
      expect(result.success ? [] : result.error.issues).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("the published schema is not simply open", () => {
  const valid = { version: 0, name: "n", runtime: { provider: "offline" }, agents: { a: { prompt: "" } } };
  const pattern = { type: "chain", config: { steps: [{ agent: "a" }] } };
  expect(published.safeParse({ ...valid, pattern }).success).toBe(true);
  expect(published.safeParse(valid).success).toBe(false);
  expect(published.safeParse({ ...valid, pattern, extra: 1 }).success).toBe(false);
  expect(published.safeParse({ ...valid, pattern: { type: "chain", config: { steps: [] } } }).success).toBe(false);
  expect(published.safeParse({ ...valid, pattern, tags: ["A"] }).success).toBe(false);
});

test("parseSpec accepts the shape of every document the reference schema accepts", () => {
  const resolveRef = () => ({ text: "agents: { a: { prompt: p } }" });
  let accepted = 0;
  fc.assert(
    fc.property(documents, (document) => {
      try {
        parseSpec(JSON.stringify(document), { format: "json", resolveRef, check: () => [] });
        accepted++;
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
        const unexpected = error.issues.filter((issue) => !knownStricter.has(issue.code));
        expect(unexpected.map(formatIssue)).toEqual([]);
      }
    }),
    { numRuns: 1000 },
  );
  expect(accepted).toBeGreaterThan(10);
});
