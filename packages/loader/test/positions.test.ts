import { SpecError } from "@strands/core";
import { describe, expect, test } from "vitest";
import { formatIssue, type ParseOptions, parseSpec } from "../src/index.js";

const head = "version: 0\nname: t\nruntime: {provider: offline}\nagents:\n  writer: {prompt: hi}\n";

/** Errors as `line:column code`. */
function problems(text: string, options?: ParseOptions): string[] {
  try {
    parseSpec(text, options);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.issues
      .filter((issue) => issue.severity === "error")
      .map((issue) => `${issue.line}:${issue.column} ${issue.code}`);
  }
}

function messages(text: string): string {
  try {
    parseSpec(text, { file: "w.yaml" });
    return "";
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.issues.map(formatIssue).join("\n");
  }
}

const chain = (steps: string) => `${head}pattern:\n  type: chain\n  config:\n    steps:\n${steps}`;

describe("places", () => {
  test.each<[name: string, text: string, expected: string[]]>([
    ["a value", chain("      - agent: writr\n"), ["10:16 unknown_agent"]],
    ["a key", chain("      - agent: writer\n        inptu: x\n"), ["11:9 unknown_key"]],
    ["a missing key stands at its mapping", chain("      - input: x\n"), ["10:9 missing_key"]],
    ["an empty value stands at its key", chain("      - agent:\n"), ["10:9 type"]],
    ["flow collections", chain("      - {agent: writer, vars: {n: [1]}}\n"), ["10:32 type"]],
    ["Windows line ends", chain("      - agent: writr\n").replaceAll("\n", "\r\n"), ["10:16 unknown_agent"]],
    ["a byte order mark", `\ufeff${chain("      - agent: writr\n")}`, ["10:16 unknown_agent"]],
    ["wide characters before", chain("      - {input: 'ä😀', agent: writr}\n"), ["10:31 unknown_agent"]],
    [
      "what an alias repeats stands at its anchor",
      chain("      - &s {agent: writr}\n      - *s\n"),
      ["10:20 unknown_agent", "10:20 unknown_agent"],
    ],
    [
      "a merged mapping",
      `${chain("      - &s {agent: writer, inptu: x}\n      - {<<: *s, input: y}\n")}`,
      ["10:28 unknown_key", "10:28 unknown_key"],
    ],
    ["comments and blank lines", chain("\n      # one\n\n      - agent: writr # here\n"), ["13:16 unknown_agent"]],
    [
      "block scalars before",
      chain("      - input: |\n          a\n          b\n        agent: writr\n"),
      ["13:16 unknown_agent"],
    ],
    ["a list that is empty", `${head}pattern: {type: chain, config: {steps: []}}\n`, ["6:33 range"]],
    ["a mapping instead of a list", `${head}pattern: {type: chain, config: {steps: {}}}\n`, ["6:33 type"]],
    ["the top level", "- a\n", ["1:1 type"]],
    ["text only", "hello\n", ["1:1 type"]],
    ["nothing", "", ["1:1 empty_document"]],
    ["a tab", "version: 0\nruntime:\n\tprovider: x\n", ["3:1 syntax"]],
    ["an open quote, where it opens", 'a: 1\nb: "x\nc: 2\nd: 3\n', ["2:4 syntax"]],
    ["an open quote in a list", "a: ['x\n  b: 1\n", ["1:5 syntax"]],
    ["an unknown anchor", "a: *x\n", ["1:4 unknown_alias"].concat(Array(5).fill("1:1 missing_key"))],
  ])("%s", (_, text, expected) => {
    expect(problems(text).sort()).toEqual(expected.sort());
  });

  test("JSON has places, too", () => {
    const spec = { version: 0, name: "t", runtime: { provider: "offline" }, agents: { a: { prompt: "p" } } };
    const text = JSON.stringify(
      { ...spec, pattern: { type: "chain", config: { steps: [{ agent: "b" }] } } },
      null,
      "\t",
    );
    expect(problems(text, { format: "json" })).toEqual(["17:15 unknown_agent"]);
  });

  test.each<[text: string, place: string]>([
    ['{"a": 1,}', "1:9 syntax"],
    ["{'a': 1}", "1:2 syntax"],
    ['{"a": 01}', "1:7 syntax"],
    ['{\n "a": tru\n}', "2:7 syntax"],
    ['{"a": "b\n"}', "1:9 syntax"],
    ['{"a": "\\x"}', "1:8 syntax"],
    ['{"a": [1 2]}', "1:10 syntax"],
    ['{"a": 1', "1:8 syntax"],
    ['{"a": 1} x', "1:10 syntax"],
    ["name: yaml", "1:1 syntax"],
    ["", "1:1 empty_document"],
  ])("what is not JSON: %s", (text, place) => {
    expect(problems(text, { format: "json" })).toEqual([place]);
  });

  test.each<[format: "json" | "yaml", name: string, text: string]>([
    ["json", "lists", "[".repeat(200_000)],
    ["yaml", "lists in brackets", `a: ${"[".repeat(200_000)}`],
    ["yaml", "lists in lines", "- ".repeat(200_000)],
    ["yaml", "keys", "? ".repeat(200_000)],
    ["yaml", "braces", "{a: ".repeat(200_000)],
    ["yaml", "aliases", `- &a ${"[".repeat(60)}${"]".repeat(60)}\n- ${"[".repeat(10)}*a${"]".repeat(10)}\n`],
  ])("nesting is bounded in %s, %s", (format, _, text) => {
    expect(problems(text, { format })).toEqual([expect.stringContaining("depth_limit")]);
  });

  test("locate finds parts, keys and what is around a part that is not written", () => {
    const { locate } = parseSpec(chain("      - agent: writer\n"), { file: "w.yaml" });
    expect(locate("/pattern/config/steps/0/agent")).toEqual({ file: "w.yaml", line: 9 + 1, column: 16 });
    expect(locate("/pattern/config/steps/0/input")).toEqual({ file: "w.yaml", line: 10, column: 9 });
    expect(locate("/runtime/budgets/max_steps")).toEqual({ file: "w.yaml", line: 3, column: 1 });
    expect(locate("")).toMatchObject({ line: 1, column: 1 });
  });

  test("later issues get their places", () => {
    const { positionIssues } = parseSpec(chain("      - agent: writer\n        input: '{{'\n"), { check: () => [] });
    const issue = {
      code: "template",
      pointer: "/pattern/config/steps/0/input",
      message: "m",
      severity: "error",
    } as const;
    expect(positionIssues([issue])).toEqual([{ ...issue, line: 11, column: 16 }]);
  });
});

describe("messages", () => {
  test.each<[name: string, text: string, expected: string]>([
    [
      "a misspelt key",
      chain("      - agnet: writer\n"),
      "w.yaml:10:9: unknown key `agnet` in `steps[0]` — did you mean `agent`? (/pattern/config/steps/0/agnet)",
    ],
    [
      "a misspelt agent",
      chain("      - agent: wirter\n"),
      "w.yaml:10:16: no agent is called `wirter` — did you mean `writer`? (/pattern/config/steps/0/agent)",
    ],
    [
      "another kind",
      chain("      - {agent: writer, input: 5}\n"),
      "w.yaml:10:32: `steps[0].input` must be text, not the number `5` (/pattern/config/steps/0/input)",
    ],
    [
      "two kinds of step at once",
      chain("      - {agent: writer, type: hitl}\n"),
      "w.yaml:10:25: `type` and `agent` cannot stand together in `steps[0]` — keep one of the two (/pattern/config/steps/0/type)",
    ],
    [
      "another pattern's config",
      `${head}pattern: {type: chain, config: {branches: []}}\n`,
      "w.yaml:6:24: the pattern is of type `chain`, but its config is that of `parallel` — write `type: parallel`, or give the config `steps` (/pattern/config)",
    ],
    [
      "a key with slashes",
      `${head}"a/b~c": 1\npattern: {type: chain, config: {steps: [{agent: writer}]}}\n`,
      "w.yaml:6:1: unknown key `a/b~c` in the workflow — it can have `description`, `metadata`, `tags`, `inputs`, `env`, `telemetry`, `context_policy`, `skills`, `tools`, `outputs`, `security` (/a~1b~0c)",
    ],
    [
      "a misspelt enum",
      chain("      - agent: writer\n").replace(
        "{provider: offline}",
        "{provider: offline, failure_policy: {backoff: exponental}}",
      ),
      "w.yaml:3:56: `runtime.failure_policy.backoff` cannot be `exponental` — did you mean `exponential`? (/runtime/failure_policy/backoff)",
    ],
    [
      "a number out of range",
      chain("      - agent: writer\n").replace("offline}", "offline, temperature: 3}"),
      "w.yaml:3:43: `runtime.temperature` must be 2 at most, not `3` (/runtime/temperature)",
    ],
    [
      "a misspelt section, and what uses it",
      chain("      - agent: wirter\n").replace("agents:", "agnets:"),
      "w.yaml:4:1: unknown key `agnets` in the workflow — did you mean `agents`? (/agnets)\nw.yaml:10:16: no agent is called `wirter` — did you mean `writer`? (/pattern/config/steps/0/agent)",
    ],
    [
      "control characters and length",
      chain(`      - agent: "\\e[31m${"x".repeat(100)}"\n`),
      `w.yaml:10:16: no agent is called \`\\u001b[31m${"x".repeat(55)}…\` — define it under \`agents\`, or use one that is: there is only \`writer\` (/pattern/config/steps/0/agent)`,
    ],
  ])("%s", (_, text, expected) => {
    expect(messages(text)).toBe(expected);
  });

  test.each([
    ["{{ topic }}", 17],
    ["{{ topic }} and more", 16],
    ["{{ steps[0].response }}", 16],
    ["{{ a, b }}", 17],
    ["{{ `x` }}", 16],
    ["[{{ topic }} and more]", 17],
  ])("a template without quotes is what is said of %s", (value, column) => {
    const text = chain(`      - agent: writer\n        input: ${value}\n`);
    expect(messages(text).replace(/ \(\/.*/, "")).toBe(
      `w.yaml:11:${column}: a text that starts with \`{{\` needs quotes — put the whole text in quotes`,
    );
  });

  test("what is wrong beside a template in quotes is said as it is", () => {
    expect(messages(chain('      - agent: writer\n        input: "{{ topic }}" more\n'))).toContain(
      "cannot stand here",
    );
    expect(messages(chain('      - agent: writer\n        input: "a\n          {{ b }} \\q"\n'))).toContain("escape");
    expect(messages(chain("      - agent: writer\n        vars: {[a]: {b: 1}}\n"))).toContain("a key must be text");
  });

  test("addresses and their credentials are never shown", () => {
    const text = chain("      - agent: writer\n").replace(
      "offline}",
      'offline, host: ["http://user:p4ss@x"], budgets: "p5ss"}',
    );
    expect(messages(text)).not.toContain("p4ss");
    const url = chain("      - agent: writer\n").replace("offline}", 'offline, host: "http://user:p4ss@x"}');
    expect(messages(url)).toContain("`host` holds credentials");
    expect(messages(url)).not.toContain("p4ss");
  });

  test("a list nobody could read is cut", () => {
    const steps = "      - agnet: x\n".repeat(2000);
    const found = problems(chain(steps));
    expect(found).toHaveLength(1001);
    expect(found.at(-1)).toBe("510:9 more_issues");
    expect(problems("a: 1\n".repeat(5000)).length).toBeLessThanOrEqual(1001);
    expect(problems('"'.repeat(200_000)).length).toBeLessThanOrEqual(100);
  });

  test("every problem is listed at once", () => {
    const text =
      "version: 0\nname: ''\nruntime: {}\nagents: {a: {prompt: 1, x: 2}}\npattern: {type: chain, config: {steps: [{agent: b}]}}\n";
    expect(problems(text)).toEqual([
      "2:7 range",
      "3:1 missing_key",
      "4:22 type",
      "4:25 unknown_key",
      "5:49 unknown_agent",
    ]);
  });
});
