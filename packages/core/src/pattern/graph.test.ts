import { expect, it } from "vitest";
import { bench } from "../../test/support/workflows.js";
import type { Spec } from "../spec/spec.js";

const spec: Spec = {
  version: 1,
  name: "graph",
  runtime: { provider: "offline" },
  agents: { a: { prompt: "p" } },
  pattern: {
    type: "graph",
    config: {
      nodes: { start: { agent: "a" }, end: { agent: "a" }, middle: { agent: "a" } },
      edges: [
        { from: "start", to: ["middle"] },
        { from: "middle", to: ["end"] },
      ],
    },
  },
  outputs: { artifacts: [{ path: "a.json", from: "{{ iteration_counts | tojson }}" }] },
};

it("counts visits in the order nodes were reached", async () => {
  const result = await bench().client.run(spec);
  expect(result.status === "completed" && result.artifacts[0]?.content).toBe('{"start": 1, "middle": 1, "end": 1}');
});
