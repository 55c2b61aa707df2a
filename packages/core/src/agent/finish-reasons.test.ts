import { describe, expect, it } from "vitest";
import { type Reply, scriptedModel, toolCall } from "../../test/support/scripted-model.js";
import { tool } from "../../test/support/tool-turns.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import type { FinishReason } from "../model/model.js";

const finish = (reason: FinishReason) => ({ type: "finish", reason }) as const;

function told(replies: readonly Reply[]) {
  const model = scriptedModel(replies);
  return { model, ...bench({ model, tools: [tool("t", () => 1)] }).listen() };
}

describe("an answer with something missing", () => {
  it.each([
    ["length", ["half a sent", finish("length")], "half a sent"],
    ["content_filter", ["half a sent", finish("content_filter")], "half a sent"],
    ["empty", [finish("stop")], ""],
    ["empty", [" \n"], " \n"],
    ["empty", [finish("other")], ""],
  ] as const)("is used, and listeners are told: %s", async (reason, reply, text) => {
    const { client, of } = told([reply]);
    expect(await client.run(chainSpec(["x"]))).toMatchObject({ status: "completed", lastResponse: text });
    expect(of("answer_incomplete")).toMatchObject([{ stepKey: "steps/0", agentId: "writer", reason }]);
  });

  it("is told of once, not again when the session goes on", async () => {
    const first = told([["half", finish("length")], "y"]);
    await first.client.run(chainSpec(["x", ask(), "y"]));
    const second = first.again().listen();
    expect((await second.client.resume("session-1", { response: "go" }).result).status).toBe("completed");
    expect(first.of("answer_incomplete")).toHaveLength(1);
    expect(second.of("answer_incomplete")).toEqual([]);
  });

  it("is none when the model calls tools, or says all it wants", async () => {
    const { client, of } = told([
      [toolCall("t"), finish("tool_calls")],
      ["done", finish("stop")],
    ]);
    expect((await client.run(chainSpec(["x"]))).status).toBe("completed");
    expect(of("answer_incomplete")).toEqual([]);
  });
});

describe("an answer that is none", () => {
  it.each([
    ["content_filter", "PROVIDER_CONTENT_FILTER", "The provider's content filter withheld the whole answer"],
    ["length", "PROVIDER_BAD_RESPONSE", "The model reached its length limit before it said anything"],
  ] as const)("fails the step at once: %s", async (reason, causeCode, message) => {
    const { model, client } = told([[finish(reason)], "x"]);
    const result = await client.run(chainSpec(["x"]));
    expect(result).toMatchObject({
      status: "failed",
      error: { code: "RUN_STEP_FAILED", details: { causeCode }, message: expect.stringContaining(message) },
    });
    expect(model.requests).toHaveLength(1);
  });

  it("is asked for again when it announced tool calls and made none", async () => {
    const { model, client, of } = told([[finish("tool_calls")], "ok"]);
    expect(await client.run(chainSpec(["x"]))).toMatchObject({ status: "completed", lastResponse: "ok" });
    expect(model.requests).toHaveLength(2);
    expect(of("step_retry")[0]?.error.message).toContain("ended its answer to call tools, and called none");
  });
});
