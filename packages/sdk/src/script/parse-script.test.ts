import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseScript } from "./parse-script.js";

describe("parseScript", () => {
  it("reads texts, lists and objects", () => {
    const script = parseScript(
      {
        "steps/0": "Hello",
        "steps/1": ["one", { text: "two", usage: { inputTokens: 3, outputTokens: 4 } }],
        writer: {
          toolCalls: [{ name: "search", input: { q: "tea" } }],
          error: { code: "PROVIDER_RATE_LIMIT", times: 2, retryAfterMs: 50 },
        },
        "tasks/x": { error: "PROVIDER_AUTH" },
      },
      "answers.yaml",
    );
    expect(script.answers.get("steps/0")).toEqual([
      { text: "Hello", toolCalls: [], usage: undefined, error: undefined },
    ]);
    expect(script.answers.get("steps/1")).toHaveLength(2);
    expect(script.answers.get("writer")?.[0]?.error).toMatchObject({ times: 2, retryAfterMs: 50 });
    expect(script.answers.get("tasks/x")?.[0]?.error?.times).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [null, "answers.yaml: The script is empty"],
    [["a"], "answers.yaml: The script is a list"],
    [{ "steps/0": 5 }, "answers.yaml: `steps/0` is a number"],
    [{ "steps/0": null }, "answers.yaml: `steps/0` is empty"],
    [{ "steps/0": [] }, "answers.yaml: `steps/0` is an empty list"],
    [{ "steps/0": ["a", ["b"]] }, "answers.yaml: `steps/0[1]` is a list"],
    [{ "steps/0": {} }, "answers.yaml: `steps/0` has neither `text` nor `toolCalls` nor `error`"],
    [{ "steps/0": { text: 42 } }, "answers.yaml: `steps/0.text` is a number"],
    [{ "steps/0": { tool_calls: [] } }, "answers.yaml: `steps/0` has the unknown key `tool_calls`"],
    [{ a: { toolCalls: [{ input: {} }] } }, "answers.yaml: `a.toolCalls[0]` has no `name`"],
    [
      { a: { toolCalls: [{ name: "x", input: { when: new Date(0) } }] } },
      "answers.yaml: `a.toolCalls[0].input.when` is a date",
    ],
    [{ a: { text: "", usage: { inputTokens: -1 } } }, "answers.yaml: `a.usage.inputTokens` is `-1`"],
    [{ a: [{ error: { code: "OOPS" } }] }, "answers.yaml: `a[0].error.code` is `OOPS`"],
    [{ a: { error: { times: 2 } } }, "answers.yaml: `a.error.code` is empty"],
    [{ a: { error: { code: "PROVIDER_AUTH", times: 1.5 } } }, "answers.yaml: `a.error.times` is `1.5`"],
  ])("says where %j is wrong", (data, message) => {
    expect(() => parseScript(data, "answers.yaml")).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message }),
    );
  });

  it("suggests the key that was meant", () => {
    expect(() => parseScript({ a: { error: { code: "PROVIDER_AUTH", retry_after_ms: 1 } } }, "f")).toThrow(
      expect.objectContaining({ hint: "Did you mean `retryAfterMs`?" }),
    );
  });

  it("takes any data or refuses it with INPUT_INVALID", () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        try {
          expect(parseScript(data, "f").file).toBe("f");
        } catch (error) {
          expect(error).toMatchObject({ code: "INPUT_INVALID" });
        }
      }),
    );
  });
});
