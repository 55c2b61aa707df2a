import { describe, expect, it } from "vitest";
import { instantiationsOf } from "./support/type-check.js";

const start = `
import { WorkflowBuilder } from "@strands/builders";
const base = new WorkflowBuilder("w").withRuntime("openai", "m").addAgent("writer", "p").addAgent("editor", "p");
`;
const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join("");

/** A builder with so many parts, by pattern. */
const programs: Readonly<Record<string, (count: number) => string>> = {
  "steps in a chain": (count) => `base.chain()${times(count, (n) => `.step("writer", "{{ steps[${n}] }}")`)}`,
  agents: (count) => `base${times(count, (n) => `.addAgent("a${n}", "p")`)}.chain().step("writer")`,
  "tasks, each after the one before": (count) =>
    `base.workflow().task("t", "writer")${times(count, (n) => `.task("t${n}", "writer", "", { deps: ["t${n === 0 ? "" : n - 1}"] })`)}`,
  "nodes and edges": (count) =>
    `base.graph().node("n", "writer")${times(count, (n) => `.node("n${n}", "editor")`)}.edge("n", "n0")${times(count - 1, (n) => `.edge("n${n}", "n${n + 1}")`)}`,
  branches: (count) =>
    `base.parallel((p) => p${times(count, (n) => `.branch("b${n}", (s) => s.step("writer").step("editor"))`)})`,
};

/** Counts do not depend on the machine. Each is less than twice what it was when this was written. */
const budgets: Readonly<Record<string, number>> = {
  "steps in a chain": 12_000,
  agents: 50_000,
  "tasks, each after the one before": 150_000,
  "nodes and edges": 60_000,
  branches: 40_000,
};

describe("the types of 100", () => {
  const idle = instantiationsOf(`${start}export {};`);
  it.each(Object.keys(programs))("%s stay within their budget", (name) => {
    const code = programs[name]?.(100) ?? "";
    const count = instantiationsOf(`${start}export const spec = ${code}.build();`) - idle;
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThan(budgets[name] ?? 0);
  });
});
