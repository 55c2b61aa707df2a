import { describe, expect, it } from "vitest";
import { scriptedModel, toolCall } from "../../test/support/scripted-model.js";
import { tool } from "../../test/support/tool-turns.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import { ProviderError } from "../error/errors.js";
import { SessionManager } from "./session-manager.js";

/** A session with tool calls, a retry and a question, which has completed. */
async function finished() {
  let failures = 1;
  const model = scriptedModel((request) => {
    if (request.stepKey === "steps/2" && failures > 0) {
      failures -= 1;
      throw new ProviderError("PROVIDER_UNAVAILABLE", "once more");
    }
    return request.stepKey === "steps/0" && request.messages.length === 1 ? [toolCall("look", {}, "c")] : "Done";
  });
  const spec = chainSpec(["One", ask("Fine?"), "Two"], {
    runtime: { provider: "offline", failure_policy: { retries: 1 } },
  });
  const place = bench({ model, tools: [tool("look", () => "seen", "read")] });
  await place.client.run(spec, { sessionId: "s" });
  place.clock.pass(1000);
  await place.client.resume("s", { response: "go", by: "ann" }).result;
  return { ...place, manager: new SessionManager(place.client) };
}

describe("SessionManager.steps", () => {
  it("tells what each agent was asked and what it took", async () => {
    const { manager } = await finished();
    const steps = await manager.steps("s");
    expect(steps).toMatchObject([
      { stepKey: "steps/0", agentId: "writer", input: "One", response: "Done", calls: 2, attempts: 2, tools: ["look"] },
      { stepKey: "steps/2", agentId: "writer", input: "Two", response: "Done", calls: 1, attempts: 2, tools: [] },
    ]);
    const { usage } = (await manager.get("s")).summary;
    const sum = (name: "inputTokens" | "outputTokens") => steps.reduce((all, step) => all + step.usage[name], 0);
    expect([sum("inputTokens"), sum("outputTokens")]).toEqual([usage.inputTokens, usage.outputTokens]);
    expect(steps.map(({ durationMs }) => durationMs)).toEqual([0, 0]);
  });

  it("shows a step that has not answered", async () => {
    const { manager, sessions } = await finished();
    const atSeq = (await sessions.journal("s")).indexOf("model steps/0/model/0") + 1;
    const fork = await manager.fork("s", { atSeq });
    const [step] = await manager.steps(fork.id);
    expect(step).toMatchObject({ stepKey: "steps/0", input: "One", calls: 1, tools: ["look"] });
    expect(step !== undefined && "response" in step).toBe(false);
  });
});

describe("SessionManager.events", () => {
  it("tells the story of all runs", async () => {
    const { manager } = await finished();
    const told = await manager.events("s");
    expect(told.map(({ event }) => event.type)).toEqual([
      "workflow_start",
      "tool_start",
      "tool_complete",
      "step_complete",
      "interrupt_pending",
      "workflow_paused",
      "interrupt_answered",
      "workflow_start",
      "step_complete",
      "workflow_complete",
    ]);
    const runs = told.map(({ event }) => event.runId);
    expect(new Set(runs).size).toBe(2);
    const ofType = (type: string) => told.filter(({ event }) => event.type === type).map(({ event }) => event);
    expect(ofType("workflow_start")).toMatchObject([
      { resumed: false, stepsDone: 0 },
      { resumed: true, stepsDone: 1 },
    ]);
    expect(ofType("tool_complete")).toMatchObject([
      { stepKey: "steps/0", agentId: "writer", result: { content: "seen" } },
    ]);
    expect(ofType("workflow_paused")).toMatchObject([{ interrupts: [{ prompt: "Fine?" }] }]);
    expect(ofType("interrupt_answered")).toMatchObject([{ answer: { response: "go", by: "ann" } }]);
    const { usage } = (await manager.get("s")).summary;
    expect(ofType("workflow_complete")).toMatchObject([{ lastResponse: "Done", usage }]);
  });

  it("goes on from any entry as if it had been told from the first", async () => {
    const { manager, sessions } = await finished();
    const all = await manager.events("s");
    for (let fromSeq = 1; fromSeq <= (await sessions.entries("s")).length + 1; fromSeq += 1) {
      expect(await manager.events("s", { fromSeq })).toEqual(all.filter(({ seq }) => seq >= fromSeq));
    }
  });

  it("tells of failures and cancels", async () => {
    const { client, manager } = await finished();
    const broken = scriptedModel(() => {
      throw new Error("broken");
    });
    const other = bench({ model: broken });
    await other.client.run(chainSpec(["x"]), { sessionId: "f" });
    const theirs = new SessionManager(other.client);
    await theirs.cancel("f", "no more");
    expect((await theirs.events("f")).map(({ event }) => event)).toMatchObject([
      { type: "workflow_start" },
      { type: "workflow_error", error: { code: expect.any(String) } },
      { type: "workflow_start", resumed: true },
      { type: "workflow_cancelled", reason: "no more" },
    ]);
    await client.close();
    await expect(manager.events("s")).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });
});
