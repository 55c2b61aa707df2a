import { describe, expect, it } from "vitest";
import { manualClock, skippingClock } from "../../test/support/clocks.js";
import { gate } from "../../test/support/gate.js";
import { echoModel } from "../../test/support/scripted-model.js";
import { agent, bench, chainSpec } from "../../test/support/workflows.js";
import type { Model, ModelChunk, ModelRequest } from "../model/model.js";
import type { AgentSpec, RuntimeSpec, TimeoutSpec } from "../spec/spec.js";

type Piece = ModelChunk | Promise<ModelChunk>;

interface SlowModel extends Model {
  /** Signals of the calls, in order. */
  readonly signals: readonly AbortSignal[];
  /** Calls whose iterator was closed. */
  readonly closed: readonly number[];
}

/** A model that ignores its signal, with the pieces of each call; a promise among them is waited for. */
function slowModel(pieces: (request: ModelRequest, call: number) => readonly Piece[]): SlowModel {
  const signals: AbortSignal[] = [];
  const closed: number[] = [];
  return {
    provider: "slow",
    modelId: "s",
    signals,
    closed,
    stream(request, { signal }) {
      const call = signals.push(signal) - 1;
      const left = [...pieces(request, call)];
      return {
        [Symbol.asyncIterator]: () => ({
          async next() {
            const piece = left.shift();
            return piece === undefined ? { done: true, value: undefined } : { done: false, value: await piece };
          },
          async return() {
            closed.push(call);
            return { done: true, value: undefined };
          },
        }),
      };
    },
  };
}

const never = new Promise<ModelChunk>(() => {});

function specWith(timeout: TimeoutSpec, runtime: Partial<RuntimeSpec> = {}, writer: Partial<AgentSpec> = {}) {
  const failure_policy = { retries: 0 };
  return chainSpec(["go"], {
    runtime: { provider: "offline", timeout, failure_policy, ...runtime },
    agents: { writer: agent(writer) },
  });
}

describe("a model call with a time-out", () => {
  it.each([
    ["first_token_s", [never], "did not begin"],
    ["idle_s", ["a piece", never], "did not go on"],
    ["total_s", ["a piece", "and one more", never], "was not complete"],
  ] as const)("fails after `%s`: aborted, closed, and worth another attempt", async (name, pieces, text) => {
    const clock = manualClock();
    const model = slowModel((_, call) => (call === 0 ? pieces : ["done"]));
    const { client, of } = bench({ model, clock }).listen();
    const run = client.start(specWith({ [name]: 1.5 }, { failure_policy: { retries: 1 } }));
    await clock.untilSleeping();
    while (model.closed.length === 0) {
      expect(model.signals[0]?.aborted ?? false).toBe(false);
      clock.advance(500);
      await clock.untilSleeping();
    }
    expect(model.signals[0]?.aborted).toBe(true);
    clock.advance(1000);
    expect(await run.result).toMatchObject({ status: "completed", lastResponse: "done" });
    expect(of("step_retry").map(({ attempt, error }) => [attempt, error.details?.["causeCode"]])).toEqual([
      [1, "PROVIDER_TIMEOUT"],
    ]);
    expect(of("step_retry")[0]?.error.message).toContain(`${text} within 1.5 s (\`timeout.${name}\`)`);
    expect(model.signals[1]?.aborted).toBe(false);
    expect(clock.sleeping).toBe(0);
  });

  it("fails the step when no attempt is left, naming the time-out", async () => {
    const clock = manualClock();
    const { client } = bench({ model: slowModel(() => [never]), clock });
    const run = client.start(specWith({ total_s: 2 }));
    await clock.untilSleeping();
    clock.advance(2000);
    expect(await run.result).toMatchObject({
      status: "failed",
      error: {
        code: "RUN_STEP_FAILED",
        cause: { code: "PROVIDER_TIMEOUT", provider: "offline", details: { timeout: "total_s", limit: 2 } },
      },
    });
  });

  it("may take longer than `idle_s` to begin, and longer than `first_token_s` in all", async () => {
    const clock = manualClock();
    const pieces = [gate<ModelChunk>(), gate<ModelChunk>(), gate<ModelChunk>()];
    const { client, of } = bench({ model: slowModel(() => pieces.map(({ promise }) => promise)), clock }).listen();
    const run = client.start(specWith({ first_token_s: 5, idle_s: 2 }));
    for (const [index, wait] of [4000, 1900, 1900].entries()) {
      for (let waited = 0; waited < wait; waited += 100) {
        await clock.untilSleeping();
        clock.advance(100);
      }
      pieces[index]?.open(`${index}`);
      while (of("token").length <= index) await Promise.resolve();
    }
    expect(await run.result).toMatchObject({ status: "completed", lastResponse: "012" });
    expect(clock.sleeping).toBe(0);
  });

  it("counts the idle time from the first piece, whenever that came", async () => {
    const clock = manualClock();
    const first = gate<ModelChunk>();
    const { client, of } = bench({ model: slowModel(() => [first.promise, never]), clock }).listen();
    const run = client.start(specWith({ idle_s: 2 }));
    await clock.untilSleeping();
    clock.advance(1500);
    first.open("piece");
    while (of("token").length === 0) await Promise.resolve();
    for (const ms of [500, 1499, 1]) {
      expect(of("workflow_error")).toEqual([]);
      await clock.untilSleeping();
      clock.advance(ms);
    }
    expect(await run.result).toMatchObject({ status: "failed", durationMs: 3500 });
  });

  it("takes the agent's time-outs over those of the runtime, one by one", async () => {
    const clock = manualClock();
    const { client } = bench({ model: slowModel(() => [never]), clock });
    const run = client.start(specWith({ first_token_s: 1, total_s: 9 }, {}, { timeout: { first_token_s: 20 } }));
    await clock.untilSleeping();
    clock.advance(8999);
    await clock.untilSleeping();
    clock.advance(1);
    const result = await run.result;
    expect(result).toMatchObject({ status: "failed", durationMs: 9000, error: { cause: { details: { limit: 9 } } } });
  });

  it("includes the time until there is a model", async () => {
    const clock = manualClock();
    const provider = { name: "late", model: () => new Promise<Model>(() => {}) };
    const { client } = bench({ noModel: true, providers: [provider], clock });
    const run = client.start(specWith({ total_s: 1 }, { provider: "late" }));
    await clock.untilSleeping();
    clock.advance(1000);
    expect(await run.result).toMatchObject({ status: "failed", error: { cause: { code: "PROVIDER_TIMEOUT" } } });
  });

  it("still stops at once when the run is cancelled", async () => {
    const clock = manualClock();
    const model = slowModel(() => [never]);
    const run = bench({ model, clock }).client.start(specWith({ total_s: 10, first_token_s: 1, idle_s: 1 }));
    await clock.untilSleeping();
    run.cancel("enough");
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "enough" });
    expect([model.signals[0]?.aborted, clock.sleeping]).toEqual([true, 0]);
  });
});

it("starts no timer without a time-out", async () => {
  const clock = skippingClock();
  await bench({ clock }).client.run(chainSpec(["go"]));
  expect(clock.waits).toEqual([]);
});

describe("a step with a time-out", () => {
  it("fails with all its calls, attempts and waits, and gets its full time again on resume", async () => {
    const clock = manualClock();
    const model = slowModel((_, call) =>
      call === 0 ? [Promise.reject(new DOMException("slow", "TimeoutError"))] : [never],
    );
    const first = bench({ model, clock });
    const run = first.client.start(specWith({ step_s: 3 }, { failure_policy: { retries: 5, wait_min: 2 } }));
    await clock.untilSleeping(2);
    clock.advance(2000);
    while (model.signals.length < 2) await Promise.resolve();
    clock.advance(1000);
    expect(await run.result).toMatchObject({
      status: "failed",
      durationMs: 3000,
      error: { code: "RUN_TIMEOUT", stepKey: "steps/0", details: { timeout: "step_s", limit: 3, agentId: "writer" } },
    });
    expect([model.signals[1]?.aborted, clock.sleeping]).toEqual([true, 0]);
    expect(await first.again({ model: echoModel() }).client.resume("session-1").result).toMatchObject({
      status: "completed",
    });
    expect(clock.sleeping).toBe(0);
  });

  it("tells its tools to stop", async () => {
    const clock = manualClock();
    const called = gate<AbortSignal>();
    const tools = [
      {
        name: "wait",
        description: "",
        inputSchema: {},
        execute: (_: unknown, { signal }: { readonly signal: AbortSignal }) => {
          called.open(signal);
          return new Promise<never>(() => {});
        },
      },
    ];
    const model = slowModel(() => [{ type: "tool_call", call: { id: "1", name: "wait", input: {} } }]);
    const run = bench({ model, clock, tools }).client.start(specWith({ step_s: 3 }));
    const signal = await called.promise;
    clock.advance(3000);
    expect(await run.result).toMatchObject({ status: "failed", error: { code: "RUN_TIMEOUT" } });
    expect(signal.aborted).toBe(true);
  });
});
