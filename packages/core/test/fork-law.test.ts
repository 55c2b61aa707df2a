import { describe, expect, it } from "vitest";
import { createMemoryRepository, type PatternType, SessionManager, type Tool, WorkflowClient } from "../src/index.js";
import { skippingClock } from "./support/clocks.js";
import { type Scenario, specOf } from "./support/random-workflows.js";
import { sampleWorkflows } from "./support/sample-workflows.js";
import { sequentialIds } from "./support/sequential-ids.js";
import { saidByModel, saidByPeople } from "./support/voices.js";

const readOnly = (name: string): Tool => ({
  name,
  description: name,
  inputSchema: { type: "object" },
  effect: "read",
  execute: async (input) => `${name} of ${JSON.stringify(input)}`,
});

describe("a fork at every single entry of a workflow with two pauses comes to the same end", () => {
  it.each(Object.keys(sampleWorkflows) as PatternType[])("%s", async (type) => {
    const scenario: Scenario = { spec: specOf(sampleWorkflows[type]), seed: 5, people: "plain" };
    const asked: string[] = [];
    await using client = new WorkflowClient({
      sessions: createMemoryRepository(),
      clock: skippingClock(),
      ids: sequentialIds(),
      tools: [readOnly("measure"), readOnly("note")],
      model: async function* (request) {
        asked.push(request.stepKey);
        yield* saidByModel(scenario, request);
      },
    });
    const sessions = new SessionManager(client);
    const people = {
      onInterrupt: (question: Parameters<typeof saidByPeople>[1]) => {
        const { response, action } = saidByPeople(scenario, question);
        return { response, action };
      },
    };
    const calm = await client.run(scenario.spec, { ...people, sessionId: "calm" });
    expect(calm.status).toBe("completed");
    const { length } = (await sessions.get("calm")).entries;
    expect(length).toBeGreaterThan(6);
    for (let atSeq = 1; atSeq < length; atSeq += 1) {
      const fork = await sessions.fork("calm", { atSeq });
      const shared = (await sessions.get(fork.id)).entries.filter(({ kind }) => kind === "model").length;
      asked.length = 0;
      const { status, usage, ...rest } = await sessions.resume(fork.id, people).result;
      const end = "lastResponse" in rest && "lastResponse" in calm ? [rest.lastResponse, calm.lastResponse] : [1, 2];
      expect([atSeq, status, usage, end[0]]).toEqual([atSeq, "completed", calm.usage, end[1]]);
      // What is shared is not asked for again.
      const models = (await sessions.get(fork.id)).entries.filter(({ kind }) => kind === "model").length;
      expect(asked).toHaveLength(models - shared);
    }
  });
});
