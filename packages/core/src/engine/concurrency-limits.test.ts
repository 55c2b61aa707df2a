import { describe, expect, it } from "vitest";
import { manualClock } from "../../test/support/clocks.js";
import { gate } from "../../test/support/gate.js";
import { agent, bench, chainSpec } from "../../test/support/workflows.js";
import type { ModelFunction } from "../model/model.js";
import { nextTurn } from "../platform/next-turn.js";
import type { Run } from "../run.js";
import type { RuntimeSpec, Spec } from "../spec/spec.js";
import { Cancellation } from "./cancellation.js";
import { ConcurrencyLimits } from "./concurrency-limits.js";

/** A model whose calls begin when they are let in, and end when the test says so; it ignores its signal. */
function heldModel() {
  const calls: {
    readonly input: string;
    readonly end: (text: string) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const model: ModelFunction = async function* ({ messages }) {
    const { promise, open, fail } = gate<string>();
    const last = messages.at(-1);
    calls.push({ input: last?.role === "user" ? last.content : "", end: open, fail });
    yield await promise;
  };
  return { model, calls, inputs: () => calls.map(({ input }) => input) };
}

/** Lets other work go on until something is so, and then until nothing moves any more. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
  await nextTurn();
}

const spec = (input: string, runtime: Partial<RuntimeSpec> = {}): Spec =>
  chainSpec([input], { runtime: { provider: "busy", ...runtime } });

describe("a limit of model calls at once", () => {
  it("holds over all runs of the client, first come first served", async () => {
    const { model, calls, inputs } = heldModel();
    const { client, of } = bench({ model, concurrency: { busy: 2 } }).listen();
    const runs = ["a", "b", "c", "d", "e"].map((input) => client.run(spec(input)));
    await until(() => of("step_start").length === 5);
    const order = of("step_start").map(({ input }) => input);
    expect(inputs()).toEqual(order.slice(0, 2));
    for (const [ended, begun] of [
      [1, 3],
      [0, 4],
      [3, 5],
      [2, 5],
      [4, 5],
    ] as const) {
      calls[ended]?.end("x");
      await until(() => calls.length >= begun);
      expect(inputs()).toEqual(order.slice(0, begun));
    }
    expect((await Promise.all(runs)).map(({ status }) => status)).toEqual(Array(5).fill("completed"));
  });

  it("holds for branches of one run, and not for another provider", async () => {
    const { model, calls, inputs } = heldModel();
    const { client } = bench({ model, concurrency: { busy: 1 } });
    const branch = (id: string, name: string) => ({ id, steps: [{ agent: name, input: id }] });
    const run = client.run(
      chainSpec([], {
        runtime: { provider: "busy" },
        agents: { writer: agent(), free: agent({ provider: "free" }) },
        pattern: {
          type: "parallel",
          config: { branches: [branch("a", "writer"), branch("b", "writer"), branch("c", "free")] },
        },
      }),
    );
    await until(() => calls.length === 2);
    expect(inputs()).toEqual(["a", "c"]);
    calls[0]?.end("x");
    await until(() => calls.length === 3);
    calls[1]?.end("x");
    calls[2]?.end("x");
    expect((await run).status).toBe("completed");
  });

  it("is shared by clients that are given the same one", async () => {
    const { model, calls } = heldModel();
    const concurrency = new ConcurrencyLimits({ busy: 1 });
    const benches = [bench({ model, concurrency }).listen(), bench({ model, concurrency }).listen()];
    const runs = benches.map(({ client }) => client.run(spec("x")));
    await until(() => benches.every(({ of }) => of("step_start").length === 1));
    expect(calls.length).toBe(1);
    calls[0]?.end("x");
    await until(() => calls.length === 2);
    calls[1]?.end("x");
    expect((await Promise.all(runs)).map(({ status }) => status)).toEqual(["completed", "completed"]);
  });

  it("lets the next one in when a call is cancelled, also one that waits or whose model goes on", async () => {
    const { model, calls, inputs } = heldModel();
    const { client, of } = bench({ model, concurrency: { busy: 1 } }).listen();
    const begin = async (input: string): Promise<Run> => {
      const begun = of("step_start").length;
      const run = client.start(spec(input));
      await until(() => of("step_start").length > begun);
      return run;
    };
    const [held, waiting, next] = [await begin("held"), await begin("waiting"), await begin("next")];
    waiting.cancel();
    expect((await waiting.result).status).toBe("cancelled");
    expect(inputs()).toEqual(["held"]);
    held.cancel();
    expect((await held.result).status).toBe("cancelled");
    await until(() => calls.length === 2);
    expect(inputs()).toEqual(["held", "next"]);
    calls[0]?.end("late");
    calls[1]?.end("x");
    expect((await next.result).status).toBe("completed");
  });

  it("gives no place to the calls of a run that is cancelled as a whole", async () => {
    const { model, calls, inputs } = heldModel();
    const { client, of } = bench({ model, concurrency: { busy: 1 } }).listen();
    const branches = ["a", "b", "c"].map((id) => ({ id, steps: [{ agent: "writer", input: id }] }));
    const run = client.start({ ...spec(""), pattern: { type: "parallel", config: { branches } } });
    await until(() => of("step_start").length === 3);
    const other = client.run(spec("other"));
    await until(() => of("step_start").length === 4);
    run.cancel();
    await until(() => calls.length === 2);
    expect(inputs()).toEqual(["a", "other"]);
    calls[1]?.end("x");
    expect((await other).status).toBe("completed");
  });

  it("frees the place while a failed attempt waits for the next", async () => {
    const clock = manualClock();
    const { model, calls, inputs } = heldModel();
    const { client } = bench({ model, clock, concurrency: { busy: 1 } });
    const first = client.run(spec("a"));
    await until(() => calls.length === 1);
    const second = client.run(spec("b"));
    calls[0]?.fail(new DOMException("slow", "TimeoutError"));
    await until(() => calls.length === 2);
    clock.advance(1000);
    await nextTurn();
    expect(inputs()).toEqual(["a", "b"]);
    calls[1]?.end("x");
    await until(() => calls.length === 3);
    calls[2]?.end("x");
    expect([(await first).status, (await second).status]).toEqual(["completed", "completed"]);
  });

  it("does not count the wait as time of the call", async () => {
    const clock = manualClock();
    const { model, calls } = heldModel();
    const { client, sessions, of } = bench({ model, clock, concurrency: { busy: 1 } }).listen();
    const first = client.run(spec("first"));
    await until(() => of("step_start").length === 1);
    const second = client.run(spec("second", { timeout: { total_s: 5 } }), { sessionId: "second" });
    await until(() => of("step_start").length === 2);
    expect(clock.sleeping).toBe(0);
    clock.advance(60_000);
    calls[0]?.end("x");
    await first;
    await clock.untilSleeping();
    clock.advance(4999);
    await until(() => calls.length === 2);
    calls[1]?.end("x");
    expect(await second).toMatchObject({ status: "completed", durationMs: 64_999 });
    const entry = (await sessions.entries("second")).find(({ kind }) => kind === "model");
    expect(entry?.kind === "model" && entry.body.startedAt).toBe(1_060_000);
  });

  it("does not count the wait as time of the step, and the attempts after it do", async () => {
    const clock = manualClock();
    const { model, calls } = heldModel();
    const { client, of } = bench({ model, clock, concurrency: { busy: 1 } }).listen();
    const first = client.run(spec("first"));
    await until(() => of("step_start").length === 1);
    const second = client.run(spec("second", { timeout: { step_s: 5 } }), { sessionId: "second" });
    await until(() => of("step_start").length === 2);
    clock.advance(60_000);
    expect(clock.sleeping).toBe(0);
    calls[0]?.end("x");
    await first;
    await until(() => calls.length === 2);
    clock.advance(4999);
    await nextTurn();
    expect(clock.sleeping).toBe(1);
    clock.advance(1);
    expect(await second).toMatchObject({ status: "failed", error: { code: "RUN_TIMEOUT", details: { limit: 5 } } });
    expect(clock.sleeping).toBe(0);
  });

  it.each([0, -1, 1.5, Number.NaN])("cannot be %d", (limit) => {
    expect(() => bench({ concurrency: { busy: limit } })).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message: expect.stringContaining("`busy`") }),
    );
  });
});

it("gives every waiting call up at once when they are cancelled, however many, and keeps no place", async () => {
  const limits = new ConcurrencyLimits({ p: 2 });
  const cancellation = new Cancellation();
  const calls = Array.from({ length: 10_000 }, async () => limits.acquire("p", cancellation));
  const settled = Promise.allSettled(calls);
  cancellation.cancel(new Error("stop"));
  const outcomes = await settled;
  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(9_998);
  const next = new Cancellation();
  const places = [limits.acquire("p", next), limits.acquire("p", next)];
  expect(places.map((place) => place instanceof Promise)).toEqual([false, false]);
});
