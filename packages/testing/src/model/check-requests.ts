import type { JsonObject, Message } from "@strands/core";
import { searchTool } from "./check-answers.js";
import { contractKey, type ModelContractKit } from "./model-contract-kit.js";
import type { WireReading } from "./model-wire.js";
import type { WireRequest } from "./wire-request.js";

const question: Message = { role: "user", content: 'What is new about tea?\n«Ünïcödé» \u2028 "quoted" \\' };
const history: readonly Message[] = [
  question,
  {
    role: "assistant",
    content: "I will look.",
    toolCalls: [
      { id: "call-1", name: "search", input: { query: "tea", deep: [1, null, { a: "b" }] } },
      { id: "call-2", name: "search", input: { query: "coffee" } },
    ],
  },
  {
    role: "tool",
    results: [
      { callId: "call-1", name: "search", content: "Three hits", isError: false },
      { callId: "call-2", name: "search", content: "The search is down", isError: true },
    ],
  },
  { role: "assistant", content: "Tea is new." },
  { role: "user", content: "Are you sure?" },
];

/** What the vendor is asked. */
export function checkRequests(kit: ModelContractKit): void {
  const { describe, test, expect, wire, reply } = kit;
  const read = (request: WireRequest | undefined): WireReading => {
    if (request === undefined) throw new Error("No request came");
    return wire.readRequest(request);
  };

  describe("requests", () => {
    test("carry the key, the model, the system prompt and the question", async ({ server, settings, ask }) => {
      server.play(reply({ text: ["ok"] }));
      await ask({ system: "Be brief.\nBe kind.", messages: [question] });
      const reading = read(server.requests[0]);
      expect(reading.key).toBe(contractKey);
      expect(reading.modelId).toBe(settings.modelId);
      expect(reading.system).toBe("Be brief.\nBe kind.");
      expect(reading.messages).toEqual([question]);
    });

    test("carry nothing that nobody set", async ({ server, ask }) => {
      server.play(reply({ text: ["ok"] }));
      await ask();
      const { system, tools, temperature, topP, outputSchema } = read(server.requests[0]);
      expect([system, tools, temperature, topP, outputSchema]).toEqual(["", [], undefined, undefined, undefined]);
    });

    test("carry the whole conversation, with tool calls and what came of them", async ({ server, ask }) => {
      server.play(reply({ text: ["ok"] }));
      await ask({ messages: history, tools: [searchTool] });
      expect(plainOf(read(server.requests[0]).messages)).toEqual(plainOf(history));
    });

    test("carry arguments that were no JSON, in an object", async ({ server, ask }) => {
      const toolCalls = [{ id: "call-1", name: "search", input: "{bad" }];
      const results = [{ callId: "call-1", name: "search", content: "No JSON", isError: true }];
      server.play(reply({ text: ["ok"] }));
      await ask({
        messages: [question, { role: "assistant", content: "", toolCalls }, { role: "tool", results }],
        tools: [searchTool],
      });
      const [, again] = read(server.requests[0]).messages;
      const input = again?.role === "assistant" ? again.toolCalls?.[0]?.input : undefined;
      expect(typeof input).toBe("object");
      expect(JSON.stringify(input).includes("{bad")).toBe(true);
    });

    test("carry results that are data as their JSON", async ({ server, ask }) => {
      const [, calls] = history;
      const content = { hits: [{ title: "Tea" }], more: null };
      const results = ["call-1", "call-2"].map((callId) => ({ callId, name: "search", content, isError: false }));
      server.play(reply({ text: ["ok"] }));
      await ask({ messages: [question, calls ?? question, { role: "tool", results }], tools: [searchTool] });
      const last = read(server.requests[0]).messages.at(-1);
      const sent = last?.role === "tool" ? last.results.map((result) => dataOf(result.content)) : [];
      expect(sent).toEqual([content, content]);
    });

    test("carry the tools", async ({ server, ask }) => {
      server.play(reply({ text: ["ok"] }));
      await ask({ tools: [searchTool, { ...searchTool, name: "look-up_2" }] });
      expect(read(server.requests[0]).tools).toEqual([searchTool, { ...searchTool, name: "look-up_2" }]);
    });

    test("carry temperature, top_p and max_tokens", async ({ server, ask }) => {
      server.play(reply({ text: ["ok"] }));
      await ask({ temperature: 0, topP: 0.5, maxTokens: 77 });
      const { temperature, topP, maxTokens } = read(server.requests[0]);
      expect([temperature, topP, maxTokens]).toEqual([0, 0.5, 77]);
    });

    test("carry the schema of the answer", async ({ server, ask }) => {
      server.play(reply({ text: ['{"title":"x"}'] }));
      const outputSchema: JsonObject = {
        type: "object",
        properties: { title: { type: "string" }, pages: { type: "integer" } },
        required: ["title", "pages"],
        additionalProperties: false,
      };
      await ask({ outputSchema });
      expect(read(server.requests[0]).outputSchema).toEqual(outputSchema);
    });

    test("name tools as the vendor takes them, in old calls too, and give the names back", async ({ server, ask }) => {
      const ids = ["files:read.v1", "files.read:v1", "x".repeat(100)];
      const tools = ids.map((name) => ({ ...searchTool, name }));
      server.answer((request) => {
        const toolCalls = read(request).tools.map(({ name }, index) => ({ id: `call-${index}`, name, pieces: ["{}"] }));
        return reply({ toolCalls });
      });
      const { toolCalls } = await ask({ tools });
      expect(toolCalls.map(({ name }) => name)).toEqual(ids);
      const sent = read(server.requests[0]).tools.map(({ name }) => name);
      expect(sent.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name))).toBe(true);

      const results = toolCalls.map(({ id, name }) => ({ callId: id, name, content: "done", isError: false }));
      await ask({
        tools,
        messages: [question, { role: "assistant", content: "", toolCalls }, { role: "tool", results }],
      });
      const [, again] = read(server.requests[1]).messages;
      expect(again?.role === "assistant" ? again.toolCalls?.map(({ name }) => name) : []).toEqual(sent);
    });
  });
}

/** Without what a protocol has no place for: ids may be made anew, and an error may be told in words around it. */
function plainOf(messages: readonly Message[]): unknown {
  return messages.map((message) => {
    if (message.role !== "tool") {
      const toolCalls = message.role === "assistant" ? (message.toolCalls ?? []) : [];
      return {
        role: message.role,
        content: message.content,
        toolCalls: toolCalls.map(({ name, input }) => ({ name, input })),
      };
    }
    return {
      role: "tool",
      results: message.results.map(({ name, content, isError }) => ({
        name,
        isError,
        says: ["Three hits", "The search is down"].find((text) => JSON.stringify(content).includes(text)),
      })),
    };
  });
}

function dataOf(content: unknown): unknown {
  return typeof content === "string" ? JSON.parse(content) : content;
}
