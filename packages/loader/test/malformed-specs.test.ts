import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SpecError } from "@strands/core";
import { expect, test } from "vitest";
import { formatIssue, loadSpec } from "../src/index.js";

const folder = new URL("../../../conformance/malformed-specs/", import.meta.url);

interface Case {
  readonly file: string;
  readonly expect: "accept" | "reject";
  readonly error?: string;
  readonly mentions?: readonly string[];
  readonly must_not_leak?: readonly string[];
  readonly max_ms?: number;
  readonly max_mb?: number;
}

const { files } = JSON.parse(readFileSync(new URL("expect.json", folder), "utf8")) as { files: readonly Case[] };

/** The codes the list suggests, as ours. Conditions are judged by the compiler, not here. */
const ourCodes: Readonly<Record<string, string | undefined>> = {
  "yaml.alias_limit": "alias_limit",
  "yaml.depth_limit": "depth_limit",
  "yaml.cyclic_alias": "cyclic_alias",
  "schema.unknown_key": "unknown_key",
  "yaml.forbidden_key": "forbidden_key",
  "ref.unknown_agent": "unknown_agent",
  "schema.identifier": "identifier",
  "yaml.unknown_tag": "unknown_tag",
  "schema.type": "number_range",
  "schema.range": "range",
  "yaml.duplicate_key": "duplicate_key",
  "yaml.multi_document": "multi_document",
  "yaml.syntax": "syntax",
  "yaml.control_char": "control_character",
  "schema.empty": "empty_document",
  "dag.cycle": "dependency_cycle",
  "schema.enum": "enum",
  "ref.unknown_node": "unknown_node",
  "path.outside_root": "ref_outside",
  "net.blocked_address": "blocked_address",
  "condition.syntax": undefined,
};

test("every file of the folder has an expectation", () => {
  const specs = readdirSync(folder).filter((name) => name !== "expect.json");
  expect(specs.sort()).toEqual(files.map((one) => one.file).sort());
});

test.each(files)("$file", async (one) => {
  const path = fileURLToPath(new URL(one.file, folder));
  const before = process.memoryUsage().rss;
  const outcome = await loadSpec(path).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan((one.max_mb ?? 64) * 2);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect("__pwned" in globalThis || existsSync("/tmp/__pwned")).toBe(false);

  if (one.expect === "accept") {
    expect(outcome).toBeUndefined();
    return;
  }
  if (!(outcome instanceof SpecError)) throw new Error("accepted, or failed in another way", { cause: outcome });
  const report = [outcome.message, outcome.hint, ...outcome.issues.map(formatIssue), JSON.stringify(outcome)].join(
    "\n",
  );
  expect(report).not.toMatch(/[^\P{Cc}\n]/u);
  for (const word of one.mentions ?? []) expect(report).toContain(word);
  for (const secret of one.must_not_leak ?? []) expect(report).not.toContain(secret);
  for (const issue of outcome.issues) {
    expect(issue).toMatchObject({ file: path, line: expect.any(Number), column: expect.any(Number) });
  }
  const codes = new Set(outcome.issues.map((issue) => issue.code));
  for (const group of one.error?.split(",") ?? []) {
    const alternatives = group.split("|").map((name) => {
      expect(Object.hasOwn(ourCodes, name)).toBe(true);
      return ourCodes[name];
    });
    expect(alternatives.some((code) => code === undefined || codes.has(code))).toBe(true);
  }
});
