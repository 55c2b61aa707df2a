import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SpecError } from "@strands/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatIssue, loadSpec, parseSpec } from "../src/index.js";

const canary = "SECRET-CANARY";
const schema = { type: "object", required: ["city"], properties: { city: { type: "string", $comment: canary } } };

let top: string;

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), "strands-schemas-"));
  await mkdir(join(top, "flows/agents/schemas"), { recursive: true });
  const text = JSON.stringify(schema);
  await writeFile(join(top, "secret.json"), text);
  await writeFile(join(top, "flows/out.json"), text);
  await writeFile(join(top, "flows/out.yaml"), "type: object\nrequired: [city]\n");
  await writeFile(join(top, "flows/broken.json"), `{"${canary}": `);
  await writeFile(join(top, "flows/list.json"), `["${canary}"]`);
  await writeFile(join(top, "flows/agents/schemas/out.json"), text);
});

afterEach(() => rm(top, { recursive: true }));

const spec = (agent: string) => `version: 0
name: t
runtime: {provider: offline}
agents:
  a: ${agent}
pattern: {type: chain, config: {steps: [{agent: a}]}}
`;

async function load(agent: string) {
  await writeFile(join(top, "flows/flow.yaml"), spec(agent));
  return await loadSpec(join(top, "flows/flow.yaml"));
}

async function problems(work: Promise<unknown>) {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof SpecError)) throw new Error("accepted", { cause: error });
  expect([error.message, error.hint, ...error.issues.map(formatIssue)].join("\n")).not.toContain(canary);
  return error.issues;
}

describe("an output schema in a file", () => {
  test("becomes part of the spec, which then needs no file", async () => {
    const { spec, files } = await load("{prompt: p, output_schema: ./out.json}");
    expect(spec.agents["a"]?.output_schema).toEqual(schema);
    expect(files).toEqual([join(top, "flows/flow.yaml"), join(top, "flows/out.json")]);
    expect((await load("{prompt: p, output_schema: out.yaml}")).spec.agents["a"]?.output_schema).toEqual({
      type: "object",
      required: ["city"],
    });
  });

  test("starts from the file of the agent it belongs to", async () => {
    const agent = "version: 0\nname: x\nagents: {i: {prompt: p, output_schema: schemas/out.json}}\n";
    await writeFile(join(top, "flows/agents/a.yaml"), agent);
    const { spec, files } = await load("{$ref: agents/a.yaml}");
    expect(spec.agents["a"]?.output_schema).toEqual(schema);
    expect(files.at(-1)).toBe(join(top, "flows/agents/schemas/out.json"));
    const own = await load("{$ref: agents/a.yaml, output_schema: out.yaml}");
    expect(own.spec.agents["a"]?.output_schema).toEqual({ type: "object", required: ["city"] });
  });

  test.each([
    ["none.json", "ref_not_found"],
    ["../secret.json", "ref_outside"],
    ["link.json", "ref_outside"],
    ["/etc/passwd", "ref_outside"],
    ["https://example.com/out.json", "ref_path"],
    ["out.txt", "ref_path"],
    ["broken.json", "syntax"],
    ["list.json", "type"],
  ])("%s is refused, with the place and no content", async (path, code) => {
    await symlink(join(top, "secret.json"), join(top, "flows/link.json"));
    const issues = await problems(load(`{prompt: p, output_schema: "${path}"}`));
    expect(issues).toMatchObject([{ pointer: "/agents/a/output_schema", line: 5, file: join(top, "flows/flow.yaml") }]);
    expect(issues[0]?.code).toMatch(code);
    expect(issues[0]?.message).toContain("the output schema of agent `a`");
  });

  test("cannot lead an agent from another file out of its folders", async () => {
    const agent = "version: 0\nname: x\nagents: {i: {prompt: p, output_schema: ../../secret.json}}\n";
    await writeFile(join(top, "flows/agents/a.yaml"), agent);
    const issues = await problems(load("{$ref: agents/a.yaml}"));
    expect(issues).toMatchObject([{ code: "ref_outside", file: join(top, "flows/agents/a.yaml"), line: 3 }]);
  });
});

describe("an output schema in text that came without a file", () => {
  const parse = async (options?: Parameters<typeof parseSpec>[1]) =>
    parseSpec(spec("{prompt: p, output_schema: out.json}"), options);

  test("is out of reach", async () => {
    expect(await problems(parse())).toMatchObject([
      { code: "ref_unresolved", pointer: "/agents/a/output_schema", line: 5 },
    ]);
  });

  test("is read by the caller's function", async () => {
    const resolveRef = (reference: string) => ({ text: reference === "out.json" ? JSON.stringify(schema) : "" });
    expect((await parse({ resolveRef })).spec.agents["a"]?.output_schema).toEqual(schema);
  });

  test("written out is taken as it is", () => {
    const { spec: parsed } = parseSpec(spec("{prompt: p, output_schema: {type: object}}"));
    expect(parsed.agents["a"]?.output_schema).toEqual({ type: "object" });
  });
});
