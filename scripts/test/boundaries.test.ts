import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..", "..");
const trees: string[] = [];

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true });
});

/** What an innocent tree looks like: the packages in their right order, each with its real manifest. */
const clean: Record<string, string> = {
  "packages/core/src/index.ts": `export { start } from "./client.js";`,
  "packages/core/src/client.ts": `export { chain as start } from "./pattern/chain.js";`,
  "packages/core/src/pattern/chain.ts": `export { step as chain } from "../engine/step.js";`,
  "packages/core/src/engine/step.ts": `export { model as step } from "../model/model.js";`,
  "packages/core/src/model/model.ts": `export { clock as model } from "../platform/clock.js";`,
  "packages/core/src/platform/clock.ts": "export const clock = 1;",
  "packages/core/src/program/program.ts": `export { clock as program } from "../platform/clock.js";`,
  "packages/loader/src/index.ts": `export * as yaml from "yaml"; export { start } from "@strands/core";`,
  "packages/builders/src/eject.ts": `export { start } from "@strands/core";`,
  "packages/sessions/src/file.test.ts": `export * as testing from "@strands/testing";`,
  "packages/sessions/src/file.ts": `export { start } from "@strands/core";`,
  "packages/testing/src/index.ts": `export { start } from "@strands/core";`,
  "packages/sdk/src/index.ts": `export { start } from "@strands/core"; export * as file from "@strands/sessions/file"; export * as eject from "@strands/builders/eject";`,
  "packages/cli/src/main.ts": `export * as sdk from "@strands/sdk"; export { Command } from "commander";`,
};

/** Packages that only have to be kept from importing sideways. */
const leaves = ["ai-sdk", "anthropic", "bedrock", "gemini", "ollama", "openai", "provider-kit"];

/** Seeded violations: the file that breaks a rule, and its text. Each file breaks the rules listed with it. */
const violations: readonly (readonly [file: string, text: string, ...rules: string[]])[] = [
  ["core/src/spec/up.ts", `export * as x from "../model/model.js";`, "core-platform-error-spec-only-downwards"],
  [
    "core/src/tool/up.ts",
    `export type { step } from "../engine/step.js";`,
    "core-model-tool-template-event-session-only-downwards",
  ],
  ["core/src/agent/up.ts", `export * as x from "../pattern/chain.js";`, "core-engine-agent-only-downwards"],
  ["core/src/pattern/up.ts", `export * as x from "../client.js";`, "core-pattern-only-downwards"],
  [
    "core/src/client.ts",
    `export type { start } from "./index.js"; export * as x from "./manage/session-manager.js";`,
    "core-client-not-index",
    "core-client-not-manage",
  ],
  ["core/src/manage/session-manager.ts", "export const manager = 1;"],
  ["core/src/engine/node.ts", `export { join } from "node:path";`, "core-no-node"],
  ["core/src/engine/npm.ts", `export * as x from "fast-check";`, "core-no-npm", "no-undeclared-package"],
  ["core/src/program/up.ts", `export * as x from "../engine/step.js";`, "core-program-only-downwards"],
  ["core/src/platform/a.ts", `export type { b } from "./b.js"; export const a = 1;`, "no-cycle"],
  ["core/src/platform/b.ts", `export type { a } from "./a.js"; export const b = 1;`], // A cycle is reported once.
  ["core/src/error/out.ts", `export * as x from "../../../sdk/src/index.js";`, "core-imports-only-itself"],
  ["sessions/src/out.ts", `export * as x from "../../loader/src/index.js";`, "sessions-imports-only-downwards"],
  ["builders/src/out.ts", `export * as x from "../../loader/src/index.js";`, "builders-imports-only-downwards"],
  ["testing/src/out.ts", `export * as x from "../../loader/src/index.js";`, "testing-imports-only-downwards"],
  ["cli/src/out.ts", `export * as x from "../../loader/src/index.js";`, "cli-imports-only-downwards"],
  ["sdk/src/missing.ts", `export * as x from "left-pad";`, "not-resolvable"],
  ["sdk/src/undeclared.ts", `export * as x from "fast-check";`, "no-undeclared-package"],
  [
    "sdk/src/testing.ts",
    `export * as x from "@strands/testing";`,
    "testing-only-in-tests",
    "sdk-imports-only-downwards",
  ],
  ["loader/src/sideways.ts", `export * as x from "../../sessions/src/file.js";`, "loader-imports-only-downwards"],
  ["sdk/src/deep.ts", `export * as x from "../../core/src/pattern/chain.js";`, "no-reaching-into-a-package"],
  ["sdk/src/relative.ts", `export * as x from "../../core/src/index.js";`, "no-relative-import-across-packages"],
  ["sdk/src/cli.ts", `export * as x from "../../cli/src/main.js";`, "nothing-imports-cli"],
  ...leaves.map((name): [string, string, string] => [
    `${name}/src/out.ts`,
    `export * as x from "../../loader/src/index.js";`,
    `${name}-imports-only-downwards`,
  ]),
  ["sessions/src/test.ts", `export * as x from "./file.test.js";`, "no-test-in-source"],
];

test("an innocent tree breaks no rule", () => {
  expect(brokenRules(clean)).toEqual([]);
});

test("every rule catches the violation that is seeded for it", () => {
  const seeded = Object.fromEntries(violations.map(([file, text]) => [`packages/${file}`, text]));
  const expected = violations.flatMap(([file, , ...rules]) => rules.map((rule) => `${rule}: packages/${file}`));
  const found = brokenRules({ ...clean, ...seeded });
  expect(expected.filter((violation) => !found.includes(violation))).toEqual([]);

  const { forbidden } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as {
    forbidden: { name: string }[];
  };
  const covered = new Set(violations.flatMap(([, , ...rules]) => rules));
  expect(forbidden.map((rule) => rule.name).filter((name) => !covered.has(name))).toEqual([]);
});

/** Runs dependency-cruiser with the repository's rules over a tree of the given files: `rule: file` for each violation. */
function brokenRules(files: Record<string, string>): string[] {
  const tree = mkdtempSync(join(tmpdir(), "strands-boundaries-"));
  trees.push(tree);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), `${text}\n`);
  }
  writeFileSync(join(tree, "package.json"), `{ "name": "tree", "type": "module" }\n`);
  for (const name of ["core", "loader", "builders", "sessions", "testing", "sdk", "cli", ...leaves]) {
    const home = join(tree, "packages", name);
    if (!existsSync(home)) continue;
    const manifest = readFileSync(join(root, "packages", name, "package.json"), "utf8");
    writeFileSync(join(home, "package.json"), manifest);
    linkDependencies(home, name, JSON.parse(manifest));
  }
  linkInto(tree, "fast-check", join(root, "node_modules", "fast-check"));
  const depcruise = join(root, "node_modules", ".bin", "depcruise");
  const args = ["--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json", "packages"];
  const output = execFileSync(depcruise, args, { cwd: tree, encoding: "utf8", maxBuffer: 2 ** 26 });
  const { summary } = JSON.parse(output) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return summary.violations.map((violation) => `${violation.rule.name}: ${violation.from}`);
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function linkDependencies(home: string, name: string, manifest: Manifest): void {
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const ours = dependency.startsWith("@strands/");
    const target = ours
      ? join(dirname(home), dependency.slice("@strands/".length))
      : join(root, "packages", name, "node_modules", dependency);
    linkInto(home, dependency, target);
  }
}

function linkInto(home: string, dependency: string, target: string): void {
  const link = join(home, "node_modules", dependency);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(target, link);
}
