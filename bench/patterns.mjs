// What the patterns cost, in memory, over the bare awaits: wide, deep and long ones, and many runs at once.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { compileSpec, WorkflowClient } from "@strands/core";
import { pair, row, time } from "./lib/measure.mjs";
import { bareModel, chainSpec, model } from "./lib/workload.mjs";

const repeats = 20;

export async function run() {
  const rows = [];
  for (const [name, make, sizes] of shapes) {
    const costs = [];
    for (const size of sizes) {
      const { spec, steps, answer } = make(size);
      const program = compileSpec(spec);
      const count = Math.max(1, Math.round(repeats / (size / sizes[0])));
      const ours = async () => {
        const client = new WorkflowClient({ model: answer ?? model });
        for (let index = 0; index < count; index += 1) {
          const result = await client.run(program);
          if (result.status !== "completed") throw new Error(result.error?.message ?? result.status);
        }
      };
      const result = await pair(ours, () => bare(name, steps * count), 5);
      costs.push(result.ours / (steps * count));
      rows.push(row(`${name} of ${size}, per step`, result, "µs", steps * count, "≤ 15"));
    }
    const [first = 0, last = 0] = [costs[0], costs.at(-1)];
    rows.push(
      row(
        `${name}: ${sizes.at(-1)} over ${sizes[0]}, per step`,
        { ours: last, floor: first, ratio: last / first },
        "µs",
        1,
        "flat",
      ),
    );
  }
  rows.push(...(await manyRuns()));
  return { title: "Patterns, in memory", rows };
}

const sequential = new Set(["graph loop"]);

/** The bare functions: one after the other, or all at once. */
async function bare(name, count) {
  if (!sequential.has(name)) {
    await Promise.all(Array.from({ length: count }, () => bareModel({ messages: [] })));
    return;
  }
  for (let index = 0; index < count; index += 1) await bareModel({ messages: [] });
}

const base = { version: 1, name: "bench", runtime: { provider: "bench" }, agents: { a: { prompt: "You are one." } } };

const shapes = [
  [
    "parallel",
    (size) => ({
      steps: size,
      spec: {
        ...base,
        pattern: {
          type: "parallel",
          config: {
            branches: range(size, (index) => ({ id: `b${index}`, steps: [{ agent: "a", input: `Part ${index}.` }] })),
          },
        },
      },
    }),
    [100, 1_000, 10_000],
  ],
  [
    "DAG, layers of 10",
    (size) => ({ steps: size, spec: { ...base, pattern: { type: "workflow", config: { tasks: layers(size / 10) } } } }),
    [100, 1_000, 10_000],
  ],
  [
    "graph loop",
    (size) => ({
      steps: size,
      spec: {
        ...base,
        runtime: { provider: "bench", budgets: { max_steps: size } },
        pattern: {
          type: "graph",
          config: {
            max_iterations: size,
            nodes: { work: { agent: "a", input: "Go on from {{ nodes.work.response }}." }, end: { agent: "a" } },
            edges: [
              {
                from: "work",
                choose: [
                  { when: `nodes.work.iteration < ${size - 1}`, to: "work" },
                  { when: "else", to: "end" },
                ],
              },
            ],
          },
        },
      },
    }),
    [100, 1_000, 10_000],
  ],
  [
    "orchestrator with workers",
    (size) => {
      const list = JSON.stringify(range(size - 1, (index) => ({ task: `Part ${index}.` })));
      return {
        steps: size,
        async *answer(request) {
          yield request.stepKey.startsWith("orchestrator") ? list : "ok";
        },
        spec: {
          ...base,
          pattern: {
            type: "orchestrator_workers",
            config: { orchestrator: { agent: "a" }, worker_template: { agent: "a" } },
          },
        },
      };
    },
    [100, 500, 5_000],
  ],
];

function layers(count) {
  return range(count, (layer) => layer).flatMap((layer) =>
    range(10, (index) => ({
      id: `t${layer}-${index}`,
      agent: "a",
      deps: layer === 0 ? [] : [`t${layer - 1}-${index}`],
      input: layer === 0 ? "Begin." : `Go on from {{ tasks['t${layer - 1}-${index}'].response }}.`,
    })),
  );
}

/** Many runs of a few slow steps at once, against the timers alone. */
async function manyRuns() {
  const runs = 1_000;
  const program = compileSpec(chainSpec(5));
  const client = new WorkflowClient({
    async *model() {
      await sleep(20);
      yield "ok";
    },
  });
  const floor = async () => {
    for (let step = 0; step < 5; step += 1) await sleep(20);
  };
  const many = (work) => () => Promise.all(range(runs, work));
  // Each sample is only a thousand runs long: the code has to be compiled before.
  for (let round = 0; round < 12; round += 1) await many(() => client.run(program))();
  const result = await pair(
    many(() => client.run(program)),
    many(floor),
    5,
  );
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await time(many(() => client.run(program)));
  delay.disable();
  return [
    row(`${runs} runs of five steps of 20 ms at once`, result, "ms", 1, "≤ 1.3"),
    {
      name: "event-loop delay meanwhile, p99",
      ours: `${(delay.percentile(99) / 1e6).toFixed(1)} ms`,
      floor: "",
      ratio: "",
      aim: "≤ 15 ms",
    },
  ];
}

function range(count, make) {
  return Array.from({ length: count }, (_, index) => make(index));
}
