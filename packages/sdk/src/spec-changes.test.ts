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

it("has one change for an item that was put into a list, or taken from it, wherever that is", () => {
  const steps = ["one", "two", "three"].map((input) => ({ agent: "a", input }));
  const [one, two, three] = steps;
  const withSteps = (list: readonly unknown[]): Spec =>
    ({ ...spec, pattern: { type: "chain", config: { steps: list } } }) as unknown as Spec;
  const added = { agent: "b", input: "more" };
  const changes = (list: readonly unknown[]) =>
    specChanges(withSteps(steps), withSteps(list)).map(({ pointer, change }) => [pointer.slice(21), change]);
  expect(changes([one, added, two, three])).toEqual([["/1", "added"]]);
  expect(changes([added, one, two, three, added])).toEqual([
    ["/0", "added"],
    ["/4", "added"],
  ]);
  expect(changes([one, three])).toEqual([["/1", "removed"]]);
  expect(changes([])).toEqual([
    ["/0", "removed"],
    ["/1", "removed"],
    ["/2", "removed"],
  ]);
  expect(changes([one, added, { ...two, input: "2" }, three])).toEqual([
    ["/1/agent", "changed"],
    ["/1/input", "changed"],
    ["/2", "added"],
  ]);
  expect(changes([two, three, one])).toEqual([
    ["/0", "removed"],
    ["/2", "added"],
  ]);
  const many = Array.from({ length: 600 }, (_, index) => index);
  expect(specChanges(withSteps(many), withSteps([...many, 600]))).toMatchObject([{ change: "added", after: 600 }]);
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
