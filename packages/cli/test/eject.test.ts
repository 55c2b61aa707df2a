import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { loadWorkflow, type Spec } from "@strands/sdk";
import { afterAll, describe, expect, it } from "vitest";
import { patterns } from "./support/patterns.js";
import { Workplace } from "./support/test-io.js";

const place = new Workplace();
afterAll(() => place.remove());

const corpus = fileURLToPath(new URL("../../../conformance/corpus/valid/", import.meta.url));
const builders = new URL("../../builders/dist/index.js", import.meta.url).href;

/** Runs ejected code as a program would, against the built package, and gives the spec it exports. */
function specsOf(codes: readonly string[]): readonly Spec[] {
  const files = codes.map((code, index) =>
    place.write(`ejected-${index}.mjs`, code.replace("@strands/builders", builders)),
  );
  const imports = files.map((file) => `await import(${JSON.stringify(pathToFileURL(file).href)})`);
  const program = `console.log(JSON.stringify([${imports.join(", ")}].map(({ workflow }) => workflow)))`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }));
}

describe("strands eject", () => {
  it("prints code that gives the same workflow, for every file there is", async () => {
    const names = readdirSync(corpus).filter((name) => /\.ya?ml$/.test(name));
    expect(names.length).toBeGreaterThan(55);
    const codes: string[] = [];
    const specs: Spec[] = [];
    for (const name of names) {
      const { code, stdout, stderr } = await place.strands(["eject", `${corpus}${name}`]);
      expect([name, code, stderr]).toEqual([name, 0, ""]);
      codes.push(stdout);
      specs.push((await loadWorkflow(`${corpus}${name}`)).spec);
    }
    expect(specsOf(codes)).toEqual(specs);
  });

  it.each(Object.keys(patterns))("takes what the loader takes with a warning: %s", async (pattern) => {
    const file = place.write(`${pattern}.yaml`, patterns[pattern] ?? "");
    const { stdout } = await place.strands(["eject", file, "--json"]);
    const { name, code } = JSON.parse(stdout) as { readonly name: string; readonly code: string };
    const { spec } = await loadWorkflow(file);
    expect([name, specsOf([code])]).toEqual([basename(spec.name), [spec]]);
  });

  it("refuses what cannot be loaded, like every command: exit 3", async () => {
    const file = place.write("broken.yaml", "version: 1\nname: x\n");
    expect(await place.strands(["eject", file])).toMatchObject({ code: 3, stdout: "" });
  });

  it("never lets text of a workflow become code, or act on the terminal", async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what hostile text looks like.
    const name = '\\"); process.exit(9); (\\"${process.exit(9)}`\\u202e\\u001b[31m';
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what hostile text looks like.
    const agent = "`); process.exit(9); //\n  ${process.exit(9)} \\u0041";
    const file = place.write(
      "hostile.yaml",
      `version: 1\nname: "${name}"\nruntime: { provider: offline }\nagents: { a: { prompt: ${JSON.stringify(agent)} } }\npattern: { type: chain, config: { steps: [{ agent: a }] } }\n`,
    );
    const { code, stdout } = await place.strands(["eject", file]);
    expect(code).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    const [spec] = specsOf([stdout]);
    expect(spec?.agents["a"]?.prompt).toBe(agent);
  });
});
