import type { Spec } from "@strands/core";
import { describe, expect, it } from "vitest";
import { eject } from "../src/eject.js";
import { runCode } from "./support/run-code.js";

const spec: Spec = {
  version: 1,
  name: "w",
  runtime: { provider: "offline" },
  agents: { a: { prompt: "You help." } },
  pattern: { type: "chain", config: { steps: [{ agent: "a" }] } },
};

describe("eject", () => {
  it("writes code that people would write", () => {
    const code = eject({
      ...spec,
      inputs: {
        required: { topic: { type: "string", default: "tea" } },
        values: { topic: "tea", "x y": [1, { a_b: 2 }] },
      },
      pattern: {
        type: "chain",
        config: {
          steps: [
            { agent: "a", input: "Two lines\nabout {{ topic }}", vars: { n: 1 } },
            { type: "manual_gate", id: "ok", prompt: "Good?", timeout_minutes: 5 },
            { agent: "a", tool_overrides: [] },
          ],
        },
      },
    });
    expect(code).toMatchInlineSnapshot(`
      "import { WorkflowBuilder } from "@strands/builders";

      export const workflow = new WorkflowBuilder("w")
        .withVersion(1)
        .withRuntime("offline")
        .declareInputs({ required: { topic: { type: "string", default: "tea" } } })
        .withInputs({ "x y": [1, { a_b: 2 }] })
        .addAgent("a", "You help.")
        .chain((chain) =>
          chain
            .step(
              "a",
              \`Two lines
      about {{ topic }}\`,
              { vars: { n: 1 } },
            )
            .manualGate("ok", "Good?", { timeoutMinutes: 5 })
            .step("a", undefined, { toolOverrides: [] }),
        )
        .build();
      "
    `);
  });

  it.each<[string, unknown]>([
    ["a name that no file can hold", { ...spec, inputs: { values: JSON.parse('{"__proto__": 1}') } }],
    ["the same deep in a value", { ...spec, inputs: { values: { a: [JSON.parse('{"__proto__": 1}')] } } }],
    ["a key that is none", { ...spec, runtime: { provider: "offline", modelId: "x" } }],
    ["a pattern that is none", { ...spec, pattern: { type: "chian", config: {} } }],
    ["nothing like a spec", {}],
  ])("refuses %s", (_, broken) => {
    expect(() => eject(broken as Spec)).toThrow(expect.objectContaining({ code: "SPEC_INVALID" }));
  });

  it("keeps a graph's and a routing's order, also one that says less or otherwise than the names", () => {
    for (const order of [["b", "1"], ["1"], ["b"], [], ["1", "b"]]) {
      const routed: Spec = {
        ...spec,
        pattern: {
          type: "routing",
          config: {
            router: { agent: "a" },
            // biome-ignore lint/suspicious/noThenProperty: the format calls it that.
            routes: { b: { then: [{ agent: "a" }] }, 1: { then: [{ agent: "a" }] } },
            route_order: order,
          },
        },
      };
      expect(runCode(eject(routed))).toEqual(routed);
    }
  });
});
