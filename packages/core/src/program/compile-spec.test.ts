import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { agent, ask, chainSpec } from "../../test/support/workflows.js";
import type { SpecError } from "../error/errors.js";
import type { AgentSpec, PatternSpec, RuntimeSpec, Spec, TimeoutSpec } from "../spec/spec.js";
import { compileBudgets, compileSpec, restoreProgram, validateSpec } from "./compile-spec.js";

async function problems(spec: Spec): Promise<SpecError> {
  return (await errorOf(() => compileSpec(spec))) as SpecError;
}

describe("compileSpec", () => {
  it("reports every problem at once, each with its pointer", async () => {
    const spec = chainSpec(["{{ open", { agent: "writr", input: "{% if %}" }], {
      outputs: { artifacts: [{ path: "{{", from: "{% for %}" }] },
    });
    const error = await problems(spec);
    expect(error.code).toBe("SPEC_INVALID");
    const found = error.issues.filter(({ severity }) => severity === "error");
    expect(found.map(({ pointer, code }) => `${pointer} ${code}`).sort()).toEqual([
      "/outputs/artifacts/0/from template_syntax",
      "/outputs/artifacts/0/path template_syntax",
      "/pattern/config/steps/0/input template_syntax",
      "/pattern/config/steps/1/agent unknown_agent",
      "/pattern/config/steps/1/input template_syntax",
    ]);
    expect(error.message).toMatch(/^The workflow `test-flow` has 5 problems: /);
    expect(found.find(({ code }) => code === "unknown_agent")?.suggestion).toContain("`writer`");
  });

  it("says where in a template the problem is", async () => {
    const error = await problems(chainSpec(["one\ntwo {{ three + }}"]));
    expect(error.issues[0]?.message).toMatch(/\(line 2, column \d+ of this text\)$/);
    expect(error.message).toMatch(
      /^The workflow `test-flow` has 1 problem: .*\(at \/pattern\/config\/steps\/0\/input\)$/s,
    );
  });

  it("refuses what templates may not do", async () => {
    for (const source of ["{% include 'x' %}", "{% extends 'x' %}", "{% import 'x' as y %}"]) {
      const error = await problems(chainSpec([source]));
      expect(error.issues[0]?.code, source).toMatch(/^template_(syntax|forbidden)$/);
    }
  });

  it.each<[string, PatternSpec, string]>([
    [
      "conditions of graphs",
      {
        type: "graph",
        config: {
          nodes: { a: { agent: "writer" }, b: { agent: "writer", input: "{{ x" } },
          edges: [
            {
              from: "a",
              choose: [
                { when: "else", to: "b" },
                { when: "1 +", to: "b" },
              ],
            },
          ],
        },
      },
      "/pattern/config/edges/0/choose/1/when /pattern/config/nodes/b/input",
    ],
    [
      "inputs of tasks",
      { type: "workflow", config: { tasks: [{ id: "a", agent: "writer", input: "{{" }] } },
      "/pattern/config/tasks/0/input",
    ],
    [
      "routes",
      {
        type: "routing",
        config: {
          router: { agent: "writer", input: "{{" },
          // biome-ignore lint/suspicious/noThenProperty: a key of the format
          routes: { "x/y": { then: [{ agent: "writer", input: "{{" }] } },
        },
      },
      "/pattern/config/router/input /pattern/config/routes/x~1y/then/0/input",
    ],
  ])("checks the templates of %s, whose executor comes later", async (_, pattern, pointers) => {
    const error = await problems(chainSpec([], { pattern }));
    expect(
      error.issues
        .filter(({ code }) => code.startsWith("template"))
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(pointers.split(" "));
  });

  it("refuses unknown filters and tests, and warns where they stand in a branch that may never be reached", async () => {
    const error = await problems(chainSpec(["{{ 1 is evenn }}", "{{ 'x' | uper }}"]));
    expect(error.issues.map(({ message, suggestion }) => `${message} ${suggestion}`)).toEqual([
      "There is no test `evenn` (line 1, column 9 of this text) Did you mean `even`?",
      "There is no filter `uper` (line 1, column 10 of this text) Did you mean `upper`?",
    ]);
    const branches = "{% if 1 is evenn %}{% else %}{{ 'x' | uper }}{% endif %}";
    const { warnings } = compileSpec(
      chainSpec([branches], { agents: { writer: agent({ prompt: "{{ 1 if 2 is odd() else 3 is oddd }}" }) } }),
    );
    expect(warnings).toEqual([
      {
        code: "template_syntax",
        pointer: "/agents/writer/prompt",
        severity: "warning",
        message: "There is no test `oddd` (line 1, column 30 of this text): the text is used as written",
        suggestion: "Did you mean `odd`?",
      },
      {
        code: "template_syntax",
        pointer: "/pattern/config/steps/0/input",
        severity: "warning",
        message: "There is no test `evenn` (line 1, column 12 of this text): this fails when it is reached",
        suggestion: "Did you mean `even`?",
      },
      {
        code: "template_syntax",
        pointer: "/pattern/config/steps/0/input",
        severity: "warning",
        message: "There is no filter `uper` (line 1, column 39 of this text): this fails when it is reached",
        suggestion: "Did you mean `upper`?",
      },
    ]);
  });

  it.each([
    [
      "a display",
      chainSpec([ask("?", { context_display: "{% if 1 is evenn %}{% endif %}" })]),
      "the person is shown this instead",
    ],
    [
      "a revision",
      chainSpec([], {
        agents: { writer: agent({ prompt: "Write." }) },
        pattern: {
          type: "evaluator_optimizer",
          config: {
            producer: "writer",
            evaluator: { agent: "writer" },
            accept: { min_score: 1 },
            revise_prompt: "{% if 1 is evenn %}{% endif %}",
          },
        },
      }),
      "this fails when it is reached",
    ],
  ])("says what comes of an unknown test in a branch of %s", (_, spec, then) => {
    expect(compileSpec(spec).warnings.map(({ message }) => message)).toEqual([
      `There is no test \`evenn\` (line 1, column 12 of this text): ${then}`,
    ]);
  });

  it("only warns about a text that need not be a template", () => {
    const { warnings } = compileSpec(
      chainSpec([ask("Keep {% this?")], { agents: { writer: agent({ prompt: "Answer {{ like } this" }) } }),
    );
    expect(warnings).toMatchObject([
      { pointer: "/agents/writer/prompt", severity: "warning" },
      { pointer: "/pattern/config/steps/0/prompt", severity: "warning" },
    ]);
    expect(warnings.at(-1)?.suggestion).toContain("used as written");
  });

  it("only warns about what a person is to be shown: the pause is worth more", () => {
    const { warnings } = compileSpec(chainSpec([ask("?", { context_display: "{{ a b }}" }), "one"]));
    expect(warnings).toMatchObject([
      { pointer: "/pattern/config/steps/0/context_display", code: "template_syntax", severity: "warning" },
    ]);
    expect(warnings[0]?.suggestion).toContain("shown this instead");
  });

  it("gives a program that later changes of the spec do not reach, and that cannot be changed", () => {
    const spec = chainSpec(["one"], { inputs: { values: { a: 1 } } });
    const program = compileSpec(spec);
    (spec.agents as Record<string, AgentSpec>)["writer"] = agent({ prompt: "changed" });
    (spec.inputs?.values as Record<string, number>)["a"] = 2;
    expect(program.spec.inputs?.values).toEqual({ a: 1 });
    expect(program.agents.get("writer")?.prompt.source).toBe("You write.");
    expect(() => Object.assign(program, { name: "changed" })).toThrow(TypeError);
    expect(() => Object.assign(program.spec, { name: "changed" })).toThrow(TypeError);
  });

  it("compiles the same template once", () => {
    const program = compileSpec(chainSpec(["same {{ x }}", "same {{ x }}", "other"]));
    if (program.pattern.type !== "chain") throw new Error("It is no chain");
    const inputs = program.pattern.steps.map((step) => (step.type === "agent" ? step.input : undefined));
    expect(inputs[0]).toBe(inputs[1]);
    expect(inputs[0]).not.toBe(inputs[2]);
  });

  it("keeps names of agents that objects inherit", async () => {
    const agents = JSON.parse('{"__proto__": {"prompt": "p"}, "constructor": {"prompt": "c"}}');
    const program = compileSpec(chainSpec([{ agent: "constructor" }, { agent: "__proto__" }], { agents }));
    expect([...program.agents.keys()]).toEqual(["__proto__", "constructor"]);
    expect((await problems(chainSpec([{ agent: "toString" }]))).issues).toMatchObject([{ code: "unknown_agent" }]);
  });
});

describe("validateSpec", () => {
  it("lists errors and warnings instead of throwing, and nothing for a good spec", () => {
    expect(validateSpec(chainSpec(["{{ topic }}"], { inputs: { required: { topic: "string" } } }))).toEqual([]);
    const issues = validateSpec(chainSpec(["{{ open"], { agents: { writer: agent({ prompt: "{% no" }) } }));
    expect(issues.map(({ severity, pointer }) => `${severity} ${pointer}`)).toEqual([
      "warning /agents/writer/prompt",
      "error /pattern/config/steps/0/input",
    ]);
  });

  it("takes any provider when every model is simulated", () => {
    const spec = chainSpec(["x"], { runtime: { provider: "mine" } });
    expect(validateSpec(spec).map(({ code }) => code)).toContain("unknown_provider");
    expect(validateSpec(spec, { offline: true })).toEqual([]);
  });
});

describe("restoreProgram", () => {
  it("makes the program that compiling made, and judges nothing", () => {
    const spec = chainSpec(["one {{ x }}", ask("?", { timeout_seconds: 5 })], {
      outputs: { artifacts: [{ path: "p", from: "f" }] },
    });
    const { warnings: _, ...compiled } = compileSpec(spec);
    const { warnings: none, ...restored } = restoreProgram(spec);
    expect(JSON.stringify(restored)).toBe(JSON.stringify(compiled));
    expect([...restored.agents]).toEqual([...compiled.agents]);
    expect(none).toEqual([]);
    expect(restoreProgram(chainSpec(["{{ broken"])).name).toBe("test-flow");
    const early = chainSpec(["one"], { runtime: { provider: "offline", max_parallel: 0 } });
    expect(() => compileSpec(early)).toThrow(/`max_parallel` cannot be `0`/);
    expect(restoreProgram(early).maxParallel).toBe(0);
  });
});

describe("the settings of an agent", () => {
  const model = (runtime: RuntimeSpec, own: Partial<AgentSpec>) => {
    const compiled = compileSpec(chainSpec(["x"], { runtime, agents: { writer: agent(own) } })).agents.get("writer");
    return {
      ...compiled?.model,
      temperature: compiled?.temperature,
      topP: compiled?.topP,
      maxTokens: compiled?.maxTokens,
    };
  };
  const runtime: RuntimeSpec = {
    provider: "ollama",
    model_id: "m",
    host: "http://localhost:11434",
    temperature: 0.1,
    top_p: 0.2,
    max_tokens: 3,
  };

  it("are those of the runtime unless it has its own", () => {
    const base = {
      provider: "ollama",
      modelId: "m",
      host: runtime.host,
      region: undefined,
      temperature: 0.1,
      topP: 0.2,
      maxTokens: 3,
    };
    expect(model(runtime, {})).toEqual(base);
    expect(model(runtime, { model_id: "n", inference: { temperature: 0, max_tokens: 9 } })).toEqual({
      ...base,
      modelId: "n",
      temperature: 0,
      maxTokens: 9,
    });
    expect(model(runtime, { provider: "ollama" })).toEqual(base);
  });

  it("do not take the runtime's model, host and region to another provider", () => {
    expect(model(runtime, { provider: "openai" })).toMatchObject({
      provider: "openai",
      modelId: undefined,
      host: undefined,
      region: undefined,
    });
    expect(model(runtime, { provider: "openai", model_id: "gpt" })).toMatchObject({
      provider: "openai",
      modelId: "gpt",
    });
  });
});

describe("limits", () => {
  const runtime = (more: Partial<RuntimeSpec>) =>
    compileSpec(chainSpec(["x"], { runtime: { provider: "scripted", ...more } }));

  it("of retries have defaults and are in milliseconds", () => {
    expect(runtime({}).retry).toEqual({ attempts: 3, backoff: "exponential", minMs: 1000, maxMs: 60_000 });
    expect(runtime({ failure_policy: { retries: 0, backoff: "jittered", wait_min: 0, wait_max: 2 } }).retry).toEqual({
      attempts: 1,
      backoff: "jittered",
      minMs: 0,
      maxMs: 2000,
    });
  });

  it("of time are those of the runtime unless the agent has its own, in milliseconds, and none by default", () => {
    const timeouts = (timeout?: TimeoutSpec, own?: TimeoutSpec) =>
      compileSpec(
        chainSpec(["x"], {
          runtime: { provider: "offline", ...(timeout && { timeout }) },
          agents: { writer: agent(own && { timeout: own }) },
        }),
      ).agents.get("writer")?.timeouts;
    expect(timeouts()).toBeUndefined();
    expect(timeouts({ total_s: 2, idle_s: 1 }, { idle_s: 0.5, step_s: 9 })).toEqual({
      totalMs: 2000,
      firstTokenMs: undefined,
      idleMs: 500,
      stepMs: 9000,
    });
  });

  it("of budgets are none by default", () => {
    expect(compileBudgets()).toEqual({
      maxSteps: undefined,
      maxTokens: undefined,
      maxDurationMs: undefined,
      warnAt: 0.8,
    });
    expect(
      runtime({ budgets: { max_steps: 1, max_tokens: 2, max_duration_s: 3, warn_threshold: 0.5 } }).budgets,
    ).toEqual({
      maxSteps: 1,
      maxTokens: 2,
      maxDurationMs: 3000,
      warnAt: 0.5,
    });
  });

  it("of HITL steps are in milliseconds, seconds before minutes, and 0 is none", () => {
    const timeout = (fields: Parameters<typeof ask>[1]) => {
      const { pattern } = compileSpec(chainSpec([ask("?", fields)]));
      const step = pattern.type === "chain" ? pattern.steps[0] : undefined;
      return step?.type === "hitl" ? step.timeoutMs : "no HITL step";
    };
    expect([
      timeout({}),
      timeout({ timeout_seconds: 0 }),
      timeout({ timeout_seconds: 5 }),
      timeout({ timeout_minutes: 2 }),
    ]).toEqual([undefined, undefined, 5000, 120_000]);
    expect(timeout({ timeout_seconds: 5, timeout_minutes: 2 })).toBe(5000);
  });
});

describe("texts that are rendered only when their names have values", () => {
  const of = (agents: Spec["agents"], inputs?: Spec["inputs"]): unknown[] =>
    compileSpec({
      version: 1,
      name: "n",
      runtime: { provider: "offline" },
      agents,
      ...(inputs === undefined ? {} : { inputs }),
      pattern: { type: "chain", config: { steps: [{ agent: "a" }, { type: "hitl", prompt: "Is {{ topc }} fine?" }] } },
    }).warnings.map(({ code, pointer, suggestion }) => [code, pointer, suggestion]);

  it("are warned of with the place and the likely name when a name is not declared", () => {
    expect(of({ a: { prompt: "You know {{ topic }} and {{ other }}" } }, { values: { topic: "tea" } })).toEqual([
      ["undeclared_name", "/agents/a/prompt", "declare `other` under `inputs`, or pass it as a variable"],
      ["undeclared_name", "/pattern/config/steps/1/prompt", "did you mean `topic`?"],
    ]);
  });
});
