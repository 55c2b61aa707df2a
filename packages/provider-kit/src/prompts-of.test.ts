import type { Message, ModelRequest } from "@strands/core";
import { describe, expect, it } from "vitest";
import { promptsOf } from "./prompts-of.js";

describe("promptsOf", () => {
  it("gives every text of a request", () => {
    const messages: Message[] = [
      { role: "user", content: "question" },
      { role: "assistant", content: "thought", toolCalls: [{ id: "1", name: "t", input: { a: "argument" } }] },
      { role: "tool", results: [{ callId: "1", name: "t", content: ["result"], isError: false }] },
      { role: "assistant", content: "answer" },
    ];
    const texts = [...promptsOf({ system: "system", messages } as unknown as ModelRequest)];
    expect(texts).toEqual(["system", "question", "thought", '{"a":"argument"}', '["result"]', "answer"]);
  });
});
