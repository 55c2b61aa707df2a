import { readFileSync } from "node:fs";
import * as core from "@strands/core";
import { describe, expect, it, vi } from "vitest";
import * as eject from "../src/eject.js";
import * as builders from "../src/index.js";
import * as yaml from "../src/yaml.js";
import { messagesOf } from "./support/type-check.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const samples = Array.from(readme.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = ""]) => code);
const modules: Readonly<Record<string, object>> = {
  "@strands/builders": builders,
  "@strands/builders/eject": eject,
  "@strands/builders/yaml": yaml,
  "@strands/core": core,
};

/** Runs a sample and gives what it printed. */
async function run(code: string): Promise<readonly unknown[]> {
  const body = code
    .replace(/^import (\{[^}]*\}) from "([^"]+)";$/gm, "const $1 = modules['$2'];")
    .replace(/^export /gm, "");
  const AsyncFunction = (async () => {}).constructor as new (
    ...text: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const log = vi.fn();
  await new AsyncFunction("modules", "console", body)(modules, { log });
  return log.mock.calls.flat();
}

describe("the samples of the README", () => {
  it("compile", () => {
    expect(samples).toHaveLength(3);
    const imports = 'import "node:console";\n';
    expect(messagesOf(samples.map((code) => `${imports}${code}\nexport {};\n`))).toEqual([[], [], []]);
  }, 60_000);

  it("run", async () => {
    const [first = "", second = "", third = ""] = samples;
    expect(await run(first)).toEqual(["What the researcher says.", "writer"]);
    expect(await run(second)).toEqual([]);
    expect(await run(third)).toEqual([
      expect.stringContaining("name: tiny"),
      expect.stringContaining("WorkflowBuilder"),
    ]);
  });

  it("show the message that the compiler gives", () => {
    const wrong = (samples[0] ?? "").replace('.step("writer"', '.step("wrtier"');
    const sentence = /There is no agent .*$/m.exec(readme)?.[0] ?? "nothing";
    expect(
      messagesOf([`import "node:console";\n${wrong}\nexport {};\n`])
        .flat()
        .join("\n"),
    ).toContain(sentence);
  }, 60_000);
});
