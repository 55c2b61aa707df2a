import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadSpec, parseSpec } from "@strands/loader";
import { describe, expect, test } from "vitest";
import { eject } from "../src/eject.js";
import { toYAML } from "../src/yaml.js";
import { expectSame } from "./support/expect-same.js";
import { runCode } from "./support/run-code.js";

const root = new URL("../../../", import.meta.url);
const list = (folder: string) =>
  readdirSync(new URL(folder, root))
    .filter((name) => !name.includes("."))
    .concat(readdirSync(new URL(folder, root)).filter((name) => /\.ya?ml$/.test(name)));
const files = [
  ...list("conformance/corpus/valid/").map((name) => `conformance/corpus/valid/${name}`),
  ...list("conformance/corpus/agents/atomic/").map((name) => `conformance/corpus/agents/atomic/${name}/${name}.yaml`),
  ...list("examples/")
    .filter((name) => readdirSync(new URL(`examples/${name}/`, root)).includes("workflow.yaml"))
    .map((name) => `examples/${name}/workflow.yaml`),
];

test("there are files of every pattern", () => {
  expect(files.length).toBeGreaterThan(65);
});

describe.each(files)("%s", (file) => {
  test("is the same after being ejected and built, and after being written and loaded", async () => {
    const { spec } = await loadSpec(fileURLToPath(new URL(file, root)));
    const built = runCode(eject(spec));
    expectSame(built, spec);
    expectSame(parseSpec(toYAML(built)).spec, spec);
  });
});
