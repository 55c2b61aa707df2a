import { describe, expect, it } from "vitest";
import type { InterruptRecord, PatternType, RunResult, WorkflowEvent } from "../src/index.js";
import { type Scenario, specOf } from "./support/random-workflows.js";
import { sampleWorkflows } from "./support/sample-workflows.js";
import { saidByModel, saidByPeople } from "./support/voices.js";
import { type Bench, bench } from "./support/workflows.js";

const types = Object.keys(sampleWorkflows) as readonly PatternType[];

/** What was told for the first time, without what differs between runs. */
function news(events: readonly WorkflowEvent[]): readonly string[] {
  return events
    .filter((event) => "replayed" in event && !event.replayed)
    .map(({ sessionId: _s, runId: _r, timestamp: _t, ...said }) => JSON.stringify(said))
    .sort();
}

function begin(type: PatternType) {
  const given: Scenario = { spec: specOf(sampleWorkflows[type]), seed: 5, people: "plain" };
  const client = bench({
    model: async function* (request) {
      yield* saidByModel(given, request);
    },
    tools: ["measure", "note"].map((name) => ({
      name,
      description: name,
      inputSchema: { type: "object" },
      effect: "read" as const,
      execute: async () => name,
    })),
  }).listen();
  const say = (question: InterruptRecord): string => saidByPeople(given, question).response;
  return { ...client, events: client.events, spec: given.spec, say };
}

/** Runs with a pause at every question; each resume answers one of them. */
async function inPieces(type: PatternType, how: "with the resume" | "before it"): Promise<Bench & { runs: number }> {
  const { spec, say, ...bench } = begin(type);
  const { client } = bench;
  let result: RunResult = await client.run(spec);
  let runs = 1;
  for (; result.status === "paused"; runs += 1) {
    const question = result.interrupts.at(-1) as InterruptRecord;
    const answer = { response: say(question), interruptId: question.id };
    if (how === "before it") await client.answer("session-1", answer);
    result = await client.resume("session-1", how === "before it" ? {} : answer).result;
  }
  expect(result.status).toBe("completed");
  return { ...bench, runs };
}

describe.each(types)("the events of the pattern %s", (type) => {
  it.each(["with the resume", "before it"] as const)(
    "are told once as news over all runs: answered %s",
    async (how) => {
      const whole = begin(type);
      expect((await whole.client.run(whole.spec, { onInterrupt: whole.say })).status).toBe("completed");
      expect(whole.events.filter((event) => "replayed" in event && event.replayed)).toEqual([]);
      const pieces = await inPieces(type, how);
      expect(pieces.runs).toBeGreaterThan(2);
      expect(news(pieces.events)).toEqual(news(whole.events));
      // And a run tells again, as replayed, what those before it have told.
      const last = pieces.events.filter(({ runId }) => runId === `run-${pieces.runs}`);
      const again = last.filter((event) => "replayed" in event && event.replayed);
      expect(again.length).toBeGreaterThan(0);
      expect(last.find(({ type: name }) => name === "workflow_start")).toMatchObject({
        stepsDone: new Set(again.flatMap((event) => (event.type === "step_complete" ? [event.stepKey] : []))).size,
      });
    },
  );
});
