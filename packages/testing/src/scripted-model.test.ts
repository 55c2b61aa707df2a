import type { Message, Model, ModelChunk, ModelRequest } from "@strands/core";
import { describe, expect, it } from "vitest";
import { modelRequest } from "./model/model-contract-kit.js";
import { scriptedModel } from "./scripted-model.js";

async function ask(
  model: Model,
  asked: ModelRequest = modelRequest(),
  signal = new AbortController().signal,
): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of model.stream(asked, { signal })) chunks.push(chunk);
  return chunks;
}

const stop: ModelChunk = { type: "finish", reason: "stop" };

describe("scriptedModel", () => {
  it("answers by step key before agent id", async () => {
    const model = scriptedModel({ "steps/0": "step", writer: "agent" });
    expect(await ask(model)).toEqual(["step", stop]);
    expect(await ask(model, modelRequest({ stepKey: "steps/1" }))).toEqual(["agent", stop]);
  });

  it("answers lists call by call and throws the errors in them", async () => {
    const model = scriptedModel({ writer: ["one", new Error("two"), { chunks: ["th", "ree"] }] });
    expect(await ask(model)).toEqual(["one", stop]);
    await expect(ask(model)).rejects.toThrow("two");
    expect(await ask(model)).toEqual(["th", "ree"]);
    await expect(ask(model)).rejects.toMatchObject({
      code: "PROVIDER_BAD_REQUEST",
      message: "The scripted model has only 3 answers for step `steps/0` of agent `writer`",
    });
  });

  it("streams given chunks as they are", async () => {
    const chunks: ModelChunk[] = [
      { type: "tool_call", call: { id: "1", name: "x", input: {} } },
      { type: "finish", reason: "tool_calls" },
    ];
    expect(await ask(scriptedModel({ writer: chunks }))).toEqual(chunks);
  });

  it("cuts text into pieces and reports the usage it is told to", async () => {
    const usage = { inputTokens: 5, outputTokens: 2 };
    const model = scriptedModel({ writer: "abcde" }, { pieceLength: 2, usage });
    expect(await ask(model)).toEqual(["ab", "cd", "e", { type: "usage", usage }, stop]);
  });

  it("asks a function, with the number of the call", async () => {
    const model = scriptedModel((asked, call) => `${asked.stepKey} ${call}`);
    await ask(model);
    expect(await ask(model)).toEqual(["steps/0 1", stop]);
  });

  it("says which answer is missing", async () => {
    await expect(ask(scriptedModel({ other: "x" }))).rejects.toThrow("no answer for step `steps/0` of agent `writer`");
  });

  it("records requests with a copy of the conversation", async () => {
    const model = scriptedModel({ writer: "x" });
    const messages: Message[] = [{ role: "user", content: "Hello" }];
    await ask(model, modelRequest({ messages }));
    messages.push({ role: "assistant", content: "x" });
    expect(model.requests[0]?.messages).toHaveLength(1);
    expect([model.calls(), model.calls("writer"), model.calls("steps/0"), model.calls("steps/1")]).toEqual([
      1, 1, 1, 0,
    ]);
  });

  it("holds a call until it is released", async () => {
    const model = scriptedModel({ writer: "abcd" }, { pieceLength: 2 });
    const hold = model.hold("steps/0", 1);
    const seen: ModelChunk[] = [];
    const reading = (async () => {
      for await (const chunk of model.stream(modelRequest(), new AbortController())) seen.push(chunk);
    })();
    expect((await hold.reached).stepKey).toBe("steps/0");
    expect(seen).toEqual(["ab"]);
    hold.release();
    await reading;
    expect(seen).toEqual(["ab", "cd", stop]);
  });

  it("lets go of a held call when it is aborted", async () => {
    const model = scriptedModel({ writer: "x" });
    const hold = model.hold();
    const controller = new AbortController();
    const reading = ask(model, modelRequest(), controller.signal);
    await hold.reached;
    controller.abort(new Error("cancelled"));
    await expect(reading).rejects.toThrow("cancelled");
  });
});
