import { describe, expect, it } from "vitest";
import { gate } from "../../test/support/gate.js";
import { type Reply, scriptedModel, toolCall } from "../../test/support/scripted-model.js";
import { shown, tool, turn } from "../../test/support/tool-turns.js";
import { agent, bench, chainSpec } from "../../test/support/workflows.js";
import { ToolError } from "../error/errors.js";
import type { JsonValue } from "../spec/json.js";
import type { Tool, ToolContext } from "../tool/tool.js";

describe("a tool call", () => {
  it("is made with its arguments, and its result goes back to the model", async () => {
    const seen: unknown[] = [];
    const add = tool("add", (input, context) => {
      seen.push(input, { ...context, signal: context.signal.aborted });
      return { sum: 3 };
    });
    const { model, client, sessions, of } = turn([[toolCall("add", { a: 1, b: 2 }, "c1")], "3"], { tools: [add] });
    expect(await client.run(chainSpec(["1 + 2?"]))).toMatchObject({ status: "completed", lastResponse: "3" });
    expect(seen).toEqual([
      { a: 1, b: 2 },
      { sessionId: "session-1", agentId: "writer", idempotencyKey: "session-1/steps/0/tools/0.0", signal: false },
    ]);
    const result = { callId: "c1", name: "add", content: { sum: 3 }, isError: false };
    expect(model.requests[1]?.messages).toEqual([
      { role: "user", content: "1 + 2?" },
      { role: "assistant", content: "", toolCalls: [{ id: "c1", name: "add", input: { a: 1, b: 2 } }] },
      { role: "tool", results: [result] },
    ]);
    expect(model.requests[0]?.tools).toEqual([
      { name: "add", description: "does add", inputSchema: { type: "object" } },
    ]);
    expect(await sessions.journal()).toEqual([
      "run.started run/run-1",
      "model steps/0/model/0",
      "tool.intent steps/0/tools/0.0/intent",
      "tool.result steps/0/tools/0.0",
      "model steps/0/model/1",
      "run.completed run/run-1/end",
    ]);
    const bodies = (await sessions.entries()).map(({ body }) => body);
    expect(bodies[1]).toMatchObject({ input: "1 + 2?", finish: "tool_calls" });
    expect(bodies[2]).toEqual({
      agentId: "writer",
      call: { id: "c1", name: "add", input: { a: 1, b: 2 } },
      effect: "once",
    });
    expect(bodies[3]).toEqual({ result });
    expect("input" in (bodies[4] as object)).toBe(false);
    expect(of("tool_start").map(({ call }) => call.id)).toEqual(["c1"]);
    expect(of("tool_complete").map(({ result: { content } }) => content)).toEqual([{ sum: 3 }]);
    expect(of("step_complete")).toHaveLength(1);
  });

  it("is made at once with the others of one answer; results are in the order of the calls", async () => {
    const gates = { a: gate<string>(), b: gate<string>() };
    const order: string[] = [];
    const slow = (name: "a" | "b"): Tool =>
      tool(name, async () => {
        order.push(`start ${name}`);
        if (name === "b") gates.a.open("a done");
        const text = await gates[name].promise;
        order.push(`end ${name}`);
        if (name === "a") gates.b.open("b done");
        return text;
      });
    // `a` ends only after `b` has begun, so they must overlap; both have the same call id, as some models send them.
    const { model, client } = turn([[toolCall("a", {}, "same"), toolCall("b", {}, "same")], "ok"], {
      tools: [slow("a"), slow("b")],
    });
    expect((await client.run(chainSpec(["x"]))).status).toBe("completed");
    expect(order).toEqual(["start a", "start b", "end a", "end b"]);
    expect(shown(model.requests[1]).map(({ content }) => content)).toEqual(["a done", "b done"]);
  });

  it("may follow another, round after round", async () => {
    const { model, client, sessions } = turn([[toolCall("t")], ["and again ", toolCall("t")], "end"], {
      tools: [tool("t", () => 1)],
    });
    const result = await client.run(chainSpec(["x"]));
    expect(result).toMatchObject({ lastResponse: "end" });
    expect(model.requests.map(({ messages }) => messages.length)).toEqual([1, 3, 5]);
    expect((await sessions.journal()).filter((line) => line.startsWith("tool.result"))).toEqual([
      "tool.result steps/0/tools/0.0",
      "tool.result steps/0/tools/1.0",
    ]);
  });

  it("sums the usage of its turn's model calls", async () => {
    const usage = (inputTokens: number, outputTokens: number) =>
      ({ type: "usage", usage: { inputTokens, outputTokens } }) as const;
    const { client, of } = turn(
      [
        [toolCall("t"), usage(1, 2)],
        ["end", usage(10, 20)],
      ],
      { tools: [tool("t", () => 1)] },
    );
    expect((await client.run(chainSpec(["x"]))).usage).toEqual({ inputTokens: 11, outputTokens: 22 });
    expect(of("step_complete").map(({ usage: used }) => used)).toEqual([{ inputTokens: 11, outputTokens: 22 }]);
  });

  const failures: readonly (readonly [string, Reply, string])[] = [
    ["an unknown tool", [toolCall("serch")], "There is no tool `serch`. Did you mean `search`? Tools: search, save."],
    ["a tool with a name of Object", [toolCall("constructor")], "There is no tool `constructor`. Tools: search, save."],
    [
      "arguments that were no JSON",
      [toolCall("search", "{broken")],
      "The arguments are not a JSON object. Call the tool again with a JSON object.",
    ],
    [
      "a list of arguments",
      [toolCall("search", ["x"])],
      "The arguments are not a JSON object. Call the tool again with a JSON object.",
    ],
    [
      "no arguments",
      [toolCall("search", null)],
      "The arguments are not a JSON object. Call the tool again with a JSON object.",
    ],
  ];
  it.each(failures)("with %s is a result the model can mend", async (_, reply, content) => {
    const calls: string[] = [];
    const tools = [tool("search", () => calls.push("search")), tool("save", () => calls.push("save"))];
    const { model, client, sessions } = turn([reply, "ok"], { tools });
    expect(await client.run(chainSpec(["x"]))).toMatchObject({ status: "completed", lastResponse: "ok" });
    expect(shown(model.requests[1])).toMatchObject([{ content, isError: true }]);
    expect(calls).toEqual([]);
    expect((await sessions.journal()).filter((line) => line.startsWith("tool."))).toEqual([
      "tool.result steps/0/tools/0.0",
    ]);
  });

  it("says that there are no tools when there are none", async () => {
    const { model, client } = turn([[toolCall("search")], "ok"]);
    await client.run(chainSpec(["x"]));
    expect(shown(model.requests[1])[0]?.content).toBe("There is no tool `search`. There are no tools.");
  });

  it("that throws is a result, without credentials", async () => {
    const secret = ["sk-", "abcdefgh12345678"].join("");
    const bad = tool("bad", () => {
      throw new Error(`401 for ${secret}`);
    });
    const { model, client, sessions } = turn([[toolCall("bad", {}, "c")], "ok"], { tools: [bad] });
    expect((await client.run(chainSpec(["x"]))).status).toBe("completed");
    expect(shown(model.requests[1])).toEqual([
      { callId: "c", name: "bad", content: "401 for [redacted]", isError: true },
    ]);
    expect(JSON.stringify(await sessions.entries())).not.toContain(secret);
  });

  it("that is not fatal by its ToolError is a result too; a fatal one fails the step", async () => {
    const soft = tool("soft", () => {
      throw new ToolError("TOOL_INPUT_INVALID", "bad input", { toolName: "soft" });
    });
    const mild = turn([[toolCall("soft")], "ok"], { tools: [soft] });
    expect((await mild.client.run(chainSpec(["x"]))).status).toBe("completed");

    const error = new ToolError("TOOL_DENIED", "not allowed", { toolName: "hard", fatal: true });
    const hard = tool("hard", () => {
      throw error;
    });
    const { client, model } = turn([[toolCall("hard")], "never"], { tools: [hard] });
    expect(await client.run(chainSpec(["x"]))).toMatchObject({ status: "failed", error });
    expect(model.requests).toHaveLength(1);
  });

  it("that is fatal stops the others of its answer", async () => {
    const begun = gate();
    let aborted = false;
    const stalled = tool("stalled", (_, { signal }) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      begun.open();
      return new Promise<string>(() => {});
    });
    const fatal = tool("fatal", async () => {
      await begun.promise;
      throw new ToolError("TOOL_DENIED", "no", { toolName: "fatal", fatal: true });
    });
    const { client } = turn([[toolCall("stalled"), toolCall("fatal")]], { tools: [stalled, fatal] });
    expect(await client.run(chainSpec(["x"]))).toMatchObject({ status: "failed", error: { code: "TOOL_DENIED" } });
    expect(aborted).toBe(true);
  }, 3000);

  it.each([
    ["nothing", undefined, null],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["absent members", { a: undefined, b: 1 }, { b: 1 }],
    ["not a number", Number.NaN, null],
  ])("gives %s as JSON", async (_, given, content) => {
    const { model, client, sessions } = turn([[toolCall("t")], "ok"], { tools: [tool("t", () => given as never)] });
    await client.run(chainSpec(["x"]));
    expect(shown(model.requests[1])).toMatchObject([{ content, isError: false }]);
    expect((await sessions.entries()).find((entry) => entry.kind === "tool.result")?.body).toMatchObject({
      result: { content },
    });
  });

  it.each([
    ["a circle", circle],
    ["a big integer", () => 10n],
    ["a function", () => () => 1],
  ])("that gives %s is a result that says so", async (_, give) => {
    const { model, client } = turn([[toolCall("t")], "ok"], { tools: [tool("t", () => give() as never)] });
    expect((await client.run(chainSpec(["x"]))).status).toBe("completed");
    expect(shown(model.requests[1])).toMatchObject([
      { content: "The tool `t` gave something that is not JSON", isError: true },
    ]);
  });

  it("that gives more levels than a journal takes is a result that says so", async () => {
    const deep = (): JsonValue => JSON.parse(`${"[".repeat(501)}${"]".repeat(501)}`);
    const { model, client } = turn([[toolCall("t")], "ok"], { tools: [tool("t", deep)] });
    expect((await client.run(chainSpec(["x"]))).status).toBe("completed");
    expect(shown(model.requests[1])).toMatchObject([
      { content: "The tool `t` gave something that is nested more than 500 levels deep", isError: true },
    ]);
  });

  it("sees what the tool gave at that time", async () => {
    const list: number[] = [1];
    const { model, client } = turn([[toolCall("t")], [toolCall("t")], "ok"], {
      tools: [
        tool("t", () => {
          list.push(list.length + 1);
          return list;
        }),
      ],
    });
    await client.run(chainSpec(["x"]));
    const results = model.requests[2]?.messages.flatMap((message) => (message.role === "tool" ? message.results : []));
    expect(results?.map(({ content }) => content)).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
  });

  it("ends with the run when that is cancelled; it gets a signal for it", async () => {
    const reached = gate<ToolContext>();
    const slow = tool("slow", (_, context) => {
      reached.open(context);
      return new Promise<string>(() => {});
    });
    const { client, sessions } = turn([[toolCall("slow")]], { tools: [slow] });
    const run = client.start(chainSpec(["x"]));
    const { signal } = await reached.promise;
    run.cancel("enough");
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "enough" });
    expect(signal.aborted).toBe(true);
    expect((await sessions.journal()).slice(-2)).toEqual([
      "tool.intent steps/0/tools/0.0/intent",
      "run.cancelled run/run-1/end",
    ]);
  });

  it("is not made any more when the run is cancelled while its intent is being recorded", async () => {
    let calls = 0;
    const { client, sessions } = turn([[toolCall("t")]], { tools: [tool("t", () => ++calls)] });
    const run = client.start(chainSpec(["x"]));
    sessions.onAppend((entries) => {
      if (entries.some(({ kind }) => kind === "tool.intent")) run.cancel();
      return "works";
    });
    expect((await run.result).status).toBe("cancelled");
    expect(calls).toBe(0);
  });

  it("does not begin when the run is cancelled while the model's answer is being recorded", async () => {
    const { client, sessions, events } = turn([[toolCall("t")]], { tools: [tool("t", () => 1)] });
    const run = client.start(chainSpec(["x"]));
    sessions.onAppend((entries) => {
      if (entries.some(({ kind }) => kind === "model")) run.cancel();
      return "works";
    });
    expect((await run.result).status).toBe("cancelled");
    await client.close();
    expect(await sessions.journal()).toEqual([
      "run.started run/run-1",
      "model steps/0/model/0",
      "run.cancelled run/run-1/end",
    ]);
    expect(events.map(({ type }) => type)).not.toContain("tool_start");
  });

  it("cannot go on for ever, and may end well when the session is resumed", async () => {
    const model = scriptedModel((_, call) => (call > 64 ? "done" : [toolCall("t")]));
    const { client } = bench({ model, tools: [tool("t", () => 1)] });
    const result = await client.run(chainSpec(["x"]));
    expect(result).toMatchObject({ status: "failed", error: { code: "RUN_LOOP_LIMIT", stepKey: "steps/0" } });
    expect(model.requests).toHaveLength(64);
    expect(await client.resume("session-1").result).toMatchObject({ status: "completed", lastResponse: "done" });
  });
});

function circle(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

describe("the tools an agent may call", () => {
  const tools = [tool("a", () => 1), tool("b", () => 2), tool("c", () => 3)];
  const offered = async (
    agentTools: readonly string[] | undefined,
    overrides?: readonly string[],
  ): Promise<string[]> => {
    const model = scriptedModel(["ok"]);
    const step = { agent: "writer", input: "x", ...(overrides === undefined ? {} : { tool_overrides: overrides }) };
    await bench({ model, tools }).client.run(
      chainSpec([step], { agents: { writer: agent(agentTools === undefined ? {} : { tools: agentTools }) } }),
    );
    return model.requests[0]?.tools.map(({ name }) => name) ?? ["not asked"];
  };

  it("are all when the agent lists none of its own", async () => {
    expect(await offered(undefined)).toEqual(["a", "b", "c"]);
  });

  it("are none with an empty list", async () => {
    expect(await offered([])).toEqual([]);
  });

  it("are those named, and a name that is not there is left out", async () => {
    expect(await offered(["c", "a", "zzz"])).toEqual(["c", "a"]);
  });

  it("are replaced by a step, in both directions", async () => {
    expect(await offered(["a"], ["b"])).toEqual(["b"]);
    expect(await offered([], ["b"])).toEqual(["b"]);
    expect(await offered(undefined, [])).toEqual([]);
  });

  it("cannot be got round by calling another", async () => {
    const calls: string[] = [];
    const secret = tool("secret", () => calls.push("secret"));
    const { model, client } = turn([[toolCall("secret")], "ok"], { tools: [...tools, secret] });
    await client.run(chainSpec(["x"], { agents: { writer: agent({ tools: ["a"] }) } }));
    expect(calls).toEqual([]);
    expect(shown(model.requests[1])).toMatchObject([
      { content: "There is no tool `secret`. Tools: a.", isError: true },
    ]);
  });
});
