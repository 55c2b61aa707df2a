import { compileSpec, InputError, type Spec, SpecError } from "@strands/core";
import { describe, expect, test } from "vitest";
import { convertVariable, type ParseOptions, parseSpec, resolveVariables } from "../src/index.js";

const head = "version: 0\nname: t\nruntime: {provider: offline}\nagents: {a: {prompt: p}}\n";
const chain = "pattern: {type: chain, config: {steps: [{agent: a}]}}\n";

const codes = (text: string, options: ParseOptions = {}) => {
  try {
    return parseSpec(text, options).warnings.map((issue) => issue.code);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.issues.map((issue) => issue.code);
  }
};

describe("YAML 1.2", () => {
  test("words stay text, dates stay text, octal needs its prefix, digits may be grouped", () => {
    const { spec } = parseSpec(
      `${head}${chain}inputs: {values: {a: yes, b: on, c: 2024-01-01, d: 012, e: 0o17, f: 1e3, g: ~, h: true, i: 1_000, j: -2_0, k: _1, l: "1_000", m: a_1}}\n`,
    );
    expect(spec.inputs?.values).toEqual({
      a: "yes",
      b: "on",
      c: "2024-01-01",
      d: 12,
      e: 15,
      f: 1000,
      g: null,
      h: true,
      i: 1000,
      j: -20,
      k: "_1",
      l: "1_000",
      m: "a_1",
    });
  });

  test("numbers are those of the existing tool: any base, grouped or not", () => {
    const given = "0b11, -0b1_0, 0o1_7, -0x1F, 0x_f, 1_0.5, 1.5_0, .5_0, 1_0e2, +.5, 0x_, 0b2, ._, 1.2_3.4, 0o8";
    const { spec } = parseSpec(`${head}${chain}inputs: {values: {x: [${given}]}}\n`);
    const texts = ["0x_", "0b2", "._", "1.2_3.4", "0o8"];
    expect(spec.inputs?.values?.["x"]).toEqual([3, -2, 15, -31, 15, 10.5, 1.5, 0.5, 1000, 0.5, ...texts]);
  });

  test("a lone carriage return ends a line, as it does in YAML", () => {
    const text = `${head}${chain}inputs: {values: {x: "a\n  b"}}\n`;
    const old = text.replaceAll("\n", "\r");
    expect(parseSpec(old).spec).toEqual(parseSpec(text).spec);
    expect(() => parseSpec(old.replace("inputs:", "input:"))).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ code: "unknown_key", line: 6 })] }),
    );
  });

  test("anchors, aliases and merge keys work; own keys win, earlier mappings win", () => {
    const text = `${head}${chain}inputs:\n  values:\n    base: &b {x: 1, y: 2}\n    more: &m {y: 3, z: 4}\n    all: {<<: [*b, *m], x: 0}\n    same: *b\n    text: {"<<": 1}\n`;
    expect(parseSpec(text).spec.inputs?.values).toEqual({
      base: { x: 1, y: 2 },
      more: { y: 3, z: 4 },
      all: { x: 0, y: 2, z: 4 },
      same: { x: 1, y: 2 },
      text: { "<<": 1 },
    });
  });

  test("keys are text, as written", () => {
    const text = `${head}${chain}inputs: {values: {m: {1: a, 1.50: b, true: c, 0x1F: d}}}\n`;
    expect(parseSpec(text).spec.inputs?.values?.["m"]).toEqual({ "1": "a", "1.50": "b", true: "c", "0x1F": "d" });
    expect(codes(`${head}${chain}? [a]\n: b\n`)).toContain("bad_key");
    expect(codes(`${head}${chain}~: b\n`)).toContain("bad_key");
  });

  test("names of Object.prototype are names like any other, __proto__ is refused", () => {
    const text = head.replace("a: {prompt: p}", "constructor: {prompt: p}, toString: {prompt: p}");
    const { spec } = parseSpec(`${text}${chain.replace("agent: a", "agent: toString")}`);
    expect(Object.keys(spec.agents)).toEqual(["constructor", "toString"]);
    expect(codes(`${head}${chain.replace("agent: a", "agent: valueOf")}`)).toEqual(["unknown_agent"]);
    expect(codes(`${head}${chain}inputs: {values: {x: {__proto__: {y: 1}}}}\n`)).toEqual(["forbidden_key"]);
    expect(({} as { y?: number }).y).toBeUndefined();
  });

  test("numbers that cannot be kept are refused", () => {
    for (const value of [".inf", "-.inf", ".nan", "1e309", "12345678901234567890"]) {
      expect(codes(`${head}${chain}inputs: {values: {x: ${value}}}\n`)).toEqual(["number_range"]);
    }
    expect(codes(`${head}${chain}inputs: {values: {x: "12345678901234567890", y: 9007199254740992}}\n`)).toEqual([]);
  });

  test("a number that is not finite is named once, and hides nothing else", () => {
    const text = `${head}${chain.replace("agent: a", "agent: b")}inputs: {values: {x: .inf}}\n`;
    const check = (spec: Spec) => compileSpec(spec).warnings;
    expect(codes(text, { check }).sort()).toEqual(["number_range", "unknown_agent"]);
  });
});

describe("more than the reference takes", () => {
  test.each(["inputs: {values: {a: [1], b: {c: 1}, d: null}}", "inputs: {required: {a: {type: array, default: [1]}}}"])(
    "%s",
    (extra) => expect(codes(`${head}${chain}${extra}\n`)).toEqual([]),
  );

  test("time-outs stand under runtime and on agents, in seconds above 0", () => {
    const text = (runtime: string, own: string) =>
      `version: 0\nname: t\nruntime: {provider: offline, timeout: ${runtime}}\nagents: {a: {prompt: p, timeout: ${own}}}\n${chain}`;
    const { spec } = parseSpec(text("{total_s: 90, first_token_s: 0.5}", "{idle_s: 3, step_s: 600}"));
    expect([spec.runtime.timeout, spec.agents["a"]?.timeout]).toEqual([
      { total_s: 90, first_token_s: 0.5 },
      { idle_s: 3, step_s: 600 },
    ]);
    expect(() => parseSpec(text("{total_s: 0}", "{}"))).toThrow("`runtime.timeout.total_s` must be above 0, not `0`");
    expect(codes(text("{total_s: 0}", '{step_s: "9", idle_ms: 1}'))).toHaveLength(3);
  });

  test.each(["{agent: a, vars: {x: 0.5}}", "{type: manual_gate, id: gate, prompt: go?, timeout_minutes: 5}"])(
    "the step %s",
    (step) => expect(codes(`${head}pattern: {type: chain, config: {steps: [${step}]}}\n`)).toEqual([]),
  );
});

describe("the order of nodes", () => {
  const graph = (nodes: string, edges: string) =>
    `${head}pattern: {type: graph, config: {nodes: {${nodes}}, edges: [${edges}]}}\n`;

  const orderOf = (text: string, format?: "json") => {
    const { config } = parseSpec(text, format === undefined ? {} : { format }).spec.pattern;
    return [("node_order" in config && config.node_order) || ("route_order" in config && config.route_order)];
  };

  test("is kept apart where JavaScript would change it", () => {
    const text = graph(
      "start: {agent: a}, 10: {agent: a}, 2: {agent: a}",
      "{from: start, to: ['10']}, {from: '10', to: ['2']}",
    );
    expect(codes(text)).toEqual([]);
    expect(orderOf(text)).toEqual([["start", "10", "2"]]);
    const json = `{"version": 1, "name": "n", "runtime": {"provider": "ollama", "host": "http://x"}, "agents": {"a": {"prompt": "p"}}, "pattern": {"type": "graph", "config": {"nodes": {"s": {"agent": "a"}, "1": {"agent": "a"}}, "edges": [{"from": "s", "to": ["1"]}]}}}`;
    expect(orderOf(json, "json")).toEqual([["s", "1"]]);
  });

  test("decides where the graph starts, also after the spec was stored", () => {
    const text = graph("start: {agent: a}, 1: {agent: a}", "{from: start, to: ['1']}");
    const stored: Spec = JSON.parse(JSON.stringify(parseSpec(text).spec));
    const { pattern } = compileSpec(stored);
    expect(pattern.type === "graph" && [pattern.entry, ...pattern.nodes.keys()]).toEqual(["start", "start", "1"]);
  });

  test("is found behind an alias, and next to a reference", () => {
    const values = "inputs: {values: {x: &n {start: {agent: a}, 1: {agent: a}}}}\n";
    const text = `${head}${values}pattern: {type: graph, config: {nodes: *n, edges: [{from: start, to: ['1']}]}}\n`;
    expect(orderOf(text)).toEqual([["start", "1"]]);
    const referring = text.replace("agents: {a: {prompt: p}}", "agents: {a: {$ref: ./a.yaml}}");
    const { spec } = parseSpec(referring, { resolveRef: () => ({ text: "agents: {a: {prompt: p}}\n" }) });
    expect(spec.pattern.config).toMatchObject({ node_order: ["start", "1"] });
  });

  test("is that of routes too", () => {
    const steps = "{then: [{agent: a}]}";
    const text = `${head}pattern: {type: routing, config: {router: {agent: a}, routes: {b: ${steps}, 1: ${steps}}}}\n`;
    expect(orderOf(text)).toEqual([["b", "1"]]);
  });

  test("is not said where it is kept, and what the file says of it stands", () => {
    expect(orderOf(graph("1: {agent: a}, 2: {agent: a}", "{from: '1', to: ['2']}"))).toEqual([false]);
    expect(orderOf(graph("b: {agent: a}, a: {agent: a}", "{from: b, to: [a]}"))).toEqual([false]);
    const said = graph("s: {agent: a}, 1: {agent: a}", "{from: '1', to: [s]}").replace(
      "edges:",
      "node_order: ['1', s], edges:",
    );
    expect(orderOf(said)).toEqual([["1", "s"]]);
  });
});

describe("variables", () => {
  const inputs =
    "inputs:\n  required: {n: integer, t: string, l: {type: array}}\n  optional: {d: {type: number, default: 1.5}, v: {type: string, default: x}}\n  values: {v: y}\n";

  test("defaults are among the values, and declarations stay", () => {
    const { spec } = parseSpec(`${head}${chain}${inputs}`);
    expect(spec.inputs?.values).toEqual({ v: "y", d: 1.5 });
    expect(spec.inputs?.optional?.["d"]).toEqual({ type: "number", default: 1.5 });
  });

  test("given ones are converted and win", () => {
    const { spec } = parseSpec(`${head}${chain}${inputs}`, { variables: { n: "3", l: '["a"]', v: "z", extra: "1" } });
    expect(spec.inputs?.values).toEqual({ v: "z", d: 1.5, n: 3, l: ["a"], extra: "1" });
    expect(resolveVariables(parseSpec(`${head}${chain}${inputs}`).spec, { n: 3, extra: "1" })).toEqual({
      values: { v: "y", d: 1.5, n: 3, extra: "1" },
      missing: ["t", "l"],
      undeclared: ["extra"],
    });
  });

  test.each([
    ["number", "1.5e3", 1500],
    ["number", "-.5", -0.5],
    ["integer", " 42 ", 42],
    ["boolean", "Yes", true],
    ["boolean", "0", false],
    ["array", "[1, {}]", [1, {}]],
    ["object", '{"a": 1}', { a: 1 }],
    ["string", " as is ", " as is "],
  ] as const)("%s from %j", (type, text, value) => {
    expect(convertVariable("x", type, text)).toEqual(value);
    expect(convertVariable("x", { type }, text)).toEqual(value);
    expect(convertVariable("x", undefined, text)).toBe(text);
  });

  test.each([
    ["number", "abc"],
    ["number", "Infinity"],
    ["number", ""],
    ["integer", "1.5"],
    ["integer", "99999999999999999999"],
    ["boolean", "maybe"],
    ["array", "{}"],
    ["object", "[1"],
    ["object", "null"],
  ] as const)("not %s: %j", (type, text) => {
    expect(() => convertVariable("count", type, text)).toThrow(InputError);
    expect(() => convertVariable("count", type, text)).toThrow(`variable \`count\` is declared as \`${type}\``);
  });

  test("a name that could change prototypes is refused", () => {
    const { spec } = parseSpec(`${head}${chain}`);
    expect(() => resolveVariables(spec, JSON.parse('{"__proto__": "x"}'))).toThrow(InputError);
    expect(resolveVariables(spec, { constructor: "x" }).values).toEqual({ constructor: "x" });
  });
});

describe("the check that is passed in", () => {
  const issue = { code: "mine", pointer: "/agents/a/prompt", message: "m", severity: "error" } as const;

  test("has its issues placed, whether returned or thrown", () => {
    const place = { line: 4, column: 22 };
    const thrown = () => {
      throw new SpecError("SPEC_INVALID", "m", [issue]);
    };
    for (const check of [() => [issue], thrown]) {
      expect(() => parseSpec(`${head}${chain}`, { check })).toThrow(
        expect.objectContaining({ issues: [{ ...issue, ...place }] }),
      );
    }
  });

  test("may fail on a broken shape, but not on a sound one", () => {
    const check = () => {
      throw new TypeError("no such thing");
    };
    expect(() => parseSpec(`${head}${chain}x: 1\n`, { check })).toThrow(SpecError);
    expect(() => parseSpec(`${head}${chain}`, { check })).toThrow(TypeError);
  });
});
