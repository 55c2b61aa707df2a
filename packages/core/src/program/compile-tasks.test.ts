import { describe, expect, it } from "vitest";
import { ask } from "../../test/support/workflows.js";
import type { TaskSpec } from "../spec/spec.js";
import { compileTasks } from "./compile-tasks.js";
import { LazyTemplate } from "./lazy-template.js";
import type { ProgramStep } from "./program.js";

const task = (id: string, deps: readonly string[] = [], input = ""): TaskSpec => ({ id, agent: "writer", deps, input });
const question = (id: string, deps: readonly string[] = [], context_display?: string): TaskSpec => ({
  ...ask("?", context_display === undefined ? {} : { context_display }),
  id,
  deps,
});

function compile(specs: readonly TaskSpec[]) {
  const compileStep = (spec: TaskSpec): ProgramStep =>
    "agent" in spec
      ? {
          type: "agent",
          agentId: spec.agent,
          input: new LazyTemplate(spec.input ?? ""),
          vars: undefined,
          tools: undefined,
        }
      : {
          type: "hitl",
          name: spec.id,
          prompt: new LazyTemplate(spec.prompt),
          context: spec.context_display === undefined ? undefined : new LazyTemplate(spec.context_display),
          default: undefined,
          timeoutMs: undefined,
          pattern: undefined,
        };
  return compileTasks(specs, compileStep);
}

/** Ids with the number of their layer, in order. */
const layers = (...specs: TaskSpec[]): string =>
  compile(specs)
    .map(({ id, layer }) => `${id}${layer}`)
    .join(" ");

/** The ids a task waits for, sees and has its answer from. */
function links(id: string, ...specs: TaskSpec[]) {
  const tasks = compile(specs);
  const found = tasks.find((one) => one.id === id);
  const name = (index: number): string => tasks[index]?.id ?? "?";
  return {
    waitsFor: found?.waitsFor.map(name),
    sees: found?.sees.map(name),
    answeredBy: found?.answeredBy === undefined ? undefined : name(found.answeredBy),
  };
}

describe("layers", () => {
  it("keep the order of the file where nothing depends on anything", () => {
    expect(layers(task("c"), task("a"), task("b"))).toBe("c0 a0 b0");
  });

  it("put a task behind its last dependency, in the order in which that is met", () => {
    expect(layers(task("d", ["b", "c"]), task("b", ["a"]), task("c", ["a"]), task("a"))).toBe("a0 b1 c1 d2");
    expect(layers(task("a"), task("b"), task("y", ["b"]), task("x", ["a"]))).toBe("a0 b0 x1 y1");
    expect(layers(task("a"), task("late", ["a", "mid"]), task("mid", ["a"]), task("side", ["a"]))).toBe(
      "a0 mid1 side1 late2",
    );
  });

  it("take ids of any kind", () => {
    expect(layers(task("2"), task("1"), task("__proto__", ["1"]), task("constructor", ["__proto__", "2"]))).toBe(
      "20 10 __proto__1 constructor2",
    );
  });

  it("do not mind a dependency named twice", () => {
    expect(layers(task("b", ["a", "a"]), task("a"))).toBe("a0 b1");
  });
});

describe("what a task waits for", () => {
  it("are its dependencies, and nothing else of the layers before", () => {
    const specs = [task("a"), task("b"), task("c", ["a"], "{{ tasks.a.response }}")];
    expect(links("c", ...specs)).toEqual({ waitsFor: ["a"], sees: ["a"], answeredBy: undefined });
  });

  it("are tasks of layers before that its template reads without depending on them", () => {
    const read = (input: string) => links("c", task("a"), task("b-1"), task("d.e"), task("c", ["a"], input)).waitsFor;
    expect(read("{{ tasks['b-1'].response }}")).toEqual(["a", "b-1"]);
    expect(read("{{ tasks['d.e'].response }}")).toEqual(["a", "d.e"]);
    expect(read("{% if true %}{{ tasks['b-1'].response | upper }}{% endif %}")).toEqual(["a", "b-1"]);
    expect(read("{% set x = tasks['b-1'] %}{{ x.response }}")).toEqual(["a", "b-1"]);
  });

  it.each([
    "{{ tasks | length }}",
    "{% for id, one in tasks.items() %}{{ id }}{% endfor %}",
    "{% for one in tasks.values() %}{{ one.response }}{% endfor %}",
    "{{ tasks[name].response }}",
    "{{ tasks.get('a').response }}",
    "{% set all = tasks %}{{ all.a.response }}",
    "{{ tasks }}",
    "{{ 'a' in tasks }}",
  ])("are all of the layers before when its template looks at the tasks as a whole: %s", (input) => {
    const specs = [task("a"), task("b"), task("c", ["a"], input), task("d", ["a"]), task("e", ["d"])];
    expect(links("c", ...specs)).toMatchObject({ waitsFor: ["a", "b"], sees: ["a", "b"] });
  });

  it("is nothing of its own layer or of later ones", () => {
    const read = "{{ tasks.b.response }} {{ tasks.c.response }} {{ tasks.a.response }}";
    expect(links("a", task("a", [], read), task("b"), task("c", ["a"]))).toMatchObject({ waitsFor: [], sees: [] });
    expect(links("b", task("a"), task("b", [], read), task("c", ["a"]))).toMatchObject({ waitsFor: [], sees: [] });
  });

  it("is of its own layer what stands before a question that it stands behind", () => {
    const specs = [task("a"), question("q"), task("b", [], "{{ tasks | length }}"), task("c")];
    expect(links("b", ...specs)).toMatchObject({ waitsFor: ["a", "q"], sees: ["a", "q"] });
    expect(links("c", ...specs)).toMatchObject({ waitsFor: [] });
  });

  it("is the question whose answer its template reads: the last before it", () => {
    const specs = [
      task("a", [], "{{ hitl_response }}"),
      question("q1"),
      question("q2", ["a"]),
      task("b", ["a"], "{{ hitl_response }}"),
      task("c", ["a"], "no answer"),
      question("q3", ["b"], "{{ hitl_response }} {{ tasks.c.response }}"),
      task("z", ["q3"], "{{ hitl_response }}"),
    ];
    expect(links("a", ...specs)).toMatchObject({ waitsFor: [], answeredBy: undefined });
    expect(links("b", ...specs)).toMatchObject({ waitsFor: ["a", "q2"], answeredBy: "q2" });
    expect(links("c", ...specs)).toMatchObject({ waitsFor: ["a"], answeredBy: undefined });
    expect(links("q3", ...specs)).toMatchObject({ waitsFor: ["b", "c", "q2"], answeredBy: "q2" });
    expect(links("z", ...specs)).toMatchObject({ waitsFor: ["q3"], answeredBy: "q3" });
  });

  it("always stands before it", () => {
    const tasks = compile([
      task("d", ["b", "c"], "{{ tasks }}"),
      task("b", ["a"], "{{ tasks.c.response }}{{ tasks }}"),
      question("c", ["a"], "{{ tasks }}"),
      task("a"),
    ]);
    for (const [index, { waitsFor }] of tasks.entries()) expect(Math.max(-1, ...waitsFor)).toBeLessThan(index);
    expect(tasks.map(({ waitsFor }) => waitsFor.length)).toEqual([0, 1, 1, 3]);
  });
});
