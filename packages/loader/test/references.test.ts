import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SpecError } from "@strands/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatIssue, type LoadOptions, loadSpec, parseSpec } from "../src/index.js";

const canary = "SECRET-CANARY";
const agentFile = `version: 0
name: x
agents:
  inner:
    prompt: from file
    model_id: big
    input_schema: ./schemas/in.json
    inference: {temperature: 0.5, max_tokens: 10}
`;

let top: string;

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), "strands-refs-"));
  await mkdir(join(top, "flows/agents/deep"), { recursive: true });
  await mkdir(join(top, "agents"));
  await mkdir(join(top, "other"));
  await writeFile(join(top, "flows/agents/a.yaml"), agentFile);
  await writeFile(join(top, "flows/agents/deep/b.yaml"), agentFile);
  await writeFile(join(top, "agents/c.yaml"), agentFile);
  await writeFile(join(top, "secret.yaml"), agentFile.replace("from file", canary));
  await writeFile(join(top, "other/d.yaml"), agentFile);
});

afterEach(() => rm(top, { recursive: true }));

const spec = (agent: string) => `version: 0
name: t
runtime: {provider: offline}
agents:
  a: ${agent}
pattern: {type: chain, config: {steps: [{agent: a}]}}
`;

async function load(agent: string, options?: LoadOptions) {
  await writeFile(join(top, "flows/flow.yaml"), spec(agent));
  return await loadSpec(join(top, "flows/flow.yaml"), options);
}

async function problems(agent: string, options?: LoadOptions) {
  const error = await load(agent, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof SpecError)) throw new Error("accepted", { cause: error });
  expect([error.message, error.hint, ...error.issues.map(formatIssue)].join("\n")).not.toContain(canary);
  return error.issues;
}

describe("a reference", () => {
  test.each(["agents/a.yaml", "./agents/deep/b.yaml", "../agents/c.yaml", "agents/../agents/a.yaml"])(
    "%s is followed",
    async (path) => {
      const { spec, files } = await load(`{$ref: ${path}}`);
      expect(spec.agents["a"]).toMatchObject({ prompt: "from file", model_id: "big" });
      expect(files).toEqual([join(top, "flows/flow.yaml"), join(top, "flows", path)]);
    },
  );

  test("keys next to it replace whole keys, and schema paths become absolute", async () => {
    const { spec } = await load("{ref: agents/a.yaml, model_id: small, inference: {top_p: 1}}");
    expect(spec.agents["a"]).toEqual({
      prompt: "from file",
      model_id: "small",
      inference: { top_p: 1 },
      input_schema: join(top, "flows/agents/schemas/in.json"),
    });
  });

  test("a folder can be opened to references", async () => {
    expect(await problems("{$ref: ../other/d.yaml}")).toMatchObject([{ code: "ref_outside" }]);
    const { spec } = await load("{$ref: ../other/d.yaml}", { refRoots: [join(top, "other")] });
    expect(spec.agents["a"]?.prompt).toBe("from file");
  });

  // The cases of `spec_ref` in the list of traversal paths, and some more.
  test.each([
    "/etc/passwd",
    "file:///etc/passwd",
    "http://127.0.0.1/x.yaml",
    "https://evil.example/a.yaml",
    "../secret.yaml",
    "./agents/../../secret.yaml",
    "agents/link.yaml",
    "agents/linked/secret.yaml",
    "agents/a.yaml\0.json",
    "\\\\srv\\x.yaml",
    "~/.aws/credentials",
    "/dev/stdin",
    "data:text/yaml,x: 1",
    "",
    "  ",
    "C:x.yaml",
    "..\\secret.yaml",
    "agents",
    "agents/",
    "agents/none.yaml",
    "agents/a.txt",
    "../../../../../../etc/passwd",
    "../agents/../secret.yaml",
    "..",
    ".",
    "agents/pipe\n.yaml",
  ])("%j is refused, with the place and no content", async (path) => {
    await symlink(join(top, "secret.yaml"), join(top, "flows/agents/link.yaml"));
    await symlink(top, join(top, "flows/agents/linked"));
    const issues = await problems(`{$ref: ${JSON.stringify(path)}}`);
    expect(issues).toMatchObject([{ severity: "error", pointer: "/agents/a/$ref", line: 5, column: 13 }]);
    expect(issues[0]?.code).toMatch(/^ref_/);
  });

  test("a folder called agents that is a link out is refused", async () => {
    await rm(join(top, "agents"), { recursive: true });
    await symlink(join(top, "other"), join(top, "agents"));
    expect(await problems("{$ref: ../agents/d.yaml}")).toMatchObject([{ code: "ref_outside" }]);
  });
});

describe("a referenced file", () => {
  test.each<[name: string, text: string, code: string, place: string]>([
    ["no agents", `name: ${canary}\n`, "ref_not_one_agent", "1:1"],
    ["two agents", `agents:\n  ${canary}: {prompt: x}\n  b: {prompt: x}\n`, "ref_not_one_agent", "1:1"],
    ["not a mapping", `${canary}\n`, "ref_not_one_agent", "1:1"],
    ["a reference of its own", `agents:\n  ${canary}: {$ref: ${canary}.yaml}\n`, "ref_nested", "2:25"],
    ["a syntax error", `agents: {"${canary}\n`, "syntax", "1:10"],
    ["a key twice", `agents:\n  ${canary}: 1\n  ${canary}: 2\n`, "duplicate_key", "3:3"],
    ["an unknown key", `agents: {x: {prompt: p,\n ${canary}: 1}}\n`, "unknown_key", "2:2"],
    ["a value of another kind", `agents: {x: {prompt: p,\n model_id: [${canary}]}}\n`, "type", "2:2"],
    ["a number", `agents: {x: {prompt: p,\n model_id: 4711}}\n`, "type", "2:12"],
  ])("%s is reported at its place there, without content", async (_, text, code, place) => {
    await writeFile(join(top, "flows/agents/bad.yaml"), text);
    const [issue] = await problems("{$ref: agents/bad.yaml}");
    expect(issue).toMatchObject({ code, file: join(top, "flows/agents/bad.yaml") });
    expect(`${issue?.line}:${issue?.column}`).toBe(place);
    expect(issue?.message).not.toContain("4711");
  });

  test("warnings about it do not quote it, and overrides are placed in the workflow", async () => {
    await writeFile(join(top, "flows/agents/tool.yaml"), `agents:\n  x:\n    prompt: p\n    tools: [${canary}]\n`);
    const { warnings, locate } = await load("{$ref: agents/tool.yaml, provider: openia}");
    expect(warnings.map((issue) => [issue.code, issue.file, issue.line])).toEqual([
      ["unknown_provider", join(top, "flows/flow.yaml"), 5],
      ["unknown_tool", join(top, "flows/agents/tool.yaml"), 4],
    ]);
    expect(JSON.stringify(warnings)).not.toContain(canary);
    expect(locate("/agents/a/prompt")).toEqual({ file: join(top, "flows/agents/tool.yaml"), line: 3, column: 13 });
    expect(locate("/agents/a/provider")).toMatchObject({ line: 5 });
  });

  test("warnings about the names its prompt reads name them, as the advice does", async () => {
    await writeFile(join(top, "flows/agents/named.yaml"), `agents:\n  x: {prompt: "On {{ topc }}: ${canary}"}\n`);
    const { warnings } = await load("{$ref: agents/named.yaml}");
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ["undeclared_name", expect.stringContaining("`topc` is no declared input")],
    ]);
    expect(JSON.stringify(warnings)).not.toContain(canary);
  });

  test("without a file system references are refused", () => {
    expect(() => parseSpec(spec("{$ref: agents/a.yaml}"))).toThrow(/out of reach/);
  });
});

describe("the file itself", () => {
  const failure = async (path: string) => {
    const error = await loadSpec(path).catch((thrown: unknown) => thrown);
    if (!(error instanceof SpecError)) throw new Error("accepted", { cause: error });
    expect(error.issues[0]).toMatchObject({ file: path });
    return `${error.code} ${error.issues[0]?.code}`;
  };

  test("is refused when it is not there, a folder, of another kind, too large or not UTF-8", async () => {
    expect(await failure(join(top, "none.yaml"))).toBe("SPEC_NOT_FOUND not_found");
    await mkdir(join(top, "folder.yaml"));
    expect(await failure(join(top, "folder.yaml"))).toBe("SPEC_NOT_FOUND not_found");
    await writeFile(join(top, "x.yaml"), Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]));
    expect(await failure(join(top, "x.yaml"))).toBe("SPEC_SYNTAX encoding");
    await writeFile(join(top, "big.yaml"), Buffer.alloc(10 * 1024 * 1024 + 1, 0x23));
    expect(await failure(join(top, "big.yaml"))).toBe("SPEC_SYNTAX too_large");
    await expect(loadSpec(join(top, "x.txt"))).rejects.toMatchObject({ code: "SPEC_SYNTAX" });
  });

  test("may be JSON, and may start with a byte order mark", async () => {
    const { spec: parsed } = parseSpec(spec("{prompt: p}"));
    await writeFile(join(top, "x.json"), `\ufeff${JSON.stringify(parsed)}`);
    expect((await loadSpec(join(top, "x.json"))).spec).toEqual(parsed);
    await writeFile(join(top, "y.yml"), `\ufeff${spec("{prompt: p}")}`);
    expect((await loadSpec(join(top, "y.yml"))).spec).toEqual(parsed);
  });
});
