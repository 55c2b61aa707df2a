import { describe, expect, it } from "vitest";
import { manualClock } from "../../test/support/clocks.js";
import type { FaultyRepository } from "../../test/support/faulty-repository.js";
import { gate } from "../../test/support/gate.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { bench, chainSpec } from "../../test/support/workflows.js";
import { ProviderError } from "../error/errors.js";
import type { Model, ModelChunk, ModelFunction } from "../model/model.js";
import type { ModelEntryBody } from "../session/entry.js";
import type { FailurePolicySpec } from "../spec/spec.js";

const busy = (more: ConstructorParameters<typeof ProviderError>[2] = {}): ProviderError =>
  new ProviderError("PROVIDER_RATE_LIMIT", "slow down", more);
const retrying = (failure_policy: FailurePolicySpec) =>
  chainSpec(["hello"], { runtime: { provider: "scripted", failure_policy } });

async function modelEntries(sessions: FaultyRepository): Promise<ModelEntryBody[]> {
  return (await sessions.entries()).flatMap((entry) => (entry.kind === "model" ? [entry.body] : []));
}

describe("an answer", () => {
  it("is joined from strings and text chunks, with the usage and finish the model reports", async () => {
    const chunks: ModelChunk[] = [
      "One",
      { type: "text", text: " two" },
      "",
      { type: "usage", usage: { inputTokens: 11, outputTokens: 7 } },
      { type: "finish", reason: "length" },
    ];
    const { client, sessions, of } = bench({ model: scriptedModel([chunks]) }).listen();
    const result = await client.run(chainSpec(["hello"]));
    expect(result).toMatchObject({
      status: "completed",
      lastResponse: "One two",
      usage: { inputTokens: 11, outputTokens: 7 },
    });
    expect(await modelEntries(sessions)).toEqual([
      {
        agentId: "writer",
        input: "hello",
        text: "One two",
        finish: "length",
        usage: { inputTokens: 11, outputTokens: 7 },
        provider: "scripted",
        modelId: "script-1",
        startedAt: 1_000_000,
      },
    ]);
    expect(of("token").map(({ text, stepKey, agentId }) => [text, stepKey, agentId])).toEqual([
      ["One", "steps/0", "writer"],
      [" two", "steps/0", "writer"],
    ]);
  });

  it("has its words counted when the model reports no usage, and says so", async () => {
    const model: ModelFunction = async function* () {
      yield "four words of answer";
    };
    const { client, sessions } = bench({ model });
    const result = await client.run(chainSpec(["two words"]));
    expect(result.usage).toEqual({ inputTokens: 2, outputTokens: 4 });
    expect(await modelEntries(sessions)).toEqual([
      {
        agentId: "writer",
        input: "two words",
        text: "four words of answer",
        finish: "stop",
        usage: { inputTokens: 2, outputTokens: 4 },
        estimated: true,
        provider: "custom",
        startedAt: 1_000_000,
      },
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1])(
    "has its words counted when the model reports %s, and the budget holds",
    async (inputTokens) => {
      const { client } = bench({
        model: scriptedModel(() => ["answer", { type: "usage", usage: { inputTokens, outputTokens: 1 } }]),
      });
      const runtime = { provider: "offline", budgets: { max_tokens: 2 } };
      const result = await client.run(chainSpec(["a", "b"], { runtime }));
      expect(result).toMatchObject({ status: "failed", usage: { inputTokens: 1, outputTokens: 1 } });
    },
  );

  it.each([[5], [{}], [[]], [null], [undefined], [{ type: "x" }], [{ type: "text" }], [{ type: "tool_call" }]])(
    "is refused when a piece of it is %j",
    async (piece) => {
      const model: ModelFunction = async function* () {
        yield piece as never;
      };
      const result = await bench({ model }).client.run(chainSpec(["x"]));
      expect(result).toMatchObject({ status: "failed", error: { cause: { code: "PROVIDER_BAD_RESPONSE" } } });
    },
  );

  it.each([
    ["a promise", async () => "hello"],
    ["a list", () => ["hello"]],
    ["nothing", () => undefined],
  ])("is refused when the model gives %s", async (_, model) => {
    const result = await bench({ model: model as unknown as ModelFunction }).client.run(chainSpec(["x"]));
    expect(result).toMatchObject({ status: "failed", error: { cause: { code: "PROVIDER_BAD_RESPONSE" } } });
  });

  it("that never waits for anything can still be stopped", async () => {
    const controller = new AbortController();
    let pieces = 0;
    const model: ModelFunction = async function* () {
      setImmediate(() => controller.abort());
      for (;;) {
        pieces += 1;
        yield "x";
      }
    };
    const { client } = bench({ model });
    const result = await client.run(chainSpec(["x"]), { signal: controller.signal });
    expect(result.status).toBe("cancelled");
    expect(pieces).toBeLessThan(100_000);
  });

  it("is closed when a piece of it is none", async () => {
    let closed = false;
    const model: ModelFunction = async function* () {
      try {
        yield null as never;
      } finally {
        closed = true;
      }
    };
    expect((await bench({ model }).client.run(chainSpec(["x"]))).status).toBe("failed");
    expect(closed).toBe(true);
  });

  it("may be empty", async () => {
    const { client } = bench({ model: scriptedModel([[]]) });
    expect(await client.run(chainSpec(["x"]))).toMatchObject({ status: "completed", lastResponse: "" });
  });

  it("comes from a request that says all the spec says", async () => {
    const model = scriptedModel(["ok"]);
    const spec = chainSpec(["hello"], {
      runtime: { provider: "scripted", model_id: "m-1", temperature: 0.2, top_p: 0.9, max_tokens: 100 },
      agents: { writer: { prompt: "You write.", inference: { max_tokens: 50 } } },
    });
    await bench({ model }).client.run(spec);
    expect(model.requests).toEqual([
      {
        agentId: "writer",
        stepKey: "steps/0",
        modelId: "m-1",
        system: "You write.\n\nWorkflow: test-flow\nAgent: writer",
        messages: [{ role: "user", content: "hello" }],
        tools: [],
        temperature: 0.2,
        topP: 0.9,
        maxTokens: 50,
        attempt: 1,
      },
    ]);
  });
});

describe("retrying", () => {
  it("waits and asks again, says so, and records how many attempts it took", async () => {
    const model = scriptedModel([busy(), busy(), "done"]);
    const { client, sessions, clock, of } = bench({ model }).listen();
    const result = await client.run(retrying({ retries: 2 }));
    expect(result).toMatchObject({ status: "completed", lastResponse: "done" });
    expect(clock.waits).toEqual([1000, 2000]);
    expect(model.requests.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect((await modelEntries(sessions)).map(({ attempts }) => attempts)).toEqual([3]);
    expect(
      of("step_retry").map(({ stepKey, agentId, attempt, delayMs, error }) => ({
        stepKey,
        agentId,
        attempt,
        delayMs,
        code: error.code,
      })),
    ).toEqual([
      { stepKey: "steps/0", agentId: "writer", attempt: 1, delayMs: 1000, code: "RUN_STEP_FAILED" },
      { stepKey: "steps/0", agentId: "writer", attempt: 2, delayMs: 2000, code: "RUN_STEP_FAILED" },
    ]);
  });

  it.each([
    [{ retries: 4, wait_min: 3, wait_max: 6 }, [3000, 3000, 4000, 6000]],
    [{ retries: 3, backoff: "constant", wait_min: 2 }, [2000, 2000, 2000]],
    [{ retries: 3, backoff: "jittered", wait_min: 0 }, [500, 1000, 2000]],
    [{ retries: 0 }, []],
    [{}, [1000, 2000]],
  ] as const)("waits by the policy %o", async (policy, waits) => {
    const { client, clock } = bench({ model: scriptedModel(() => busy()) });
    const result = await client.run(retrying(policy));
    expect(clock.waits).toEqual(waits);
    const attempts = waits.length + 1;
    const after = attempts === 1 ? "" : ` after ${attempts} attempts`;
    expect(result).toMatchObject({
      status: "failed",
      error: {
        code: "RUN_STEP_FAILED",
        message: `Step \`steps/0\` (agent \`writer\`) failed${after}: slow down`,
        stepKey: "steps/0",
      },
    });
  });

  it("obeys Retry-After", async () => {
    const { client, clock } = bench({ model: scriptedModel([busy({ retryAfterMs: 90_000 }), "ok"]) });
    expect((await client.run(retrying({ retries: 1 }))).status).toBe("completed");
    expect(clock.waits).toEqual([90_000]);
  });

  it("fails rather than sleep for a day, and says how long it was asked to wait", async () => {
    const model = scriptedModel([busy({ retryAfterMs: 86_400_000 }), "ok"]);
    const { client, clock, sessions } = bench({ model });
    const result = await client.run(retrying({ retries: 5 }));
    expect(result).toMatchObject({
      status: "failed",
      error: {
        message: "Step `steps/0` (agent `writer`) failed: slow down (it asks to wait 86400 s)",
        details: { causeCode: "PROVIDER_RATE_LIMIT" },
      },
    });
    expect(clock.waits).toEqual([]);
    expect(await modelEntries(sessions)).toEqual([]);
    // The next day.
    expect(await client.resume(result.sessionId).result).toMatchObject({ status: "completed", lastResponse: "ok" });
  });

  it("does not ask again after a failure that will not pass", async () => {
    const cause = new ProviderError("PROVIDER_AUTH", "bad key", { hint: "Set OPENAI_API_KEY." });
    const model = scriptedModel([cause]);
    const { client, sessions } = bench({ model });
    const result = await client.run(retrying({ retries: 5 }));
    expect(model.requests).toHaveLength(1);
    expect(result).toMatchObject({
      status: "failed",
      error: {
        code: "RUN_STEP_FAILED",
        hint: "Set OPENAI_API_KEY.",
        cause,
        details: { agentId: "writer", attempt: 1, causeCode: "PROVIDER_AUTH" },
      },
    });
    expect(await sessions.journal()).toEqual(["run.started run/run-1", "run.failed run/run-1/end"]);
  });

  it("keeps nothing of a failed attempt but what it has used", async () => {
    const model = scriptedModel([
      ["half an ", { type: "usage", usage: { inputTokens: 90, outputTokens: 90 } }, busy()],
      ["whole", { type: "usage", usage: { inputTokens: 1, outputTokens: 1 } }],
    ]);
    const { client, sessions, of } = bench({ model }).listen();
    const result = await client.run(chainSpec(["x"]));
    expect(result).toMatchObject({ lastResponse: "whole", usage: { inputTokens: 91, outputTokens: 91 } });
    expect((await modelEntries(sessions)).map(({ text }) => text)).toEqual(["whole"]);
    expect(of("token").map(({ text }) => text)).toEqual(["half an ", "whole"]);
  });

  it("sends the same conversation again", async () => {
    const model = scriptedModel(["first", busy(), "second"]);
    await bench({ model }).client.run(chainSpec(["a", "b"]));
    expect(model.requests[2]?.messages).toEqual(model.requests[1]?.messages);
    expect(model.requests[2]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });

  it("is interrupted in its wait by a cancel", async () => {
    const clock = manualClock();
    const model = scriptedModel([busy()]);
    const { client } = bench({ model, clock });
    const run = client.start(retrying({ retries: 3 }));
    await clock.untilSleeping();
    run.cancel("enough");
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "enough" });
    expect([clock.sleeping, model.requests.length]).toEqual([0, 1]);
  });

  it("takes credentials out of what it records and says, and keeps the error as the cause", async () => {
    const secret = ["sk-", "abcdefgh12345678"].join("");
    const cause = new Error(`bad key ${secret}`);
    const { client, sessions, events } = bench({ model: scriptedModel([cause]) }).listen();
    const result = await client.run(chainSpec(["x"]));
    expect(result).toMatchObject({ status: "failed", error: { cause } });
    expect(result.status === "failed" && result.error.message).toContain("bad key [redacted]");
    expect(JSON.stringify(await sessions.entries())).not.toContain(secret);
    expect(JSON.stringify(events)).not.toContain(secret);
  });
});

describe("cancelling a call", () => {
  /** A model whose call is reached, and then never ends. */
  function stalling(): { readonly model: Model; readonly reached: Promise<void>; readonly returned: () => number } {
    const reached = gate();
    let returned = 0;
    return {
      reached: reached.promise,
      returned: () => returned,
      model: {
        provider: "stalling",
        modelId: undefined,
        stream: () => ({
          [Symbol.asyncIterator]: () => ({
            next: () => {
              reached.open();
              return new Promise<IteratorResult<ModelChunk>>(() => {});
            },
            return: () => {
              returned += 1;
              return new Promise<IteratorResult<ModelChunk>>(() => {});
            },
          }),
        }),
      },
    };
  }

  it("abandons a model at once that ignores its signal and never answers, and tells it to stop", async () => {
    const { model, reached, returned } = stalling();
    const { client, sessions } = bench({ model });
    const run = client.start(chainSpec(["x"]));
    await reached;
    run.cancel("enough");
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "enough" });
    expect(returned()).toBe(1);
    expect(await sessions.journal()).toEqual(["run.started run/run-1", "run.cancelled run/run-1/end"]);
  });

  it("does so although the model cannot be told to stop", async () => {
    const returns: readonly (() => unknown)[] = [
      () => {
        throw new Error("cannot");
      },
      () => undefined,
    ];
    for (const give of returns) {
      const { model, reached } = stalling();
      const stubborn: Model = {
        ...model,
        stream: (...args) => ({
          [Symbol.asyncIterator]: () => ({ ...model.stream(...args)[Symbol.asyncIterator](), return: give as never }),
        }),
      };
      const run = bench({ model: stubborn }).client.start(chainSpec(["x"]));
      await reached;
      try {
        run.cancel("enough");
      } catch {
        // Whatever the caller is told, the run must not hang.
      }
      expect(await run.result).toMatchObject({ status: "cancelled" });
    }
  });

  it("gives the model a signal that is aborted", async () => {
    const reached = gate();
    const model: ModelFunction = async function* (_, { signal }) {
      reached.open();
      await new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
      yield "never";
    };
    const run = bench({ model }).client.start(chainSpec(["x"]));
    await reached.promise;
    run.cancel();
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "The run was cancelled" });
  });

  it("does not take a stream that ends silently on abort for a complete answer", async () => {
    const reached = gate();
    const model: ModelFunction = async function* (_, { signal }) {
      yield "half an answer";
      reached.open();
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
      });
    };
    const { client, sessions } = bench({ model });
    const run = client.start(chainSpec(["x"]));
    await reached.promise;
    run.cancel();
    expect(await run.result).toMatchObject({ status: "cancelled" });
    expect(await modelEntries(sessions)).toEqual([]);
  });

  it("passes on nothing that a model says after it", async () => {
    const reached = gate();
    const chunks: ((chunk: IteratorResult<ModelChunk>) => void)[] = [];
    const model: Model = {
      provider: "talkative",
      modelId: undefined,
      stream: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () =>
            new Promise<IteratorResult<ModelChunk>>((resolve) => {
              chunks.push(resolve);
              reached.open();
            }),
        }),
      }),
    };
    const { client, events } = bench({ model }).listen();
    const run = client.start(chainSpec(["x"]));
    await reached.promise;
    run.cancel();
    await run.result;
    chunks.shift()?.({ value: "too late", done: false });
    await new Promise((resolve) => setImmediate(resolve));
    expect(events.map(({ type }) => type)).not.toContain("token");
    expect(chunks).toEqual([]);
  });

  it("does not wait for a provider that never makes its model", async () => {
    const asked = gate();
    const provider = {
      name: "offline",
      model: () => {
        asked.open();
        return new Promise<Model>(() => {});
      },
    };
    const run = bench({ noModel: true, providers: [provider] }).client.start(chainSpec(["x"]));
    await asked.promise;
    run.cancel("enough");
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "enough" });
  });

  it("is no failure to be tried again", async () => {
    const reached = gate();
    let calls = 0;
    const model: ModelFunction = async function* (_, { signal }) {
      calls += 1;
      reached.open();
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
      });
      yield* [];
      throw busy();
    };
    const { client, clock } = bench({ model });
    const run = client.start(retrying({ retries: 3 }));
    await reached.promise;
    run.cancel();
    expect((await run.result).status).toBe("cancelled");
    expect([calls, clock.waits]).toEqual([1, []]);
  });
});

it("takes a model's own abort error for a failure when nobody cancelled", async () => {
  const { client } = bench({ model: scriptedModel([new DOMException("gone", "AbortError")]) });
  expect(await client.run(chainSpec(["x"]))).toMatchObject({ status: "failed", error: { code: "RUN_STEP_FAILED" } });
});

it("fails the step when the model throws before it streams", async () => {
  const model: ModelFunction = () => {
    throw new Error("no stream");
  };
  const { client } = bench({ model });
  expect(await client.run(chainSpec(["x"]))).toMatchObject({ status: "failed", error: { code: "RUN_STEP_FAILED" } });
});
