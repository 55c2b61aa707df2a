import { getEventListeners } from "node:events";
import { searchTool } from "./check-answers.js";
import type { FaultScript } from "./fault-script.js";
import { collect, errorReply, type ModelContractKit, modelRequest, nextTurns } from "./model-contract-kit.js";

/** What is left on the signal of a call: a run may give the same one to many. */
export function checkSignals(kit: ModelContractKit): void {
  const { describe, test, expect, reply, stream, wire } = kit;

  describe("leaves nothing on its signal", () => {
    const begun = wire.events({ text: ["begun"], finish: "missing" });
    const toolCalls = [{ id: "call-1", name: "search", pieces: ['{"query":', '"tea"}'] }];
    const endings: readonly (readonly [string, FaultScript])[] = [
      ["a whole answer", reply({ text: ["whole"], usage: { inputTokens: 1, outputTokens: 1 } })],
      ["a tool call", reply({ toolCalls })],
      ["an error response", errorReply(500, wire.error(500, "other", "Out of order"))],
      ["an answer of another content type", errorReply(200, { contentType: "text/html", body: "<html></html>" })],
      ["an answer that is cut off", stream(begun, { do: "end" })],
      ["an answer whose connection breaks", stream(begun, { do: "reset" })],
      ["a connection that breaks before the answer", [{ do: "reset" }]],
    ];
    for (const [name, script] of endings) {
      test(`after ${name}`, async ({ server, ask }) => {
        server.play(script);
        expect(await leftBy((signal) => ask({ tools: [searchTool] }, signal).catch(() => {}))).toEqual(nothing);
        expect(server.requests.length).toBe(1);
      });
    }

    test("after a reader that has left early", async ({ server, model }) => {
      server.play(stream(begun, { do: "hang" }));
      const left = await leftBy(async (signal) => {
        for await (const chunk of model.stream(modelRequest({ modelId: model.modelId }), { signal })) {
          if (chunk !== "") break;
        }
        await server.untilIdle();
      });
      expect(left).toEqual(nothing);
    });

    test("after close()", async ({ server, model, provider }) => {
      server.play(stream(begun, { do: "hang" }));
      const left = await leftBy(async (signal) => {
        const chunks = model.stream(modelRequest({ modelId: model.modelId }), { signal })[Symbol.asyncIterator]();
        await chunks.next();
        const rest = collect({ [Symbol.asyncIterator]: () => chunks }).catch(() => {});
        await provider.close?.();
        await rest;
      });
      expect(left).toEqual(nothing);
    });

    test("after a diagnosis", async ({ server, provider }) => {
      const { listing } = wire;
      server.play(listing === undefined ? errorReply(500, wire.error(500, "other", "No")) : errorReply(200, listing()));
      expect(await leftBy(async (signal) => provider.diagnose?.({ online: true, signal }))).toEqual(nothing);
    });
  });
}

/** What work ties to a signal and does not take back. */
interface Left {
  readonly listeners: number;
  /** Signals made of it by `AbortSignal.any`: the platform keeps each of them for as long as it keeps the signal itself. */
  readonly followers: number;
}

const nothing: Left = { listeners: 0, followers: 0 };

async function leftBy(work: (signal: AbortSignal) => Promise<unknown>): Promise<Left> {
  const { signal } = new AbortController();
  const { any } = AbortSignal;
  let followers = 0;
  AbortSignal.any = (signals) => {
    const sources = [...signals];
    if (sources.includes(signal)) followers += 1;
    return any.call(AbortSignal, sources);
  };
  try {
    await work(signal);
    await nextTurns();
  } finally {
    AbortSignal.any = any;
  }
  return { listeners: getEventListeners(signal, "abort").length, followers };
}
