import type {
  AgentSpec,
  ArtifactSpec,
  BudgetsSpec,
  ContextPolicySpec,
  EnvSpec,
  FailurePolicySpec,
  HttpExecutorSpec,
  InferenceSpec,
  InputDeclaration,
  InputsSpec,
  McpServerSpec,
  OutputsSpec,
  RuntimeSpec,
  SecretSpec,
  SecuritySpec,
  SkillSpec,
  Spec,
  SpecMetadata,
  TelemetrySpec,
  TimeoutSpec,
  ToolsSpec,
} from "@strands/core";
import type { Field, ShapeField } from "./field.js";
import {
  choice,
  either,
  filledText,
  flag,
  identifier,
  integer,
  json,
  list,
  map,
  seconds,
  shape,
  share,
  text,
  toolId,
  uniqueList,
} from "./field.js";
import { patternFields } from "./pattern-fields.js";

type Part<T, Key extends keyof T> = NonNullable<T[Key]>;

const anyInteger: Field = { type: "number", whole: true };
const texts = list(text);
const textMap = map(text);

const timeout = shape<TimeoutSpec>({ total_s: seconds, first_token_s: seconds, idle_s: seconds, step_s: seconds });

const runtime = shape<RuntimeSpec>(
  {
    provider: text,
    model_id: text,
    region: text,
    host: text,
    space_id: text,
    temperature: share(2),
    top_p: share(1),
    max_tokens: integer(1),
    max_parallel: integer(1),
    budgets: shape<BudgetsSpec>({
      max_steps: integer(1),
      max_tokens: integer(1),
      max_duration_s: integer(1),
      warn_threshold: share(1),
    }),
    failure_policy: shape<FailurePolicySpec>({
      retries: integer(0),
      backoff: choice("constant", "exponential", "jittered"),
      wait_min: integer(0),
      wait_max: integer(0),
    }),
    timeout,
  },
  "provider",
);

const inputType = choice("string", "number", "integer", "boolean", "array", "object");
const declarations = map(
  either(
    inputType,
    shape<Exclude<InputDeclaration, string>>(
      { type: inputType, description: text, default: json, enum: list(json) },
      "type",
    ),
  ),
);
const inputs = shape<InputsSpec>({ required: declarations, optional: declarations, values: map(json) });

const secret = shape<SecretSpec>(
  { key: identifier, name: text, source: choice("env", "secrets_manager", "ssm", "file"), path: text },
  "key",
  "source",
);
const env = shape<EnvSpec>({ secrets: list(secret), mounts: textMap });

const telemetry = shape<TelemetrySpec>({
  otel: shape<Part<TelemetrySpec, "otel">>({ endpoint: text, service_name: text, sample_ratio: share(1) }),
  redact: shape<Part<TelemetrySpec, "redact">>({ tool_inputs: flag, tool_outputs: flag }),
});

const contextPolicy = shape<ContextPolicySpec>({
  compaction: shape<Part<ContextPolicySpec, "compaction">>({
    enabled: flag,
    when_tokens_over: integer(1000),
    summary_ratio: share(1),
    preserve_recent_messages: integer(1),
    summarization_model: text,
  }),
  notes: shape<Part<ContextPolicySpec, "notes">>(
    { file: text, include_last: integer(1), format: choice("markdown", "json") },
    "file",
  ),
  retrieval: shape<Part<ContextPolicySpec, "retrieval">>({ jit_tools: list(toolId), mcp_servers: list(toolId) }),
});

const skill = shape<SkillSpec>({ id: identifier, path: text, description: text, preload_metadata: flag }, "id", "path");

type McpCommand = Extract<McpServerSpec, { readonly command: string }>;
type McpAddress = Extract<McpServerSpec, { readonly url: string }>;
const mcpServer = either(
  shape<McpCommand>({ id: identifier, command: text, args: texts, env: textMap }, "id", "command"),
  shape<McpAddress>({ id: identifier, url: text, headers: textMap }, "id", "url"),
);

const httpExecutor = shape<HttpExecutorSpec>(
  {
    id: identifier,
    base_url: text,
    headers: textMap,
    timeout_ms: integer(1),
    description: text,
    examples: list(
      shape<Part<HttpExecutorSpec, "examples">[number]>({
        description: text,
        method: text,
        path: text,
        json_data: map(json),
      }),
    ),
    common_endpoints: list(
      shape<Part<HttpExecutorSpec, "common_endpoints">[number]>(
        { path: text, description: text, method: text },
        "path",
        "description",
      ),
    ),
    response_format: text,
    authentication_info: text,
  },
  "id",
  "base_url",
);

const tools = shape<ToolsSpec>({
  python: list(either(text, shape<{ readonly callable: string }>({ callable: text }, "callable"))),
  mcp: list(mcpServer),
  http_executors: list(httpExecutor),
});

const contract = either(text, map(json));
const agent = shape<AgentSpec>(
  {
    prompt: text,
    tools: texts,
    provider: text,
    model_id: text,
    inference: shape<InferenceSpec>({ temperature: share(2), top_p: share(1), max_tokens: integer(1) }),
    timeout,
    input_schema: contract,
    output_schema: contract,
  },
  "prompt",
);

const sections = {
  version: either(anyInteger, text),
  name: filledText,
  description: text,
  metadata: shape<SpecMetadata>({ name: filledText, description: text, labels: textMap }),
  tags: uniqueList({ type: "text", pattern: /^[a-z0-9][a-z0-9._-]*$/ }),
  runtime,
  inputs,
  env,
  telemetry,
  context_policy: contextPolicy,
  skills: list(skill),
  tools,
  agents: map(agent),
  pattern: json,
  outputs: shape<OutputsSpec>({ artifacts: list(shape<ArtifactSpec>({ path: text, from: text }, "path", "from")) }),
  security: shape<SecuritySpec>({
    guardrails: shape<Part<SecuritySpec, "guardrails">>({
      deny_network: flag,
      pii_redaction: flag,
      allow_tools: texts,
    }),
  }),
} satisfies { readonly [Key in keyof Spec]-?: Field };

/** The whole format, with the config of one pattern. */
export function specFields(patternType: string | undefined): ShapeField {
  return byPattern.get(patternType) ?? withConfig(json);
}

function withConfig(config: Field): ShapeField {
  const pattern = shape<{ type: string; config: unknown }>(
    { type: choice(...Object.keys(patternFields)), config },
    "type",
    "config",
  );
  return shape<Spec>({ ...sections, pattern }, "version", "name", "runtime", "agents", "pattern");
}

const byPattern: ReadonlyMap<string | undefined, ShapeField> = new Map(
  Object.entries(patternFields).map(([type, config]) => [type, withConfig(config)]),
);
