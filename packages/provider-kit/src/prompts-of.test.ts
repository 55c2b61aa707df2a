import type { ModelRequest } from "@strands/core";
import { expect, it } from "vitest";
import { promptsOf } from "./prompts-of.js";

it("gives all that a request tells the model", () => {
  const request: Pick<ModelRequest, "system" | "messages"> = {
    system: "Be brief.",
    messages: [
      { role: "user", content: "Tea?" },
      { role: "assistant", content: "I will look.", toolCalls: [{ id: "c", name: "search", input: { query: "tea" } }] },
      {
        role: "tool",
        results: [
          { callId: "c", name: "search", content: "Three hits", isError: false },
          { callId: "d", name: "search", content: [1], isError: true },
        ],
      },
    ],
  };
  expect([...promptsOf(request as ModelRequest)]).toEqual([
    "Be brief.",
    "Tea?",
    "I will look.",
    '{"query":"tea"}',
    "Three hits",
    "[1]",
  ]);
});
