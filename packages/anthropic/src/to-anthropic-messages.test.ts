import type { Message } from "@strands/core";
import { ToolNames } from "@strands/provider-kit";
import { describe, expect, it } from "vitest";
import { toAnthropicMessages } from "./to-anthropic-messages.js";

const translate = (...messages: Message[]) => toAnthropicMessages(messages, new ToolNames(["files.read"]));
const text = (words: string) => ({ type: "text", text: words });

describe("toAnthropicMessages", () => {
  it("makes one turn of neighbours of one role", () => {
    const messages = translate(
      { role: "user", content: "one" },
      { role: "user", content: "two" },
      { role: "assistant", content: "three" },
      { role: "assistant", content: "four" },
    );
    expect(messages).toEqual([
      { role: "user", content: [text("one"), text("two")] },
      { role: "assistant", content: [text("three"), text("four")] },
    ]);
  });

  it("puts the results of tools first, before what the user says", () => {
    const call = { id: "call.1", name: "files.read", input: { path: "a" } };
    const messages = translate(
      { role: "user", content: "read" },
      { role: "assistant", content: "", toolCalls: [call] },
      { role: "user", content: "quick" },
      { role: "tool", results: [{ callId: "call.1", name: "files.read", content: { size: 3 }, isError: false }] },
    );
    expect(messages.slice(1)).toEqual([
      { role: "assistant", content: [{ type: "tool_use", id: "call_1", name: "files_read", input: { path: "a" } }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "call_1", content: '{"size":3}' }, text("quick")] },
    ]);
  });

  it("marks errors, which have words always", () => {
    const results = ["gone", "", " "].map((content) => ({ callId: "1", name: "t", content, isError: true }));
    const [turn] = translate({ role: "tool", results });
    const result = { type: "tool_result", tool_use_id: "1", is_error: true };
    expect(turn?.content).toEqual(["gone", "failed", "failed"].map((content) => ({ ...result, content })));
  });

  it("leaves out empty text and turns without content", () => {
    expect(translate({ role: "user", content: "a" }, { role: "assistant", content: " \n" })).toEqual([
      { role: "user", content: [text("a")] },
    ]);
  });

  it("gives arguments that were no JSON back as an object", () => {
    const [turn] = translate({ role: "assistant", content: "", toolCalls: [{ id: "1", name: "t", input: "{bad" }] });
    expect(turn?.content).toEqual([{ type: "tool_use", id: "1", name: "t", input: { input: "{bad" } }]);
  });

  it("puts the thinking that came with a call before it, unchanged", () => {
    const thinking = [{ type: "thinking", thinking: "Hm.", signature: "sig" }];
    const call = { id: "1", name: "t", input: {}, providerData: { thinking } };
    const [turn] = translate({ role: "assistant", content: "Look.", toolCalls: [call] });
    const use = { type: "tool_use", id: "1", name: "t", input: {} };
    expect(turn?.content).toEqual([...thinking, text("Look."), use]);
  });

  it.each([null, "x", ["x"], { thinking: "x" }])("passes over data of another provider: %j", (providerData) => {
    const [turn] = translate({
      role: "assistant",
      content: "",
      toolCalls: [{ id: "1", name: "t", input: {}, providerData }],
    });
    expect(turn?.content).toHaveLength(1);
  });
});
