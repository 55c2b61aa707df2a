import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SpecError } from "@strands/core";
import { expect, test } from "vitest";
import { formatIssue, loadSpec } from "../src/index.js";

const corpus = new URL("../../../conformance/corpus/", import.meta.url);
const path = (name: string) => fileURLToPath(new URL(name, corpus));
const list = (folder: string) => readdirSync(new URL(folder, corpus)).map((name) => `${folder}${name}`);

test.each(list("valid/"))("%s loads", async (name) => {
  const loaded = await loadSpec(path(name)).catch((error: unknown) => {
    throw error instanceof SpecError ? new Error(error.issues.map(formatIssue).join("\n")) : error;
  });
  for (const agent of Object.values(loaded.spec.agents)) {
    expect(agent.prompt).toEqual(expect.any(String));
    expect(agent).not.toHaveProperty("$ref");
  }
  expect(
    loaded.warnings.filter((issue) => !["inactive", "unknown_tool", "undeclared_name"].includes(issue.code)),
  ).toEqual([]);
});

test.each(list("agents/atomic/"))("%s loads", async (folder) => {
  const { spec } = await loadSpec(path(`${folder}/${folder.split("/").at(-1)}.yaml`));
  expect(Object.keys(spec.agents)).toHaveLength(1);
});

test("what valid files are told of names: only what must be passed as a variable, and prompts that stay as written", async () => {
  const lines: string[] = [];
  for (const name of list("valid/")) {
    for (const { code, line, column, message, variable } of (await loadSpec(path(name))).warnings) {
      if (code !== "undeclared_name" && code !== "never_defined") continue;
      const kept = message.endsWith("the text is used as written") ? ", kept as written" : "";
      lines.push(`${name.slice(6)}:${line}:${column} ${code} ${variable}${kept}`);
    }
  }
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("fixtures/corpus-names.txt");
});

// Written when the reference had one provider only; `openai` is a provider of the format today.
const validToday = new Set(["invalid/invalid-provider.yaml"]);

test.each(list("invalid/"))("%s", async (name) => {
  const outcome = await loadSpec(path(name)).catch((error: unknown) => error);
  if (validToday.has(name)) {
    expect(outcome).toHaveProperty("spec");
    return;
  }
  if (!(outcome instanceof SpecError)) throw new Error("accepted");
  expect(outcome.issues.length).toBeGreaterThan(0);
  for (const issue of outcome.issues) {
    expect(issue).toMatchObject({ file: path(name), line: expect.any(Number), column: expect.any(Number) });
  }
});
