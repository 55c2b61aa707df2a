import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { crashOnKind } from "../../test/support/faulty-repository.js";
import { gate } from "../../test/support/gate.js";
import { scriptedModel, toolCall } from "../../test/support/scripted-model.js";
import { shown, tool, turn } from "../../test/support/tool-turns.js";
import { bench, chainSpec } from "../../test/support/workflows.js";
import type { Tool } from "../tool/tool.js";

describe("a tool call that a crash interrupted", () => {
  /** Runs until the tool has been called, crashes before its result is recorded, and gives a way to go on. */
  async function interrupted(effect: Tool["effect"]) {
    const keys: string[] = [];
    const send = tool(
      "send",
      (_, { idempotencyKey }) => {
        keys.push(idempotencyKey);
        return `sent ${keys.length}`;
      },
      effect,
    );
    const model = scriptedModel((request) =>
      request.messages.length === 1 ? [toolCall("send", { b: 1, a: 2 }, "c")] : "done",
    );
    const first = bench({ model, tools: [send] });
    first.sessions.onAppend(crashOnKind("tool.result"));
    expect((await errorOf(first.client.run(chainSpec(["x"])))).code).toBe("SESSION_STORAGE");
    expect(keys).toEqual(["session-1/steps/0/tools/0.0"]);
    first.sessions.onAppend(() => "works");
    return { keys, model, ...first.again().listen() };
  }

  it.each(["read", "idempotent"] as const)(
    "is made again with the same idempotency key when it is %s",
    async (effect) => {
      const { keys, model, client, sessions } = await interrupted(effect);
      expect(await client.resume("session-1").result).toMatchObject({ status: "completed", lastResponse: "done" });
      expect(keys).toEqual(["session-1/steps/0/tools/0.0", "session-1/steps/0/tools/0.0"]);
      expect(model.requests).toHaveLength(2);
      expect((await sessions.journal()).filter((line) => line.startsWith("tool.intent"))).toHaveLength(1);
    },
  );

  it.each([
    ["declared once", "once"],
    ["not declared", undefined],
  ] as const)("is asked about when its effect is %s", async (_, effect) => {
    const { keys, client } = await interrupted(effect);
    const paused = await client.resume("session-1").result;
    expect(paused).toMatchObject({
      status: "paused",
      interrupts: [
        {
          type: "tool",
          stepKey: "steps/0/tools/0.0/doubt",
          prompt: "The tool `send` was being called by agent `writer` when the session stopped. Did it happen?",
          context: '{"a":2,"b":1}',
          choices: ["retry", "done", "skip"],
        },
      ],
    });
    expect(keys).toHaveLength(1);
    expect((await errorOf(client.resume("session-1", { response: "maybe" }).result)).code).toBe("INTERRUPT_INVALID");
  });

  it.each([
    ["retry", 2, { content: "sent 2", isError: false }],
    ["done", 1, { content: "Done. A person confirmed it; the tool's own answer was lost.", isError: false }],
    ["skip", 1, { content: "Skipped by a person.", isError: true }],
  ] as const)("ends as the person says: %s", async (response, calls, result) => {
    const { keys, model, client, sessions } = await interrupted("once");
    await client.resume("session-1").result;
    expect(await client.resume("session-1", { response }).result).toMatchObject({
      status: "completed",
      lastResponse: "done",
    });
    expect(keys).toHaveLength(calls);
    expect(shown(model.requests[1])).toEqual([{ callId: "c", name: "send", ...result }]);
    expect((await sessions.journal()).slice(response === "retry" ? -6 : -5)).toEqual([
      "interrupt.answered steps/0/tools/0.0/doubt/answer",
      "run.started run/run-3",
      ...(response === "retry" ? ["tool.intent steps/0/tools/0.0/intent/1"] : []),
      "tool.result steps/0/tools/0.0",
      "model steps/0/model/1",
      "run.completed run/run-3/end",
    ]);
  });

  it("is asked about anew when the repeat that a person allowed was interrupted, too", async () => {
    const { keys, again, sessions, client } = await interrupted("once");
    await client.resume("session-1").result;
    sessions.onAppend(crashOnKind("tool.result"));
    await errorOf(client.resume("session-1", { response: "retry" }).result);
    expect(keys).toHaveLength(2);
    sessions.onAppend(() => "works");
    expect(await again().client.resume("session-1").result).toMatchObject({
      status: "paused",
      interrupts: [{ type: "tool", stepKey: "steps/0/tools/0.0/doubt/1" }],
    });
    expect(keys).toHaveLength(2);
    expect((await again().client.resume("session-1", { response: "done" }).result).status).toBe("completed");
    expect(keys).toHaveLength(2);
  });

  it("is asked about also where the tool is not there any more", async () => {
    const { again } = await interrupted("once");
    expect((await again({ tools: [] }).client.resume("session-1").result).status).toBe("paused");
  });

  it("is never made again once its result is recorded, whatever its effect", async () => {
    for (const effect of ["read", "idempotent", "once"] as const) {
      let calls = 0;
      const model = scriptedModel((request) => (request.messages.length === 1 ? [toolCall("t")] : "done"));
      const first = bench({ model, tools: [tool("t", () => ++calls, effect)] });
      let appends = 0;
      first.sessions.onAppend(() => {
        appends += 1;
        return appends === 5 ? "lost" : "works";
      });
      expect((await errorOf(first.client.run(chainSpec(["x"])))).code).toBe("SESSION_STORAGE");
      first.sessions.onAppend(() => "works");
      expect((await first.again().client.resume("session-1").result).status).toBe("completed");
      expect(calls).toBe(1);
    }
  });

  it("is asked about after a cancel during the call, too", async () => {
    const reached = gate();
    const send = tool("send", () => {
      reached.open();
      return new Promise<string>(() => {});
    });
    const first = turn([[toolCall("send")]], { tools: [send] });
    const run = first.client.start(chainSpec(["x"]));
    await reached.promise;
    run.cancel();
    await run.result;
    expect(await first.again().client.resume("session-1").result).toMatchObject({
      status: "paused",
      interrupts: [{ type: "tool" }],
    });
  });

  it("does not keep others of the same answer from being finished first", async () => {
    const calls: string[] = [];
    const once = tool("once", () => calls.push("once"), "once");
    const read = tool("read", () => calls.push("read"), "read");
    const model = scriptedModel((request) =>
      request.messages.length === 1 ? [toolCall("once"), toolCall("read")] : "done",
    );
    const first = bench({ model, tools: [once, read] });
    first.sessions.onAppend(crashOnKind("tool.result"));
    await errorOf(first.client.run(chainSpec(["x"])));
    first.sessions.onAppend(() => "works");
    const { client, sessions } = first.again();
    expect((await client.resume("session-1").result).status).toBe("paused");
    expect(calls).toEqual(["once", "read", "read"]);
    expect(await sessions.journal()).toContain("tool.result steps/0/tools/0.1");
    expect((await client.resume("session-1", { response: "done" }).result).status).toBe("completed");
    expect(calls).toEqual(["once", "read", "read"]);
  });
});
