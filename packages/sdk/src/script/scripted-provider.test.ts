import type { Message, ModelProvider } from "@strands/core";
import { describe, expect, it, vi } from "vitest";
import { chunksOf, joined, modelOf, modelRequest, textOf } from "../offline/__fixtures__/model-request.js";
import { parseScript } from "./parse-script.js";
import { createScriptedProvider } from "./scripted-provider.js";

function scripted(data: unknown): { readonly provider: ModelProvider; readonly made: ReturnType<typeof vi.fn> } {
  const made = vi.fn();
  const fallback: ModelProvider = {
    name: "openai",
    model: (settings) => {
      made();
      return {
        provider: "openai",
        modelId: settings.modelId,
        stream: async function* () {
          yield "from the fallback";
        },
      };
    },
  };
  return { provider: createScriptedProvider(parseScript(data, "answers.yaml"), fallback), made };
}

const said = (content: string): Message => ({ role: "assistant", content });
const asked = (content: string): Message => ({ role: "user", content });

describe("createScriptedProvider", () => {
  it("answers by step key, then by agent, then leaves it to the fallback", async () => {
    const { provider, made } = scripted({ "steps/0": "by step", researcher: "by agent" });
    const model = await modelOf(provider);
    expect(provider.name).toBe("openai");
    expect(await textOf(model, modelRequest("x"))).toBe("by step");
    expect(await textOf(model, modelRequest("x", { stepKey: "steps/1" }))).toBe("by agent");
    expect(made).not.toHaveBeenCalled();
    const other = modelRequest("x", { stepKey: "steps/1", agentId: "writer" });
    expect(await textOf(model, other)).toBe("from the fallback");
    expect(await textOf(model, other)).toBe("from the fallback");
    expect(made).toHaveBeenCalledOnce();
  });

  it("takes the place in a list from the conversation, in any process", async () => {
    const data = { researcher: ["first", "second", "last"] };
    const history: Message[] = [];
    const heard: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      history.push(asked(`question ${turn}`));
      const model = await modelOf(scripted(data).provider);
      const text = await textOf(model, modelRequest("", { messages: structuredClone(history) }));
      history.push(said(text));
      heard.push(text);
    }
    expect(heard).toEqual(["first", "second", "last", "last"]);
  });

  it("counts the answers since the last user message for a step key", async () => {
    const data = { "steps/2": [{ toolCalls: [{ name: "search", input: { q: "tea" } }] }, "done"] };
    const model = await modelOf(scripted(data).provider);
    const before = [asked("old"), said("old answer"), asked("now")];
    const first = await chunksOf(model, modelRequest("", { stepKey: "steps/2", messages: before }));
    const call = { id: "script-1-1", name: "search", input: { q: "tea" } };
    expect(first[0]).toEqual({ type: "tool_call", call });
    expect(first.at(-1)).toEqual({ type: "finish", reason: "tool_calls" });
    const after: Message[] = [
      ...before,
      { role: "assistant", content: "", toolCalls: [call] },
      { role: "tool", results: [{ callId: call.id, name: "search", content: "x", isError: false }] },
    ];
    expect(await textOf(model, modelRequest("", { stepKey: "steps/2", messages: after }))).toBe("done");
  });

  it("goes on with the list of a step that was sent back or asked for a readable answer", async () => {
    const call = { toolCalls: [{ name: "search" }] };
    const data = { "steps/0": [call, "first", call, "second", "third"], researcher: "by agent", "steps/0@3.9": "own" };
    const heard = async (stepKey: string, messages: readonly Message[]): Promise<string> => {
      const chunks = await chunksOf(await modelOf(scripted(data).provider), modelRequest("", { stepKey, messages }));
      return joined(chunks) || "tool call";
    };
    const turn = (question: string, ...answers: readonly string[]) => [asked(question), ...answers.map(said)];
    const before = turn("earlier", "x", "y");
    const first = [...before, ...turn("begin", "", "first")];
    const second = [...first, ...turn("better", "", "second")];
    expect(await heard("steps/0", [...before, asked("begin")])).toBe("tool call");
    expect(await heard("steps/0", [...before, ...turn("begin", "")])).toBe("first");
    expect(await heard("steps/0@1.2", [...first, asked("better")])).toBe("tool call");
    expect(await heard("steps/0@1.2", [...first, ...turn("better", "")])).toBe("second");
    expect(await heard("steps/0@1.3", [...second, asked("still better")])).toBe("third");
    expect(await heard("steps/0@1.4", [...second, ...turn("still", "third"), asked("more")])).toBe("third");
    expect(await heard("steps/0@3.9", first)).toBe("own");
    expect(await heard("steps/0/clarified", [...before, ...turn("begin", ""), asked("JSON!")])).toBe("first");
    expect(await heard("steps/0/clarified/2", [...first, ...turn("JSON!", ""), asked("JSON!!")])).toBe("second");
    expect(await heard("steps/1@2.2", [...first, asked("better")])).toBe("by agent");
  });

  it("fails the first attempts, then answers", async () => {
    const data = {
      "steps/0": { text: "at last", error: { code: "PROVIDER_RATE_LIMIT", times: 2, retryAfterMs: 500 } },
    };
    const model = await modelOf(scripted(data).provider);
    for (const attempt of [1, 2]) {
      await expect(textOf(model, modelRequest("x", { attempt }))).rejects.toMatchObject({
        code: "PROVIDER_RATE_LIMIT",
        retryable: true,
        retryAfterMs: 500,
        provider: "openai",
      });
    }
    expect(await textOf(model, modelRequest("x", { attempt: 3 }))).toBe("at last");
  });

  it("leaves the answer after scripted failures to the fallback when it has no text", async () => {
    const model = await modelOf(scripted({ "steps/0": { error: { code: "PROVIDER_TIMEOUT", times: 1 } } }).provider);
    await expect(textOf(model, modelRequest("x"))).rejects.toMatchObject({ code: "PROVIDER_TIMEOUT" });
    expect(await textOf(model, modelRequest("x", { attempt: 2 }))).toBe("from the fallback");
  });

  it("streams in pieces with the scripted usage", async () => {
    const data = { "steps/0": { text: "one two three", usage: { inputTokens: 7, outputTokens: 3 } } };
    const chunks = await chunksOf(await modelOf(scripted(data).provider), modelRequest("x"));
    expect(chunks).toEqual([
      "one ",
      "two ",
      "three",
      { type: "usage", usage: { inputTokens: 7, outputTokens: 3 } },
      { type: "finish", reason: "stop" },
    ]);
    expect(joined(chunks)).toBe("one two three");
  });
});
