import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patterns } from "./support/patterns.js";
import { Workplace } from "./support/test-io.js";

const place = new Workplace();
beforeAll(() => {
  for (const [name, yaml] of Object.entries(patterns)) place.write(`${name}.yaml`, yaml);
});
afterAll(() => place.remove());

/** The results of some command lines, one after the other. */
async function resultsOf(...lines: readonly (readonly string[])[]): Promise<string> {
  const blocks: string[] = [];
  for (const argv of lines) {
    const { code, stdout, stderr } = await place.strands(argv);
    expect([code, stderr]).toEqual([0, ""]);
    blocks.push(`$ strands ${argv.join(" ")}\n${stdout}`);
  }
  return blocks.join("\n");
}

describe.each(Object.keys(patterns))("a %s", (pattern) => {
  const file = `${pattern}.yaml`;

  it("is planned and explained as agreed", async () => {
    const text = await resultsOf(["plan", file], ["explain", file]);
    await expect(text).toMatchFileSnapshot(`golden/plan-${pattern}.txt`);
  });

  it("is drawn as agreed", async () => {
    const text = await resultsOf(
      ["graph", file],
      ["graph", file, "--format", "mermaid"],
      ["graph", file, "--format", "dot"],
    );
    await expect(text).toMatchFileSnapshot(`golden/graph-${pattern}.txt`);
  });

  it("gives the JSON that scripts know, and the same with --format json", async () => {
    const { stdout } = await place.strands(["plan", file, "--json"]);
    expect((await place.strands(["plan", file, "--format", "json"])).stdout).toBe(stdout);
    const plan = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    expect(Object.keys(plan).slice(0, 7)).toEqual([
      "name",
      "version",
      "supported",
      "runtime",
      "agents",
      "pattern",
      "issues",
    ]);
    expect(plan).toMatchObject({
      version: 1,
      supported: true,
      runtime: { provider: "offline", model_id: null, region: null, host: null },
      agents: ["a", "b"],
      pattern,
      issues: 0,
    });
    expect(plan["variables"]).toContainEqual(expect.objectContaining({ name: "unused", default: null, needed: false }));
  });

  it.each([30, 44, 80])("fits a terminal of %i columns", async (columns) => {
    for (const argv of [
      ["graph", file],
      ["plan", file],
    ]) {
      const { stdout } = await place.strands(argv, { stdoutTTY: true, columns });
      const longest = Math.max(...stdout.split("\n").map((line) => line.length));
      // A word that is longer than the line keeps it to itself.
      expect(longest).toBeLessThanOrEqual(argv[0] === "graph" ? columns : Math.max(columns, 50));
    }
  });
});

describe("plan --json", () => {
  it("tells of each variable where it is declared and used, and of names that are never defined", async () => {
    const { stdout } = await place.strands(["plan", "chain.yaml", "--json"]);
    const plan = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    expect(plan["variables"]).toEqual([
      {
        name: "topic",
        declared: { as: "required", pointer: "/inputs/required/topic", line: 20, column: 12 },
        type: "string",
        default: null,
        needed: true,
        usedAt: [{ pointer: "/pattern/config/steps/0/input", line: 35, column: 16, textLine: 1, textColumn: 7 }],
      },
      {
        name: "tone",
        declared: { as: "optional", pointer: "/inputs/optional/tone", line: 22, column: 5 },
        type: "string",
        default: "friendly",
        needed: false,
        usedAt: [{ pointer: "/pattern/config/steps/0/input", line: 35, column: 16, textLine: 1, textColumn: 20 }],
      },
      expect.objectContaining({ name: "unused", usedAt: [] }),
      {
        name: "topc",
        declared: null,
        type: null,
        default: null,
        needed: true,
        usedAt: [{ pointer: "/pattern/config/steps/2/input", line: 41, column: 16, textLine: 1, textColumn: 24 }],
      },
      expect.objectContaining({ name: "who", declared: null, needed: true }),
    ]);
    expect(plan["neverDefined"]).toEqual([
      {
        name: "steps[3]",
        pointer: "/pattern/config/steps/0/input",
        line: 35,
        column: 16,
        textLine: 1,
        textColumn: 32,
      },
    ]);
    expect(plan["modelCalls"]).toEqual({ least: 2, most: 2, reasons: [], perTurn: 64, attempts: 2, requests: 256 });
  });

  it.each<[pattern: string, least: number, most: number | null]>([
    ["workflow", 3, 3],
    ["routing", 2, 4],
    ["parallel", 4, 4],
    ["evaluator_optimizer", 2, 12],
    ["orchestrator_workers", 3, null],
    ["graph", 1, 6],
  ])("counts the model calls of a %s", async (pattern, least, most) => {
    const { stdout } = await place.strands(["plan", `${pattern}.yaml`, "--json"]);
    expect((JSON.parse(stdout) as { modelCalls: unknown }).modelCalls).toMatchObject({ least, most });
  });

  it("takes a budget of steps for the limit", async () => {
    place.write(
      "budget.yaml",
      (patterns["orchestrator_workers"] ?? "").replace(
        "provider: offline",
        "provider: offline\n  budgets: { max_steps: 7 }",
      ),
    );
    const { stdout } = await place.strands(["plan", "budget.yaml", "--json"]);
    expect((JSON.parse(stdout) as { modelCalls: unknown }).modelCalls).toMatchObject({ most: 7, requests: 896 });
  });
});

describe("what is not supported", () => {
  it("is told with exit 0, also in an existing script's form", async () => {
    place.write("openai.yaml", (patterns["chain"] ?? "").replace("provider: offline", "provider: openai"));
    const plan = await place.strands(["plan", "openai.yaml", "--json"]);
    expect(plan.code).toBe(0);
    expect(JSON.parse(plan.stdout)).toMatchObject({
      supported: false,
      issues: 1,
      unsupported: [{ pointer: "/runtime/provider" }],
    });
    expect((await place.strands(["plan", "openai.yaml"])).stdout).toContain("1 unsupported feature:");
    const explained = await place.strands(["explain", "openai.yaml"]);
    expect(explained.code).toBe(0);
    expect(explained.stdout).toContain("  1. /runtime/provider\n     OpenAI needs a key, and none is set.");
    const simulated = { env: { STRANDS_OFFLINE: "1" } };
    expect((await place.strands(["explain", "openai.yaml"], simulated)).stdout).toContain("No unsupported features");
  });

  it("includes a config of another pattern, which cannot be planned", async () => {
    place.write("mixed.yaml", (patterns["chain"] ?? "").replace("type: chain", "type: parallel"));
    for (const command of ["plan", "explain"]) {
      const { code, stdout, stderr } = await place.strands([command, "mixed.yaml"]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^1 unsupported feature\n\n1\. mixed\.yaml:\d+:\d+\n/);
      const { stdout: json } = await place.strands([command, "mixed.yaml", "--json"]);
      expect(JSON.parse(json)).toMatchObject({ name: null, supported: false });
    }
    expect((await place.strands(["graph", "mixed.yaml"])).code).toBe(18);
  });

  it("is told apart from what is worth knowing", async () => {
    const yaml = (patterns["chain"] ?? "").replace(
      "runtime:",
      "env: { secrets: [{ name: K, source: ssm, key: k }] }\nruntime:",
    );
    place.write("secretive.yaml", yaml.replace("path: out.md", 'path: "out 1.md"'));
    for (const command of ["plan", "explain"]) {
      const { code, stdout } = await place.strands([command, "secretive.yaml"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^1 unsupported feature\n\n1\. secretive\.yaml:\d+:\d+\n {3}secrets cannot come from `ssm`\n/,
      );
      expect(stdout).toMatch(/Worth knowing\n[\s\S]*is written as `out_1\.md`/);
    }
    const issue = { code: "unsupported_secret_source", severity: "error" };
    const warning = expect.arrayContaining([expect.objectContaining({ code: "artifact_name", severity: "warning" })]);
    const plan = JSON.parse((await place.strands(["plan", "secretive.yaml", "--json"])).stdout);
    expect(plan).toMatchObject({ supported: false, issues: 1, unsupported: [issue], warnings: warning });
    const explained = JSON.parse((await place.strands(["explain", "secretive.yaml", "--json"])).stdout);
    expect(explained).toMatchObject({ supported: false, issues: [issue], warnings: warning });
    const { stderr } = await place.strands(["run", "secretive.yaml"]);
    expect(stderr).toMatch(
      /^Unsupported features detected\. This keeps the workflow from running here:\n {2}secretive/,
    );
  });

  it("is an error when the file cannot be loaded: exit 3", async () => {
    place.write("bad.yaml", (patterns["chain"] ?? "").replace("agent: a", "agent: z"));
    for (const command of ["plan", "explain", "graph"]) {
      expect((await place.strands([command, "bad.yaml"])).code).toBe(3);
      expect((await place.strands([command, "none.yaml"])).code).toBe(3);
    }
  });
});

describe("plan --format md", () => {
  it("is Markdown in which the text of the file is text", async () => {
    const yaml = (patterns["chain"] ?? "").replace("description: One of each.", 'description: "*a* | <b> [c](d)"');
    place.write("md.yaml", yaml);
    const { stdout } = await place.strands(["plan", "md.yaml", "--format", "md"]);
    expect(stdout).toMatch(/^# chain\n\n\\\*a\\\* \\\| \\<b\\> \\\[c\\\]\(d\)\n\n## Runtime\n/);
    expect(stdout).toContain("| Step | Who | Calls | Line |\n| --- | --- | --- | --- |\n| steps/0 | a | 1 | 34 |\n");
  });

  it("becomes text, with a note, when the format is unknown: scripts of the existing tool go on", async () => {
    const { code, stdout, stderr } = await place.strands(["plan", "chain.yaml", "--format", "html"]);
    expect([code, stderr]).toEqual([0, "`html` is no format, so this is text. Formats: text, md, json.\n"]);
    expect(stdout).toBe((await place.strands(["plan", "chain.yaml"])).stdout);
  });
});

describe("hostile names", () => {
  const attack = 'x"]; %%{init: {}}%%\n--> \\ `<script>`|y #quot; &amp; \u202e\u001b[2J end';
  const quoted = JSON.stringify(attack).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

  beforeAll(() => {
    const named = (pattern: string): string => (patterns[pattern] ?? "").replace(/name: .*/, `name: ${quoted}`);
    place.write("hostile-routing.yaml", named("routing").replace("long:", `${quoted}:`));
    const condition = `'hitl_response == "]; subgraph }} | <b>"'`;
    place.write("hostile-graph.yaml", named("graph").replace(`"{{ hitl_response == 'yes' }}"`, condition));
  });

  it("are text in every picture", async () => {
    const text = await resultsOf(
      ...["hostile-routing.yaml", "hostile-graph.yaml"].flatMap((file) => [
        ["graph", file],
        ["graph", file, "--format", "mermaid"],
        ["graph", file, "--format", "dot"],
      ]),
    );
    await expect(text).toMatchFileSnapshot("golden/graph-hostile.txt");
  });

  it.each(["hostile-routing.yaml", "hostile-graph.yaml"])(
    "end no label in Mermaid and no string in DOT: %s",
    async (file) => {
      const mermaid = (await place.strands(["graph", file, "--format", "mermaid"])).stdout;
      const rest = mermaid.replace(/"[^"`<>{}[\]|\\%&]*(?:<br\/>[^"`<>{}[\]|\\%&]*)?"/g, "S");
      for (const line of rest.trim().split("\n")) {
        expect(line).toMatch(
          /^(flowchart TD| {2}(start\(\[start\]\)|finish\(\[end\]\)|subgraph g\d\[S\]|end| *n\d+(\[S\]|\{\{S\}\})|\w+ -->(\|S\|)? \w+))$/,
        );
      }
      const dot = (await place.strands(["graph", file, "--format", "dot"])).stdout;
      const others = dot.replace(/"(?:[^"\\]|\\.)*"/g, "S");
      expect(others).not.toMatch(/["\\`<&]|script|init/);
    },
  );

  it("reach no terminal", async () => {
    for (const argv of [
      ["plan", "hostile-routing.yaml"],
      ["plan", "hostile-routing.yaml", "--format", "md"],
      ["explain", "hostile-routing.yaml"],
      ["graph", "hostile-routing.yaml"],
      ["graph", "hostile-routing.yaml", "--json"],
    ]) {
      const { code, stdout, stderr } = await place.strands(argv, { stdoutTTY: true, columns: 60 });
      expect(code).toBe(0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for.
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069]/);
    }
  });
});

describe("list-supported", () => {
  it("is what the engine knows", async () => {
    const { code, stdout } = await place.strands(["list-supported", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      patterns: Object.keys(patterns),
      providers: expect.arrayContaining(["openai", "offline"]),
      bundledProviders: ["openai", "azure_openai", "anthropic", "gemini", "ollama", "bedrock", "offline"],
      filters: expect.arrayContaining(["truncate", "tojson"]),
    });
    await expect((await place.strands(["list-supported"])).stdout).toMatchFileSnapshot("golden/list-supported.txt");
  });
});
