import type { AgentSpec, HitlStepSpec, JsonValue, PatternSpec, Spec, StepSpec } from "@strands/core";
import fc from "fast-check";

const ids = ["writer", "editor", "1", "10", "2", "a.b", "x-y", "toString", "constructor"];
const identifiers = (min: number, max = 5) =>
  fc.uniqueArray(fc.constantFrom(...ids), { minLength: min, maxLength: max });

/** Any text that is no template. */
const plain = fc
  .oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.string({ maxLength: 30 }), fc.constantFrom(...awkwardTexts()))
  .map((text) => text.replaceAll("{", "("));
/** Any text at all, for places where braces may be meant as they are. */
const anyText = fc.oneof(plain, fc.string({ maxLength: 10 }), fc.constantFrom("{{ topic }}", "a $" + "{b} `c` \\ {{"));
const template = fc.oneof(
  plain,
  fc.constantFrom("{{ topic }}", "Write about {{ topic | upper }}.\n\n$" + "{x} `y` \\n"),
);

/** Texts that YAML or JavaScript could take for something else. */
function awkwardTexts(): readonly string[] {
  return [
    "",
    " ",
    "yes",
    "no",
    "null",
    "~",
    "1",
    "1_000",
    "-0",
    "0x10",
    "1e3",
    ".inf",
    "on",
    "2001-01-01",
    "<<",
    "=",
    "|",
    ">-",
    "- a",
    "a: b",
    "a #b",
    "# c",
    "'",
    '"',
    "`",
    "$" + "{a}",
    "\\",
    "\\u0041",
    "line\nline",
    "line\n",
    "\n",
    "\n\n",
    " lead\ntwo",
    "trail \nx",
    "tab\tx\n\ty",
    "crlf\r\nx",
    "\r",
    "\u0000",
    "\u0007",
    "\u0085",
    "\u009b31m",
    "\u2028",
    "\ufeff",
    "\u202e",
    "\ud800",
    "\udfff x",
    "😀",
    "*/",
    "</script>",
    "[",
    "]",
    ")",
    "@x",
    "&a",
    "*a",
    "!t",
    "%d",
    "? k",
    "---",
    "...",
    "a\n---\nb",
    "__proto_",
  ];
}

const json: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ maxDepth: 3, noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto")) as JsonValue);
const name = fc
  .oneof(fc.constantFrom("a", "some_key", "camelKey", "x y", "", "1", "~", "null"), plain)
  .map((text) => (text === "__proto__" ? "proto" : text));
const mapOf = <T>(value: fc.Arbitrary<T>) => fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });
const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }, ...requiredKeys: (keyof T)[]) =>
  fc.record(fields, { requiredKeys, noNullPrototype: true }) as unknown as fc.Arbitrary<T>;
const share = (max: number) => fc.double({ min: 0, max, noNaN: true }).map((value) => value + 0);

const pauseFields = {
  prompt: anyText.map((text) => text || "Good?"),
  context_display: template,
  default: plain,
  timeout_seconds: fc.nat(1000),
};
const pauseType = fc.constantFrom("hitl" as const, "manual_gate" as const);
const pause = some<HitlStepSpec>({ id: fc.constantFrom(...ids), type: pauseType, ...pauseFields }, "type", "prompt");
const gate = some(
  {
    id: fc.constantFrom(...ids),
    type: pauseType,
    ...pauseFields,
    validation: some({ pattern: fc.constantFrom("^y", "\\d+", "") }),
  },
  "type",
  "prompt",
);

const agentStep = (agent: fc.Arbitrary<string>) =>
  some(
    {
      agent,
      input: template,
      vars: mapOf(fc.oneof(plain, fc.integer(), fc.boolean())),
      tool_overrides: fc.array(plain, { maxLength: 2 }),
    },
    "agent",
  );
const stepOf = (agent: fc.Arbitrary<string>): fc.Arbitrary<StepSpec> => fc.oneof(agentStep(agent), pause);

const agentSpec = some<AgentSpec>(
  {
    prompt: anyText,
    tools: fc.array(plain, { maxLength: 2 }),
    provider: fc.constantFrom("openai", "mine"),
    model_id: plain,
    inference: some({ temperature: share(2), top_p: share(1), max_tokens: fc.integer({ min: 1 }) }),
    timeout: some({ total_s: fc.integer({ min: 1 }), step_s: share(9).map((value) => value + 0.5) }),
    input_schema: fc.oneof(plain, mapOf(json)),
    output_schema: mapOf(json) as never,
  } as never,
  "prompt",
);

const sections = {
  description: plain,
  metadata: some({ name: plain.map((text) => text || "n"), description: plain, labels: mapOf(plain) }),
  tags: fc.uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,4}$/), { maxLength: 3 }),
  inputs: some({
    required: mapOf(
      fc.oneof(
        fc.constantFrom("string", "number", "boolean", "array", "object"),
        some(
          { type: fc.constant("integer"), description: plain, default: json, enum: fc.array(json, { maxLength: 2 }) },
          "type",
        ),
      ),
    ),
    optional: mapOf(some({ type: fc.constant("string"), default: plain }, "type")),
    values: mapOf(json),
  }),
  env: some({
    secrets: fc.array(
      some({ key: fc.constantFrom("A", "B_C"), name: plain, source: fc.constant("env") }, "key", "source"),
      {
        maxLength: 2,
      },
    ),
    mounts: mapOf(plain),
  }),
  telemetry: some({
    otel: some({ endpoint: plain, sample_ratio: share(1) }),
    redact: some({ tool_inputs: fc.boolean() }),
  }),
  context_policy: some({
    compaction: some({ enabled: fc.boolean(), when_tokens_over: fc.integer({ min: 1000 }) }),
    notes: some({ file: plain, include_last: fc.integer({ min: 1 }) }, "file"),
  }),
  skills: fc.array(
    some({ id: fc.constantFrom("s1", "s2"), path: plain, preload_metadata: fc.boolean() }, "id", "path"),
    {
      maxLength: 2,
    },
  ),
  tools: some({
    python: fc.array(fc.oneof(plain, some({ callable: plain }, "callable")), { maxLength: 2 }),
    mcp: fc.array(
      fc.oneof(
        some(
          { id: fc.constant("m"), command: plain, args: fc.array(plain, { maxLength: 2 }), env: mapOf(plain) },
          "id",
          "command",
        ),
        some({ id: fc.constant("u"), url: plain, headers: mapOf(plain) }, "id", "url"),
      ),
      { maxLength: 2 },
    ),
    http_executors: fc.array(
      some(
        {
          id: fc.constant("api"),
          base_url: fc.constant("https://api.example.com/v1"),
          headers: mapOf(plain),
          timeout_ms: fc.integer({ min: 1 }),
          examples: fc.array(some({ method: plain, json_data: mapOf(json) }), { maxLength: 1 }),
        },
        "id",
        "base_url",
      ),
      { maxLength: 1 },
    ),
  }),
  outputs: some({
    artifacts: fc
      .array(template, { maxLength: 2 })
      .map((texts) => texts.map((from, index) => ({ path: `{{ topic }} ${index}.md`, from }))),
  }),
  security: some({ guardrails: some({ deny_network: fc.boolean(), allow_tools: fc.array(plain, { maxLength: 2 }) }) }),
};

const runtime = some(
  {
    provider: fc.constantFrom("openai", "offline", "mine"),
    model_id: plain,
    temperature: share(2),
    max_parallel: fc.integer({ min: 1 }),
    budgets: some({ max_steps: fc.integer({ min: 1 }), warn_threshold: share(1) }),
    failure_policy: some({
      retries: fc.nat(9),
      backoff: fc.constantFrom("constant", "jittered"),
      wait_max: fc.constant(90),
    }),
  },
  "provider",
);

type Patterns = { readonly [T in PatternSpec["type"]]: (agent: fc.Arbitrary<string>) => fc.Arbitrary<unknown> };

/** Configs of each pattern that the checks of core have nothing against. */
const configs: Patterns = {
  chain: (agent) => fc.record({ steps: fc.array(stepOf(agent), { minLength: 1, maxLength: 4 }) }),
  workflow: (agent) =>
    identifiers(1).chain((tasks) =>
      fc
        .tuple(
          ...tasks.map((id, index) => {
            const deps = fc.subarray(tasks.slice(0, index));
            return fc.oneof(
              some({ id: fc.constant(id), agent, deps, description: plain, input: template }, "id", "agent"),
              some({ id: fc.constant(id), deps, type: pauseType, ...pauseFields }, "id", "type", "prompt"),
            );
          }),
        )
        // In any order: a task may stand before those it waits for.
        .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
        .map((all) => ({ tasks: all })),
    ),
  routing: (agent) =>
    identifiers(1, 4).chain((names) =>
      some(
        {
          router: some({ agent, input: template, max_retries: fc.nat(3), review_router: pause }, "agent"),
          routes: fc
            // biome-ignore lint/suspicious/noThenProperty: the format calls it that.
            .tuple(...names.map(() => fc.record({ then: fc.array(stepOf(agent), { minLength: 1, maxLength: 2 }) })))
            .map((routes) => Object.fromEntries(names.map((id, index) => [id, routes[index]]))),
          route_order: fc.shuffledSubarray(names),
        },
        "router",
        "routes",
      ),
    ),
  parallel: (agent) =>
    identifiers(2, 3).chain((branches) =>
      some(
        {
          branches: fc.tuple(
            ...branches.map((id) =>
              fc.record({ id: fc.constant(id), steps: fc.array(stepOf(agent), { minLength: 1, maxLength: 2 }) }),
            ),
          ),
          reduce: stepOf(agent),
        },
        "branches",
      ),
    ),
  evaluator_optimizer: (agent) =>
    some(
      {
        producer: fc.constant("tidy"),
        evaluator: some({ agent, input: template }, "agent"),
        accept: some({ min_score: fc.integer({ min: 0, max: 100 }), max_iters: fc.integer({ min: 1 }) }, "min_score"),
        revise_prompt: anyText,
        review_gate: gate,
      },
      "producer",
      "evaluator",
      "accept",
    ),
  orchestrator_workers: (agent) =>
    some(
      {
        orchestrator: some({ agent, limits: some({ max_workers: fc.integer({ min: 1 }) }) }, "agent"),
        decomposition_review: gate,
        worker_template: some({ agent, tools: fc.array(plain, { maxLength: 2 }) }, "agent"),
        reduce_review: gate,
        reduce: stepOf(agent),
        writeup: stepOf(agent),
      },
      "orchestrator",
      "worker_template",
    ),
  graph: (agent) =>
    identifiers(2).chain((nodes) => {
      const to = fc.constantFrom(...nodes);
      const order = Object.keys(Object.fromEntries(nodes.map((id) => [id, 0])));
      // A line through all nodes, from which ways back may branch off; the last is the end.
      const edges = order.slice(0, -1).map((from, index) => {
        const next = order[index + 1] ?? "";
        const back = fc.record({ when: fc.constantFrom("hitl_response == 'x'", "nodes"), to });
        return fc.oneof(
          fc.constant({ from, to: [next] }),
          fc.array(back, { maxLength: 2 }).map((ways) => ({ from, choose: [...ways, { when: "else", to: next }] })),
        );
      });
      return some(
        {
          max_iterations: fc.integer({ min: 1 }),
          nodes: fc
            .tuple(...order.map(() => fc.oneof(some({ agent, input: template }, "agent"), pause)))
            .map((all) => Object.fromEntries(order.map((id, index) => [id, all[index]]))),
          node_order: fc.constant(order),
          edges: fc.tuple(...edges),
        },
        "nodes",
        "edges",
      );
    }),
};

/** Any spec of a pattern that a file can hold and the checks of core have nothing against. */
export function arbitrarySpec(type: PatternSpec["type"]): fc.Arbitrary<Spec> {
  return identifiers(1, 3).chain((names) => {
    const agents = fc
      .tuple(...names.map(() => agentSpec))
      .map((all) =>
        Object.fromEntries([...names.map((id, index) => [id, all[index]]), ["tidy", { prompt: "You write." }]]),
      );
    return some(
      {
        version: fc.oneof(fc.nat(3), plain),
        name: plain.map((text) => text || "w"),
        ...sections,
        runtime,
        agents,
        pattern: configs[type](fc.constantFrom(...names)).map((config) => ({ type, config })),
      },
      "version",
      "name",
      "runtime",
      "agents",
      "pattern",
    ) as unknown as fc.Arbitrary<Spec>;
  });
}
