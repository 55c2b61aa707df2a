import { describe, expect, it } from "vitest";
import { asked, completed, patternSpec, paused, prompts, trial } from "../../test/support/patterns.js";
import { ask } from "../../test/support/workflows.js";
import type { EdgeSpec, GraphSpec, NodeSpec, Spec } from "../spec/spec.js";

type Nodes = Readonly<Record<string, string | NodeSpec>>;

/** A string stands for a node of the agent `writer` with that input. */
const flow = (
  nodes: Nodes,
  edges: readonly EdgeSpec[],
  more: Partial<GraphSpec> = {},
  spec: Partial<Spec> = {},
): Spec => {
  const list = Object.entries(nodes).map(([id, node]) => [
    id,
    typeof node === "string" ? { agent: "writer", input: node } : node,
  ]);
  return patternSpec("graph", { nodes: Object.fromEntries(list), edges, ...more }, spec);
};
const to = (from: string, target: string): EdgeSpec => ({ from, to: [target] });
const choose = (from: string, ...choices: readonly (readonly [when: string, target: string])[]): EdgeSpec => ({
  from,
  choose: choices.map(([when, target]) => ({ when, to: target })),
});
/** Two steps that go back and forth while a condition holds. */
const loop = (when: string, more: Partial<GraphSpec> = {}, spec: Partial<Spec> = {}): Spec =>
  flow({ a: "a", b: "b", end: "e" }, [to("a", "b"), choose("b", [when, "a"], ["else", "end"])], more, spec);

describe("what a node's template sees", () => {
  it("are all nodes in the order of the file, printed as Python prints them", async () => {
    const { bench, model } = trial();
    await completed(bench, flow({ z: "one", b: "{{ nodes }}", a: "x" }, [to("z", "b"), to("b", "a")]));
    const record = (response: string, status: string, iteration: number) =>
      `{'response': ${response}, 'agent': 'writer', 'status': '${status}', 'iteration': ${iteration}}`;
    expect(prompts(model)["nodes/b/1"]).toBe(
      `{'z': ${record("'nodes/z/1'", "success", 1)}, 'b': ${record("None", "not_executed", 0)}, 'a': ${record("None", "not_executed", 0)}}`,
    );
  });

  it("are questions too: without an agent before, with prompt and answer after", async () => {
    const { bench, model } = trial();
    await paused(
      bench,
      flow({ a: "{{ nodes.q }}", q: ask("Fine?"), b: "{{ nodes.q }} {{ hitl_response }}" }, [
        to("a", "q"),
        to("q", "b"),
      ]),
    );
    await bench.again().client.resume("session-1", { response: "yes" }).result;
    expect(prompts(model)).toEqual({
      "nodes/a/1": "{'response': None, 'agent': None, 'status': 'not_executed', 'iteration': 0}",
      "nodes/b/1": "{'response': 'yes', 'type': 'hitl', 'prompt': 'Fine?', 'status': 'success', 'iteration': 1} yes",
    });
  });

  it("is null for the answer before any, over a variable of that name", async () => {
    const { bench, model } = trial();
    const probe =
      "{{ hitl_response }} {{ x }} {{ nodes.b.iteration }} {{ last_response is defined }} {{ iteration is defined }} {{ total_steps is defined }}";
    await completed(bench, flow({ a: probe, b: "" }, [to("a", "b")], {}, { inputs: { values: { x: "value" } } }), {
      hitl_response: "mine",
      nodes: "mine",
      x: "variable",
    });
    expect(prompts(model)["nodes/a/1"]).toBe("None variable 0 False False False");
  });

  it("keeps the order of ids that are numbers, when it is said apart", async () => {
    const { bench, model } = trial();
    const more = { node_order: ["start", "10", "9"] };
    const spec = flow(
      { start: "", "10": "", "9": "{{ nodes | list | join(',') }}" },
      [to("start", "10"), to("10", "9")],
      more,
    );
    const result = await completed(bench, spec);
    expect(asked(model)).toEqual(["nodes/start/1", "nodes/10/1", "nodes/9/1"]);
    expect(prompts(model)["nodes/9/1"]).toBe("start,10,9");
    expect(result.context["terminal_node"]).toBe("9");
  });

  it("is the latest answer in time, not in the order of the file", async () => {
    const { bench, model } = trial();
    const spec = flow({ start: "s", q2: ask("2?"), q1: ask("1?"), end: "{{ hitl_response }}" }, [
      to("start", "q1"),
      to("q1", "q2"),
      to("q2", "end"),
    ]);
    await paused(bench, spec);
    await bench.again().client.resume("session-1", { response: "first" }).result;
    await bench.again().client.resume("session-1", { response: "second" }).result;
    expect(prompts(model)["nodes/end/1"]).toBe("second");
  });

  it("is how often a node was visited, and what it said last", async () => {
    const { bench, model } = trial();
    const spec = flow({ a: "{{ nodes.a.iteration }} {{ nodes.a.response }}", end: "{{ nodes.a.iteration }}" }, [
      choose("a", ["nodes.a.iteration < 3", "a"], ["else", "end"]),
    ]);
    await completed(bench, spec);
    expect(prompts(model)).toEqual({
      "nodes/a/1": "0 None",
      "nodes/a/2": "1 nodes/a/1",
      "nodes/a/3": "2 nodes/a/2",
      "nodes/end/1": "3",
    });
  });

  it("is, without a template, the node and the nodes that have run", async () => {
    const { bench, model } = trial();
    await completed(
      bench,
      flow({ start: "", mid: { agent: "writer" }, other: "x", end: "" }, [
        to("start", "mid"),
        choose("mid", ["true", "end"], ["else", "other"]),
      ]),
    );
    expect(prompts(model)["nodes/start/1"]).toContain("`start`");
    expect(prompts(model)["nodes/start/1"]).not.toMatch(/mid|other|end/);
    expect(prompts(model)["nodes/end/1"]).toMatch(/`end`.*start, mid/);
    expect(prompts(model)["nodes/end/1"]).not.toContain("other");
  });

  it.each([
    ["a/b", "nodes/a%2Fb/1"],
    ["50%@2", "nodes/50%25%402/1"],
    ["constructor", "nodes/constructor/1"],
    ["answer", "nodes/answer/1"],
  ])("may have the id %j", async (id, key) => {
    const { bench, model } = trial();
    const result = await completed(bench, flow({ start: "s", [id]: `{{ nodes['${id}'].status }}` }, [to("start", id)]));
    expect(asked(model)).toEqual(["nodes/start/1", key]);
    expect(prompts(model)[key]).toBe("not_executed");
    expect(result.context).toMatchObject({ terminal_node: id, iteration_counts: { start: 1, [id]: 1 } });
  });
});

describe("the next node", () => {
  it("is the first of the first edge from a node", async () => {
    const { bench, model } = trial();
    await completed(bench, flow({ a: "a", b: "b", c: "c" }, [to("a", "b"), choose("a", ["else", "c"]), to("c", "b")]));
    expect(asked(model)).toEqual(["nodes/a/1", "nodes/b/1"]);
  });

  it.each([
    ["true", "b"],
    ["false", "c"],
    ["{{ nodes.a.status == 'success' }}", "b"],
    [" ELSE ", "b"],
    ["'ok' in nodes.a.response", "b"],
    ["nodes.a.response == 'ok'", "b"],
    ["nodes.a.response contains 'k'", "b"],
    ["nodes.b.response", "c"],
    ["flag == 'yes'", "b"],
    ["n > 2", "b"],
    ["hitl_response", "c"],
    ["hitl_response is none", "c"],
    ["hitl_response is not defined", "b"],
    ["'approve' in hitl_response", "c"],
    ["hitl_response | length > 0", "c"],
    ["unknown_name", "c"],
    ["nodes.a.iteration == 1", "b"],
  ])("is chosen by %j", async (when, expected) => {
    const { bench, model } = trial({ "nodes/a/1": "ok" });
    const spec = flow({ a: "a", b: "b", c: "c" }, [choose("a", [when, "b"], ["else", "c"])]);
    await completed(bench, { ...spec, inputs: { values: { n: 3 } } }, { flag: "yes", hitl_response: "mine" });
    expect(asked(model)).toEqual(["nodes/a/1", `nodes/${expected}/1`]);
  });

  it("is chosen by answers of people", async () => {
    const { bench, model } = trial();
    const spec = flow({ q: ask("Go?"), yes: "y", no: "n" }, [
      choose("q", ["nodes.q.response == 'yes' and hitl_response == 'yes'", "yes"], ["else", "no"]),
    ]);
    await paused(bench, spec);
    const done = await bench.again().client.resume("session-1", { response: "yes" }).result;
    expect(done).toMatchObject({ status: "completed", lastResponse: "nodes/yes/1" });
    expect(asked(model)).toEqual(["nodes/yes/1"]);
  });

  it("is none when no condition holds: the run ends there", async () => {
    const { bench } = trial();
    const result = await completed(bench, flow({ a: "a", b: "b" }, [choose("a", ["false", "b"])]));
    expect(result).toMatchObject({ lastResponse: "nodes/a/1", context: { terminal_node: "a", total_steps: 1 } });
  });

  it.each([
    { from: "a", to: [] },
    { from: "a", choose: [] },
  ] as const)("cannot be found behind the empty edge %o", async (edge) => {
    const { bench, model } = trial();
    const spec = flow({ q: "q", a: "a", b: "b" }, [choose("q", ["true", "a"], ["else", "b"]), edge]);
    expect(await bench.client.run(spec)).toMatchObject({
      status: "failed",
      error: { code: "RUN_STEP_FAILED", stepKey: "nodes/a/1", message: expect.stringContaining("`a`") },
    });
    expect(asked(model)).toEqual(["nodes/q/1", "nodes/a/1"]);
  });

  it("fails the run when its condition cannot be evaluated; the answer is kept", async () => {
    const { bench } = trial();
    const spec = flow({ a: "a", b: "b" }, [choose("a", ["'x' in nodes.b.response", "b"])]);
    const message = "The condition after step `nodes/a/1`: `in` cannot search a NoneType";
    const error = { stepKey: "nodes/a/1", message };
    expect(await bench.client.run(spec)).toMatchObject({ status: "failed", error });
    expect(await bench.sessions.journal()).toContain("model nodes/a/1/model/0");
  });
});

describe("the limits of a graph", () => {
  it.each([
    [undefined, 10],
    [1, 1],
    [3, 3],
  ])("with max_iterations %s allow %d visits of a node", async (max_iterations, visits) => {
    const more = max_iterations === undefined ? {} : { max_iterations };
    const { bench, model } = trial();
    expect(await bench.client.run(loop("true", more))).toMatchObject({
      status: "failed",
      error: { code: "RUN_LOOP_LIMIT", message: expect.stringContaining("`a`") },
    });
    expect(asked(model)).toHaveLength(visits * 2);
    await completed(trial().bench, loop(`nodes.b.iteration < ${visits}`, more));
  });

  it("count visits of questions", async () => {
    const { bench } = trial();
    const spec = flow({ q: ask(), end: "e" }, [choose("q", ["hitl_response == 'again'", "q"], ["else", "end"])], {
      max_iterations: 2,
    });
    await paused(bench, spec);
    const again = () => bench.again().client.resume("session-1", { response: "again" }).result;
    expect(await again()).toMatchObject({ status: "paused", interrupts: [{ stepKey: "nodes/q/2" }] });
    expect(await again()).toMatchObject({ status: "failed", error: { code: "RUN_LOOP_LIMIT" } });
  });

  it("let a run of exactly max_steps nodes succeed, questions not counted, and no more", async () => {
    const spec = (max_steps: number): Spec =>
      flow(
        { a: "a", q: ask(), b: "b", c: "c" },
        [to("a", "q"), to("q", "b"), to("b", "c")],
        {},
        {
          runtime: { provider: "offline", budgets: { max_steps } },
        },
      );
    const exact = trial();
    await paused(exact.bench, spec(3));
    expect(await exact.bench.again().client.resume("session-1", { response: "" }).result).toMatchObject({
      status: "completed",
      context: { total_steps: 3 },
    });
    const less = trial();
    await paused(less.bench, spec(2));
    expect(await less.bench.again().client.resume("session-1", { response: "" }).result).toMatchObject({
      status: "failed",
      error: { code: "RUN_BUDGET_EXCEEDED" },
    });
    expect(asked(less.model)).toEqual(["nodes/a/1", "nodes/b/1"]);
  });

  it("are 100 steps when no budget is named", async () => {
    const { bench, model } = trial();
    const result = await bench.client.run(loop("true", { max_iterations: 1000 }));
    expect(result).toMatchObject({ status: "failed", error: { code: "RUN_BUDGET_EXCEEDED" } });
    expect(asked(model)).toHaveLength(100);
  });
});

describe("a question in a graph", () => {
  it("may come first, and shows the nodes as they were before", async () => {
    const { bench } = trial();
    const gate = ask("Go?", {
      context_display: "{{ nodes.q.response }} {{ nodes.q.iteration }} {{ nodes.a.response }} {{ hitl_response }}",
    });
    const spec = flow({ q: gate, a: "a", end: "e" }, [
      to("q", "a"),
      choose("a", ["nodes.a.iteration < 2", "q"], ["else", "end"]),
    ]);
    expect(await paused(bench, spec)).toMatchObject([{ stepKey: "nodes/q/1", context: "None 0 None None" }]);
    expect(await bench.again().client.resume("session-1", { response: "one" }).result).toMatchObject({
      interrupts: [{ stepKey: "nodes/q/2", context: "one 1 nodes/a/1 one" }],
    });
  });

  it("may come last", async () => {
    const { bench } = trial();
    await paused(bench, flow({ a: "a", q: ask() }, [to("a", "q")]));
    expect(await bench.again().client.resume("session-1", { response: "done" }).result).toMatchObject({
      status: "completed",
      lastResponse: "done",
      agentId: "",
      context: { terminal_node: "q", total_steps: 1, iteration_counts: { a: 1, q: 1 } },
    });
  });

  it("sends the node before back with feedback, as often as wanted, and shows what came of it", async () => {
    const { bench, model } = trial();
    const gate = ask("Good?", { context_display: "{{ nodes.a.response }} {{ nodes.a.iteration }}" });
    await paused(bench, flow({ a: "a", q: gate, end: "{{ nodes.a.response }}" }, [to("a", "q"), to("q", "end")]));
    for (const revision of [2, 3]) {
      await bench.client.answer("session-1", { response: `feedback ${revision}`, action: "modify" });
      expect(await bench.again().client.resume("session-1").result).toMatchObject({
        status: "paused",
        interrupts: [{ stepKey: `nodes/q/1@${revision}`, context: `nodes/q/1/before@${revision} 1` }],
      });
      expect(prompts(model)[`nodes/q/1/before@${revision}`]).toContain(`feedback ${revision}`);
    }
    expect(model.requests.at(-1)?.messages).toHaveLength(5);
    expect((await bench.again().client.resume("session-1", { response: "ok" }).result).status).toBe("completed");
    expect(asked(model)).toEqual(["nodes/a/1", "nodes/q/1/before@2", "nodes/q/1/before@3", "nodes/end/1"]);
    expect(prompts(model)["nodes/end/1"]).toBe("nodes/q/1/before@3");
  });

  it("has nothing to send back when it comes first", async () => {
    const { bench } = trial();
    await paused(bench, flow({ q: ask(), a: "a" }, [to("q", "a")]));
    const answer = bench.client.answer("session-1", { response: "x", action: "modify" });
    await expect(answer).rejects.toMatchObject({ code: "INTERRUPT_INVALID" });
  });

  it("takes its default when the time is up", async () => {
    const { bench, model } = trial();
    await paused(
      bench,
      flow({ q: ask("?", { default: "later", timeout_seconds: 3 }), a: "{{ hitl_response }}" }, [to("q", "a")]),
    );
    bench.clock.pass(3000);
    expect((await bench.again().client.resume("session-1").result).status).toBe("completed");
    expect(prompts(model)["nodes/a/1"]).toBe("later");
  });
});

describe("the end of a graph", () => {
  it("is the answer of the last node, with where and how it got there", async () => {
    const { bench } = trial({ "nodes/b/1": "two words" });
    const result = await completed(
      bench,
      flow({ a: "a", b: "b", c: "c" }, [choose("a", ["true", "b"], ["else", "c"])]),
    );
    expect(result).toMatchObject({ lastResponse: "two words", agentId: "writer", patternType: "graph" });
    expect(result.context).toEqual({
      nodes: expect.anything(),
      terminal_node: "b",
      total_steps: 2,
      iteration_counts: { a: 1, b: 1 },
      cumulative_tokens: 5,
      name: "test-flow",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it("counts visits in the order in which nodes were reached, as templates dump them", async () => {
    const artifacts = [{ path: "a.json", from: "{{ iteration_counts | tojson }}" }];
    const named = flow(
      { start: "s", end: "e", middle: "m" },
      [to("start", "middle"), to("middle", "end")],
      {},
      { outputs: { artifacts } },
    );
    const { artifacts: files } = await completed(trial().bench, named);
    expect(files[0]?.content).toBe('{"start": 1, "middle": 1, "end": 1}');
  });

  it("keeps one conversation per agent along the way", async () => {
    const { bench, model } = trial();
    await completed(bench, flow({ a: "a", b: { agent: "editor", input: "b" }, c: "c" }, [to("a", "b"), to("b", "c")]));
    expect(model.requests.map(({ messages }) => messages.length)).toEqual([1, 1, 3]);
  });

  it("comes with one event for each start, end and edge", async () => {
    const { bench } = trial();
    await completed(bench, flow({ a: "a", b: "b" }, [choose("a", ["nodes.a.iteration < 2", "a"], ["else", "b"])]));
    const told = bench.events.flatMap((event) => {
      if (event.type === "node_start" || event.type === "node_complete")
        return [`${event.type} ${event.nodeId} ${event.visit}`];
      return event.type === "edge_taken" ? [`${event.from} -> ${event.to}`] : [];
    });
    expect(told).toEqual([
      "node_start a 1",
      "node_complete a 1",
      "a -> a",
      "node_start a 2",
      "node_complete a 2",
      "a -> b",
      "node_start b 1",
      "node_complete b 1",
    ]);
    expect(bench.of("node_complete")[2]).toMatchObject({ agentId: "writer", response: "nodes/b/1" });
  });
});

it("a prompt of ours names the latest hundred nodes of a long graph, and how many there were", async () => {
  const { bench, model } = trial();
  const ids = Array.from({ length: 105 }, (_, index) => `n${index}`);
  const nodes = Object.fromEntries(ids.map((id) => [id, { agent: "writer" }]));
  const edges = ids.slice(1).map((id, index) => ({ from: `n${index}`, to: [id] }));
  const spec = patternSpec(
    "graph",
    { nodes, edges },
    { runtime: { provider: "offline", budgets: { max_steps: 200 } } },
  );
  await completed(bench, spec);
  expect(prompts(model)["nodes/n3/1"]).toContain("n0, n1, n2.");
  expect(prompts(model)["nodes/n104/1"]).toContain("104, the latest of them n4, n5,");
});
