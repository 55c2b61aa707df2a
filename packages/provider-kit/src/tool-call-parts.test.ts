import { expect, it } from "vitest";
import { ToolCallParts } from "./tool-call-parts.js";

it("puts several calls together from pieces that interleave, in the order they began", () => {
  const parts = new ToolCallParts();
  expect(parts.empty).toBe(true);
  parts.add(1, { id: "b", name: "second", text: '{"n"' });
  parts.add(0, { id: "a", name: "first", text: '{"n":' });
  parts.add(1, { text: ":2}" });
  parts.add(0, { id: "", name: "", text: "1}" });
  expect(parts.empty).toBe(false);
  expect(parts.finish()).toEqual([
    { id: "b", name: "second", input: { n: 2 } },
    { id: "a", name: "first", input: { n: 1 } },
  ]);
});

it("does not double an id or a name that comes with every piece", () => {
  const parts = new ToolCallParts();
  for (const text of ["{", "}"]) parts.add(0, { id: "a", name: "tool", text });
  expect(parts.finish()).toEqual([{ id: "a", name: "tool", input: {} }]);
});

it("keeps what the provider wants back", () => {
  const parts = new ToolCallParts();
  parts.add(0, { id: "a", name: "tool", providerData: { signature: "s" } });
  parts.add(0, { text: "{}" });
  expect(parts.finish()).toEqual([{ id: "a", name: "tool", input: {}, providerData: { signature: "s" } }]);
});

it.each([
  ["", {}],
  ["  ", {}],
  ["{bad", "{bad"],
  ["[1]", [1]],
  ['"text"', "text"],
])("reads the arguments %j", (text, input) => {
  const parts = new ToolCallParts();
  parts.add(0, { id: "a", name: "tool", text });
  expect(parts.finish()[0]?.input).toEqual(input);
});

it("makes up an id for a call that has none", () => {
  const parts = new ToolCallParts();
  parts.add(3, { name: "tool" });
  expect(parts.finish()[0]?.id).toBe("call_3");
});

it("lets no argument reach the prototype", () => {
  const parts = new ToolCallParts();
  parts.add("__proto__", { name: "tool", text: '{"__proto__":{"polluted":true}}' });
  expect(Object.keys(parts.finish()[0]?.input as object)).toEqual(["__proto__"]);
  expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
});
