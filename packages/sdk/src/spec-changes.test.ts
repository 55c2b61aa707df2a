import type { Spec } from "@strands/core";
import { expect, it } from "vitest";
import { specChanges } from "./spec-changes.js";

const spec: Spec = {
  version: 1,
  name: "n",
  runtime: { provider: "p" },
  agents: { a: { prompt: "one" }, "b/c": { prompt: "two" } },
  pattern: { type: "chain", config: { steps: [{ agent: "a", input: "x" }] } },
};

it("names each place that differs, by its pointer", () => {
  const after: Spec = {
    ...spec,
    agents: { a: { prompt: "better" } },
    pattern: { type: "chain", config: { steps: [{ agent: "a", input: "x" }, { agent: "a" }] } },
  };
  expect(specChanges(spec, after)).toEqual([
    { pointer: "/agents/a/prompt", change: "changed", before: "one", after: "better" },
    { pointer: "/agents/b~1c", change: "removed", before: { prompt: "two" } },
    { pointer: "/pattern/config/steps/1", change: "added", after: { agent: "a" } },
  ]);
});

it("finds nothing where only the order of members differs", () => {
  const { name, version, ...rest } = spec;
  expect(specChanges(spec, { ...rest, version, name })).toEqual([]);
});

it("takes a list and an object for different things, and members of prototypes for nothing", () => {
  const list = { ...spec, agents: [] } as unknown as Spec;
  expect(specChanges({ ...spec, agents: {} }, list)).toMatchObject([{ pointer: "/agents", change: "changed" }]);
  const named = { ...spec, agents: { toString: { prompt: "x" } } } as unknown as Spec;
  expect(specChanges({ ...spec, agents: {} }, named)).toMatchObject([{ pointer: "/agents/toString", change: "added" }]);
});
