import { describe, expect, test } from "vitest";
import { checkCodes } from "./check-codes.js";
import { type CheckOptions, checkSpec } from "./check-spec.js";
import type { PatternSpec, Spec } from "./spec.js";

const agents = { a: { prompt: "p" }, b: { prompt: "p" } };
const chain: PatternSpec = { type: "chain", config: { steps: [{ agent: "a" }] } };
const base: Spec = { version: 0, name: "t", runtime: { provider: "offline" }, agents, pattern: chain };

const check = (parts: Partial<Spec>, options?: CheckOptions) =>
  checkSpec({ ...base, ...parts }, options).map((issue) => `${issue.severity} ${issue.code} ${issue.pointer}`);

const pattern = (type: PatternSpec["type"], config: unknown) => check({ pattern: { type, config } as PatternSpec });
// biome-ignore lint/suspicious/noThenProperty: the format calls it that.
const route = (steps: readonly unknown[]) => Object.fromEntries([["then", steps]]);
const pause = { type: "hitl", prompt: "go?" } as const;

test("a sound spec has no issues", () => expect(check({})).toEqual([]));

describe.each<[type: PatternSpec["type"], rows: [name: string, config: unknown, issues: string[]][]]>([
  [
    "chain",
    [
      ["no steps", { steps: [] }, ["error empty /pattern/config/steps"]],
      [
        "unknown agent",
        { steps: [{ agent: "a" }, { agent: "x" }] },
        ["error unknown_agent /pattern/config/steps/1/agent"],
      ],
      ["an inherited name", { steps: [{ agent: "toString" }] }, ["error unknown_agent /pattern/config/steps/0/agent"]],
      [
        "an empty question",
        { steps: [{ ...pause, prompt: "" }] },
        ["error empty_prompt /pattern/config/steps/0/prompt"],
      ],
      [
        "two timeouts",
        { steps: [{ ...pause, timeout_seconds: 1, timeout_minutes: 1 }] },
        ["warning conflicting_timeouts /pattern/config/steps/0/timeout_minutes"],
      ],
      [
        "an undeclared tool",
        { steps: [{ agent: "a", tool_overrides: ["x"] }] },
        ["warning unknown_tool /pattern/config/steps/0/tool_overrides/0"],
      ],
    ],
  ],
  [
    "workflow",
    [
      ["no tasks", { tasks: [] }, ["error empty /pattern/config/tasks"]],
      ["unknown agent", { tasks: [{ id: "t", agent: "x" }] }, ["error unknown_agent /pattern/config/tasks/0/agent"]],
      [
        "unknown dependency",
        { tasks: [{ id: "t", agent: "a", deps: ["u"] }] },
        ["error unknown_task /pattern/config/tasks/0/deps/0"],
      ],
      [
        "a duplicate, which is no cycle",
        {
          tasks: [
            { id: "t", agent: "a" },
            { id: "t", agent: "a", deps: ["t"] },
          ],
        },
        ["error duplicate_id /pattern/config/tasks/1/id"],
      ],
      [
        "a circle and a loop",
        {
          tasks: [
            { id: "t", agent: "a", deps: ["u"] },
            { id: "u", ...pause, deps: ["t"] },
            { id: "v", agent: "a", deps: ["v"] },
          ],
        },
        ["error dependency_cycle /pattern/config/tasks/0/deps", "error dependency_cycle /pattern/config/tasks/2/deps"],
      ],
    ],
  ],
  [
    "routing",
    [
      ["no router, no routes", { routes: {} }, ["error empty /pattern/config/routes"]],
      [
        "unknown agents",
        { router: { agent: "x" }, routes: { "r/1": route([{ agent: "y" }]) } },
        [
          "error unknown_agent /pattern/config/router/agent",
          "error unknown_agent /pattern/config/routes/r~11/then/0/agent",
        ],
      ],
      ["an empty route", { router: { agent: "a" }, routes: { r: {} } }, ["error empty /pattern/config/routes/r/then"]],
      [
        "a pause in a route is fine",
        { router: { agent: "a", review_router: pause }, routes: { r: route([pause]) } },
        [],
      ],
      [
        "a review by an agent",
        { router: { agent: "a", review_router: { agent: "a" } }, routes: { r: route([pause]) } },
        ["error gate_expected /pattern/config/router/review_router"],
      ],
    ],
  ],
  [
    "parallel",
    [
      ["one branch", { branches: [{ id: "x", steps: [pause] }] }, ["error empty /pattern/config/branches"]],
      [
        "the same id twice, and no steps",
        {
          branches: [
            { id: "x", steps: [pause] },
            { id: "x", steps: [] },
          ],
        },
        ["error duplicate_id /pattern/config/branches/1/id", "error empty /pattern/config/branches/1/steps"],
      ],
      [
        "unknown agents",
        {
          branches: [
            { id: "x", steps: [{ agent: "x" }] },
            { id: "y", steps: [pause] },
          ],
          reduce: { agent: "y" },
        },
        [
          "error unknown_agent /pattern/config/branches/0/steps/0/agent",
          "error unknown_agent /pattern/config/reduce/agent",
        ],
      ],
    ],
  ],
  [
    "evaluator_optimizer",
    [
      ["nothing", {}, []],
      [
        "a gate that one evaluation never reaches",
        { producer: "a", evaluator: { agent: "a" }, accept: { min_score: 1, max_iters: 1 }, review_gate: pause },
        ["warning unused_gate /pattern/config/review_gate"],
      ],
      [
        "unknown agents",
        { producer: "x", evaluator: { agent: "y" }, accept: { min_score: 1 } },
        ["error unknown_agent /pattern/config/producer", "error unknown_agent /pattern/config/evaluator/agent"],
      ],
    ],
  ],
  [
    "orchestrator_workers",
    [
      ["nothing", {}, []],
      [
        "unknown agents",
        {
          orchestrator: { agent: "w" },
          worker_template: { agent: "x", tools: ["t"] },
          reduce: { agent: "y" },
          writeup: { agent: "z" },
        },
        [
          "error unknown_agent /pattern/config/orchestrator/agent",
          "error unknown_agent /pattern/config/worker_template/agent",
          "warning unknown_tool /pattern/config/worker_template/tools/0",
          "error unknown_agent /pattern/config/reduce/agent",
          "error unknown_agent /pattern/config/writeup/agent",
        ],
      ],
      [
        "a gate before nothing",
        { orchestrator: { agent: "a" }, worker_template: { agent: "a" }, reduce_review: pause },
        ["warning unused_gate /pattern/config/reduce_review"],
      ],
      [
        "rounds and pauses are fine",
        {
          orchestrator: { agent: "a", limits: { max_rounds: 3 } },
          worker_template: { agent: "a" },
          reduce: pause,
          writeup: pause,
        },
        [],
      ],
    ],
  ],
  [
    "graph",
    [
      ["nothing", { nodes: {}, edges: [] }, ["error empty /pattern/config/nodes", "error empty /pattern/config/edges"]],
      [
        "unknown names",
        {
          nodes: { n: { agent: "x" }, m: pause },
          edges: [
            {
              from: "n",
              choose: [
                { when: "else", to: "y" },
                { when: "1", to: "m" },
              ],
            },
            { from: "z", to: ["n"] },
          ],
        },
        [
          "error unknown_agent /pattern/config/nodes/n/agent",
          "error unknown_node /pattern/config/edges/0/choose/0/to",
          "error unknown_node /pattern/config/edges/1/from",
        ],
      ],
      [
        "an order of the nodes, which decides where it begins",
        { nodes: { "1": pause, n: pause }, node_order: ["n", "one"], edges: [{ from: "1", to: ["n"] }] },
        ["error unknown_node /pattern/config/node_order/1", "error unreachable_node /pattern/config/nodes/1"],
      ],
      [
        "two targets",
        { nodes: { n: pause, m: pause, o: pause }, edges: [{ from: "n", to: ["m", "o"] }] },
        ["error multiple_targets /pattern/config/edges/0/to"],
      ],
      [
        "no end",
        {
          nodes: { n: pause, m: pause },
          edges: [
            { from: "n", to: ["m"] },
            { from: "m", to: ["n"] },
          ],
        },
        ["error no_terminal_node /pattern/config/edges"],
      ],
      [
        "out of reach",
        { nodes: { n: pause, m: pause, o: pause }, edges: [{ from: "n", to: ["m"] }] },
        ["error unreachable_node /pattern/config/nodes/o"],
      ],
      [
        "a second edge, an empty edge",
        {
          nodes: { n: pause, m: pause },
          edges: [
            { from: "n", to: ["m"] },
            { from: "n", to: [] },
          ],
        },
        ["warning shadowed_edge /pattern/config/edges/1/from", "warning empty_edge /pattern/config/edges/1/to"],
      ],
    ],
  ],
])("%s", (type, rows) => {
  test.each(rows)("%s", (_, config, issues) => expect(pattern(type, config)).toEqual(issues));
});

test("a pattern that does not exist", () => {
  expect(checkSpec({ ...base, pattern: { type: "chian", config: {} } as never })).toMatchObject([
    { code: "unknown_pattern", suggestion: "did you mean `chain`?" },
  ]);
});

describe("what surrounds the pattern", () => {
  const runtime = (more: object) => ({ runtime: { provider: "offline", ...more } });
  const http = (base_url: string) => ({ tools: { http_executors: [{ id: "h", base_url }] } });

  test.each<[name: string, parts: Partial<Spec>, issues: string[]]>([
    ["no agents", { agents: {}, pattern: { type: "chain", config: { steps: [pause] } } }, ["error empty /agents"]],
    ["bedrock, with the region of the environment", runtime({ provider: "bedrock" }), []],
    ["ollama, on this machine", runtime({ provider: "ollama" }), []],
    ["deployments of Azure", runtime({ provider: "azure_openai" }), []],
    ["ollama with temperature", runtime({ provider: "ollama", host: "localhost:11434", temperature: 1 }), []],
    ["an unknown provider", runtime({ provider: "azure" }), ["warning unknown_provider /runtime/provider"]],
    [
      "an agent's provider",
      { agents: { a: { prompt: "p", provider: "bedrok" } } },
      ["warning unknown_provider /agents/a/provider"],
    ],
    ["a host next door", runtime({ host: "http://192.168.1.5:8080/v1" }), []],
    ["a metadata host", runtime({ host: "http://169.254.169.254/" }), ["error blocked_address /runtime/host"]],
    ["credentials", runtime({ host: "https://u:p@x.org/" }), ["error url_credentials /runtime/host"]],
    ["another scheme", runtime({ host: "file:///etc/passwd" }), ["error invalid_url /runtime/host"]],
    ["no URL", runtime({ host: "http://" }), ["error invalid_url /runtime/host"]],
    ["a public API", http("https://api.example.com/v1"), []],
    ["a local API", http("http://localhost:3000"), ["error blocked_address /tools/http_executors/0/base_url"]],
    [
      "time-outs",
      {
        ...runtime({ timeout: { total_s: 0, idle_s: 0.5 } }),
        agents: { a: { prompt: "p", timeout: { first_token_s: "1", step_s: Number.POSITIVE_INFINITY } as object } },
      },
      [
        "error range /runtime/timeout/total_s",
        "error range /agents/a/timeout/first_token_s",
        "error range /agents/a/timeout/step_s",
      ],
    ],
    ["waits", runtime({ failure_policy: { wait_min: 90 } }), ["error wait_order /runtime/failure_policy/wait_min"]],
    [
      "jittered waits",
      runtime({ failure_policy: { backoff: "jittered", wait_min: 90 } }),
      ["warning wait_order /runtime/failure_policy/wait_min"],
    ],
    ["constant waits", runtime({ failure_policy: { backoff: "constant", wait_min: 90, wait_max: 5 } }), []],
    [
      "a secret",
      { env: { secrets: [{ key: "K", source: "ssm" }] } },
      ["error unsupported_secret_source /env/secrets/0/source"],
    ],
    [
      "inputs",
      {
        inputs: {
          required: { n: "integer" },
          optional: { n: "integer", c: { type: "string", enum: ["x"], default: "y" } },
          values: { n: "1" },
        },
      },
      [
        "warning conflicting_input /inputs/optional/n",
        "warning input_enum /inputs/optional/c/default",
        "warning input_type /inputs/values/n",
      ],
    ],
    [
      "inactive parts",
      { skills: [{ id: "s", path: "p" }], telemetry: {} },
      ["warning inactive /telemetry", "warning inactive /skills"],
    ],
    [
      "tools by short and full name",
      {
        agents: { a: { prompt: "p", tools: ["x", "m", "s", "h", "full.name", "y"] } },
        skills: [{ id: "s", path: "p" }],
        tools: {
          python: ["pkg.x", { callable: "full.name.f" }],
          mcp: [{ id: "m", command: "c" }],
          http_executors: [{ id: "h", base_url: "https://x.org" }],
        },
      },
      [
        "warning unknown_tool /agents/a/tools/5",
        "warning inactive /skills",
        "warning inactive /tools/python",
        "warning inactive /tools/mcp",
      ],
    ],
  ])("%s", (_, parts, issues) => expect(check(parts)).toEqual(issues));

  test("offline models need neither host nor region, and further providers can be named", () => {
    expect(check(runtime({ provider: "bedrock" }), { offline: true })).toEqual([]);
    expect(check(runtime({ provider: "mine" }), { providers: ["mine"] })).toEqual([]);
  });

  test("no address is shown", () => {
    const issues = checkSpec({
      ...base,
      ...runtime({ host: "http://us3r:p4ss@169.254.169.254/k3y" }),
      ...http("ftp://us3r:p5ss@x"),
    });
    expect(issues).toHaveLength(3);
    expect(JSON.stringify(issues)).not.toMatch(/p4ss|p5ss|k3y|us3r/);
  });
});

test("every code is in the table", () => {
  const found = checkSpec({ ...base, pattern: { type: "graph", config: { nodes: {}, edges: [] } } });
  for (const issue of found) expect(Object.hasOwn(checkCodes, issue.code)).toBe(true);
});

test("large specs are judged in full, also when everything is wrong", () => {
  const count = 10_000;
  const steps = Array.from({ length: count }, (_, index) => ({ agent: `missing${index}` }));
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`agent${index}`, { prompt: "p" }]));
  const tasks = Array.from({ length: count }, (_, index) => ({ id: `t${index}`, agent: "a", deps: [`t${index + 1}`] }));
  const nodes = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`n${index}`, { agent: "a" }]));
  const edges = Array.from({ length: 1_000 }, (_, index) => ({ from: `n${index}`, to: [`n${index + 1}`] }));
  expect(check({ agents: many, pattern: { type: "chain", config: { steps } } })).toHaveLength(count);
  expect(check({ pattern: { type: "workflow", config: { tasks } } })).toHaveLength(1);
  expect(check({ pattern: { type: "graph", config: { nodes, edges } } })).toHaveLength(1);
});
