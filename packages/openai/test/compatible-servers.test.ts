import { type FaultScript, FaultServer, failureOf, modelRequest, respond } from "@strands/testing/model";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createOpenAIProvider } from "../src/openai-provider.js";
import { ask, events, json, settingsOf } from "./ask.js";

let server: FaultServer;
beforeEach(async () => {
  server = await FaultServer.start();
});
afterEach(() => {
  vi.useRealTimers();
  return server.close();
});

const provider = () => createOpenAIProvider({ env: {}, baseUrl: `${server.url}/v1` });
const delta = (content: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: content, finish_reason }],
});
const call = (piece: object) => delta({ tool_calls: [piece] });

describe("tool calls of servers that number nothing", () => {
  it("are told apart by their ids", async () => {
    server.play(
      events(
        call({ id: "a", function: { name: "one", arguments: '{"n":' } }),
        call({ function: { arguments: "1}" } }),
        call({ id: "b", function: { name: "two", arguments: '{"n":2}' } }),
        delta({}, "stop"),
        "[DONE]",
      ),
    );
    const { toolCalls, finish } = await ask(provider());
    expect(toolCalls).toEqual([
      { id: "a", name: "one", input: { n: 1 } },
      { id: "b", name: "two", input: { n: 2 } },
    ]);
    expect(finish).toBe("tool_calls");
  });

  it("get ids when they have none", async () => {
    server.play(events(call({ index: 0, function: { name: "one", arguments: "{}" } }), delta({}, "tool_calls")));
    expect((await ask(provider())).toolCalls).toEqual([{ id: "call_0", name: "one", input: {} }]);
  });
});

describe("usage", () => {
  it("that grows with every event counts once, at its last", async () => {
    const usage = (completion_tokens: number) => ({ usage: { prompt_tokens: 5, completion_tokens } });
    server.play(events({ ...delta({ content: "a" }), ...usage(1) }, { ...delta({}, "stop"), ...usage(2) }, "[DONE]"));
    expect((await ask(provider())).usage).toEqual({ inputTokens: 5, outputTokens: 2 });
  });

  it("that is no number is none", async () => {
    server.play(events({ ...delta({ content: "a" }, "stop"), usage: { prompt_tokens: "5", completion_tokens: null } }));
    expect((await ask(provider())).usage).toBe(undefined);
  });
});

describe("the end", () => {
  it("may come without a reason, when the stream says it is done", async () => {
    server.play(events(delta({ content: "a" }), "[DONE]"));
    expect(await ask(provider())).toMatchObject({ text: "a", finish: "stop" });
  });

  it("may come without saying so, when there is a reason", async () => {
    server.play(events(delta({ content: "a" }, "stop")));
    expect((await ask(provider())).text).toBe("a");
  });

  it("is missing when there is neither", async () => {
    server.play(events(delta({ content: "a" })));
    expect(await failureOf(ask(provider()))).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      retryable: true,
      message: "OpenAI broke off its answer",
    });
  });
});

describe("an answer that is whole", () => {
  const begun = (then: FaultScript): FaultScript => [...events(delta({ content: "a" }, "stop")).slice(0, -1), ...then];

  it("does not wait for long for the end of the response", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    server.play(begun([{ do: "hang" }]));
    const model = await provider().model(settingsOf(provider()));
    const { signal } = new AbortController();
    const chunks = model.stream(modelRequest(), { signal })[Symbol.asyncIterator]();
    expect((await chunks.next()).value).toBe("a");
    const last = chunks.next();
    // The wait begins once the finish has been read, which comes with the text.
    await vi.advanceTimersByTimeAsync(1000);
    expect((await last).value).toEqual({ type: "finish", reason: "stop" });
    await server.untilIdle();
  });

  it("does not take in what comes after it", async () => {
    const late = { id: "b", index: 0, function: { name: "two", arguments: "{}" } };
    server.play(
      events(delta({ content: "a" }, "length"), delta({ content: "b" }), call(late), delta({}, "stop"), "[DONE]"),
    );
    expect(await ask(provider())).toMatchObject({ text: "a", toolCalls: [], finish: "length" });
  });

  it("counts, however the connection ends", async () => {
    server.play(begun([{ do: "half_close" }]));
    expect(await ask(provider())).toMatchObject({ text: "a", finish: "stop" });
  });
});

it("gives a refusal as the text it is", async () => {
  server.play(events(delta({ refusal: "I can" }), delta({ refusal: "not." }), delta({}, "stop"), "[DONE]"));
  expect(await ask(provider())).toMatchObject({ text: "I cannot.", finish: "content_filter" });
});

it("reads no other choice than the first", async () => {
  server.play(
    events(
      {
        choices: [
          { index: 1, delta: { content: "b" } },
          { index: 0, delta: { content: "a" } },
        ],
      },
      delta({}, "stop"),
    ),
  );
  expect((await ask(provider())).text).toBe("a");
});

it.each([
  null,
  7,
  "text",
  [],
  { choices: null },
  { choices: [{}] },
  { choices: [{ index: 0, delta: null }] },
  { choices: {} },
  { choices: [null] },
  delta({ tool_calls: [null, 1] }),
  delta({ tool_calls: {} }),
  delta({ content: 7 }),
])("passes over the event %j", async (event) => {
  server.play(events(JSON.stringify(event), delta({ content: "a" }, "stop"), "[DONE]"));
  expect((await ask(provider())).text).toBe("a");
});

describe("answers in one piece", () => {
  const message = { role: "assistant", content: "whole" };

  it("are taken, with tool calls and usage", async () => {
    const tool_calls = [{ id: "a", type: "function", function: { name: "one", arguments: '{"n":1}' } }];
    const usage = { prompt_tokens: 3, completion_tokens: 4 };
    server.play(json(200, { choices: [{ message: { ...message, tool_calls }, finish_reason: "tool_calls" }], usage }));
    expect(await ask(provider())).toEqual({
      text: "whole",
      toolCalls: [{ id: "a", name: "one", input: { n: 1 } }],
      usage: { inputTokens: 3, outputTokens: 4 },
      finish: "tool_calls",
    });
  });

  it("need no reason to be whole", async () => {
    server.play(json(200, { choices: [{ message }] }));
    expect(await ask(provider())).toMatchObject({ text: "whole", finish: "stop" });
  });

  it.each(['{"choices":[]}', "{}", "null", "[1]", '"text"', "{oops", "7"])(
    "are refused when they are %s",
    async (body) => {
      server.play(respond({ contentType: "application/json" }, body));
      expect(await failureOf(ask(provider()))).toMatchObject({
        code: "PROVIDER_BAD_RESPONSE",
        message: expect.stringContaining("`application/json`"),
      });
    },
  );
});

describe("errors", () => {
  const cases: readonly (readonly [string, number, unknown, string, string])[] = [
    [
      "a plain sentence",
      400,
      { error: "bad thing" },
      "PROVIDER_BAD_REQUEST",
      "OpenAI refused the request (HTTP 400): bad thing",
    ],
    [
      "another shape",
      400,
      { detail: "secret detail" },
      "PROVIDER_BAD_REQUEST",
      "OpenAI refused the request (HTTP 400)",
    ],
    [
      "no code but words of length",
      400,
      tooLong("This model's maximum context length is 8192"),
      "PROVIDER_CONTEXT_OVERFLOW",
      "8192",
    ],
    [
      "a type of its own for length",
      400,
      { error: { type: "exceed_context_size_error" } },
      "PROVIDER_CONTEXT_OVERFLOW",
      "too long",
    ],
    [
      "words of length in a server's fault",
      500,
      { error: { message: "context window lost" } },
      "PROVIDER_UNAVAILABLE",
      "lost",
    ],
  ];
  it.each(cases)("with %s", async (_, status, body, code, words) => {
    server.play(json(status, body));
    const error = await failureOf(ask(provider()));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("secret");
  });

  it("carry the id of the request", async () => {
    const [head, ...rest] = json(500, {});
    server.play([
      { ...head, headers: { "content-type": "application/json", "x-request-id": "req-7" } } as never,
      ...rest,
    ]);
    expect((await failureOf(ask(provider()))).requestId).toBe("req-7");
  });
});

function tooLong(message: string): unknown {
  return { error: { message, type: "invalid_request_error", code: null } };
}
