import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generateJsonSchema } from "../src/index.js";

const file = new URL("../schema/strands-workflow.schema.json", import.meta.url);

test("the schema in the repository is the one the code generates", async () => {
  const text = `${JSON.stringify(generateJsonSchema(), null, 2)}\n`;
  // UPDATE_SCHEMA=1 writes the file; the change is reviewed like any other.
  if (process.env["UPDATE_SCHEMA"] === "1") await writeFile(file, text);
  expect(await readFile(file, "utf8")).toBe(text);
});

test("every key an editor can complete has a description", () => {
  const missing: string[] = [];
  const walk = (node: unknown, path: string) => {
    if (typeof node !== "object" || node === null) return;
    const { properties, ...rest } = node as { properties?: Record<string, Record<string, unknown>> };
    for (const [key, value] of Object.entries(properties ?? {})) {
      const documented = "description" in value || "$ref" in value;
      if (!documented && !path.includes("/examples") && !path.includes("/common_endpoints"))
        missing.push(`${path}/${key}`);
      walk(value, `${path}/${key}`);
    }
    for (const [key, value] of Object.entries(rest)) walk(value, `${path}/${key}`);
  };
  walk(generateJsonSchema(), "");
  expect(missing).toEqual([]);
});
