import type { GateSpec, PatternSpec, Spec } from "@strands/core";

const pause = {
  id: "ask",
  type: "manual_gate",
  prompt: "Good?",
  context_display: "{{ topic }}",
  default: "yes",
  timeout_seconds: 60,
  timeout_minutes: 1,
} as const;
const gate: GateSpec = { ...pause, type: "hitl", validation: { pattern: "^y" } };
const step = {
  agent: "writer",
  input: "{{ topic }} {{ mood }}",
  vars: { mood: "calm", n: 1, on: true },
  tool_overrides: ["api"],
};

// biome-ignore lint/suspicious/noTemplateCurlyInString: the format fills it in.
const placeholder = "${key}";

/** Everything but the pattern, with every key the format has. */
const sections = {
  version: 0,
  name: "everything",
  description: "All keys of the format.",
  metadata: { name: "other", description: "more", labels: { team_name: "a", "b-c": "d" } },
  tags: ["one", "two-2"],
  runtime: {
    provider: "openai",
    model_id: "gpt-4o-mini",
    region: "eu-west-1",
    host: "https://models.example.com",
    space_id: "space",
    temperature: 0.5,
    top_p: 0.9,
    max_tokens: 100,
    max_parallel: 2,
    budgets: { max_steps: 10, max_tokens: 1000, max_duration_s: 60, warn_threshold: 0.5 },
    failure_policy: { retries: 1, backoff: "jittered", wait_min: 1, wait_max: 5 },
    timeout: { total_s: 1.5, first_token_s: 2, idle_s: 3, step_s: 4 },
  },
  inputs: {
    required: { topic: "string", first_choice: { type: "string", description: "one", default: "a", enum: ["a", "b"] } },
    optional: { count: { type: "integer", description: "how many", default: 2, enum: [1, 2] }, deep_value: "object" },
    values: { topic: "tea", deep_value: { snake_key: [1, null, { camelKey: true }] }, first_choice: "a", count: 2 },
  },
  env: {
    secrets: [{ key: "API_KEY", name: "key", source: "env", path: "x" }],
    mounts: { data_dir: "/data" },
  },
  telemetry: {
    otel: { endpoint: "https://otel.example.com", service_name: "s", sample_ratio: 0.5 },
    redact: { tool_inputs: true, tool_outputs: false },
  },
  context_policy: {
    compaction: {
      enabled: true,
      when_tokens_over: 2000,
      summary_ratio: 0.3,
      preserve_recent_messages: 4,
      summarization_model: "m",
    },
    notes: { file: "notes.md", include_last: 3, format: "json" },
    retrieval: { jit_tools: ["grep_files"], mcp_servers: ["fs"] },
  },
  skills: [{ id: "s", path: "skills/s", description: "d", preload_metadata: true }],
  tools: {
    python: ["calculator", { callable: "a.b" }],
    mcp: [
      { id: "fs", command: "npx", args: ["-y"], env: { some_key: "1" } },
      { id: "web", url: "https://mcp.example.com", headers: { authorization: placeholder } },
    ],
    http_executors: [
      {
        id: "api",
        base_url: "https://api.example.com",
        headers: { "x-key": placeholder },
        timeout_ms: 1000,
        description: "d",
        examples: [{ description: "d", method: "GET", path: "/", json_data: { snake_key: { camelKey: 1 } } }],
        common_endpoints: [{ path: "/", description: "d", method: "GET" }],
        response_format: "json",
        authentication_info: "none",
      },
    ],
  },
  agents: {
    writer: {
      prompt: "You write.",
      tools: ["api", "s"],
      provider: "openai",
      model_id: "other",
      inference: { temperature: 0.1, top_p: 0.2, max_tokens: 3 },
      timeout: { total_s: 1, first_token_s: 1, idle_s: 1, step_s: 1 },
      input_schema: "schemas/in.json",
      output_schema: { type: "object", properties: { snake_key: { type: "string" } } },
    },
    "editor.2": { prompt: "You edit." },
  },
  outputs: { artifacts: [{ path: "{{ topic }}.md", from: "{{ last_response }}" }] },
  security: { guardrails: { deny_network: true, pii_redaction: true, allow_tools: ["api"] } },
} satisfies Omit<Spec, "pattern">;

const patterns: readonly PatternSpec[] = [
  { type: "chain", config: { steps: [step, pause, { type: "hitl", prompt: "p" }] } },
  {
    type: "workflow",
    config: {
      tasks: [
        { id: "a", agent: "writer", deps: ["later"], description: "d", input: "x" },
        { deps: ["a"], ...pause, id: "ask" },
        { id: "later", agent: "editor.2" },
      ],
    },
  },
  {
    type: "routing",
    config: {
      router: { agent: "writer", input: "{{ topic }}", max_retries: 1, review_router: pause },
      // biome-ignore lint/suspicious/noThenProperty: the format calls it that.
      routes: { 2: { then: [step] }, 1: { then: [pause, step] } },
      route_order: ["2", "1"],
    },
  },
  {
    type: "parallel",
    config: {
      branches: [
        { id: "a", steps: [step] },
        { id: "b", steps: [pause, step] },
      ],
      reduce: step,
    },
  },
  {
    type: "evaluator_optimizer",
    config: {
      producer: "writer",
      evaluator: { agent: "editor.2", input: "{{ draft }}" },
      accept: { min_score: 80, max_iters: 2 },
      revise_prompt: "{{ draft }}",
      review_gate: gate,
    },
  },
  {
    type: "orchestrator_workers",
    config: {
      orchestrator: { agent: "writer", limits: { max_workers: 2, max_rounds: 1 } },
      decomposition_review: gate,
      worker_template: { agent: "writer", tools: [] },
      reduce_review: { ...gate, id: "two" },
      reduce: step,
      writeup: pause,
    },
  },
  {
    type: "graph",
    config: {
      max_iterations: 3,
      nodes: { 2: { agent: "writer", input: "x" }, 1: pause, end: { agent: "editor.2" } },
      node_order: ["2", "1", "end"],
      edges: [
        { from: "2", to: ["1"] },
        {
          from: "1",
          choose: [
            { when: "hitl_response == 'yes'", to: "end" },
            { when: "else", to: "2" },
          ],
        },
      ],
    },
  },
];

/** Specs that together hold every key of the format. */
export const fullSpecs: readonly Spec[] = patterns.map((pattern) => ({ ...sections, pattern }));
