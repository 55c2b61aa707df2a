import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { gate } from "../../test/support/gate.js";
import { asked, completed, patternSpec, paused, prompts, trial } from "../../test/support/patterns.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { ask, bench } from "../../test/support/workflows.js";
import { ProviderError } from "../error/errors.js";
import type { ModelRequest } from "../model/model.js";
import type { Clock } from "../platform/ports.js";
import type { Spec, StepSpec } from "../spec/spec.js";

type Branches = Readonly<Record<string, readonly (string | StepSpec)[]>>;

/** A string stands for a step of the agent `writer`. */
const flow = (
  branches: Branches | Map<string, readonly (string | StepSpec)[]>,
  reduce?: StepSpec,
  more: Partial<Spec> = {},
): Spec => {
  const entries = branches instanceof Map ? [...branches] : Object.entries(branches);
  const list = entries.map(([id, steps]) => ({
    id,
    steps: steps.map((step) => (typeof step === "string" ? { agent: "writer", input: step } : step)),
  }));
  return patternSpec("parallel", { branches: list, ...(reduce === undefined ? {} : { reduce }) }, more);
};
const reduceWith = (input: string, more: Partial<StepSpec> = {}): StepSpec =>
  ({ agent: "editor", input, ...more }) as StepSpec;

describe("what a step of a branch sees", () => {
  it("are the steps of its branch, its last response and its latest answer", async () => {
    const { bench, model } = trial();
    const probe = "{{ steps | length }} {{ last_response | default('none') }} {{ hitl_response | default('none') }}";
    const spec = flow({ a: [probe, probe, ask(), probe], b: ["x"] });
    await paused(bench, spec);
    await bench.again().client.resume("session-1", { response: "yes" }).result;
    expect(prompts(model)).toEqual({
      "branches/a/0": "0 none none",
      "branches/a/1": "1 branches/a/0 none",
      "branches/a/3": "3 yes yes",
      "branches/b/0": "x",
    });
  });

  it("are its vars over everything, and variables under the names of the branch", async () => {
    const { bench, model } = trial();
    const probe = "{{ steps }} {{ last_response | default('none') }} {{ branches | default('none') }}";
    const vars = { steps: "var", last_response: "var" };
    const spec = flow({ a: [{ agent: "writer", input: probe, vars }, probe], b: ["{{ last_response }}"] });
    await completed(bench, spec, { steps: "mine", last_response: "mine" });
    expect(prompts(model)["branches/a/0"]).toBe("var var none");
    expect(prompts(model)["branches/a/1"]).toContain("] branches/a/0 none");
    expect(prompts(model)["branches/b/0"]).toBe("mine");
  });
});

describe("what reduce sees", () => {
  it("are the branches in the order of the file, printed as Python prints them", async () => {
    const { bench, model } = trial();
    const spec = flow({ z: ["one two"], a: ["three", "four"] }, reduceWith("{{ branches }}"));
    await completed(bench, spec);
    const step = (index: number, branch: string, tokens: number) =>
      `{'index': ${index}, 'agent': 'writer', 'response': 'branches/${branch}/${index}', 'tokens_estimated': ${tokens}}`;
    expect(prompts(model)["reduce"]).toBe(
      `{'z': {'response': 'branches/z/0', 'status': 'success', 'tokens_estimated': 3, 'step_history': [${step(0, "z", 3)}]}, ` +
        `'a': {'response': 'branches/a/1', 'status': 'success', 'tokens_estimated': 4, 'step_history': [${step(0, "a", 2)}, ${step(1, "a", 2)}]}}`,
    );
  });

  it("are variables besides, and its vars; no steps and no answer of a branch", async () => {
    const { bench, model } = trial();
    const probe =
      "{{ x }} {{ v }} {{ branches | length }} {{ steps is defined }} {{ last_response is defined }} {{ hitl_response is defined }}";
    const spec = flow({ a: [ask()], b: ["b"] }, reduceWith(probe, { vars: { v: 7 } }));
    await paused(bench, spec, { x: 1, branches: "mine" });
    await bench.again().client.resume("session-1", { response: "yes" }).result;
    expect(prompts(model)["reduce"]).toBe("1 7 2 False False False");
  });

  it.each([
    ["numbers", ["10", "9", "a", "1"]],
    ["names of prototypes", ["constructor", "toString", "hasOwnProperty"]],
    ["reserved characters", ["a/b", "a%2Fb", "a@2", "a"]],
  ])("are branches with ids that are %s, in the order of the file", async (_, ids) => {
    const { bench, model } = trial();
    const probe = "{% for id, branch in branches.items() %}{{ id }}={{ branch.response }} {% endfor %}";
    await completed(bench, flow(new Map(ids.map((id) => [id, [id]])), reduceWith(probe)));
    expect(new Set(asked(model)).size).toBe(ids.length + 1);
    const answers = ids.map((id) => `${id}=branches/${id.replace(/[%/@]/g, (char) => encodeURIComponent(char))}/0 `);
    expect(prompts(model)["reduce"]).toBe(answers.join(""));
  });
});

describe("branches", () => {
  it.each([
    [2, 2],
    [undefined, 5],
  ])("run with max_parallel %s at most %d at once", async (max_parallel, most) => {
    let busy = 0;
    let highest = 0;
    const model = scriptedModel(async ({ stepKey }) => {
      busy += 1;
      highest = Math.max(highest, busy);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      busy -= 1;
      return stepKey;
    });
    const runtime = { provider: "offline", ...(max_parallel === undefined ? {} : { max_parallel }) };
    const spec = flow({ a: ["a"], b: ["b"], c: ["c"], d: ["d"], e: ["e"] }, undefined, { runtime });
    await completed(bench({ model }), spec);
    expect(highest).toBe(most);
  });

  it("have conversations of their own, and reduce another", async () => {
    const { bench, model } = trial();
    await completed(bench, flow({ a: ["1", "2"], b: ["3"] }, { agent: "writer", input: "r" }));
    const lengths = Object.fromEntries(model.requests.map(({ stepKey, messages }) => [stepKey, messages.length]));
    expect(lengths).toEqual({ "branches/a/0": 1, "branches/a/1": 3, "branches/b/0": 1, reduce: 1 });
  });

  it("crowd no signal, neither that of their calls nor that of their waits", async () => {
    const [calls, waits]: AbortSignal[][] = [[], []];
    const clock: Clock = { now: () => 0, sleep: async (_, signal) => void (signal && waits?.push(signal)) };
    async function* model({ attempt }: ModelRequest, { signal }: { readonly signal: AbortSignal }) {
      calls?.push(signal);
      if (attempt === 1) throw new ProviderError("PROVIDER_UNAVAILABLE", "not now");
      yield "ok";
    }
    const branches = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`b${index}`, ["x"]]));
    await completed(bench({ model, clock }), flow(branches));
    expect([new Set(calls).size, new Set(waits).size]).toEqual([40, 20]);
  });

  it("fail together with the first that fails: the others are cancelled", async () => {
    const stopped = gate();
    let aborted: AbortSignal | undefined;
    const model = {
      provider: "p",
      modelId: "m",
      async *stream({ stepKey }: { readonly stepKey: string }, { signal }: { readonly signal: AbortSignal }) {
        if (stepKey === "branches/bad/1") {
          await stopped.promise;
          throw new Error("broken");
        }
        if (stepKey === "branches/hangs/0") {
          aborted = signal;
          stopped.open();
          await new Promise(() => {});
        }
        yield stepKey;
      },
    };
    const { client, sessions } = bench({ model });
    const runtime = { provider: "offline", failure_policy: { retries: 0 } };
    const result = await client.run(flow({ bad: ["a", "b"], hangs: ["c"] }, reduceWith("r"), { runtime }));
    expect(result).toMatchObject({ status: "failed", error: { stepKey: "branches/bad/1" } });
    expect(aborted?.aborted).toBe(true);
    expect((await sessions.journal()).filter((line) => line.startsWith("model"))).toEqual([
      "model branches/bad/0/model/0",
    ]);
    expect((await sessions.list()).sessions[0]?.status).toBe("failed");
  });

  it("that are done are not run again when another one failed", async () => {
    const first = trial({ "branches/b/0": new Error("down") });
    const runtime = { provider: "offline", max_parallel: 1, failure_policy: { retries: 0 } };
    const spec = flow({ a: ["a"], b: ["b"] }, undefined, { runtime });
    expect((await first.bench.client.run(spec)).status).toBe("failed");
    const { model, bench: again } = { model: trial().model, bench: first.bench };
    expect(await again.again({ model }).client.resume("session-1").result).toMatchObject({ status: "completed" });
    expect(asked(model)).toEqual(["branches/b/0"]);
  });
});

describe("questions in branches", () => {
  const spec = flow({
    a: ["one", ask("A?"), "{{ hitl_response }}"],
    b: ["two", ask("B?"), "{{ hitl_response }}"],
    c: ["three"],
  });

  it.each([
    ["interrupt-1", "interrupt-2"],
    ["interrupt-2", "interrupt-1"],
  ])("are all open, and each may be answered on its own (%s first); no step runs twice", async (one, two) => {
    const { bench, model } = trial();
    const open = await paused(bench, spec);
    expect(open.map(({ prompt, stepKey }) => `${prompt} ${stepKey}`)).toEqual(["A? branches/a/1", "B? branches/b/1"]);
    expect(asked(model)).toHaveLength(3);
    expect((await errorOf(bench.again().client.resume("session-1", { response: "x" }).result)).code).toBe(
      "INTERRUPT_NOT_FOUND",
    );
    const still = await bench.again().client.resume("session-1", { response: `to ${one}`, interruptId: one }).result;
    expect(still.status === "paused" && still.interrupts.map(({ id }) => id)).toEqual([two]);
    const done = await bench.again().client.resume("session-1", { response: `to ${two}`, interruptId: two }).result;
    expect(done.status).toBe("completed");
    expect(prompts(model)).toMatchObject({ "branches/a/2": "to interrupt-1", "branches/b/2": "to interrupt-2" });
    expect(asked(model)).toHaveLength(5);
  });

  it("may all be answered before the run goes on", async () => {
    const { bench, model } = trial();
    await paused(bench, spec);
    await bench.client.answer("session-1", { response: "b", interruptId: "interrupt-2" });
    await bench.client.answer("session-1", { response: "a", interruptId: "interrupt-1" });
    expect(await bench.again().client.resume("session-1").result).toMatchObject({ status: "completed" });
    expect(prompts(model)).toMatchObject({ "branches/a/2": "a", "branches/b/2": "b" });
  });

  it("send the step before back with feedback, and show what came of it", async () => {
    const { bench, model } = trial();
    const show = { context_display: "{{ last_response }} {{ steps[0].response }}" };
    await paused(
      bench,
      flow({ a: ["one", ask("A?", show), "{{ last_response }} {{ steps[0].response }}"], b: ["two"] }),
    );
    await bench.client.answer("session-1", { response: "shorter", action: "modify" });
    const still = await bench.again().client.resume("session-1").result;
    expect(still).toMatchObject({
      status: "paused",
      interrupts: [{ stepKey: "branches/a/1@2", context: "branches/a/0@1.2 branches/a/0@1.2" }],
    });
    expect(prompts(model)["branches/a/0@1.2"]).toContain("shorter");
    expect(await bench.again().client.resume("session-1", { response: "ok" }).result).toMatchObject({
      status: "completed",
    });
    expect(prompts(model)["branches/a/2"]).toBe("ok branches/a/0@1.2");
  });
});

describe("the end of parallel branches", () => {
  it("is without reduce every response under its branch, sorted by id", async () => {
    const { bench } = trial();
    expect(await completed(bench, flow({ b: ["1"], a: ["2", "3"], B: ["4"] }))).toMatchObject({
      lastResponse: "Branch B:\nbranches/B/0\n\n---\n\nBranch a:\nbranches/a/1\n\n---\n\nBranch b:\nbranches/b/0",
      agentId: "parallel",
    });
  });

  it("is the answer of reduce, with its own tools", async () => {
    const tools = ["one", "two"].map((name) => ({
      name,
      description: name,
      inputSchema: { type: "object" },
      execute: () => "",
    }));
    const { bench, model } = trial({ reduce: "all in all" }, { tools });
    const result = await completed(
      bench,
      flow({ a: ["1"], b: ["2"] }, reduceWith("r", { tool_overrides: ["two"] }), { tools: { python: ["one", "two"] } }),
    );
    expect(result).toMatchObject({ lastResponse: "all in all", agentId: "editor" });
    expect(result.context).toMatchObject({ branches: { a: { response: "branches/a/0" } } });
    expect(model.requests.at(-1)?.tools.map(({ name }) => name)).toEqual(["two"]);
  });

  it("is a person's answer where reduce asks one; it may not be empty", async () => {
    const { bench, model } = trial();
    const show = "{{ branches.a.response }} and {{ branches.b.response }}";
    const [open] = await paused(bench, flow({ a: [ask("A?")], b: ["2"] }, ask("Which?", { context_display: show })));
    // The answer to the branch is not taken for that to reduce.
    expect(open?.prompt).toBe("A?");
    const still = await bench.again().client.resume("session-1", { response: "from the branch" }).result;
    expect(still).toMatchObject({
      status: "paused",
      interrupts: [{ stepKey: "reduce", context: "from the branch and branches/b/0" }],
    });
    expect((await errorOf(bench.again().client.resume("session-1", { response: "" }).result)).code).toBe(
      "INTERRUPT_INVALID",
    );
    expect(await bench.again().client.resume("session-1", { response: "the first" }).result).toMatchObject({
      status: "completed",
      lastResponse: "the first",
      agentId: "parallel",
    });
    expect(asked(model)).toEqual(["branches/b/0"]);
  });

  it("comes with one start and one end of each branch", async () => {
    const { bench } = trial();
    await completed(bench, flow({ a: ["1", "2"], b: ["3"] }));
    expect(bench.of("branch_start").map(({ branchId }) => branchId)).toEqual(["a", "b"]);
    expect(
      bench
        .of("branch_complete")
        .map(({ branchId, response }) => `${branchId} ${response}`)
        .sort(),
    ).toEqual(["a branches/a/1", "b branches/b/0"]);
  });
});
