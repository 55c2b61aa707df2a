import type { Message } from "@strands/core";
import { ToolNames } from "@strands/provider-kit";
import { describe, expect, it } from "vitest";
import { toGeminiMessages } from "./to-gemini-messages.js";

const translate = (...messages: Message[]) => toGeminiMessages(messages, new ToolNames(["files.read"]));

describe("toGeminiMessages", () => {
  it("makes one turn of neighbours of one role, without empty text", () => {
    const messages = translate(
      { role: "user", content: "one" },
      { role: "user", content: "two" },
      { role: "assistant", content: "" },
      { role: "user", content: "three" },
      { role: "assistant", content: "four" },
    );
    expect(messages).toEqual([
      { role: "user", parts: [{ text: "one" }, { text: "two" }, { text: "three" }] },
      { role: "model", parts: [{ text: "four" }] },
    ]);
  });

  it("gives calls back with the signature they came with, and their results", () => {
    const signed = { id: "1", name: "files.read", input: { path: "a" }, providerData: { thoughtSignature: "c2ln" } };
    const messages = translate(
      { role: "assistant", content: "Look.", toolCalls: [signed, { id: "2", name: "files.read", input: "{bad" }] },
      {
        role: "tool",
        results: [
          { callId: "1", name: "files.read", content: { size: 3 }, isError: false },
          { callId: "2", name: "files.read", content: "no JSON", isError: true },
        ],
      },
    );
    const name = "files_read";
    expect(messages).toEqual([
      {
        role: "model",
        parts: [
          { text: "Look." },
          { functionCall: { id: "1", name, args: { path: "a" } }, thoughtSignature: "c2ln" },
          { functionCall: { id: "2", name, args: { input: "{bad" } } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "1", name, response: { output: { size: 3 } } } },
          { functionResponse: { id: "2", name, response: { error: "no JSON" } } },
        ],
      },
    ]);
  });

  it.each([null, "x", ["x"], { thoughtSignature: 1 }])("passes over data of another provider: %j", (providerData) => {
    const toolCalls = [{ id: "1", name: "t", input: {}, providerData }];
    const [turn] = translate({ role: "assistant", content: "", toolCalls });
    expect(turn?.parts).toEqual([{ functionCall: { id: "1", name: "t", args: {} } }]);
  });
});
