import type { Message, ToolDeclaration } from "@strands/core";
import { simulatedClock } from "@strands/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunksOf, conversation, joined, modelOf, modelRequest, textOf } from "./__fixtures__/model-request.js";
import { createOfflineProvider } from "./offline-provider.js";

const provider = createOfflineProvider();
const topicPrompt = "Research green tea in Japan and list the key findings.";

describe("createOfflineProvider", () => {
  it("answers the same request with the same chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary" }),
        fc.string(),
        fc.string(),
        fc.integer(),
        async (user, system, stepKey, seed) => {
          const request = modelRequest(user, { system, stepKey });
          const first = await chunksOf(await modelOf(createOfflineProvider({ seed })), request);
          const second = await chunksOf(await modelOf(createOfflineProvider({ seed })), structuredClone(request));
          expect(second).toEqual(first);
        },
      ),
    );
  });

  it("answers differently with another seed, agent or step", async () => {
    const texts = new Set<string>();
    for (let seed = 0; seed < 5; seed += 1) {
      const model = await modelOf(createOfflineProvider({ seed }));
      texts.add(await textOf(model, modelRequest(topicPrompt)));
    }
    expect(texts.size).toBeGreaterThan(2);
  });

  it("marks the text as simulated and names the topic", async () => {
    const text = await textOf(await modelOf(provider), modelRequest(topicPrompt));
    expect(text).toMatch(/^\[simulated\]\n\n## Findings: green tea in Japan\n/);
  });

  it.each([
    ["findings", topicPrompt, "You are a researcher."],
    ["analysis", "Analyse the market for tea bars.", "You are an analyst."],
    ["article", "Write a short article about tea, with a title.", "You are a writer."],
    ["summary", "Summarise what we know about tea.", ""],
    ["plan", "Plan the opening of a tea bar.", ""],
    ["code", "Implement a function for sorting teas in Python.", "You are a developer."],
    ["review", "Review this text about tea and give feedback.", "You are a critic."],
    ["reply", "Customer asked: where is my tea?", "You are a support agent."],
    ["answer", "Tea?", ""],
  ])("writes 80 to 200 words of %s", async (kind, user, system) => {
    const text = await textOf(await modelOf(provider), modelRequest(user, { system, agentId: "a" }));
    const words = text.split(/\s+/).length;
    expect(words).toBeGreaterThanOrEqual(80);
    expect(words).toBeLessThanOrEqual(200);
    expect(text.toLowerCase()).toContain("tea");
    if (kind !== "article") expect(text).toMatch(new RegExp(`^## ${kind}: `, "im"));
  });

  it("carries words of an earlier step and of feedback on", async () => {
    const model = await modelOf(provider);
    const findings = await textOf(model, modelRequest(topicPrompt));
    const analysis = await textOf(
      model,
      modelRequest(`Analyse these findings:\n\n${findings}`, { agentId: "analyst" }),
    );
    expect(analysis).toContain("Analysis: green tea in Japan");
    expect(analysis).toContain("It builds on the earlier step");
    const revised = await textOf(model, modelRequest("Write it again.\n\nFeedback: make it shorter, please"));
    expect(revised).toContain("“make it shorter, please”");
  });

  it("streams pieces of about a word, then usage and the reason", async () => {
    const chunks = await chunksOf(await modelOf(provider), modelRequest(topicPrompt));
    expect(chunks.filter((chunk) => typeof chunk === "string").length).toBeGreaterThan(80);
    const text = joined(chunks);
    expect(chunks.slice(-2)).toEqual([
      {
        type: "usage",
        usage: { inputTokens: Math.ceil((21 + topicPrompt.length) / 4), outputTokens: Math.ceil(text.length / 4) },
      },
      { type: "finish", reason: "stop" },
    ]);
  });

  it("keeps within maxTokens", async () => {
    const chunks = await chunksOf(await modelOf(provider), modelRequest(topicPrompt, { maxTokens: 10 }));
    expect(joined(chunks).length).toBeLessThanOrEqual(40);
    expect(chunks.at(-1)).toEqual({ type: "finish", reason: "length" });
  });

  it("refuses a seed or a latency that makes no sense", () => {
    expect(() => createOfflineProvider({ seed: 1.5 })).toThrow("The seed of the offline model is `1.5`");
    expect(() => createOfflineProvider({ latencyMs: -1 })).toThrow("The latency of the offline model is `-1`");
  });
});

describe("the signal", () => {
  it("ends the stream between two pieces", async () => {
    const controller = new AbortController();
    const model = await modelOf(provider);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const chunk of model.stream(modelRequest(topicPrompt), { signal: controller.signal })) {
        seen.push(chunk);
        if (seen.length === 3) controller.abort(new Error("enough"));
      }
    })();
    await expect(reading).rejects.toThrow("enough");
    expect(seen).toHaveLength(3);
  });

  it("ends the wait for a piece at once", async () => {
    const clock = simulatedClock();
    const controller = new AbortController();
    const model = await modelOf(createOfflineProvider({ latencyMs: 60_000, clock }));
    const reading = chunksOf(model, modelRequest(topicPrompt), controller.signal);
    await clock.untilSleeping();
    controller.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    expect(clock.pending).toBe(0);
  });

  it("stops what is aborted before it begins", async () => {
    const reading = chunksOf(await modelOf(provider), modelRequest(topicPrompt), AbortSignal.abort(new Error("never")));
    await expect(reading).rejects.toThrow("never");
  });
});

describe("the latency", () => {
  it("comes from the clock alone, once per piece", async () => {
    const waits: number[] = [];
    const clock = { now: () => 0, sleep: async (ms: number) => void waits.push(ms) };
    const chunks = await chunksOf(
      await modelOf(createOfflineProvider({ latencyMs: 30, clock })),
      modelRequest(topicPrompt),
    );
    expect(waits).toEqual(chunks.slice(0, -2).map(() => 30));
  });

  it("is no wait at all when it is 0", async () => {
    const clock = { now: () => 0, sleep: () => Promise.reject(new Error("slept")) };
    await expect(
      chunksOf(await modelOf(createOfflineProvider({ clock })), modelRequest(topicPrompt)),
    ).resolves.toBeDefined();
  });
});

describe("tools", () => {
  const tools: ToolDeclaration[] = [
    { name: "current_time", description: "Tells the time", inputSchema: { type: "object", properties: {} } },
    {
      name: "search",
      description: "Searches the web for tea",
      inputSchema: {
        type: "object",
        properties: { query: { type: "string" }, limit: { type: "integer", maximum: 2 }, page: { type: "integer" } },
        required: ["query", "limit"],
      },
    },
  ];

  it("calls the best fitting one once, then answers with its result", async () => {
    const model = await modelOf(provider);
    const request = modelRequest("Search the web about green tea", { tools });
    const first = await chunksOf(model, request);
    const call = { id: "offline-1", name: "search", input: { query: "green tea", limit: 2 } };
    expect(first[0]).toEqual({ type: "tool_call", call });
    expect(first.at(-1)).toEqual({ type: "finish", reason: "tool_calls" });
    const messages: Message[] = [
      ...request.messages,
      { role: "assistant", content: "", toolCalls: [call] },
      { role: "tool", results: [{ callId: call.id, name: "search", content: { hits: ["matcha"] }, isError: false }] },
    ];
    const second = await chunksOf(model, { ...request, messages });
    expect(second.some((chunk) => typeof chunk === "object" && chunk.type === "tool_call")).toBe(false);
    expect(joined(second)).toContain('The tool `search` gave back: “{"hits":["matcha"]}”');
    const next: Message[] = [
      ...messages,
      { role: "assistant", content: joined(second) },
      { role: "user", content: "Again" },
    ];
    expect((await chunksOf(model, { ...request, messages: next }))[0]).toMatchObject({ type: "tool_call" });
  });
});

describe("hostile requests", () => {
  const fill = 'abc, def or ghi JSON {"score": [\u0000\u202e ';
  it.each([
    ["words", "tea ".repeat(25_000)],
    ["mixed", fill.repeat(2_500)],
    ["one word", "x".repeat(100_000)],
    ["blanks", `Return JSON ${" ".repeat(100_000)}`],
    ["brackets", `Return JSON ${'{"a":['.repeat(16_000)}`],
    ["lists", `one of: ${"a, ".repeat(33_000)}`],
    ["lines", "- a: b\nroutes:\n".repeat(6_000)],
    ["control characters", "\u0000\u001b[31m\u009b\ud800".repeat(15_000)],
    ["labels", 'topic: about on "'.repeat(6_000)],
  ])("answers 100 KB of %s quickly and without control characters", async (_, text) => {
    const model = await modelOf(provider);
    const answer = await textOf(model, modelRequest(text, { system: text, agentId: "a\u001b]0;" }));
    expect(answer).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(answer.length).toBeLessThan(5000);
  });

  it("costs the same at the end of a long conversation as at its beginning", async () => {
    const model = await modelOf(provider);
    const messages = conversation(50_000, "An answer", topicPrompt);
    const counted = new Proxy(messages, {
      get: (target, key, receiver) => {
        if (typeof key === "string" && /^\d+$/.test(key)) reads += 1;
        return Reflect.get(target, key, receiver);
      },
    });
    let reads = 0;
    await chunksOf(model, modelRequest("", { messages: counted }));
    expect(reads).toBeLessThan(100_200);
    reads = 0;
    await chunksOf(model, modelRequest("", { messages: counted }));
    expect(reads).toBeLessThan(100);
  });
});
