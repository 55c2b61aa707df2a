import { expect, test } from "vitest";
import { SpecError } from "../error/errors.js";
import { compileSpec } from "../program/compile-spec.js";
import { checkShape } from "./check-shape.js";
import type { Spec } from "./spec.js";

const good = {
  version: 1,
  name: "n",
  runtime: { provider: "p" },
  agents: { a: { prompt: "x" } },
  pattern: { type: "chain", config: { steps: [{ agent: "a" }] } },
};

const chain = (steps: readonly unknown[]) => ({ ...good, pattern: { type: "chain", config: { steps } } });

test("a sound spec has no issue", () => {
  expect(checkShape(good)).toEqual([]);
});

test.each<[unknown, string[]]>([
  [undefined, [""]],
  [[], [""]],
  ["text", [""]],
  [{}, ["/version", "/name", "/runtime", "/agents", "/pattern"]],
  [{ ...good, runtime: {} }, ["/runtime/provider"]],
  [{ ...good, agents: { a: "x", b: {} } }, ["/agents/a", "/agents/b/prompt"]],
  [{ ...good, pattern: { type: "chain", config: {} } }, ["/pattern/config/steps"]],
  [
    { ...good, pattern: { type: "chain", config: { steps: [null, "x"] } } },
    ["/pattern/config/steps/0", "/pattern/config/steps/1"],
  ],
  [
    { ...good, pattern: { type: "evaluator_optimizer", config: {} } },
    ["/pattern/config/producer", "/pattern/config/evaluator", "/pattern/config/accept"],
  ],
  [{ ...good, version: 1.5 }, ["/version"]],
  [{ ...good, tags: [1], inputs: null, tools: { mcp: [{}] } }, ["/tags/0", "/inputs", "/tools/mcp/0/id"]],
  [
    { ...good, inputs: { required: { x: null, y: {}, z: "string" } } },
    ["/inputs/required/x", "/inputs/required/y/type"],
  ],
  [
    chain([{}, { type: "hitl" }, { agent: "a", type: "hitl" }, { agent: "a", vars: { x: [] } }]),
    ["/pattern/config/steps/0/agent", "/pattern/config/steps/1/prompt", "/pattern/config/steps/3/vars/x"],
  ],
  [{ ...good, pattern: { type: "graph", config: { nodes: [] } } }, ["/pattern/config/edges", "/pattern/config/nodes"]],
])("%j is told where it is wrong", (spec, pointers) => {
  expect(checkShape(spec).map((issue) => issue.pointer)).toEqual(pointers);
  expect(() => compileSpec(spec as Spec)).toThrow(SpecError);
});
