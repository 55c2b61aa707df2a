import { inputTypes } from "@strands/core";
import { z } from "zod";
import { agentReferenceSchema, agentSchema } from "./agent-schema.js";
import {
  choice,
  define,
  describe,
  filledMap,
  identifier,
  number,
  text,
  textMap,
  texts,
  uniqueTexts,
} from "./describe.js";
import { patternConfigs, patternTypes } from "./pattern-schema.js";
import { timeoutSchema } from "./timeout-schema.js";

const runtime = define(
  "runtime",
  z.strictObject({
    provider: text("Who runs the model, for example `openai`, `ollama` or `offline`.", {
      examples: ["openai", "anthropic", "gemini", "bedrock", "ollama", "offline"],
    }),
    model_id: text("Model of every agent that does not name its own.").optional(),
    region: text("Region of Bedrock. Default: that of the AWS environment.").optional(),
    host: text("Base URL of the model server. Default: what the environment says, else the vendor's.", {
      format: "uri",
    }).optional(),
    space_id: text("Read, but not acted on.").optional(),
    temperature: number("temperature", "Randomness of the answers.").optional(),
    top_p: number("top_p", "Share of the probability mass to sample from.").optional(),
    max_tokens: number("max_tokens", "Most tokens of one answer.").optional(),
    max_parallel: number("max_parallel", "How many branches or tasks run at once. Default: no limit.").optional(),
    budgets: describe(
      z.strictObject({
        max_steps: number("max_steps", "Agent steps of the whole session.").optional(),
        max_tokens: number("max_tokens", "Tokens of the whole session, input and output.").optional(),
        max_duration_s: number(
          "max_duration_s",
          "Seconds of work of the whole session, pauses not counted.",
        ).optional(),
        warn_threshold: number("warn_threshold", "Share of a budget at which a warning is sent.", {
          default: 0.8,
        }).optional(),
      }),
      "Limits of the whole session.",
    ).optional(),
    failure_policy: describe(
      z.strictObject({
        retries: number("retries", "Attempts after the first.", { default: 2 }).optional(),
        backoff: choice("backoff", "How waits grow.", { default: "exponential" }).optional(),
        wait_min: number("wait_min", "Shortest wait before an attempt, in seconds.", { default: 1 }).optional(),
        wait_max: number("wait_max", "Longest wait before an attempt, in seconds.", { default: 60 }).optional(),
      }),
      "What happens when a model call fails.",
    ).optional(),
    timeout: timeoutSchema.optional(),
  }),
  "Which model runs, and within which limits.",
);

const inputDeclaration = define(
  "inputDeclaration",
  z.union([
    z.enum(inputTypes),
    z.strictObject({
      type: describe(z.enum(inputTypes), "Type of the input."),
      description: text("What the input is for.").optional(),
      default: describe(z.unknown(), "Value when none is given.").optional(),
      enum: describe(z.array(z.unknown()), "The values it should be one of.").optional(),
    }),
  ]),
  "Type of an input, or a mapping that says more.",
);

const inputs = define(
  "inputs",
  z.strictObject({
    required: describe(z.record(z.string(), inputDeclaration), "Inputs that must be given.").optional(),
    optional: describe(z.record(z.string(), inputDeclaration), "Inputs that may be given.").optional(),
    values: describe(z.record(z.string(), z.unknown()), "Values by name.").optional(),
  }),
  "Names that templates can use.",
);

const env = define(
  "env",
  z.strictObject({
    secrets: describe(
      z.array(
        z.strictObject({
          key: identifier("Name of the environment variable."),
          name: text("Name of the placeholder it fills. Default: the key.").optional(),
          source: describe(z.enum(["env", "secrets_manager", "ssm", "file"]), "Where it comes from; only `env` works."),
          path: text("Read, but not acted on.").optional(),
        }),
      ),
      "Secrets that fill placeholders in headers.",
    ).optional(),
    mounts: textMap("Read, but not acted on.").optional(),
  }),
  "Secrets from outside.",
);

const telemetry = define(
  "telemetry",
  z.strictObject({
    otel: describe(
      z.strictObject({
        endpoint: text("Address of the collector.", { format: "uri" }).optional(),
        service_name: text("Name the spans carry.").optional(),
        sample_ratio: number("sample_ratio", "Share of runs that are traced.", { default: 1 }).optional(),
      }),
      "Where spans go.",
    ).optional(),
    redact: describe(
      z.strictObject({
        tool_inputs: describe(z.boolean(), "Leave out what tools are given.", { default: true }).optional(),
        tool_outputs: describe(z.boolean(), "Leave out what tools answer.", { default: false }).optional(),
      }),
      "What spans leave out.",
    ).optional(),
  }),
  "Tracing.",
);

const toolIds = (description: string) => describe(z.array(z.string().regex(/^[A-Za-z0-9_-]+$/)), description);

const contextPolicy = define(
  "contextPolicy",
  z.strictObject({
    compaction: describe(
      z.strictObject({
        enabled: describe(z.boolean(), "Whether long conversations are shortened.", { default: true }).optional(),
        when_tokens_over: number("when_tokens_over", "Tokens from which a conversation is shortened.").optional(),
        summary_ratio: number("summary_ratio", "Share of the conversation that is summed up.", {
          default: 0.35,
        }).optional(),
        preserve_recent_messages: number("preserve_recent_messages", "Messages kept as they are.", {
          default: 12,
        }).optional(),
        summarization_model: text("Model that writes the summary.").optional(),
      }),
      "Shortening of long conversations.",
    ).optional(),
    notes: describe(
      z.strictObject({
        file: text("File the notes are kept in."),
        include_last: number("include_last", "Notes an agent is shown.", { default: 12 }).optional(),
        format: choice("format", "Format of the file.", { default: "markdown" }).optional(),
      }),
      "Notes that outlive a step.",
    ).optional(),
    retrieval: describe(
      z.strictObject({
        jit_tools: toolIds("Tools to look things up with.").optional(),
        mcp_servers: toolIds("MCP servers to look things up with.").optional(),
      }),
      "Tools that fetch context when it is needed.",
    ).optional(),
  }),
  "What agents are shown of the past.",
);

const skill = z.strictObject({
  id: identifier("Id of the skill."),
  path: text("Folder of the skill."),
  description: text("What the skill is for.").optional(),
  preload_metadata: describe(z.boolean(), "Read, but not acted on.", { default: false }).optional(),
});

const httpExecutor = define(
  "httpExecutor",
  z.strictObject({
    id: identifier("Id of the tool."),
    base_url: text("Address every call starts with.", { format: "uri" }),
    headers: textMap("Headers of every call; placeholders are filled from the secrets.").optional(),
    timeout_ms: number("timeout_ms", "Longest time of one call, in milliseconds.").optional(),
    description: text("What the tool is for, for the model.").optional(),
    examples: describe(
      z.array(
        z.looseObject({
          description: z.string().optional(),
          method: z.string().optional(),
          path: z.string().optional(),
          json_data: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
      "Sample calls, for the model.",
    ).optional(),
    common_endpoints: describe(
      z.array(z.looseObject({ path: z.string(), description: z.string(), method: z.string().optional() })),
      "Endpoints worth knowing, for the model.",
    ).optional(),
    response_format: text("What answers look like, for the model.").optional(),
    authentication_info: text("How calls are authenticated, for the model.").optional(),
  }),
  "An HTTP API as a tool.",
);

const tools = define(
  "tools",
  z.strictObject({
    python: describe(
      z.array(z.union([z.string(), z.strictObject({ callable: text("Name of the tool.") })])),
      "Native tools by name.",
    ).optional(),
    mcp: describe(
      z.array(
        z.union([
          z.strictObject({
            id: identifier("Id of the server."),
            command: text("Program to start."),
            args: texts("Its arguments.").optional(),
            env: textMap("Its environment.").optional(),
          }),
          z.strictObject({
            id: identifier("Id of the server."),
            url: text("Address of the server.", { format: "uri" }),
            headers: textMap("Headers of every call.").optional(),
          }),
        ]),
      ),
      "MCP servers.",
    ).optional(),
    http_executors: describe(z.array(httpExecutor), "HTTP APIs.").optional(),
  }),
  "Tools that agents may call.",
);

const sections = {
  version: describe(z.union([z.int(), z.string()]), "Version of the format: 0.", { default: 0 }),
  name: describe(z.string().min(1), "Name of the workflow."),
  description: text("What the workflow is for.").optional(),
  metadata: describe(
    z.strictObject({
      name: describe(z.string().min(1), "Another name.").optional(),
      description: text("More about the workflow.").optional(),
      labels: textMap("Labels by name.").optional(),
    }),
    "Facts about the workflow that change nothing.",
  ).optional(),
  tags: uniqueTexts(z.string().regex(/^[a-z0-9][a-z0-9._-]*$/), "Words to find the workflow by.").optional(),
  runtime,
  inputs: inputs.optional(),
  env: env.optional(),
  telemetry: telemetry.optional(),
  context_policy: contextPolicy.optional(),
  skills: describe(z.array(skill), "Folders of instructions that agents can load.").optional(),
  tools: tools.optional(),
  outputs: define(
    "outputs",
    z.strictObject({
      artifacts: describe(
        z.array(
          z.strictObject({
            path: text("Template of the path below the output folder."),
            from: text("Template of the content."),
          }),
        ),
        "Files written at the end.",
      ).optional(),
    }),
    "What the workflow leaves behind.",
  ).optional(),
  security: define(
    "security",
    z.strictObject({
      guardrails: describe(
        z.strictObject({
          deny_network: describe(z.boolean(), "Forbid calls to the network.").optional(),
          pii_redaction: describe(z.boolean(), "Hide personal data.").optional(),
          allow_tools: texts("Only these tools may be called.").optional(),
        }),
        "Limits on what agents may do.",
      ).optional(),
    }),
    "Limits on what agents may do.",
  ).optional(),
};

/** Everything but the pattern, which `checkStructure` judges by its type, with every reference resolved. */
export const specSchema: z.ZodType = z.strictObject({
  ...sections,
  agents: filledMap(agentSchema, "The agents by id."),
  pattern: z.unknown(),
});

/** The whole file as editors see it. Type and config of the pattern are not tied together here, as in the format. */
export const publishedSchema: z.ZodType = z.strictObject({
  ...sections,
  agents: filledMap(z.union([agentSchema, agentReferenceSchema]), "The agents by id."),
  pattern: define(
    "pattern",
    z.strictObject({
      type: describe(z.enum(patternTypes), "Which pattern runs the agents."),
      config: describe(z.union(Object.values(patternConfigs)), "What the pattern of this type needs."),
    }),
    "How the agents work together.",
  ),
});
