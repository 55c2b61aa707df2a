import { describe, expect, it } from "vitest";
import { gate } from "../../test/support/gate.js";
import { asked, completed, keyedModel, patternSpec, paused, prompts, trial } from "../../test/support/patterns.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { ask, bench } from "../../test/support/workflows.js";
import type { Spec, TaskSpec } from "../spec/spec.js";

const flow = (tasks: readonly TaskSpec[], more: Partial<Spec> = {}): Spec => patternSpec("workflow", { tasks }, more);
const task = (id: string, input = id, deps: readonly string[] = []): TaskSpec => ({ id, agent: "writer", input, deps });
const question = (id: string, deps: readonly string[] = [], context_display = ""): TaskSpec => ({
  ...ask(`${id}?`, { context_display }),
  id,
  deps,
});

describe("what a task's template sees", () => {
  it("are the records of finished tasks by id, printed as Python prints them", async () => {
    const { bench, model } = trial({ "tasks/a": "said a" });
    await completed(bench, flow([task("a", "two words"), task("b", "{{ tasks.a }} {{ tasks }}", ["a"])]));
    const record = "{'response': 'said a', 'status': 'success', 'tokens_estimated': 4, 'agent': 'writer'}";
    expect(prompts(model)["tasks/b"]).toBe(`${record} {'a': ${record}}`);
  });

  it("are answers of people too", async () => {
    const first = trial();
    await paused(first.bench, flow([question("q"), task("b", "{{ tasks.q }} {{ hitl_response }}", ["q"])]));
    await first.bench.again().client.resume("session-1", { response: "fine" }).result;
    expect(prompts(first.model)["tasks/b"]).toBe(
      "{'type': 'hitl', 'prompt': 'q?', 'response': 'fine', 'status': 'success', 'tokens_estimated': 0, 'agent': 'hitl'} fine",
    );
  });

  it("are tasks of layers before, not of its own layer or later ones", async () => {
    const { bench, model } = trial();
    const probe =
      "{{ tasks.a is defined }} {{ tasks.b is defined }} {{ tasks.d is defined }} {{ tasks | list | join(',') }}";
    await completed(bench, flow([task("a"), task("b"), task("c", probe, ["a"]), task("d", "d", ["a"])]));
    expect(prompts(model)["tasks/c"]).toBe("True True False a,b");
  });

  it("fails with an unknown name when it reads a task that has not run", async () => {
    const { bench } = trial();
    const result = await bench.client.run(flow([task("a", "{{ tasks.b.response }}"), task("b", "b", ["a"])]));
    expect(result).toMatchObject({ status: "failed", error: { code: "TEMPLATE_UNDEFINED", stepKey: "tasks/a" } });
  });

  it("are tasks over variables, and variables over values; no last response", async () => {
    const { bench, model } = trial();
    const probe = "{{ x }} {{ tasks | length }} {{ last_response is defined }} {{ hitl_response | default('none') }}";
    const spec = flow([task("a"), task("b", probe, ["a"])], { inputs: { values: { x: 1, tasks: "mine" } } });
    await completed(bench, spec, { x: 2 });
    expect(prompts(model)["tasks/b"]).toBe("2 1 False none");
  });

  it("is the answer of the last question before it, in the order of the layers", async () => {
    const spec = flow([
      task("a", "{{ hitl_response | default('none') }}"),
      question("q1"),
      question("q2", ["q1"]),
      task("b", "{{ hitl_response }}", ["q1"]),
      task("c", "{{ hitl_response }}", ["q2"]),
    ]);
    const model = keyedModel();
    await bench({ model }).client.run(spec, { onInterrupt: ({ prompt }) => `${prompt} yes` });
    expect(prompts(model)).toMatchObject({ "tasks/a": "none", "tasks/b": "q2? yes", "tasks/c": "q2? yes" });
  });

  it("may have any id, in the order of the layers", async () => {
    const { bench, model } = trial();
    const tasks = [task("b/c"), task("a@2"), task("50%"), task("constructor")];
    const probe = "{{ tasks['b/c'].response }} {{ tasks.constructor.response }} {{ tasks | list | join(',') }}";
    const result = await completed(bench, flow([...tasks, task("end", probe, ["constructor"])]));
    expect(asked(model)).toEqual(["tasks/b%2Fc", "tasks/a%402", "tasks/50%25", "tasks/constructor", "tasks/end"]);
    expect(prompts(model)["tasks/end"]).toBe("tasks/b%2Fc tasks/constructor b/c,a@2,50%,constructor");
    expect(Object.keys(result.context["tasks"] as object)).toHaveLength(5);
  });

  it("keeps the order of ids that are numbers", async () => {
    const { bench, model } = trial();
    const probe = "{{ tasks | list | join(',') }} {{ tasks['2'].response }} {{ tasks }}";
    await completed(bench, flow([task("2"), task("x"), task("1"), task("end", probe, ["1"])]));
    expect(prompts(model)["tasks/end"]).toMatch(/^2,x,1 tasks\/2 \{'2': .*'x': .*'1': /);
  });
});

describe("when tasks run", () => {
  it("is as soon as what they wait for is done, whatever else runs", async () => {
    const slow = gate<string>();
    const model = scriptedModel(({ stepKey }) => {
      if (stepKey === "tasks/slow") return slow.promise;
      if (stepKey === "tasks/third") slow.open("at last");
      return stepKey;
    });
    // With a barrier between layers `second` would wait for `slow`, which ends only once `third` has run.
    const spec = flow([
      task("slow"),
      task("first"),
      task("second", "{{ tasks.first.response }}", ["first"]),
      task("third", "{{ tasks.second.response }}", ["second"]),
    ]);
    await completed(bench({ model }), spec);
    expect(asked(model)).toEqual(["tasks/slow", "tasks/first", "tasks/second", "tasks/third"]);
  });

  it("is not before a task of an earlier layer that they read is done, although they do not depend on it", async () => {
    const slow = gate<string>();
    const model = scriptedModel(({ stepKey }) => {
      if (stepKey === "tasks/b") slow.open("slow");
      return stepKey === "tasks/slow" ? slow.promise : stepKey;
    });
    const spec = flow([task("slow"), task("a"), task("b", "b", ["a"]), task("c", "{{ tasks.slow.response }}", ["a"])]);
    await completed(bench({ model }), spec);
    expect(prompts(model)["tasks/c"]).toBe("slow");
    expect(asked(model)).toEqual(["tasks/slow", "tasks/a", "tasks/b", "tasks/c"]);
  });

  it.each([
    [1, 1],
    [3, 3],
    [undefined, 6],
  ])("is with max_parallel %s at most %d at once", async (max_parallel, most) => {
    let busy = 0;
    let highest = 0;
    const model = scriptedModel(async ({ stepKey }) => {
      busy += 1;
      highest = Math.max(highest, busy);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      busy -= 1;
      return stepKey;
    });
    const limit = max_parallel === undefined ? {} : { max_parallel };
    const tasks = ["a", "b", "c", "d", "e", "f"].map((id) => task(id));
    await completed(bench({ model }), flow(tasks, { runtime: { provider: "offline", ...limit } }));
    expect(highest).toBe(most);
  });

  it("gives each a conversation of its own", async () => {
    const { bench, model } = trial();
    await completed(bench, flow([task("a"), task("b", "b", ["a"])]));
    expect(model.requests.map(({ messages }) => messages.length)).toEqual([1, 1]);
  });
});

describe("a failing task", () => {
  it("ends the run: siblings are cancelled, nothing else begins, what was done is kept", async () => {
    const stopped = gate();
    const signals: (AbortSignal | undefined)[] = [];
    const model = {
      provider: "p",
      modelId: "m",
      async *stream({ stepKey }: { readonly stepKey: string }, { signal }: { readonly signal: AbortSignal }) {
        if (stepKey === "tasks/bad") {
          await stopped.promise;
          throw new Error("broken");
        }
        if (stepKey === "tasks/hangs") {
          signals.push(signal);
          stopped.open();
          await new Promise(() => {});
        }
        yield stepKey;
      },
    };
    const { client, sessions } = bench({ model });
    const spec = flow([task("done"), task("bad"), task("hangs"), task("never", "x", ["bad"])], {
      runtime: { provider: "offline", failure_policy: { retries: 0 } },
    });
    const result = await client.run(spec);
    expect(result).toMatchObject({ status: "failed", error: { stepKey: "tasks/bad" } });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    const journal = await sessions.journal();
    expect(journal).toContain("model tasks/done/model/0");
    expect(journal.filter((line) => line.includes("never") || line.includes("hangs"))).toEqual([]);
  });
});

describe("questions in a workflow", () => {
  const spec = flow([
    question("q1"),
    question("q2"),
    task("side"),
    task("a", "{{ tasks.q1.response }}", ["q1"]),
    task("b", "{{ tasks.q2.response }}", ["q2"]),
    task("end", "{{ tasks.a.response }} {{ tasks.b.response }}", ["a", "b"]),
  ]);

  it.each([
    ["interrupt-1", "interrupt-2", "q2?"],
    ["interrupt-2", "interrupt-1", "q1?"],
  ])(
    "may be open together; everything else goes on, and each answer moves on what waits for it (%s first)",
    async (one, two, left) => {
      const { bench, model } = trial();
      const open = await paused(bench, spec);
      expect(open.map(({ prompt }) => prompt)).toEqual(["q1?", "q2?"]);
      expect(asked(model)).toEqual(["tasks/side"]);
      const still = await bench.again().client.resume("session-1", { response: "first", interruptId: one }).result;
      expect(still.status === "paused" && still.interrupts.map(({ prompt }) => prompt)).toEqual([left]);
      expect(asked(model)).toHaveLength(2);
      const done = await bench.again().client.resume("session-1", { response: "second", interruptId: two }).result;
      expect(done).toMatchObject({ status: "completed", lastResponse: "tasks/end", agentId: "writer" });
      expect(asked(model)).toHaveLength(4);
    },
  );

  it("show what the template sees", async () => {
    const { bench } = trial({ "tasks/a": "draft" });
    const open = await paused(bench, flow([task("a"), question("q", ["a"], "Look: {{ tasks.a.response }}")]));
    expect(open).toMatchObject([{ context: "Look: draft", stepKey: "tasks/q" }]);
  });

  it("pause all the same when what is to be shown cannot be rendered", async () => {
    const { bench } = trial();
    const [open] = await paused(bench, flow([question("q", [], "{{ tasks.nope.response }}")]));
    expect(open?.context).toMatch(/could not be rendered/);
  });

  it("take the default when the time is up", async () => {
    const { bench, model } = trial();
    const timed: TaskSpec = { ...ask("?", { default: "later", timeout_seconds: 5 }), id: "q" };
    await paused(bench, flow([timed, task("b", "{{ tasks.q.response }}", ["q"])]));
    bench.clock.pass(5000);
    expect(await bench.again().client.resume("session-1").result).toMatchObject({ status: "completed" });
    expect(prompts(model)["tasks/b"]).toBe("later");
  });

  it("cannot be sent back, but be rejected", async () => {
    const { bench } = trial();
    await paused(bench, flow([task("a"), question("q", ["a"])]));
    const modify = bench.client.answer("session-1", { response: "shorter", action: "modify" });
    await expect(modify).rejects.toMatchObject({ code: "INTERRUPT_INVALID" });
    await bench.client.answer("session-1", { response: "too long", action: "reject" });
    expect(await bench.client.resume("session-1").result).toMatchObject({
      status: "cancelled",
      reason: expect.stringContaining("too long"),
    });
  });
});

describe("the end of a workflow", () => {
  it("is the answer of the last task of the last layer, not of the last that finished", async () => {
    const slow = gate<string>();
    const model = scriptedModel(({ stepKey }) => {
      if (stepKey === "tasks/z") return slow.promise;
      if (stepKey === "tasks/late") slow.open("the end");
      return stepKey;
    });
    const spec = flow([task("late", "l", ["a"]), task("z", "z", ["a"]), task("a")]);
    const result = await completed(bench({ model }), spec);
    expect(result).toMatchObject({ lastResponse: "the end", agentId: "writer" });
    expect(Object.keys(result.context["tasks"] as object)).toEqual(["a", "late", "z"]);
  });

  it("may be a person's answer", async () => {
    const { bench } = trial();
    await paused(bench, flow([task("a"), question("q", ["a"])]));
    expect(await bench.again().client.resume("session-1", { response: "ok" }).result).toMatchObject({
      status: "completed",
      lastResponse: "ok",
      agentId: "hitl",
    });
  });

  it("comes with one start and one end of each task", async () => {
    const { bench } = trial();
    await completed(bench, flow([task("a"), task("b", "b", ["a"])]));
    const told = bench.events.flatMap((event) =>
      event.type === "task_start" || event.type === "task_complete" ? [`${event.type} ${event.taskId}`] : [],
    );
    expect(told).toEqual(["task_start a", "task_complete a", "task_start b", "task_complete b"]);
    expect(bench.of("task_complete")[1]).toMatchObject({ taskId: "b", agentId: "writer", response: "tasks/b" });
  });
});
