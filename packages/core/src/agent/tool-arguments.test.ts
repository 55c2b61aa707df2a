import { describe, expect, it } from "vitest";
import { scriptedModel, toolCall } from "../../test/support/scripted-model.js";
import { shown, tool, turn } from "../../test/support/tool-turns.js";
import { bench, chainSpec } from "../../test/support/workflows.js";
import type { JsonValue } from "../spec/json.js";
import type { Tool } from "../tool/tool.js";

/** A tool with a schema, and what it was called with. */
function weather(): { readonly tool: Tool; readonly calls: JsonValue[] } {
  const calls: JsonValue[] = [];
  const inputSchema = {
    type: "object",
    required: ["city"],
    properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } },
    additionalProperties: false,
  };
  return { calls, tool: { ...tool("weather", (input) => calls.push(input)), inputSchema } };
}

describe("arguments that do not fit the tool's schema", () => {
  it.each([
    [{ days: 2 }, "the value: expected the property `city`"],
    [{ city: "Rome", days: 0 }, "`/days`: expected at least 1"],
    [{ city: 7, days: "2" }, "`/city`: expected string, got number; `/days`: expected integer, got string"],
    [{ city: "Rome", when: 1 }, "the value: expected no property `when`; known are `city`, `days`"],
  ])("go back to the model: %j", async (input, problem) => {
    const { tool: forecast, calls } = weather();
    const replies = [[toolCall("weather", input)], [toolCall("weather", { city: "Rome" })], "sunny"];
    const { model, client, sessions } = turn(replies, { tools: [forecast] });
    expect(await client.run(chainSpec(["x"]))).toMatchObject({ status: "completed", lastResponse: "sunny" });
    expect(shown(model.requests[1])).toEqual([
      {
        callId: "call-weather",
        name: "weather",
        content: `The arguments do not fit the tool's input schema. ${problem}. Call the tool again with arguments that fit.`,
        isError: true,
      },
    ]);
    expect(calls).toEqual([{ city: "Rome" }]);
    expect((await sessions.journal()).filter((line) => line.startsWith("tool."))).toEqual([
      "tool.result steps/0/tools/0.0",
      "tool.intent steps/0/tools/1.0/intent",
      "tool.result steps/0/tools/1.0",
    ]);
  });

  it("do not keep the other calls of the answer from being made", async () => {
    const { tool: forecast, calls } = weather();
    const replies = [[toolCall("weather", {}, "a"), toolCall("weather", { city: "Oslo" }, "b")], "ok"];
    const { model, client } = turn(replies, { tools: [forecast] });
    await client.run(chainSpec(["x"]));
    expect(shown(model.requests[1]).map(({ callId, isError }) => [callId, isError])).toEqual([
      ["a", true],
      ["b", false],
    ]);
    expect(calls).toEqual([{ city: "Oslo" }]);
  });

  it("that are nested beyond all measure are a mistake like another", async () => {
    const { tool: forecast } = weather();
    const deep = JSON.parse(`{"city":${"[".repeat(50_000)}${"]".repeat(50_000)}}`) as JsonValue;
    const { model, client } = turn([[toolCall("weather", deep)], "ok"], { tools: [forecast] });
    expect((await client.run(chainSpec(["x"]))).status).toBe("completed");
    expect(shown(model.requests[1])[0]?.content).toContain("The arguments are not a JSON object");
  });
});

describe("a model that calls tools wrongly again and again", () => {
  it("fails its step, and gets as many chances when the session is resumed", async () => {
    const { tool: forecast, calls } = weather();
    const model = scriptedModel((_, call) => [toolCall(call % 2 === 0 ? "weather" : "wether", {})]);
    const first = bench({ model, tools: [forecast] });
    expect(await first.client.run(chainSpec(["x"]))).toMatchObject({
      status: "failed",
      error: {
        code: "RUN_LOOP_LIMIT",
        stepKey: "steps/0",
        message: "Step `steps/0` (agent `writer`) made 5 impossible tool calls",
      },
    });
    expect(model.requests).toHaveLength(5);
    expect(calls).toEqual([]);

    const better = scriptedModel((_, call) => (call < 4 ? [toolCall("weather", {})] : "I give up"));
    const again = first.again({ model: better });
    expect(await again.client.resume("session-1").result).toMatchObject({ lastResponse: "I give up" });
    expect(better.requests[0]?.messages).toHaveLength(11);
  });

  it("does not fail as long as some calls work", async () => {
    const { tool: forecast } = weather();
    const good = toolCall("weather", { city: "Rome" });
    const model = scriptedModel((_, call) =>
      call === 20 ? "end" : call % 5 === 4 ? [toolCall("weather", {}), good] : [toolCall("weather", {})],
    );
    const { client } = bench({ model, tools: [forecast] });
    expect((await client.run(chainSpec(["x"]))).status).toBe("completed");
  });
});

describe("an answer that was cut off in a tool call", () => {
  const finish = { type: "finish", reason: "length" } as const;

  it("has that call given back, even where its arguments fit, and the ones before it made", async () => {
    const { tool: forecast, calls } = weather();
    const save = tool("save", (input) => calls.push(input));
    const replies = [[toolCall("weather", { city: "Rome" }), toolCall("save", {}), finish], "ok"];
    const { model, client, of } = turn(replies, { tools: [forecast, save] });
    expect((await client.run(chainSpec(["x"]))).status).toBe("completed");
    expect(calls).toEqual([{ city: "Rome" }]);
    expect(shown(model.requests[1])[1]).toMatchObject({
      name: "save",
      content: "Your answer was cut off at its length limit. Call the tool again, with shorter arguments.",
      isError: true,
    });
    expect(of("answer_incomplete").map(({ stepKey, reason }) => [stepKey, reason])).toEqual([["steps/0", "length"]]);
  });
});
