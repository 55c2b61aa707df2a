import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { modelRequest } from "@strands/testing/model";
import { describe, expect, it, vi } from "vitest";
import { BedrockSubject, eventStream, settingsOf } from "./support/bedrock-subject.js";
import { bedrockWire, event } from "./support/bedrock-wire.js";
import { encodeEvent } from "./support/event-stream.js";

const subject = new BedrockSubject();
const text = (piece: string): Uint8Array =>
  event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: piece } });
const stop = event("messageStop", { stopReason: "end_turn" });
const usage = event("metadata", { usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 } });

describe("answers of Bedrock", () => {
  it("leave out what the model thinks", async () => {
    const thought = event("contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { text: "Hm." } } });
    subject.server.play(eventStream([thought, text("Tea."), stop, usage]));
    expect((await subject.ask()).text).toBe("Tea.");
  });

  it("may come without usage", async () => {
    subject.server.play(eventStream([text("Tea."), stop]));
    expect(await subject.ask()).toMatchObject({ text: "Tea.", usage: undefined, finish: "stop" });
  });

  it("may hold events of kinds that are newer than the SDK", async () => {
    const newer = event("somethingNew", { a: 1 });
    subject.server.play(eventStream([newer, text("Tea."), newer, stop, newer, usage]));
    expect(await subject.ask()).toMatchObject({ text: "Tea.", usage: { inputTokens: 3, outputTokens: 4 } });
  });

  it("keep apart calls whose pieces come mixed with text", async () => {
    const start = (index: number, toolUseId: string) =>
      event("contentBlockStart", { contentBlockIndex: index, start: { toolUse: { toolUseId, name: "search" } } });
    const more = (index: number, input: string) =>
      event("contentBlockDelta", { contentBlockIndex: index, delta: { toolUse: { input } } });
    subject.server.play(
      eventStream([
        start(1, "a"),
        more(1, '{"q":'),
        text("Both."),
        start(2, "b"),
        more(2, '{"q":2'),
        more(1, "1}"),
        more(2, "}"),
        event("messageStop", { stopReason: "tool_use" }),
        usage,
      ]),
    );
    expect(await subject.ask()).toMatchObject({
      text: "Both.",
      finish: "tool_calls",
      toolCalls: [
        { id: "a", name: "search", input: { q: 1 } },
        { id: "b", name: "search", input: { q: 2 } },
      ],
    });
  });

  it("leave a connection to the next call, also when the response ends after its last event", async () => {
    let end = (): void => {};
    const finished = new Promise<void>((resolve) => {
      end = resolve;
    });
    subject.server.play(eventStream([stop, usage], { do: "wait", until: finished }));
    const provider = subject.provider();
    const model = await provider.model(settingsOf());
    for await (const _ of model.stream(modelRequest(), { signal: new AbortController().signal })) end();
    await nextTurn();
    await subject.ask({}, provider);
    expect(subject.server.connections).toBe(1);
  });

  it("do not wait long for a server that leaves the response open, and end the request", async () => {
    subject.server.play(eventStream([stop, usage], { do: "hang" }));
    const model = await subject.provider().model(settingsOf());
    const pieces = model.stream(modelRequest(), { signal: new AbortController().signal })[Symbol.asyncIterator]();
    expect((await pieces.next()).value).toMatchObject({ type: "usage" });
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

  it("are refused with a wrong checksum, by the SDK that finds it", async () => {
    const damaged = Buffer.from(text("Tea."));
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] ?? 0) ^ 1;
    subject.server.play(eventStream([damaged, stop, usage]));
    const error = await subject.fail();
    expect(error).toMatchObject({ code: "PROVIDER_BAD_RESPONSE", retryable: false });
    expect(error.message).toBe(
      "Amazon Bedrock gave an answer that cannot be understood: an event that cannot be decoded",
    );
  });

  it.each([
    ["without a type", encodeEvent({ ":content-type": "application/json" }, "{}")],
    ["of a type that nobody knows", encodeEvent({ ":message-type": "riddle", ":event-type": "x" }, "{}")],
    ["without content", new Uint8Array([0, 0, 0, 4])],
  ])("are refused with an event %s", async (_, odd) => {
    subject.server.play(eventStream([text("Tea."), odd, stop, usage]));
    expect(await subject.fail()).toMatchObject({ code: "PROVIDER_BAD_RESPONSE", retryable: false });
  });

  it("show nothing of an event that is no JSON", async () => {
    subject.server.play(eventStream([text("a"), event("contentBlockDelta", '{"delta": secret-text')]));
    const error = await subject.fail();
    expect(error.code).toBe("PROVIDER_BAD_RESPONSE");
    expect(`${error.message}${(error.cause as Error | undefined)?.stack}`).not.toContain("secret");
  });

  it("come over a connection that is kept, and ends when the provider is closed", async () => {
    const server = createServer((_, response) => {
      response.setHeader("content-type", bedrockWire.contentType);
      response.end(Buffer.concat(bedrockWire.events({ text: ["ok"] })));
    });
    const connections: Socket[] = [];
    server.on("connection", (socket) => connections.push(socket));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const provider = subject.provider({ host: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    expect((await subject.ask({}, provider)).text).toBe("ok");
    const [connection] = connections;
    expect(connection?.destroyed).toBe(false);
    const ended = once(connection ?? server, "close");
    await provider.close?.();
    await ended;
    server.close();
  });
});
