import { describe, expect, it } from "vitest";
import { manualClock } from "../../test/support/clocks.js";
import { gate } from "../../test/support/gate.js";
import { type Reply, scriptedModel } from "../../test/support/scripted-model.js";
import { bench, chainSpec } from "../../test/support/workflows.js";
import { ProviderError } from "../error/errors.js";
import type { ModelChunk, ModelFunction } from "../model/model.js";
import type { RuntimeSpec } from "../spec/spec.js";

const used = (inputTokens: number, outputTokens: number): ModelChunk => ({
  type: "usage",
  usage: { inputTokens, outputTokens },
});
const broken = (): Error => new ProviderError("PROVIDER_UNAVAILABLE", "the stream broke");
const refused = (): Error => new ProviderError("PROVIDER_AUTH", "no key");
/** An attempt that fails after its provider has said what it used. */
const costly = (error: Error): Reply => ["half", used(10, 5), error];
const spec = (steps: readonly string[], runtime: Partial<RuntimeSpec> = {}) =>
  chainSpec(steps, { runtime: { provider: "scripted", failure_policy: { retries: 2 }, ...runtime } });

async function stored(sessions: ReturnType<typeof bench>["sessions"]) {
  const [summary] = (await sessions.list()).sessions;
  return summary?.usage;
}

describe("what failed attempts have used", () => {
  it("counts with the call that succeeded in the end: in the journal, the step, the session and the run", async () => {
    const model = scriptedModel([costly(broken()), costly(broken()), ["whole", used(10, 7)]]);
    const { client, sessions, of } = bench({ model }).listen();
    const usage = { inputTokens: 30, outputTokens: 17 };
    expect(await client.run(spec(["x"]))).toMatchObject({ status: "completed", usage });
    const entry = (await sessions.entries()).find(({ kind }) => kind === "model");
    expect(entry?.body).toMatchObject({
      usage: { inputTokens: 10, outputTokens: 7 },
      failedUsage: { inputTokens: 20, outputTokens: 10 },
      attempts: 3,
    });
    expect(of("step_complete")[0]?.usage).toEqual(usage);
    expect(await stored(sessions)).toEqual(usage);
    expect((await sessions.entries()).at(-1)?.body).not.toHaveProperty("failedUsage");
  });

  it("counts when the step fails altogether, also once the session is resumed", async () => {
    const model = scriptedModel([costly(broken()), costly(refused()), ["whole", used(1, 1)]]);
    const first = bench({ model });
    const lost = { inputTokens: 20, outputTokens: 10 };
    expect(await first.client.run(spec(["x"]))).toMatchObject({ status: "failed", usage: lost });
    expect((await first.sessions.entries()).at(-1)).toMatchObject({ kind: "run.failed", body: { failedUsage: lost } });
    expect(await stored(first.sessions)).toEqual(lost);
    const usage = { inputTokens: 21, outputTokens: 11 };
    expect(await first.again().client.resume("session-1").result).toMatchObject({ status: "completed", usage });
    expect(await stored(first.sessions)).toEqual(usage);
  });

  it("counts towards max_tokens, in this run and the next: what is used up is not tried again", async () => {
    const model = scriptedModel(() => costly(broken()));
    const first = bench({ model });
    const limited = { budgets: { max_tokens: 20 } };
    const exceeded = { code: "RUN_BUDGET_EXCEEDED", details: { budget: "max_tokens", used: 30, limit: 20 } };
    expect(await first.client.run(spec(["x"], limited))).toMatchObject({ status: "failed", error: exceeded });
    expect(model.requests).toHaveLength(2);
    expect(await first.again().client.resume("session-1").result).toMatchObject({ error: exceeded });
    expect(model.requests).toHaveLength(2);
  });

  it("counts when an attempt takes too long", async () => {
    const clock = manualClock();
    const reached = gate();
    const model: ModelFunction = async function* ({ attempt }) {
      yield used(10, 5);
      reached.open();
      if (attempt === 1) await new Promise(() => {});
      yield "done";
    };
    const { client } = bench({ model, clock });
    const run = client.run(spec(["x"], { timeout: { total_s: 5 } }));
    await reached.promise;
    clock.advance(5000);
    await clock.untilSleeping();
    clock.advance(1000);
    expect(await run).toMatchObject({ status: "completed", usage: { inputTokens: 20, outputTokens: 10 } });
  });

  it.each(["signal heeded", "signal ignored"])(
    "counts when the run is cancelled in the midst of it: %s",
    async (how) => {
      const reached = gate();
      const model: ModelFunction = async function* (_, { signal }) {
        yield used(10, 5);
        reached.open();
        await new Promise((_resolve, reject) => {
          if (how === "signal heeded") signal.addEventListener("abort", () => reject(signal.reason));
        });
      };
      const { client, sessions } = bench({ model });
      const run = client.start(spec(["x"]));
      await reached.promise;
      run.cancel();
      const usage = { inputTokens: 10, outputTokens: 5 };
      expect(await run.result).toMatchObject({ status: "cancelled", usage });
      expect(await stored(sessions)).toEqual(usage);
    },
  );

  it("is nothing where the provider reports nothing, or what is no count", async () => {
    const model = scriptedModel([
      ["half", broken()],
      ["half", used(Number.NaN, 1), broken()],
      ["whole", used(1, 1)],
    ]);
    const { client, sessions } = bench({ model });
    expect(await client.run(spec(["x"]))).toMatchObject({ usage: { inputTokens: 1, outputTokens: 1 } });
    expect(JSON.stringify(await sessions.entries())).not.toContain("failedUsage");
  });
});
