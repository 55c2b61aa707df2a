// The engine's own cost per step, in memory, over awaiting the bare functions.
import { compileSpec, WorkflowClient } from "@strands/core";
import { pair, row, split } from "./lib/measure.mjs";
import { bareModel, chainSpec, model } from "./lib/workload.mjs";

const bareAsync = async () => "ok";

export async function run() {
  const rows = [];
  const costs = new Map();
  for (const count of [10, 100, 1_000, 10_000]) {
    const program = compileSpec(chainSpec(count));
    const repeats = Math.max(1, Math.round(50_000 / count));
    const ours = async () => {
      // Sessions in memory live as long as their client: each sample starts with none.
      const client = new WorkflowClient({ model });
      for (let index = 0; index < repeats; index += 1) {
        const result = await client.run(program);
        if (result.status !== "completed") throw new Error(result.status);
      }
    };
    const times = (work) => async () => {
      for (let index = 0; index < repeats * count; index += 1) await work({ messages: [] });
    };
    const steps = repeats * count;
    const result = await pair(ours, times(bareModel));
    costs.set(count, { ours: result.ours / repeats, floor: result.floor / repeats });
    rows.push(row(`chain of ${count}, over the bare model stream`, result, "µs", steps, "≤ 10"));
    rows.push(
      row(`chain of ${count}, over a bare async function`, await pair(ours, times(bareAsync)), "µs", steps, ""),
    );
  }
  rows.push(...split(costs.get(10), costs.get(1_000), 990, "µs", "≤ 10"));
  return { title: "Engine cost per step, in memory", rows };
}
