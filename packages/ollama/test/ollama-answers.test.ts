import { setImmediate as nextTurn } from "node:timers/promises";
import type { Message } from "@strands/core";
import { modelRequest } from "@strands/testing/model";
import { describe, expect, it, vi } from "vitest";
import { lastLine, OllamaSubject, part, settingsOf } from "./support/ollama-subject.js";

const subject = new OllamaSubject();
const tool = { name: "search", description: "", inputSchema: { type: "object" } } as const;

describe("answers of Ollama", () => {
  it("leave out what the model thinks", async () => {
    subject.playLines(part({ thinking: "Hm, tea." }), part({ content: "Tea.", thinking: "Good." }), lastLine);
    expect((await subject.ask()).text).toBe("Tea.");
  });

  it("get ids for their tool calls that do not come twice in a conversation", async () => {
    const call = { function: { name: "search", arguments: { query: "tea" } } };
    subject.playLines(part({ tool_calls: [call, call] }), part({ tool_calls: [call] }), lastLine);
    const first = await subject.ask({ tools: [tool] });
    expect(first.toolCalls.map(({ id }) => id)).toEqual(["call_0", "call_1", "call_2"]);
    const messages: Message[] = [
      { role: "user", content: "Tea?" },
      { role: "assistant", content: "", toolCalls: first.toolCalls },
      {
        role: "tool",
        results: first.toolCalls.map(({ id, name }) => ({ callId: id, name, content: 1, isError: false })),
      },
    ];
    const second = await subject.ask({ tools: [tool], messages });
    expect(second.toolCalls.map(({ id }) => id)).toEqual(["call_3", "call_4", "call_5"]);
  });

  it("keep the ids of tool calls that come with one", async () => {
    subject.playLines(part({ tool_calls: [{ id: "call_p7", function: { name: "search", arguments: {} } }] }), lastLine);
    expect((await subject.ask({ tools: [tool] })).toolCalls).toEqual([{ id: "call_p7", name: "search", input: {} }]);
  });

  it("have no usage when the server counts nothing, and count what is left out as none", async () => {
    subject.playLines(part({ content: "a" }), lastLine);
    expect((await subject.ask()).usage).toBeUndefined();
    subject.playLines({ ...lastLine, eval_count: 5 });
    expect((await subject.ask()).usage).toEqual({ inputTokens: 0, outputTokens: 5 });
  });

  it("may hold blank lines, and a last line without an end", async () => {
    subject.playLines("\n\r\n", part({ content: "a" }), "\n\n", part({ content: "b" }), JSON.stringify(lastLine));
    expect((await subject.ask()).text).toBe("ab");
  });

  it("end with their last line, whatever follows", async () => {
    subject.playLines(part({ content: "a" }), lastLine, part({ content: "b" }), "nonsense\n");
    expect((await subject.ask()).text).toBe("a");
  });

  it("leave a connection to the next call, also when the response ends after its last line", async () => {
    let end = (): void => {};
    const finished = new Promise<void>((resolve) => {
      end = resolve;
    });
    subject.server.play([
      { do: "head", status: 200, headers: { "content-type": "application/x-ndjson" } },
      { do: "write", text: `${JSON.stringify(lastLine)}\n` },
      { do: "wait", until: finished },
      { do: "end" },
    ]);
    const provider = subject.provider();
    const model = await provider.model(settingsOf());
    for await (const _ of model.stream(modelRequest(), { signal: new AbortController().signal })) end();
    await nextTurn();
    await subject.ask({}, provider);
    expect(subject.server.connections).toBe(1);
  });

  it("do not wait long for a server that leaves the response open, and end the request", async () => {
    subject.server.play([
      { do: "head", status: 200, headers: { "content-type": "application/x-ndjson" } },
      { do: "write", text: `${JSON.stringify(lastLine)}\n` },
      { do: "hang" },
    ]);
    const model = await subject.provider().model(settingsOf());
    const pieces = model.stream(modelRequest(), { signal: new AbortController().signal })[Symbol.asyncIterator]();
    expect((await pieces.next()).value).toEqual({ type: "finish", reason: "stop" });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const end = pieces.next();
      await vi.advanceTimersByTimeAsync(100);
      expect((await end).done).toBe(true);
    } finally {
      vi.useRealTimers();
    }
    await subject.server.untilIdle();
  });

  it.each([
    ["no object", "7\n"],
    ["an object of another protocol", '{"id":"1","choices":[{"delta":{"content":"x"}}]}\n'],
    ["a tool call without a name", `${JSON.stringify(part({ tool_calls: [{ function: {} }] }))}\n`],
  ])("are no answers when a line is %s", async (_, line) => {
    subject.playLines(part({ content: "a" }), line, lastLine);
    await expect(subject.ask()).rejects.toMatchObject({ code: "PROVIDER_BAD_RESPONSE" });
  });

  it("never reach the console, broken or not", async () => {
    const printed = (["log", "warn", "error"] as const).map((name) => vi.spyOn(console, name).mockReturnValue());
    subject.playLines(part({ content: "a" }), "{oops\n");
    await subject.ask().catch(() => {});
    subject.playError(500, "no JSON", "text/plain");
    await subject.ask().catch(() => {});
    subject.playError(500, "{oops");
    await subject.ask().catch(() => {});
    expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });
});

describe("requests to Ollama", () => {
  const schema = { type: "object", properties: { title: { type: "string" } } } as const;
  const bodyOf = (): unknown => subject.server.requests.at(-1)?.body;

  it("hold a model to a schema, unless it has tools: it could not call them then", async () => {
    subject.playLines(lastLine);
    await subject.ask({ outputSchema: schema });
    expect(bodyOf()).toMatchObject({ format: schema });
    await subject.ask({ outputSchema: schema, tools: [tool] });
    expect(bodyOf()).not.toHaveProperty("format");
  });

  it("tell of arguments that were no JSON as an object, and of data as its JSON", async () => {
    subject.playLines(lastLine);
    const messages: Message[] = [
      { role: "user", content: "Tea?" },
      { role: "assistant", content: "", toolCalls: [{ id: "c", name: "search", input: "{bad" }] },
      { role: "tool", results: [{ callId: "c", name: "search", content: ["no JSON"], isError: true }] },
    ];
    await subject.ask({ messages });
    expect(bodyOf()).toMatchObject({
      messages: [
        { role: "user" },
        { role: "assistant", tool_calls: [{ id: "c", function: { name: "search", arguments: { input: "{bad" } } }] },
        { role: "tool", tool_call_id: "c", tool_name: "search", content: 'Error: ["no JSON"]' },
      ],
    });
  });
});
