import { describe, expect, it } from "vitest";
import { skippingClock } from "../test/support/clocks.js";
import { errorOf } from "../test/support/error-of.js";
import { echoModel, lastText, scriptedModel } from "../test/support/scripted-model.js";
import { agent, ask, bench, chainSpec } from "../test/support/workflows.js";
import { WorkflowClient } from "./client.js";
import type { SpecError } from "./error/errors.js";
import type { WorkflowEvent } from "./event/events.js";
import type { Model, ModelFunction, ModelProvider } from "./model/model.js";
import { nextTurn } from "./platform/next-turn.js";
import { compileSpec } from "./program/compile-spec.js";
import { createMemoryRepository } from "./session/memory-repository.js";
import type { JsonValue } from "./spec/json.js";
import type { BudgetsSpec, Spec } from "./spec/spec.js";

describe("a client", () => {
  it("runs a spec with an async generator and nothing else", async () => {
    const client = new WorkflowClient({
      async *model({ messages }) {
        yield `You said: ${messages.length}`;
      },
    });
    const result = await client.run(chainSpec(["{{ greeting }}"]), { variables: { greeting: "Hello" } });
    expect(result).toMatchObject({ status: "completed", lastResponse: "You said: 1" });
    await client.close();
  });

  it("gives the run at once, with the ids it will have", async () => {
    const run = bench().client.start(chainSpec(["x"]), { sessionId: "mine" });
    expect([run.sessionId, run.runId]).toEqual(["mine", "run-1"]);
    expect(await run.result).toMatchObject({ sessionId: "mine", runId: "run-1" });
  });

  it("stores what a later resume needs", async () => {
    const { client, sessions } = bench({ clock: skippingClock(777) });
    const spec = chainSpec(["{{ a }}"]);
    await client.run(spec, { variables: { a: [1] }, labels: { out: "./x" } });
    expect((await sessions.load("session-1")).record).toEqual({
      id: "session-1",
      workflowName: "test-flow",
      patternType: "chain",
      specHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      spec,
      variables: { a: [1] },
      createdAt: 777,
      labels: { out: "./x" },
    });
  });

  it("has the same hash for the same spec, whatever the order of its keys, and another for another", async () => {
    const { client, sessions } = bench();
    const one = chainSpec(["x"]);
    const reordered = Object.fromEntries(Object.entries(one).reverse()) as unknown as Spec;
    for (const spec of [one, reordered, chainSpec(["y"])]) await client.run(spec);
    const hashes = await Promise.all(
      [1, 2, 3].map(async (number) => (await sessions.load(`session-${number}`)).record.specHash),
    );
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });

  it("forgets what ended long ago when nobody says where sessions live, and nothing that can be resumed", async () => {
    const client = new WorkflowClient({ model: echoModel() });
    const codeOf = async (sessionId: string) => (await errorOf(client.resume(sessionId).result)).code;
    await client.run(chainSpec([ask("well?")]), { sessionId: "open" });
    for (let index = 0; index <= 1_000; index += 1) await client.run(chainSpec(["x"]), { sessionId: `s${index}` });
    expect([await codeOf("s0"), await codeOf("s1")]).toEqual(["SESSION_NOT_FOUND", "SESSION_COMPLETED"]);
    expect(await client.resume("open", { response: "yes" }).result).toMatchObject({ status: "completed" });
  });

  it("refuses a session id that is taken, and one that is not usable", async () => {
    const { client } = bench();
    await client.run(chainSpec(["x"]), { sessionId: "taken" });
    expect((await errorOf(client.run(chainSpec(["x"]), { sessionId: "taken" }))).code).toBe("SESSION_EXISTS");
    expect((await errorOf(client.run(chainSpec(["x"]), { sessionId: "../x" }))).code).toBe("INPUT_INVALID");
  });

  it("may fail without anybody looking at it", async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", listen);
    try {
      bench().client.resume("nosuch");
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    } finally {
      process.off("unhandledRejection", listen);
    }
    expect(unhandled).toEqual([]);
  });

  it("runs many workflows at the same time without mixing their events", async () => {
    const { client, events } = bench().listen();
    const runs = Array.from({ length: 20 }, (_, index) =>
      client.start(chainSpec([`one ${index}`, `two ${index}`], { name: `flow-${index}` })),
    );
    const own = await Promise.all(
      runs.map(async (run) => {
        const seen: WorkflowEvent[] = [];
        for await (const event of run.events()) seen.push(event);
        return seen;
      }),
    );
    for (const [index, seen] of own.entries()) {
      expect(new Set(seen.map(({ sessionId }) => sessionId))).toEqual(new Set([runs[index]?.sessionId]));
      expect(new Set(seen.map(({ workflowName }) => workflowName))).toEqual(new Set([`flow-${index}`]));
      expect(seen.map(({ type }) => type)).toEqual([
        "workflow_start",
        ...["step_start", "token", "step_complete", "step_start", "token", "step_complete"],
        "workflow_complete",
      ]);
      expect(seen.flatMap((event) => (event.type === "step_start" ? [event.input] : []))).toEqual([
        `one ${index}`,
        `two ${index}`,
      ]);
      expect(events.filter(({ sessionId }) => sessionId === runs[index]?.sessionId)).toHaveLength(seen.length);
    }
  });

  it("tells listeners, once or until they leave", async () => {
    const { client } = bench();
    const heard: string[] = [];
    const named = (): number => heard.push("named");
    client.once("step_complete", (event) => heard.push(`once ${event.stepKey}`));
    const stop = client.on("step_complete", (event) => heard.push(`on ${event.stepKey}`));
    client.on("step_complete", named);
    client.off("step_complete", named);
    await client.run(chainSpec(["a", "b"]));
    stop();
    await client.run(chainSpec(["c"]));
    expect(heard).toEqual(["once steps/0", "on steps/0", "on steps/1"]);
  });

  it("is not touched by a listener that throws or rejects", async () => {
    const { client } = bench();
    const errors: unknown[] = [];
    client.on("step_start", () => {
      throw new Error("sync");
    });
    client.on("step_complete", async () => {
      throw new Error("async");
    });
    client.on("listener_error", ({ eventType, error }) => errors.push(`${eventType} ${(error as Error).message}`));
    expect((await client.run(chainSpec(["a"]))).status).toBe("completed");
    expect(errors).toEqual(["step_start sync", "step_complete async"]);
  });
});

describe("a spec", () => {
  it("may be changed after start without changing the run or its resume", async () => {
    const spec = chainSpec(["one", ask("?"), "two"]) as { -readonly [K in keyof Spec]: Spec[K] };
    const first = bench();
    const run = first.client.start(spec);
    spec.name = "changed";
    (spec.pattern as unknown as { config: { steps: unknown[] } }).config.steps.length = 0;
    (spec.agents as Record<string, unknown>)["writer"] = undefined;
    expect(await run.result).toMatchObject({ status: "paused", workflowName: "test-flow" });
    expect(await first.again().client.resume("session-1", { response: "go" }).result).toMatchObject({
      status: "completed",
      lastResponse: "steps/2: two",
    });
  });

  it("may have its variables changed after start, too", async () => {
    const variables: Record<string, JsonValue> = { topic: "tea", list: [1] };
    const first = bench();
    const run = first.client.start(chainSpec(["{{ topic }}", ask("?"), "{{ topic }} {{ list | length }}"]), {
      variables,
    });
    variables["topic"] = "changed";
    (variables["list"] as JsonValue[]).push(2);
    expect(await run.result).toMatchObject({ status: "paused", variables: { topic: "tea" } });
    variables["topic"] = "changed again";
    expect(await first.again().client.resume("session-1", { response: "go" }).result).toMatchObject({
      lastResponse: "steps/2: tea 1",
    });
  });

  it("is the one stored with the session on resume, with the variables given at the start", async () => {
    const first = bench();
    await first.client.run(
      chainSpec(["{{ topic }}", ask("?"), "{{ topic }} {{ size }}"], {
        inputs: { values: { topic: "value", size: "L" } },
      }),
      {
        variables: { topic: "tea" },
      },
    );
    const result = await first.again().client.resume("session-1", { response: "go" }).result;
    expect(result).toMatchObject({ lastResponse: "steps/2: tea L", variables: { topic: "tea", size: "L" } });
  });

  it("is refused before anything is stored when it has problems, all of them at once", async () => {
    const { client, sessions } = bench();
    const spec = chainSpec(["{{ oops", { agent: "writr", input: "x" }]);
    const error = (await errorOf(() => client.start(spec))) as SpecError;
    expect(error.code).toBe("SPEC_INVALID");
    expect(error.issues.map(({ pointer }) => pointer).sort()).toEqual([
      "/pattern/config/steps/0/input",
      "/pattern/config/steps/1/agent",
    ]);
    expect((await errorOf(client.run(spec))).code).toBe("SPEC_INVALID");
    expect((await errorOf(client.stream(spec).next())).code).toBe("SPEC_INVALID");
    expect((await sessions.list()).sessions).toEqual([]);
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  it.each([
    ["a function", () => 1, ""],
    ["a number JSON has no word for", Number.NaN, ""],
    ["a date", { at: new Date(0) }, "/at"],
    ["a map", [new Map()], "/0"],
    ["a bigint", 1n, ""],
    ["itself", cyclic, "/0"],
    ["a hole", [undefined], "/0"],
  ])("must be plain data, not %s", async (_, value, place) => {
    const { client } = bench();
    const error = await errorOf(() => client.start(chainSpec(["x"], { inputs: { values: { v: value as never } } })));
    const pointer = `/inputs/values/v${place}`;
    expect(error).toMatchObject({ code: "SPEC_INVALID", issues: [{ code: "shape", pointer }] });
    expect(error.hint).toContain("pass models and tools to the WorkflowClient");
  });

  it("may have members that are not there", async () => {
    const spec = chainSpec(["x"], { description: undefined as never });
    expect((await bench().client.run(spec)).status).toBe("completed");
  });

  it("has texts where templates stand", async () => {
    const wrong = [5, null, { a: 1 }].map((input) => ({ agent: "writer", input: input as never }));
    const error = await errorOf(() => bench().client.start(chainSpec(wrong)));
    expect(error).toMatchObject({
      code: "SPEC_INVALID",
      issues: [0, 1, 2].map((step) => ({ code: "shape", pointer: `/pattern/config/steps/${step}/input` })),
    });
  });

  it("may be compiled once for many runs", async () => {
    const { client } = bench();
    const program = compileSpec(chainSpec(["{{ n }}", "{{ n }}"]));
    const results = await Promise.all([1, 2, 3].map((n) => client.run(program, { variables: { n } })));
    expect(results.map((result) => result.status === "completed" && result.lastResponse)).toEqual(
      [1, 2, 3].map((n) => `steps/1: ${n}`),
    );
    expect(await client.run(program, { variables: { n: 4 }, budgets: { max_steps: 1 } })).toMatchObject({
      status: "failed",
    });
    expect((await client.run(program, { variables: { n: 5 } })).status).toBe("completed");
  });

  it("takes no budget that would be none", () => {
    const { client } = bench();
    for (const budgets of [
      { max_steps: 0 },
      { max_tokens: "5" },
      { max_duration_s: Number.NaN },
      { max_step: 1 },
      null,
    ]) {
      const refused = expect.objectContaining({ code: "INPUT_INVALID", hint: expect.any(String) });
      expect(() => client.start(chainSpec(["x"]), { budgets: budgets as BudgetsSpec })).toThrow(refused);
      expect(() => client.resume("session-1", { budgets: budgets as BudgetsSpec })).toThrow(refused);
    }
  });
});

describe("what is no spec", () => {
  it.each([[null], [undefined], ["text"], [5], [[]], [{}]])("%j is refused with a list of problems", (spec) => {
    expect(() => bench().client.start(spec as never)).toThrow(expect.objectContaining({ code: "SPEC_INVALID" }));
  });
});

describe("tools", () => {
  it("must have different names", () => {
    const tool = { name: "t", description: "", inputSchema: {}, execute: () => null };
    expect(() => new WorkflowClient({ tools: [tool, { ...tool }] })).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID" }),
    );
  });
});

describe("a spec with a key of a program", () => {
  it("is still checked as a spec", () => {
    const spec = { ...chainSpec(["x"]), retry: {}, agents: [] } as unknown as Spec;
    expect(() => bench().client.start(spec)).toThrow(expect.objectContaining({ code: "SPEC_INVALID" }));
  });
});

describe("variables", () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  it.each([
    [() => 1],
    [Number.NaN],
    [new Date(0)],
    [new Map()],
    [1n],
    [[undefined]],
    [{ a: { b: undefined } }],
    [cyclic],
  ])("must be plain data, not %s", (value) => {
    const variables = { fine: 1, now: value as unknown as JsonValue };
    expect(() => bench().client.start(chainSpec(["x"]), { variables })).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message: expect.stringContaining("`now`") }),
    );
  });

  it.each([[null], [5], ["text"], [["a"]]])("are an object, not %j", (variables) => {
    expect(() => bench().client.start(chainSpec(["x"]), { variables: variables as never })).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID" }),
    );
  });

  it("may have names that objects inherit", async () => {
    const variables = JSON.parse('{"__proto__": {"x": 1}, "constructor": "c", "hasOwnProperty": "h"}');
    const { client, sessions } = bench();
    const result = await client.run(chainSpec(["{{ constructor }}{{ hasOwnProperty }}"]), { variables });
    expect(result).toMatchObject({ status: "completed", lastResponse: "steps/0: ch" });
    const { record } = await sessions.load("session-1");
    expect(Object.keys(record.variables)).toEqual(["__proto__", "constructor", "hasOwnProperty"]);
    expect(Object.keys(result.variables)).toContain("__proto__");
  });

  it("are data, not templates", async () => {
    const model = echoModel();
    await bench({ model }).client.run(chainSpec(["{{ a }}"]), { variables: { a: "{{ b }}{% raw %}", b: "secret" } });
    expect(model.requests.map(lastText)).toEqual(["{{ b }}{% raw %}"]);
  });
});

const hello: ModelFunction = async function* () {
  yield "hello";
};

describe("providers", () => {
  it("that cannot give a model fail the step, which can be resumed", async () => {
    let broken = true;
    const provider: ModelProvider = {
      name: "flaky",
      async model() {
        if (broken) throw new Error("no SDK");
        return { provider: "flaky", modelId: undefined, stream: hello };
      },
    };
    const client = new WorkflowClient({ providers: [provider] });
    const result = await client.run({ ...chainSpec(["x"]), runtime: { provider: "flaky" } });
    expect(result).toMatchObject({ status: "failed", error: { code: "RUN_STEP_FAILED", stepKey: "steps/0" } });
    broken = false;
    expect(await client.resume(result.sessionId).result).toMatchObject({ status: "completed" });
  });

  const provider = (name: string, more: Partial<ModelProvider> = {}): ModelProvider => ({
    name,
    model: ({ modelId }) => ({ ...scriptedModel(() => `${name} ${modelId ?? "-"}`), modelId }),
    ...more,
  });

  it("are chosen by the spec, agent by agent", async () => {
    const { client, sessions } = bench({ noModel: true, providers: [provider("alpha"), provider("beta")] });
    const spec = chainSpec([{ agent: "a" }, { agent: "b" }, { agent: "c" }], {
      runtime: { provider: "alpha", model_id: "m1" },
      agents: { a: agent(), b: agent({ model_id: "m2" }), c: agent({ provider: "beta" }) },
    });
    const result = await client.run(spec);
    expect(result.status === "completed" && result.context["steps"]).toMatchObject([
      { response: "alpha m1" },
      { response: "alpha m2" },
      { response: "beta -" },
    ]);
    const recorded = (await sessions.entries()).flatMap((entry) =>
      entry.kind === "model" ? [entry.body.modelId] : [],
    );
    expect(recorded).toEqual(["m1", "m2", undefined]);
  });

  it("must be there before anything is stored", async () => {
    const { client, sessions } = bench({ noModel: true, providers: [provider("alpha")] });
    const error = await errorOf(() => client.start(chainSpec(["x"], { runtime: { provider: "alhpa" } })));
    expect(error).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED", hint: "Did you mean `alpha`?" });
    expect((await sessions.list()).sessions).toEqual([]);
  });

  it("must be there on resume, too, or nothing is recorded", async () => {
    const first = bench();
    await first.client.run(chainSpec([ask(), "x"]));
    const before = await first.sessions.journal();
    const without = first.again({ noModel: true });
    expect((await errorOf(without.client.resume("session-1", { response: "go" }).result)).code).toBe(
      "PROVIDER_NOT_CONFIGURED",
    );
    expect(await first.sessions.journal()).toEqual(before);
    expect((await first.again().client.resume("session-1", { response: "go" }).result).status).toBe("completed");
  });

  it("that cannot be closed do not keep the sessions open", async () => {
    let closed = false;
    const close = async (): Promise<void> => {
      closed = true;
    };
    const sessions = { ...createMemoryRepository(), close };
    const broken: ModelProvider = {
      name: "broken",
      model: () => echoModel(),
      close: () => Promise.reject(new Error("no")),
    };
    await expect(new WorkflowClient({ sessions, providers: [broken] }).close()).rejects.toThrow("no");
    expect(closed).toBe(true);
  });

  it("make each model once for a client, and are closed with it", async () => {
    let made = 0;
    let closed = 0;
    const counting: ModelProvider = {
      name: "alpha",
      async model(): Promise<Model> {
        made += 1;
        return echoModel();
      },
      async close() {
        closed += 1;
      },
    };
    const { client } = bench({ noModel: true, providers: [counting] });
    const spec = chainSpec(["a", "b"], { runtime: { provider: "alpha" } });
    await Promise.all([client.run(spec), client.run(spec)]);
    await client.close();
    await client.close();
    expect([made, closed]).toEqual([1, 1]);
  });
});
