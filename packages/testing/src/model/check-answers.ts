import type { FinishReason } from "@strands/core";
import { type ModelContractKit, modelRequest } from "./model-contract-kit.js";
import type { WireAnswer } from "./model-wire.js";

/** What a model says, calls and counts. */
export function checkAnswers(kit: ModelContractKit): void {
  const { describe, test, expect, reply, stream, wire } = kit;

  describe("answers", () => {
    test("gives the text piece by piece, as it comes", async ({ server, model }) => {
      let release = (): void => {};
      const second = new Promise<void>((resolve) => {
        release = resolve;
      });
      const [first, ...rest] = splitBeforeText(wire.events({ text: ["one", " two"] }), " two");
      server.play([
        ...stream(first ?? []),
        { do: "wait", until: second },
        ...rest.flat().map((data) => ({ do: "write_bytes", data }) as const),
        { do: "end" },
      ]);
      let text = "";
      const { signal } = new AbortController();
      for await (const chunk of model.stream(modelRequest({ modelId: model.modelId }), { signal })) {
        if (typeof chunk === "string") text += chunk;
        else if (chunk.type === "text") text += chunk.text;
        // The rest comes only once the first piece has been seen: a model that collects would wait for ever.
        if (text === "one") release();
      }
      expect(text).toBe("one two");
    });

    test("keeps white space and every character", async ({ server, ask }) => {
      const text = ["", " \n", "line\r\n\tend ", "€😀é\u2028", " \u0000", '"\\"{}', " "];
      server.play(reply({ text }));
      expect((await ask()).text).toBe(text.join(""));
    });

    test("gives a tool call with its arguments put together", async ({ server, ask }) => {
      server.play(
        reply({
          text: ["Looking."],
          toolCalls: [{ id: "call-1", name: "search", pieces: ['{"que', 'ry": "te', 'a", "limit": 3}'] }],
        }),
      );
      const answer = await ask({ tools: [searchTool] });
      expect(answer.text).toBe("Looking.");
      expect(withoutIds(answer.toolCalls)).toEqual([{ name: "search", input: { query: "tea", limit: 3 } }]);
      expect(answer.finish).toBe("tool_calls");
    });

    test("gives several tool calls, in their order, each with an id of its own", async ({ server, ask }) => {
      const toolCalls = [1, 2, 3].map((n) => ({
        id: `call-${n}`,
        name: "search",
        pieces: ['{"query"', `:"topic ${n}"`, "}"],
      }));
      server.play(reply({ toolCalls }));
      const answer = await ask({ tools: [searchTool] });
      expect(answer.toolCalls.map(({ input }) => input)).toEqual([1, 2, 3].map((n) => ({ query: `topic ${n}` })));
      expect(new Set(answer.toolCalls.map(({ id }) => id)).size).toBe(3);
      expect(answer.toolCalls.every(({ id }) => id !== "")).toBe(true);
    });

    test("takes a call without arguments for one with none", async ({ server, ask }) => {
      server.play(reply({ toolCalls: [{ id: "call-1", name: "search", pieces: [] }] }));
      expect(withoutIds((await ask({ tools: [searchTool] })).toolCalls)).toEqual([{ name: "search", input: {} }]);
    });

    test("leaves arguments that are no JSON as text", async ({ server, ask }) => {
      server.play(reply({ toolCalls: [{ id: "call-1", name: "search", pieces: ["{bad"] }] }));
      expect(withoutIds((await ask({ tools: [searchTool] })).toolCalls)).toEqual([{ name: "search", input: "{bad" }]);
    });

    test("gives the usage", async ({ server, ask }) => {
      const usage = { inputTokens: 12, outputTokens: 34 };
      server.play(reply({ text: ["ok"], usage }));
      expect((await ask()).usage).toEqual(usage);
    });

    const finishes: readonly (readonly [NonNullable<WireAnswer["finish"]>, FinishReason])[] = [
      ["stop", "stop"],
      ["length", "length"],
      ["content_filter", "content_filter"],
      ["other", "other"],
      ["unknown", "other"],
    ];
    for (const [finish, expected] of finishes) {
      test(`finishes: ${finish}`, async ({ server, ask }) => {
        server.play(reply({ text: ["Some text"], finish }));
        const answer = await ask();
        expect(answer.finish).toBe(expected);
        expect(answer.text).toBe("Some text");
      });
    }

    test("finishes: tool_calls", async ({ server, ask }) => {
      server.play(reply({ toolCalls: [{ id: "call-1", name: "search", pieces: ["{}"] }], finish: "tool_calls" }));
      expect((await ask({ tools: [searchTool] })).finish).toBe("tool_calls");
    });

    test("takes an answer without text for an empty one", async ({ server, ask }) => {
      server.play(reply({ finish: "content_filter" }));
      const answer = await ask();
      expect(answer.text).toBe("");
      expect(answer.finish).toBe("content_filter");
    });
  });
}

export const searchTool = {
  name: "search",
  description: "Searches.",
  inputSchema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
} as const;

function withoutIds(calls: readonly { readonly name: string; readonly input: unknown }[]): unknown {
  return calls.map(({ name, input }) => ({ name, input }));
}

/** The events before the one that holds a text, and those from it on. */
function splitBeforeText(events: readonly Uint8Array[], text: string): readonly (readonly Uint8Array[])[] {
  const at = events.findIndex((event) => Buffer.from(event).includes(text));
  return [events.slice(0, at), events.slice(at)];
}
