import { collect, failureOf, type ModelContractKit, modelRequest } from "./model-contract-kit.js";

/** Aborting calls and closing the provider. */
export function checkStopping(kit: ModelContractKit): void {
  const { describe, test, expect, reply, stream, wire } = kit;
  /** A stream that begins, then stands still. */
  const stalled = () => stream(wire.events({ text: ["begun"], finish: "missing" }), { do: "hang" });

  describe("stopping", () => {
    test("asks nothing when it is aborted before it begins", async ({ server, ask }) => {
      server.play(reply({ text: ["late"] }));
      const text = await ask({}, AbortSignal.abort()).then(
        (answer) => answer.text,
        () => "",
      );
      expect(text).toBe("");
      expect(server.requests.length).toBe(0);
    });

    test("stops at once when aborted while the headers do not come", async ({ server, ask }) => {
      server.play([{ do: "hang" }]);
      const controller = new AbortController();
      const asked = ask({}, controller.signal).catch(() => "stopped");
      await server.untilRequests(1);
      controller.abort();
      await asked;
      await server.untilIdle();
    });

    test("stops at once when aborted in a stream that stalls, and ends the request on the wire", async (subject) => {
      const { server, model } = subject;
      server.play(stalled());
      const controller = new AbortController();
      const read = (async () => {
        for await (const chunk of model.stream(modelRequest({ modelId: model.modelId }), controller)) {
          if (chunk === "begun" || (typeof chunk === "object" && chunk.type === "text")) controller.abort();
        }
      })().catch(() => "stopped");
      await read;
      await server.untilIdle();
    });

    test("stops at once when aborted in a stream that never ends", async ({ server, model }) => {
      const events = wire.events({ text: ["again"], finish: "missing" });
      server.play(stream(events, { do: "repeat_bytes_forever", data: events.at(-1) ?? new Uint8Array() }));
      const controller = new AbortController();
      let pieces = 0;
      const read = (async () => {
        for await (const chunk of model.stream(modelRequest({ modelId: model.modelId }), controller)) {
          if (chunk !== "") pieces += 1;
          if (pieces === 1) controller.abort();
        }
      })().catch(() => "stopped");
      await read;
      await server.untilIdle();
      expect(pieces >= 1).toBe(true);
    });

    test("ends the request on the wire when its reader stops reading", async ({ server, model }) => {
      server.play(stalled());
      const { signal } = new AbortController();
      for await (const chunk of model.stream(modelRequest({ modelId: model.modelId }), { signal })) {
        if (chunk !== "") break;
      }
      await server.untilIdle();
    });

    test("takes no harm from an abort after the end", async ({ server, ask }) => {
      server.play(reply({ text: ["whole"] }));
      const controller = new AbortController();
      const answer = await ask({}, controller.signal);
      controller.abort();
      expect(answer.text).toBe("whole");
    });

    test("close() in mid-stream fails the call and ends the request on the wire", async (subject) => {
      const { server, model, provider } = subject;
      server.play(stalled());
      const { signal } = new AbortController();
      const pieces = model.stream(modelRequest({ modelId: model.modelId }), { signal })[Symbol.asyncIterator]();
      await pieces.next();
      const rest = collect({ [Symbol.asyncIterator]: () => pieces });
      const failure = failureOf(rest);
      await provider.close?.();
      expect((await failure).provider).toBe(provider.name);
      await server.untilIdle();
    });

    test("close() while the headers do not come fails the call", async ({ server, ask, provider }) => {
      server.play([{ do: "hang" }]);
      const failure = failureOf(ask());
      await server.untilRequests(1);
      await provider.close?.();
      expect((await failure).provider).toBe(provider.name);
      await server.untilIdle();
    });
  });
}
