import { type SpecError, StrandsError } from "@strands/core";
import { describe, expect, it } from "vitest";
import { WorkflowBuilder } from "../src/index.js";

const base = () =>
  new WorkflowBuilder("w").withRuntime("offline").addAgent("writer", "You write.").addAgent("editor", "You edit.");

/** A builder whose types know nothing, as in JavaScript. */
// biome-ignore lint/suspicious/noExplicitAny: this is about callers without types.
const untyped = (builder: unknown = base()): any => builder;

/** The error of `build()`, with its issues on lines. */
function linesOf(builder: { build(): unknown }): readonly string[] {
  try {
    builder.build();
  } catch (error) {
    if (!StrandsError.isInstance(error)) throw error;
    expect(error.code).toMatch(/^SPEC_(INVALID|UNSUPPORTED)$/);
    return (error as SpecError).issues
      .filter(({ severity }) => severity === "error")
      .map(
        ({ pointer, message, suggestion }) =>
          `${pointer}: ${message}${suggestion === undefined ? "" : ` — ${suggestion}`}`,
      );
  }
  return [];
}

describe("build", () => {
  it("reports every problem at once: options, ranges, names, templates and what is missing", () => {
    const builder = untyped(new WorkflowBuilder("w"))
      .addAgent("writer", "You write.", { tmeout: 3, inference: { temperature: 9 } })
      .withBudgets({ maxSteps: 0 })
      .withTags("Not A Tag", "a", "a")
      .chain()
      .step("wrter", "{{ steps[0].response }}")
      .step("writer", "{{ oops", { toolOverrides: [1] })
      .hitl("", { timeoutSeconds: 1.5, id: "with space" });
    expect(linesOf(builder)).toEqual([
      "/agents/writer/tmeout: there is no option `tmeout` — did you mean `timeout`?",
      "/tags/0: item 0 cannot be `Not A Tag`: it holds characters that are not allowed — use small letters, digits, `.`, `_` and `-`",
      "/tags/2: `a` is given twice — take one out",
      "/runtime/provider: `provider` is missing — call `withRuntime(provider, modelId)`",
      "/runtime/budgets/max_steps: `maxSteps` must be a whole number of 1 or more",
      "/agents/writer/inference/temperature: `temperature` must be a number of 0 or more and of 2 or less",
      "/pattern/config/steps/1/tool_overrides/0: item 0 must be a text",
      "/pattern/config/steps/2/timeout_seconds: `timeoutSeconds` must be a whole number of 0 or more",
      "/pattern/config/steps/2/id: `id` cannot be `with space`: it holds characters that are not allowed — use letters, digits, `.`, `:`, `_` and `-`",
      "/pattern/config/steps/0/agent: no agent is called `wrter` — did you mean `writer`?",
      "/pattern/config/steps/2/prompt: the prompt is empty — say what the person is asked to decide",
      "/pattern/config/steps/0/input: `steps[0]` can never have a value here (line 1, column 4 of this text): this fails when it is reached — a step sees the answers of those before it",
      expect.stringMatching(/^\/pattern\/config\/steps\/1\/input: .*`\}\}`/),
    ]);
  });

  it("says what to call when a part is missing", () => {
    const named = untyped(new WorkflowBuilder("w"));
    expect(linesOf(named)).toEqual([
      "/runtime: `runtime` is missing — call `withRuntime(provider, modelId)`",
      "/agents: `agents` is missing — call `addAgent(id, prompt)`",
      "/pattern: `pattern` is missing — call `chain()` or the method of another pattern",
    ]);
    expect(linesOf(untyped().routing())).toEqual([
      "/pattern/config/router: `router` is missing — call `router(agent)`",
      "/pattern/config/routes: there are no routes — add at least one route",
    ]);
    expect(linesOf(untyped().evaluatorOptimizer())).toEqual([
      "/pattern/config/producer: `producer` is missing — call `producer(agent)`",
      "/pattern/config/evaluator: `evaluator` is missing — call `evaluator(agent)`",
      "/pattern/config/accept: `accept` is missing — call `accept(minScore)`",
    ]);
    expect(linesOf(untyped().orchestratorWorkers())).toEqual([
      "/pattern/config/orchestrator: `orchestrator` is missing — call `orchestrator(agent)`",
      "/pattern/config/worker_template: `workerTemplate` is missing — call `workerTemplate(agent)`",
    ]);
    expect(linesOf(untyped().graph())).toEqual([
      "/pattern/config/nodes: there are no nodes — add at least one node",
      "/pattern/config/edges: there are no edges — add at least one edge",
    ]);
    expect(linesOf(untyped().parallel())).toEqual([
      "/pattern/config/branches: parallel needs at least two branches — add a branch, or use `chain`",
    ]);
    expect(linesOf(untyped().workflow())).toEqual([
      "/pattern/config/tasks: there are no tasks — add at least one task",
    ]);
  });

  it("drops nothing that is given twice: it is a problem", () => {
    const builder = untyped()
      .withRuntime("openai", { region: "r" })
      .withInputs({ topic: "tea" })
      .withInputs({ topic: "coffee" })
      .addAgent("writer", "Another.")
      .routing()
      .router("writer")
      .router("editor")
      // biome-ignore lint/suspicious/noExplicitAny: this is about callers without types.
      .route("a", (steps: any) => steps.step("writer"))
      // biome-ignore lint/suspicious/noExplicitAny: this is about callers without types.
      .route("a", (steps: any) => steps.step("editor"));
    expect(linesOf(builder)).toEqual([
      "/runtime/provider: `provider` is given twice — give it once",
      "/inputs/values/topic: `topic` is declared twice — use another name",
      "/agents/writer: `writer` is declared twice — use another name",
      "/pattern/config/router/agent: `agent` is given twice — give it once",
      "/pattern/config/routes/a: `a` is declared twice — use another name",
    ]);
    expect(
      linesOf(
        untyped()
          .chain((chain: unknown) => untyped(chain).step("writer"))
          .parallel(),
      ),
    ).toEqual([
      "/pattern: the workflow has a pattern already, and this is another — keep one of the two",
      "/pattern/config/branches: parallel needs at least two branches — add a branch, or use `chain`",
    ]);
  });

  it("takes no options that say an argument again", () => {
    expect(linesOf(untyped().chain().step("writer", "x", { agent: "editor" }))).toEqual([
      "/pattern/config/steps/0/agent: `agent` is given twice — give it once",
    ]);
  });

  it("refuses what is no data, where it stands", () => {
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    const builder = untyped()
      .withInputs({ f: () => 1, when: new Date(0), nan: Number.NaN, hole: [undefined], loop })
      .withInputs(JSON.parse('{"__proto__": 1}'))
      .chain()
      .step("writer");
    const lines = linesOf(builder);
    expect(lines.map((line) => line.split(" — ", 1)[0]?.slice(0, 60))).toEqual([
      "/inputs/values/f: this is not plain data",
      "/inputs/values/when: this is not plain data",
      "/inputs/values/nan: this is not plain data",
      "/inputs/values/hole/0: this is not plain data",
      expect.stringMatching(/^\/inputs\/values\/loop\/self\/self/),
      "/inputs/values/__proto__: `__proto__` cannot be a name",
    ]);
    expect(linesOf(untyped().withMetadata({ labels: "no" }).chain().step("writer"))).toEqual([
      "/metadata/labels: `labels` must be an object",
    ]);
    expect(linesOf(untyped().withSkills(7).chain().step("writer"))).toEqual(["/skills/0: item 0 must be an object"]);
  });

  it("lets names that can never have a value pass when it is told to, as the loader does", () => {
    const builder = base().chain().step("writer", "{{ steps[4].response }}");
    expect(linesOf(builder)).toHaveLength(1);
    expect(builder.build({ lenient: true }).pattern.type).toBe("chain");
    expect(builder.check({ lenient: true })).toMatchObject([{ code: "never_defined", severity: "warning" }]);
  });

  it("warns of a provider that does not exist, unless every model is simulated", () => {
    const builder = new WorkflowBuilder("w").withRuntime("bedrok").addAgent("a", "p").chain().step("a");
    expect(builder.check().map(({ code, suggestion }) => [code, suggestion])).toEqual([
      ["unknown_provider", "did you mean `bedrock`?"],
    ]);
    expect(builder.check({ offline: true })).toEqual([]);
  });

  it("never shows a secret: values of headers and addresses are not in messages", () => {
    const builder = untyped().withTools({
      httpExecutors: [{ id: "api", baseUrl: 17, headers: { authorization: ["s3cret"] } }],
    });
    const said = JSON.stringify(builder.chain().step("writer").check());
    expect(said).toContain("must be a text");
    expect(said).not.toContain("s3cret");
  });
});

describe("a callback", () => {
  it.each([
    ["nothing", () => undefined],
    ["something else", () => ({})],
    ["another builder", () => base().chain().step("writer")],
  ])("that returns %s is refused at once", (_, callback) => {
    for (const call of [
      () => untyped().chain(callback),
      () => untyped().parallel().branch("a", callback),
      () => untyped().routing().route("a", callback),
    ]) {
      expect(call).toThrow(/must return the builder it was given/);
    }
  });

  it("of one branch cannot return the steps of another", () => {
    let first: unknown;
    const keep = (steps: unknown) => {
      first = untyped(steps).step("writer");
      return first;
    };
    const parallel = untyped().parallel().branch("a", keep);
    expect(() => parallel.branch("b", () => first)).toThrow(/must return the builder it was given/);
  });
});

describe("a builder", () => {
  it("never changes: every call gives another one, and branches of a builder do not meet", () => {
    const start = base().chain().step("writer", "one");
    const left = start.step("editor", "two");
    const right = start.hitl("Good?");
    expect([start, left, right].map((builder) => Object.isFrozen(builder))).toEqual([true, true, true]);
    const lengths = [start, left, right].map((builder) => builder.build().pattern);
    expect(lengths).toMatchObject([
      { config: { steps: [{ input: "one" }] } },
      { config: { steps: [{ input: "one" }, { input: "two" }] } },
      { config: { steps: [{ input: "one" }, { prompt: "Good?" }] } },
    ]);
  });

  it("keeps what it was given, whatever becomes of the caller's objects, and gives frozen specs", () => {
    const values = { list: [1, 2] };
    const builder = base().withInputs(values).chain().step("writer");
    values.list.push(3);
    const spec = builder.build();
    expect(spec.inputs).toEqual({ values: { list: [1, 2] } });
    expect(Object.isFrozen(spec.inputs?.values?.["list"])).toBe(true);
    expect(() => Object.assign(spec.runtime, { provider: "x" })).toThrow(TypeError);
    expect(builder.build()).toStrictEqual(spec);
  });

  it("cannot be made or borrowed by hand", () => {
    const { step } = untyped(base().chain());
    expect(() => step.call({}, "writer")).toThrow(/not a builder/);
  });
});
