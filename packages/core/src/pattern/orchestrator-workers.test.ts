import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { gate } from "../../test/support/gate.js";
import { asked, completed, patternSpec, paused, prompts, trial } from "../../test/support/patterns.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { ask, bench } from "../../test/support/workflows.js";
import type { OrchestratorWorkersSpec, Spec } from "../spec/spec.js";

const flow = (config: Partial<OrchestratorWorkersSpec> = {}, more: Partial<Spec> = {}): Spec =>
  patternSpec(
    "orchestrator_workers",
    { orchestrator: { agent: "judge" }, worker_template: { agent: "writer" }, ...config },
    more,
  );
const tasks = (...texts: readonly string[]): string => JSON.stringify(texts.map((task) => ({ task })));
const limits = (more: object): Pick<OrchestratorWorkersSpec, "orchestrator"> => ({
  orchestrator: { agent: "judge", limits: more },
});
const reduce = { agent: "editor", input: "Reduce" };

describe("the orchestrator", () => {
  it("is told the format and the variables as JSON", async () => {
    const { bench, model } = trial({ "orchestrator/1": tasks("a") });
    await completed(bench, flow({}, { inputs: { values: { x: 1, y: 2 } } }), { y: "3" });
    expect(prompts(model)["orchestrator/1"]).toContain('{\n  "x": 1,\n  "y": "3"\n}');
    expect(prompts(model)["orchestrator/1"]).toMatch(/JSON array/);
    expect(model.requests[0]?.agentId).toBe("judge");
  });

  it("is asked again, up to two times, after what is no list of tasks", async () => {
    const { bench, model } = trial({
      "orchestrator/1": `I think ${"x".repeat(600)}`,
      "orchestrator/1/clarified/1": '[{"task": 5}]',
      "orchestrator/1/clarified/2": tasks("a"),
    });
    await completed(bench, flow());
    expect(asked(model)).toEqual([
      "orchestrator/1",
      "orchestrator/1/clarified/1",
      "orchestrator/1/clarified/2",
      "workers/1/0",
    ]);
    const again = prompts(model)["orchestrator/1/clarified/1"] ?? "";
    expect(again).toMatch(/not valid JSON.*empty array/s);
    expect(again).toContain(`I think ${"x".repeat(492)}`);
    expect(again).not.toContain("x".repeat(493));
    expect(prompts(model)["orchestrator/1/clarified/2"]).toContain('[{"task": 5}]');
    expect(model.requests[2]?.messages).toHaveLength(5);
  });

  it("fails the run when the third answer is none either", async () => {
    const { bench, model } = trial();
    expect(await bench.client.run(flow())).toMatchObject({
      status: "failed",
      error: { code: "RUN_STEP_FAILED", stepKey: "orchestrator/1" },
    });
    expect(asked(model)).toHaveLength(3);
  });
});

describe("an orchestrator that gave no list", () => {
  it("is asked again when the session is resumed, and what was done before is kept", async () => {
    const spec = flow(limits({ max_rounds: 2 }));
    const { bench } = trial({ "orchestrator/1": tasks("a") });
    expect((await bench.client.run(spec)).status).toBe("failed");
    const { model } = trial({ "orchestrator/2/clarified/4": tasks("b") });
    expect(await bench.again({ model }).client.resume("session-1").result).toMatchObject({
      status: "completed",
      context: { num_workers: 2 },
    });
    expect(asked(model)).toEqual(["orchestrator/2/clarified/3", "orchestrator/2/clarified/4", "workers/2/0"]);
  });
});

describe("workers", () => {
  it("are told their task and nothing else, each in a conversation of its own", async () => {
    const { bench, model } = trial({ "orchestrator/1": `["a", {"task": "{{ b }}", "n": 1}, {"description": "c"}]` });
    await completed(bench, flow());
    expect(prompts(model)).toMatchObject({
      "workers/1/0": "a",
      "workers/1/1": '{{ b }}\n\n{"n":1}',
      "workers/1/2": "c",
    });
    expect(model.requests.slice(1).map(({ messages, agentId }) => [agentId, messages.length])).toEqual(
      Array(3).fill(["writer", 1]),
    );
  });

  it.each([
    [2, 2],
    [undefined, 6],
  ])("are with max_workers %s at most %d at once, and none is left out", async (max_workers, most) => {
    let busy = 0;
    let highest = 0;
    const model = scriptedModel(async ({ stepKey }) => {
      if (stepKey === "orchestrator/1") return tasks("a", "b", "c", "d", "e", "f");
      busy += 1;
      highest = Math.max(highest, busy);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      busy -= 1;
      return stepKey;
    });
    // max_parallel is not for workers.
    const runtime = { provider: "offline", max_parallel: 1 };
    const result = await completed(
      bench({ model }),
      flow(max_workers === undefined ? {} : limits({ max_workers }), { runtime }),
    );
    expect(highest).toBe(most);
    expect(result.context["num_workers"]).toBe(6);
  });

  it("use the tools of the template instead of their agent's", async () => {
    const tools = ["one", "two"].map((name) => ({
      name,
      description: name,
      inputSchema: { type: "object" },
      execute: () => "",
    }));
    const { bench, model } = trial({ "orchestrator/1": tasks("a") }, { tools });
    const worker_template = { agent: "writer", tools: ["two"] };
    await completed(bench, flow({ worker_template }, { tools: { python: ["one", "two"] } }));
    expect(model.requests.map((request) => request.tools.length)).toEqual([2, 1]);
  });

  it("fail together: the first error cancels the others, and what was done is kept", async () => {
    const stopped = gate();
    let aborted: AbortSignal | undefined;
    const model = {
      provider: "p",
      modelId: "m",
      async *stream({ stepKey }: { readonly stepKey: string }, { signal }: { readonly signal: AbortSignal }) {
        if (stepKey === "workers/1/1") {
          await stopped.promise;
          throw new Error("broken");
        }
        if (stepKey === "workers/1/2") {
          aborted = signal;
          stopped.open();
          await new Promise(() => {});
        }
        yield stepKey === "orchestrator/1" ? tasks("a", "b", "c") : stepKey;
      },
    };
    const first = bench({ model });
    const runtime = { provider: "offline", failure_policy: { retries: 0 } };
    expect(await first.client.run(flow({}, { runtime }))).toMatchObject({
      status: "failed",
      error: { stepKey: "workers/1/1" },
    });
    expect(aborted?.aborted).toBe(true);
    const second = trial().model;
    const result = await first.again({ model: second }).client.resume("session-1").result;
    expect(result).toMatchObject({ status: "completed" });
    expect(asked(second)).toEqual(["workers/1/1", "workers/1/2"]);
  });

  it("tell of each start and end once", async () => {
    const { bench } = trial({ "orchestrator/1": tasks("a", "b") });
    await completed(bench, flow());
    expect(bench.of("worker_start")).toMatchObject([
      { index: 0, agentId: "writer", task: "a" },
      { index: 1, task: "b" },
    ]);
    expect(bench.of("worker_complete")).toMatchObject([{ index: 0, response: "workers/1/0" }, { index: 1 }]);
  });
});

describe("what comes of the workers", () => {
  const probe = (names: readonly string[]): string =>
    names.map((name) => `${name}={{ ${name} | default('none') }}`).join(" ");

  it("is without reduce every answer under the number of its worker", async () => {
    const { bench } = trial({ "orchestrator/1": tasks("a", "b") });
    const result = await completed(bench, flow(), { x: 1 });
    expect(result).toMatchObject({
      lastResponse: "Worker 0: workers/1/0\n\nWorker 1: workers/1/1",
      agentId: "judge",
      patternType: "orchestrator_workers",
    });
    expect(result.context).toEqual({
      workers: [
        { response: "workers/1/0", status: "success", tokens: 2, task: "a" },
        { response: "workers/1/1", status: "success", tokens: 2, task: "b" },
      ],
      num_workers: 2,
      round_count: 1,
      x: 1,
    });
  });

  it("is seen by reduce and writeup, printed as Python prints it", async () => {
    const { bench, model } = trial({ "orchestrator/1": tasks("two words") });
    const input = probe([
      "workers",
      "num_workers",
      "round_count",
      "reduce_response",
      "worker_count",
      "orchestrator_response",
      "x",
    ]);
    const result = await completed(
      bench,
      flow({ reduce: { agent: "editor", input }, writeup: { agent: "writer", input } }),
      { x: 1 },
    );
    const workers = "[{'response': 'workers/1/0', 'status': 'success', 'tokens': 3, 'task': 'two words'}]";
    const common = `workers=${workers} num_workers=1 round_count=1`;
    expect(prompts(model)["reduce"]).toBe(
      `${common} reduce_response=none worker_count=none orchestrator_response=none x=1`,
    );
    expect(prompts(model)["writeup"]).toBe(
      `${common} reduce_response=reduce worker_count=none orchestrator_response=none x=1`,
    );
    expect(result).toMatchObject({ lastResponse: "writeup", agentId: "writer" });
    expect(result.context).toMatchObject({ reduce_response: "reduce", writeup_response: "writeup", x: 1 });
    expect(model.requests.at(-1)?.messages).toHaveLength(1);
  });

  it("gives way to variables of the user under the same names, but for what templates read into", async () => {
    const { bench, model } = trial({ "orchestrator/1": tasks("a") });
    const input = probe(["workers[0].response", "round_count", "last_response", "num_workers"]);
    const spec = flow({ reduce: { agent: "editor", input } }, { inputs: { values: { round_count: "file" } } });
    const result = await completed(bench, spec, { workers: "mine", last_response: "mine" });
    expect(prompts(model)["reduce"]).toBe(
      "workers[0].response=workers/1/0 round_count=file last_response=mine num_workers=1",
    );
    expect(result.context).toMatchObject({ workers: [{ task: "a" }], round_count: "file", reduce_response: "reduce" });
  });

  it("is the answer of reduce where there is no writeup, and every answer when that is empty", async () => {
    const full = trial({ "orchestrator/1": tasks("a") });
    expect(await completed(full.bench, flow({ reduce }))).toMatchObject({ lastResponse: "reduce", agentId: "editor" });
    const empty = trial({ "orchestrator/1": tasks("a"), reduce: "" });
    expect(await completed(empty.bench, flow({ reduce }))).toMatchObject({
      lastResponse: "Worker 0: workers/1/0",
      context: { reduce_response: "" },
    });
  });

  it("may be nothing: reduce and writeup run all the same", async () => {
    const { bench, model } = trial({ "orchestrator/1": "[]" });
    const result = await completed(
      bench,
      flow({ reduce, writeup: { agent: "writer", input: "{{ workers | length }}" } }),
    );
    expect(asked(model)).toEqual(["orchestrator/1", "reduce", "writeup"]);
    expect(prompts(model)["writeup"]).toBe("0");
    expect(result).toMatchObject({ lastResponse: "writeup", context: { num_workers: 0, round_count: 1 } });
    const bare = trial({ "orchestrator/1": "[]" });
    expect(await completed(bare.bench, flow())).toMatchObject({ lastResponse: "", agentId: "judge" });
  });

  it("may be brought together by a person", async () => {
    const { bench } = trial({ "orchestrator/1": tasks("a") });
    const question = ask("Sum up", { context_display: "{{ workers[0].response }}" });
    expect(await paused(bench, flow({ reduce: question }))).toMatchObject([
      { stepKey: "reduce", context: "workers/1/0" },
    ]);
    expect((await errorOf(bench.again().client.resume("session-1", { response: "" }).result)).code).toBe(
      "INTERRUPT_INVALID",
    );
    expect(await bench.again().client.resume("session-1", { response: "in short" }).result).toMatchObject({
      lastResponse: "in short",
      agentId: "hitl",
    });
  });
});

describe("more rounds", () => {
  it("follow until the orchestrator has nothing left, with what was answered so far", async () => {
    const { bench, model } = trial({
      "orchestrator/1": tasks("a", "b"),
      "orchestrator/2": tasks("c"),
      "orchestrator/3": "[]",
    });
    const result = await completed(bench, flow(limits({ max_rounds: 5 })));
    expect(asked(model)).toEqual([
      "orchestrator/1",
      "workers/1/0",
      "workers/1/1",
      "orchestrator/2",
      "workers/2/0",
      "orchestrator/3",
    ]);
    expect(prompts(model)["orchestrator/2"]).toMatch(/a.*workers\/1\/0.*b.*workers\/1\/1/s);
    expect(model.requests.find(({ stepKey }) => stepKey === "orchestrator/2")?.messages).toHaveLength(3);
    expect(result).toMatchObject({
      lastResponse: "Worker 0: workers/1/0\n\nWorker 1: workers/1/1\n\nWorker 2: workers/2/0",
      context: { num_workers: 3, round_count: 3 },
    });
  });

  it("are at most max_rounds", async () => {
    const { bench, model } = trial({ "orchestrator/1": tasks("a"), "orchestrator/2": tasks("b") });
    const result = await completed(bench, flow(limits({ max_rounds: 2 })));
    expect(asked(model)).toEqual(["orchestrator/1", "workers/1/0", "orchestrator/2", "workers/2/0"]);
    expect(result.context["round_count"]).toBe(2);
  });
});

describe("the review of the tasks", () => {
  const show = "{{ orchestrator_response }}|{{ subtasks }}|{{ task_count }}|{{ x }}";
  const decomposition_review = ask("Fine?", { context_display: show });
  const open = async (
    config: Partial<OrchestratorWorkersSpec> = {},
    replies: Readonly<Record<string, string>> = {},
  ) => {
    const { bench, model } = trial({ "orchestrator/1": 'So: [{"task": "a", "n": 1}]', ...replies });
    const [question] = await paused(bench, flow({ decomposition_review, ...config }), { x: 1 });
    const again = async (response: string, action?: "modify" | "reject") => {
      await bench.client.answer("session-1", { response, ...(action === undefined ? {} : { action }) });
      return bench.again().client.resume("session-1").result;
    };
    return { bench, model, question, again };
  };

  it("shows the list, indented, before any worker begins", async () => {
    const { question, model } = await open();
    expect(question).toMatchObject({
      stepKey: "decomposition/1",
      context: `[\n  {\n    "task": "a",\n    "n": 1\n  }\n]|[{'task': 'a', 'n': 1}]|1|1`,
      revisable: true,
    });
    expect(asked(model)).toEqual(["orchestrator/1"]);
  });

  it.each(["approve", "approved", "yes", "", "looks good", "rejection is not what I mean"])(
    "goes on with %j",
    async (response) => {
      const { again, model } = await open();
      expect((await again(response)).status).toBe("completed");
      expect(asked(model)).toEqual(["orchestrator/1", "workers/1/0"]);
    },
  );

  it.each([
    ["reject", undefined, "Rejected"],
    ["Rejected: too vague", undefined, "Rejected: too vague"],
    ["too vague", "reject" as const, "Rejected: too vague"],
  ])("ends the run as cancelled with %j (%s)", async (response, action, reason) => {
    const { again, model } = await open();
    expect(await again(response, action)).toMatchObject({ status: "cancelled", reason });
    expect(asked(model)).toEqual(["orchestrator/1"]);
  });

  it.each([undefined, "modify" as const])("takes an edited list for the list (%s)", async (action) => {
    const { again, model } = await open();
    const result = await again('[{"task": "b"}, "c"]', action);
    expect(result).toMatchObject({ status: "completed", context: { num_workers: 2 } });
    expect(prompts(model)).toMatchObject({ "workers/1/0": "b", "workers/1/1": "c" });
  });

  it("takes an empty list for nothing to do", async () => {
    const { again, model } = await open({ reduce });
    expect((await again("[]")).status).toBe("completed");
    expect(asked(model)).toEqual(["orchestrator/1", "reduce"]);
  });

  it.each([
    ["two tasks please", "modify" as const],
    ["modify: two tasks please", undefined],
  ])(
    "asks the orchestrator again with feedback %j, and the person again with the new list",
    async (response, action) => {
      const { bench, again, model } = await open(
        {},
        { "orchestrator/1@2": tasks("b", "c"), "orchestrator/1@3": tasks("d") },
      );
      expect(await again(response, action)).toMatchObject({
        status: "paused",
        interrupts: [{ stepKey: "decomposition/1@2", context: expect.stringContaining("'task': 'b'") }],
      });
      expect(prompts(model)["orchestrator/1@2"]).toMatch(/two tasks please$/);
      expect(prompts(model)["orchestrator/1@2"]).not.toContain("modify");
      await bench.client.answer("session-1", { response: "one", action: "modify" });
      expect(await bench.again().client.resume("session-1").result).toMatchObject({
        interrupts: [{ stepKey: "decomposition/1@3" }],
      });
      expect((await bench.again().client.resume("session-1", { response: "ok" }).result).status).toBe("completed");
      expect(asked(model)).toEqual(["orchestrator/1", "orchestrator/1@2", "orchestrator/1@3", "workers/1/0"]);
      expect(prompts(model)["workers/1/0"]).toBe("d");
    },
  );

  it.each(['[{"task": "b"', '[{"task": 5}]', "no", "No, split it differently", "not yet", "Stop!", "don't"])(
    "does not take %j for an approval: the list is made anew",
    async (response) => {
      const { again, model } = await open({}, { "orchestrator/1@2": tasks("b") });
      expect(await again(response)).toMatchObject({ status: "paused", interrupts: [{ stepKey: "decomposition/1@2" }] });
      expect(asked(model)).toEqual(["orchestrator/1", "orchestrator/1@2"]);
    },
  );

  it("asks once when there is nothing to do", async () => {
    const { bench, model } = trial({ "orchestrator/1": "[]" });
    expect(await paused(bench, flow({ decomposition_review }), { x: 1 })).toMatchObject([{ context: "[]|[]|0|1" }]);
    expect(await bench.again().client.resume("session-1", { response: "ok" }).result).toMatchObject({
      status: "completed",
    });
    expect(asked(model)).toEqual(["orchestrator/1"]);
  });

  it("asks in every round that has tasks", async () => {
    const { bench, again } = await open(limits({ max_rounds: 3 }), {
      "orchestrator/2": tasks("b"),
      "orchestrator/3": "[]",
    });
    expect(await again("ok")).toMatchObject({ status: "paused", interrupts: [{ stepKey: "decomposition/2" }] });
    expect((await bench.again().client.resume("session-1", { response: "ok" }).result).status).toBe("completed");
  });

  it("takes its default when the time is up", async () => {
    const gated = ask("?", { default: '["from the default"]', timeout_seconds: 1 });
    const { bench, model } = await open({ decomposition_review: gated });
    bench.clock.pass(1000);
    expect((await bench.again().client.resume("session-1").result).status).toBe("completed");
    expect(prompts(model)["workers/1/0"]).toBe("from the default");
  });

  it.each(["no", "modify: shorter", '[{"task": '])(
    "ends the run when its default is %j: nobody gave feedback",
    async (text) => {
      const { bench, model } = await open({ decomposition_review: ask("?", { default: text, timeout_seconds: 1 }) });
      bench.clock.pass(1000);
      expect(await bench.again().client.resume("session-1").result).toMatchObject({
        status: "cancelled",
        rejected: true,
      });
      expect(asked(model)).toEqual(["orchestrator/1"]);
    },
  );
});

describe("the review of the results", () => {
  const show =
    "{{ workers[0].response }} {{ worker_count }} {{ num_workers }} {{ round_count }} {{ x }} {{ hitl_response | default('none') }}";
  const reduce_review = ask("Fine?", { context_display: show });
  const seen = { agent: "editor", input: "Reduce {{ hitl_response | default('none') }}" };

  it("comes between workers and reduce, which sees the answer", async () => {
    const { bench, model } = trial({ "orchestrator/1": tasks("a") });
    const config = { reduce_review, reduce: seen, writeup: { agent: "writer", input: "{{ hitl_response }}" } };
    expect(await paused(bench, flow(config), { x: 1 })).toMatchObject([
      { stepKey: "reduce/review", context: "workers/1/0 1 1 1 1 none" },
    ]);
    const done = await bench.again().client.resume("session-1", { response: "fine" }).result;
    expect(done).toMatchObject({ status: "completed", context: { hitl_response: "fine" } });
    expect(prompts(model)).toMatchObject({ reduce: "Reduce fine", writeup: "fine" });
    expect(asked(model)).toEqual(["orchestrator/1", "workers/1/0", "reduce", "writeup"]);
  });

  it("shows the answer to the review of the tasks", async () => {
    const { bench } = trial({ "orchestrator/1": tasks("a") });
    await paused(bench, flow({ decomposition_review: ask(), reduce_review, reduce: seen }), { x: 1 });
    expect(await bench.again().client.resume("session-1", { response: "go" }).result).toMatchObject({
      interrupts: [{ context: "workers/1/0 1 1 1 1 go" }],
    });
  });

  it("is not held where there is no reduce", async () => {
    const { bench } = trial({ "orchestrator/1": tasks("a") });
    await completed(bench, flow({ reduce_review }));
  });

  it.each([
    ["mind the gap", "modify" as const],
    ["modify: mind the gap", undefined],
  ])("passes feedback %j on to reduce", async (response, action) => {
    const { bench, model } = trial({ "orchestrator/1": tasks("a") });
    await paused(bench, flow({ reduce_review: ask(), reduce }));
    await bench.client.answer("session-1", { response, ...(action === undefined ? {} : { action }) });
    expect((await bench.again().client.resume("session-1").result).status).toBe("completed");
    expect(prompts(model)["reduce"]).toMatch(/^Reduce\n\n.*\nmind the gap$/s);
  });

  it.each([
    ["reject: no", undefined],
    ["no", "reject" as const],
  ])("ends the run as cancelled with %j", async (response, action) => {
    const { bench, model } = trial({ "orchestrator/1": tasks("a") });
    await paused(bench, flow({ reduce_review: ask(), reduce }));
    await bench.client.answer("session-1", { response, ...(action === undefined ? {} : { action }) });
    expect(await bench.again().client.resume("session-1").result).toMatchObject({
      status: "cancelled",
      reason: "Rejected: no",
    });
    expect(asked(model)).toEqual(["orchestrator/1", "workers/1/0"]);
  });
});
