import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Child } from "./support/child.js";
import { Workplace } from "./support/test-io.js";
import { chainYaml } from "./support/workflows.js";

const preload = join(import.meta.dirname, "support", "record-modules.mjs");

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("chain.yaml", chainYaml);
});
afterEach(() => place.remove());

/** The files a command line loads, the preloaded one aside. */
async function filesOf(...args: readonly string[]): Promise<readonly string[]> {
  const list = place.path("modules.txt");
  const env = { STRANDS_TEST_MODULES: list, STRANDS_SESSION_DIR: place.path("sessions") };
  const { code, stderr } = await new Child(args, { cwd: place.folder, env, node: ["--import", preload] }).ended;
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const lines = existsSync(list) ? readFileSync(list, "utf8").trim().split("\n") : [];
  return [...new Set(lines)].filter((line) => !line.endsWith("record-modules.mjs"));
}

const of = (name: string, files: readonly string[]): readonly string[] => files.filter((file) => file.includes(name));

describe("start-up", () => {
  it("loads next to nothing for --version", async () => {
    const files = await filesOf("--version");
    expect(files.length).toBeGreaterThan(2);
    expect(files.length).toBeLessThanOrEqual(8);
    expect(of("node_modules/", files)).toEqual([]);
  });

  it("loads the parser and the table for --help, and one command for its own help", async () => {
    const root = await filesOf("--help");
    expect(of("/commands/", root)).toEqual([]);
    expect(root.length).toBeLessThanOrEqual(24);
    const run = await filesOf("run", "--help");
    expect(of("/commands/", run)).toHaveLength(1);
    for (const files of [root, run]) {
      expect([
        ...of("/packages/core/", files),
        ...of("/packages/sdk/", files),
        ...of("/zod", files),
        ...of("/yaml", files),
      ]).toEqual([]);
    }
  });

  it("loads neither YAML nor schemas until a file is loaded, and nothing of a vendor ever", async () => {
    const list = await filesOf("sessions", "list");
    expect([...of("/packages/loader/", list), ...of("/zod", list), ...of("/yaml@", list)]).toEqual([]);
    const run = await filesOf("run", "chain.yaml", "--offline");
    expect(of("/packages/loader/", run).length).toBeGreaterThan(0);
    const packages = new Set(
      run
        .map((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
        .filter((name) => name !== undefined),
    );
    expect([...packages].sort()).toEqual(["commander", "yaml", "zod"]);
  });
});
