import dns from "node:dns";
import { inspect } from "node:util";
import type { Entry, RunResult, Spec, WorkflowEvent } from "@strands/core";
import { createMemoryRepository, WorkflowClient } from "@strands/core";
import { simulatedClock } from "@strands/testing";
import type { FaultAnswer, FaultScript } from "@strands/testing/model";
import { FaultServer, openaiWire, respond } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createOpenAIProvider } from "../src/openai-provider.js";
import { type FaultCase, faultCases, outcomes, scriptOf } from "./fault-cases.js";
import { answerFor, callsPerPattern, patternNames, patternSpec } from "./seven-patterns.js";

const key = "zebra.key/0123456789";
const failure_policy = { retries: 2, backoff: "jittered", wait_min: 1 } as const;

let server: FaultServer;
beforeEach(async () => {
  server = await FaultServer.start();
});
afterEach(() => server.close());

const replyTo: FaultAnswer = (request) =>
  respond({ contentType: "text/event-stream" }, ...openaiWire.events({ text: [answerFor(request)] }));

/** Plays a case first, and what follows it after that. */
function play(fault: FaultCase, repeats: boolean): void {
  const faulty = scriptOf(fault);
  const slowDown: FaultScript = [{ do: "head", status: 429, headers: { "retry-after": "2" } }, { do: "end" }];
  const scripts: FaultScript[] = [
    ...(faulty.length === 0 ? [] : [faulty]),
    ...(fault.then === "429-ok" ? [slowDown] : []),
  ];
  server.answer((request, index) => {
    if (repeats) return faulty;
    return scripts[index] ?? replyTo(request, index);
  });
}

interface Played {
  readonly result: RunResult;
  readonly waits: readonly number[];
  readonly models: readonly Extract<Entry, { readonly kind: "model" }>[];
}

/** Runs a workflow. Time passes only for the waits between attempts, and for time-outs when they are due. */
async function run(spec: Spec, timeoutMs?: number): Promise<Played> {
  const clock = simulatedClock(1_000_000);
  const sessions = createMemoryRepository();
  const host = server.url.replace("127.0.0.1", "models.test");
  const provider = createOpenAIProvider({ apiKey: key, baseUrl: `${host}/v1`, env: {} });
  const client = new WorkflowClient({ providers: [provider], sessions, clock, random: () => 0.5 });
  const events: WorkflowEvent[] = [];
  const { sessionId, result, events: stream } = startOf(client, spec);
  const listening = (async () => {
    for await (const event of stream) events.push(event);
  })();
  let ended = false;
  const outcome = result.finally(() => {
    ended = true;
  });
  for (let attempt = 1; !ended; attempt += 1) {
    if (timeoutMs !== undefined) {
      await Promise.race([outcome, server.untilRequests(attempt).then(() => clock.untilSleeping())]);
      if (!ended) await clock.advance(timeoutMs);
    }
    await Promise.race([outcome, clock.untilSleeping()]);
    const waiting = events.findLast((event) => event.type === "step_retry");
    if (!ended && waiting?.type === "step_retry") await clock.advance(waiting.delayMs);
  }
  const finished = await outcome;
  await listening;
  await client.close();
  await server.untilIdle();
  expect(clock.pending).toBe(0);
  const entries = (await sessions.load(sessionId)).entries;
  return {
    result: finished,
    waits: events.flatMap((event) => (event.type === "step_retry" ? [event.delayMs] : [])),
    models: entries.filter((entry) => entry.kind === "model"),
  };
}

function startOf(client: WorkflowClient, spec: Spec) {
  const run = client.start(spec);
  return { sessionId: run.sessionId, result: run.result, events: run.events() };
}

/** Names of the machine's own network: the first look-ups fail as often as a case says. */
function answerLookUps(failures: number): void {
  let left = failures;
  const lookup = (_: string, options: { readonly all?: boolean }, done: (...result: unknown[]) => void): void => {
    left -= 1;
    if (left >= 0) done(Object.assign(new Error("getaddrinfo EAI_AGAIN models.test"), { code: "EAI_AGAIN" }));
    else if (options.all === true) done(null, [{ address: "127.0.0.1", family: 4 }]);
    else done(null, "127.0.0.1", 4);
  };
  vi.spyOn(dns, "lookup").mockImplementation(lookup as never);
}

function errorOf(result: RunResult) {
  return result.status === "failed" ? result.error : undefined;
}

const failuresIn = ({ steps }: FaultCase): number =>
  steps.reduce((sum, step) => sum + (step.do === "dns_fail" ? step.times : 0), 0);

it("has an outcome for every case", () => {
  expect(Object.keys(outcomes)).toEqual(faultCases.map(({ id }) => id));
});

describe("a chain of one step", () => {
  it.each(faultCases.map((fault) => [fault.id, fault.name, fault] as const))("%s %s", async (id, _, fault) => {
    const expected = outcomes[id]!;
    const { timeoutMs } = expected;
    answerLookUps(failuresIn(fault));
    play(fault, expected.code !== undefined);
    const timeout = timeoutMs === undefined ? {} : { timeout: { first_token_s: timeoutMs / 1000 } };
    const spec: Spec = {
      version: 1,
      name: "one",
      runtime: { provider: "openai", model_id: "m", failure_policy, ...timeout },
      agents: { writer: { prompt: "Write." } },
      pattern: { type: "chain", config: { steps: [{ agent: "writer", input: "One" }] } },
    };
    const { result, waits, models } = await run(spec, timeoutMs);
    expect(server.requests).toHaveLength(expected.requests);
    expect(waits).toEqual(expected.waits ?? []);
    // One result for each call that was answered, whatever the number of attempts.
    expect(new Set(models.map((entry) => entry.key)).size).toBe(models.length);
    if (expected.code === undefined) {
      expect(result).toMatchObject({ status: "completed", lastResponse: expected.says });
      expect(models.at(-1)?.body.toolCalls).toBe(undefined);
    } else {
      expect(result).toMatchObject({ status: "failed", error: { details: { causeCode: expected.code } } });
      expect(models).toEqual([]);
      if (expected.message !== undefined) expect(errorOf(result)?.message).toContain(expected.message);
    }
    expect(inspect(errorOf(result), { depth: 12, showHidden: true })).not.toContain(key);
    // Bodies of hundreds of megabytes were not read.
    expect(server.bytesSent).toBeLessThan(64_000_000);
  });
});

const passing = faultCases.filter((fault) => fault.then !== undefined);

describe.each(passing.map((fault) => [fault.id, fault.name, fault] as const))(
  "%s %s, then all is well",
  (_, __, fault) => {
    it.each(patternNames)("%s", async (pattern) => {
      answerLookUps(failuresIn(fault));
      play(fault, false);
      const { result, models, waits } = await run(
        patternSpec(pattern, { provider: "openai", model_id: "m", failure_policy, max_parallel: 1 }),
      );
      expect(result).toMatchObject({ status: "completed", lastResponse: expect.stringMatching(/ok$/) });
      expect(models).toHaveLength(callsPerPattern);
      expect(new Set(models.map((entry) => entry.key)).size).toBe(models.length);
      expect(waits.length).toBeGreaterThan(0);
    });
  },
);
