/** What may stand at a place of a spec. */
export interface Form {
  /** What a message calls it. */
  readonly called: string;
  readonly fits: (value: unknown) => boolean;
  /** The form of a member; `undefined` where anything may stand. */
  readonly member?: (key: string) => Form | undefined;
  /** Members that must be there. */
  readonly needs?: (holder: object) => readonly string[];
}

type Members = Readonly<Record<string, Form>>;

const text: Form = { called: "a text", fits: (value) => typeof value === "string" };
const flag: Form = { called: "true or false", fits: (value) => typeof value === "boolean" };
const object: Form = {
  called: "an object",
  fits: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
/** Whether it is one, and in its range, is looked at with the other numbers. */
const number: Form = { called: "a number", fits: () => true };
const scalar: Form = {
  called: "a text, a number, true or false",
  fits: (value) => ["string", "number", "boolean"].includes(typeof value),
};
const version: Form = {
  called: "a whole number or a text",
  fits: (value) => typeof value === "string" || Number.isSafeInteger(value),
};

function list(item?: Form): Form {
  return { called: "a list", fits: Array.isArray, member: () => item };
}

function map(entry: Form): Form {
  return { ...object, member: () => entry };
}

function record(members: Members, ...needs: readonly string[]): Form {
  return { ...object, member: (key) => (Object.hasOwn(members, key) ? members[key] : undefined), needs: () => needs };
}

/** A text in place of a longer form. */
function textOr(form: Form): Form {
  return { ...form, called: `a text or ${form.called}`, fits: (value) => text.fits(value) || form.fits(value) };
}

/** A step of an agent, or a pause for a person: that has a `type` and no `agent`. */
function step(members: Members, ...needs: readonly string[]): Form {
  const isPause = (holder: object): boolean => Object.hasOwn(holder, "type") && !Object.hasOwn(holder, "agent");
  return {
    ...record({ ...pause, agent: text, input: text, ...members }),
    needs: (holder) => [...needs, isPause(holder) ? "prompt" : "agent"],
  };
}

const texts = list(text);
const namedTexts = map(text);
const pause: Members = {
  type: text,
  id: text,
  prompt: text,
  context_display: text,
  default: text,
  validation: record({ pattern: text }),
};
const gate = record(pause, "type", "prompt");
const agentOrPause = step({ vars: map(scalar), tool_overrides: texts });
const steps = list(agentOrPause);

/** The configuration of each pattern. */
const configs: Members = {
  chain: record({ steps }, "steps"),
  workflow: record({ tasks: list(step({ deps: texts, description: text }, "id")) }, "tasks"),
  routing: record(
    {
      router: record({ agent: text, input: text, review_router: agentOrPause }, "agent"),
      // biome-ignore lint/suspicious/noThenProperty: a key of the format
      routes: map(record({ then: steps })),
      route_order: texts,
    },
    "router",
    "routes",
  ),
  parallel: record({ branches: list(record({ id: text, steps }, "id", "steps")), reduce: agentOrPause }, "branches"),
  evaluator_optimizer: record(
    {
      producer: text,
      evaluator: record({ agent: text, input: text }, "agent"),
      accept: record({ min_score: number }, "min_score"),
      revise_prompt: text,
      review_gate: gate,
    },
    "producer",
    "evaluator",
    "accept",
  ),
  orchestrator_workers: record(
    {
      orchestrator: record({ agent: text, limits: object }, "agent"),
      decomposition_review: gate,
      worker_template: record({ agent: text, tools: texts }, "agent"),
      reduce_review: gate,
      reduce: agentOrPause,
      writeup: agentOrPause,
    },
    "orchestrator",
    "worker_template",
  ),
  graph: record(
    {
      nodes: map(agentOrPause),
      node_order: texts,
      edges: list(
        record({ from: text, to: texts, choose: list(record({ when: text, to: text }, "when", "to")) }, "from"),
      ),
    },
    "nodes",
    "edges",
  ),
};

/** The configuration of a pattern; anything for one that is not known, which is said elsewhere. */
export function configForm(type: unknown): Form {
  return Object.hasOwn(configs, String(type)) ? (configs[String(type)] as Form) : object;
}

const schema = textOr(object);
const inputs = map(textOr(record({ type: text, description: text, enum: list() }, "type")));

/** The whole spec, but for the configuration of its pattern. Numbers have ranges, and some texts choices: see `field-limits.ts`. */
export const specForm: Form = record(
  {
    version,
    name: text,
    description: text,
    metadata: record({ name: text, description: text, labels: namedTexts }),
    tags: texts,
    runtime: record(
      {
        provider: text,
        model_id: text,
        region: text,
        host: text,
        space_id: text,
        budgets: object,
        failure_policy: object,
        timeout: object,
      },
      "provider",
    ),
    inputs: record({ required: inputs, optional: inputs, values: object }),
    env: record({
      secrets: list(record({ key: text, name: text, source: text, path: text }, "key", "source")),
      mounts: namedTexts,
    }),
    telemetry: record({
      otel: record({ endpoint: text, service_name: text }),
      redact: record({ tool_inputs: flag, tool_outputs: flag }),
    }),
    context_policy: record({
      compaction: record({ enabled: flag, summarization_model: text }),
      notes: record({ file: text, format: text }, "file"),
      retrieval: record({ jit_tools: texts, mcp_servers: texts }),
    }),
    skills: list(record({ id: text, path: text, description: text, preload_metadata: flag }, "id", "path")),
    tools: record({
      python: list(textOr(record({ callable: text }, "callable"))),
      mcp: list(
        record({ id: text, command: text, args: texts, env: namedTexts, url: text, headers: namedTexts }, "id"),
      ),
      http_executors: list(
        record(
          {
            id: text,
            base_url: text,
            headers: namedTexts,
            description: text,
            examples: list(record({ description: text, method: text, path: text, json_data: object })),
            common_endpoints: list(record({ path: text, description: text, method: text }, "path", "description")),
            response_format: text,
            authentication_info: text,
          },
          "id",
          "base_url",
        ),
      ),
    }),
    agents: map(
      record(
        {
          prompt: text,
          tools: texts,
          provider: text,
          model_id: text,
          inference: object,
          timeout: object,
          input_schema: schema,
          output_schema: schema,
        },
        "prompt",
      ),
    ),
    pattern: record({ type: text, config: object }, "type", "config"),
    outputs: record({ artifacts: list(record({ path: text, from: text }, "path", "from")) }),
    security: record({ guardrails: record({ deny_network: flag, pii_redaction: flag, allow_tools: texts }) }),
  },
  "version",
  "name",
  "runtime",
  "agents",
  "pattern",
);
