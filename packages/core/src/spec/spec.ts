import type { JsonObject, JsonValue } from "./json.js";

/**
 * A workflow as plain data, exactly as a file says it (keys in snake_case), with defaults not filled in.
 * Published as JSON Schema by `@strands/loader`.
 */
export interface Spec {
  readonly version: number | string;
  readonly name: string;
  readonly description?: string;
  readonly metadata?: SpecMetadata;
  readonly tags?: readonly string[];
  readonly runtime: RuntimeSpec;
  readonly inputs?: InputsSpec;
  readonly env?: EnvSpec;
  readonly telemetry?: TelemetrySpec;
  readonly context_policy?: ContextPolicySpec;
  readonly skills?: readonly SkillSpec[];
  readonly tools?: ToolsSpec;
  readonly agents: Readonly<Record<string, AgentSpec>>;
  readonly pattern: PatternSpec;
  readonly outputs?: OutputsSpec;
  readonly security?: SecuritySpec;
}

export interface SpecMetadata {
  readonly name?: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RuntimeSpec {
  /** Provider of every agent that does not name its own, for example `openai` or `offline`. */
  readonly provider: string;
  readonly model_id?: string;
  readonly region?: string;
  readonly host?: string;
  readonly space_id?: string;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly max_tokens?: number;
  /** How many branches or tasks run at once. @defaultValue unlimited */
  readonly max_parallel?: number;
  readonly budgets?: BudgetsSpec;
  readonly failure_policy?: FailurePolicySpec;
  /** Time-outs of every agent; those of an agent win, one by one. */
  readonly timeout?: TimeoutSpec;
}

export interface BudgetsSpec {
  /** Agent steps of the whole session. @defaultValue unlimited, 100 nodes in a graph */
  readonly max_steps?: number;
  /** Input and output tokens of the whole session. @defaultValue unlimited */
  readonly max_tokens?: number;
  /** Seconds of work of the whole session; time spent paused does not count. @defaultValue unlimited */
  readonly max_duration_s?: number;
  /** Share of a budget at which a warning event is sent. @defaultValue 0.8 */
  readonly warn_threshold?: number;
}

export interface FailurePolicySpec {
  /** Attempts after the first. @defaultValue 2 */
  readonly retries?: number;
  /** @defaultValue "exponential" */
  readonly backoff?: "constant" | "exponential" | "jittered";
  /** Shortest wait before an attempt, in seconds. @defaultValue 1 */
  readonly wait_min?: number;
  /** Longest wait before an attempt, in seconds. @defaultValue 60 */
  readonly wait_max?: number;
}

/** How long model calls and steps may take, in seconds above 0. @defaultValue unlimited */
export interface TimeoutSpec {
  /** One attempt of a model call, from request to last piece. */
  readonly total_s?: number;
  /** From request to first piece of the answer. */
  readonly first_token_s?: number;
  /** From one piece of the answer to the next. */
  readonly idle_s?: number;
  /** An agent's whole turn: all its model calls, tool calls, attempts and waits. */
  readonly step_s?: number;
}

export interface InputsSpec {
  readonly required?: Readonly<Record<string, InputDeclaration>>;
  readonly optional?: Readonly<Record<string, InputDeclaration>>;
  readonly values?: Readonly<Record<string, JsonValue>>;
}

export type InputType = "string" | "number" | "integer" | "boolean" | "array" | "object";

export type InputDeclaration =
  | InputType
  | {
      readonly type: InputType;
      readonly description?: string;
      readonly default?: JsonValue;
      readonly enum?: readonly JsonValue[];
    };

export interface EnvSpec {
  readonly secrets?: readonly SecretSpec[];
  readonly mounts?: Readonly<Record<string, string>>;
}

export interface SecretSpec {
  /** Name of the environment variable. */
  readonly key: string;
  /** Name of the placeholder it fills. */
  readonly name?: string;
  readonly source: "env" | "secrets_manager" | "ssm" | "file";
  readonly path?: string;
}

export interface TelemetrySpec {
  readonly otel?: { readonly endpoint?: string; readonly service_name?: string; readonly sample_ratio?: number };
  readonly redact?: { readonly tool_inputs?: boolean; readonly tool_outputs?: boolean };
}

export interface ContextPolicySpec {
  readonly compaction?: {
    readonly enabled?: boolean;
    readonly when_tokens_over?: number;
    readonly summary_ratio?: number;
    readonly preserve_recent_messages?: number;
    readonly summarization_model?: string;
  };
  readonly notes?: { readonly file: string; readonly include_last?: number; readonly format?: "markdown" | "json" };
  readonly retrieval?: { readonly jit_tools?: readonly string[]; readonly mcp_servers?: readonly string[] };
}

export interface SkillSpec {
  readonly id: string;
  readonly path: string;
  readonly description?: string;
  readonly preload_metadata?: boolean;
}

export interface ToolsSpec {
  readonly python?: readonly (string | { readonly callable: string })[];
  readonly mcp?: readonly McpServerSpec[];
  readonly http_executors?: readonly HttpExecutorSpec[];
}

export type McpServerSpec =
  | {
      readonly id: string;
      readonly command: string;
      readonly args?: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
    }
  | { readonly id: string; readonly url: string; readonly headers?: Readonly<Record<string, string>> };

export interface HttpExecutorSpec {
  readonly id: string;
  readonly base_url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout_ms?: number;
  readonly description?: string;
  readonly examples?: readonly {
    readonly description?: string;
    readonly method?: string;
    readonly path?: string;
    readonly json_data?: JsonObject;
  }[];
  readonly common_endpoints?: readonly {
    readonly path: string;
    readonly description: string;
    readonly method?: string;
  }[];
  readonly response_format?: string;
  readonly authentication_info?: string;
}

export interface InferenceSpec {
  readonly temperature?: number;
  readonly top_p?: number;
  readonly max_tokens?: number;
}

/** An agent. References (`$ref`) have been resolved by the loader. */
export interface AgentSpec {
  readonly prompt: string;
  /** Tools the agent may call. Absent means every tool declared; `[]` means none. */
  readonly tools?: readonly string[];
  /** @defaultValue `runtime.provider` */
  readonly provider?: string;
  readonly model_id?: string;
  readonly inference?: InferenceSpec;
  readonly timeout?: TimeoutSpec;
  readonly input_schema?: string | JsonObject;
  readonly output_schema?: string | JsonObject;
}

export interface AgentStepSpec {
  readonly agent: string;
  /** Template of the prompt. */
  readonly input?: string;
  /** Names for this step's template only; they win over every other. */
  readonly vars?: Readonly<Record<string, string | number | boolean>>;
  /** Replaces the agent's tool list in this step. */
  readonly tool_overrides?: readonly string[];
}

/** What a pause for a person says and accepts. */
export interface HitlFields {
  /** `manual_gate` is another name for `hitl`. */
  readonly type: "hitl" | "manual_gate";
  readonly prompt: string;
  /** Template of what the person is shown next to the prompt. */
  readonly context_display?: string;
  /** Answer taken when the time is up. @defaultValue "timeout_expired" */
  readonly default?: string;
  /** Seconds until `default` is taken; 0 means never. @defaultValue 0 */
  readonly timeout_seconds?: number;
  /** Another way to write `timeout_seconds`. */
  readonly timeout_minutes?: number;
}

export interface HitlStepSpec extends HitlFields {
  readonly id?: string;
}

/** A review gate inside a pattern. */
export interface GateSpec extends HitlFields {
  readonly id?: string;
  readonly validation?: { readonly pattern?: string };
}

export type StepSpec = AgentStepSpec | HitlStepSpec;

export type PatternSpec =
  | { readonly type: "chain"; readonly config: ChainSpec }
  | { readonly type: "workflow"; readonly config: WorkflowSpec }
  | { readonly type: "routing"; readonly config: RoutingSpec }
  | { readonly type: "parallel"; readonly config: ParallelSpec }
  | { readonly type: "evaluator_optimizer"; readonly config: EvaluatorOptimizerSpec }
  | { readonly type: "orchestrator_workers"; readonly config: OrchestratorWorkersSpec }
  | { readonly type: "graph"; readonly config: GraphSpec };

export type PatternType = PatternSpec["type"];

export interface ChainSpec {
  readonly steps: readonly StepSpec[];
}

export interface WorkflowSpec {
  readonly tasks: readonly TaskSpec[];
}

export type TaskSpec = AgentTaskSpec | HitlTaskSpec;

export interface AgentTaskSpec {
  readonly id: string;
  readonly agent: string;
  readonly deps?: readonly string[];
  readonly description?: string;
  readonly input?: string;
}

export interface HitlTaskSpec extends HitlFields {
  readonly id: string;
  readonly deps?: readonly string[];
}

export interface RoutingSpec {
  readonly router: {
    readonly agent: string;
    readonly input?: string;
    /** Attempts after the first to get a readable decision. @defaultValue 2 */
    readonly max_retries?: number;
    readonly review_router?: StepSpec;
  };
  readonly routes: Readonly<Record<string, { readonly then?: readonly StepSpec[] }>>;
  /** Names of the routes in their order, where names are whole numbers. The loader fills it in. @defaultValue that of `routes` */
  readonly route_order?: readonly string[];
}

export interface ParallelSpec {
  readonly branches: readonly BranchSpec[];
  readonly reduce?: StepSpec;
}

export interface BranchSpec {
  readonly id: string;
  readonly steps: readonly StepSpec[];
}

export interface EvaluatorOptimizerSpec {
  readonly producer: string;
  readonly evaluator: { readonly agent: string; readonly input?: string };
  readonly accept: {
    readonly min_score: number;
    /** Evaluations of the whole session. @defaultValue 3 */
    readonly max_iters?: number;
  };
  readonly revise_prompt?: string;
  readonly review_gate?: GateSpec;
}

export interface OrchestratorWorkersSpec {
  readonly orchestrator: {
    readonly agent: string;
    readonly limits?: { readonly max_workers?: number; readonly max_rounds?: number };
  };
  readonly decomposition_review?: GateSpec;
  readonly worker_template: { readonly agent: string; readonly tools?: readonly string[] };
  readonly reduce_review?: GateSpec;
  readonly reduce?: StepSpec;
  readonly writeup?: StepSpec;
}

export interface GraphSpec {
  /** Visits per node. @defaultValue 10 */
  readonly max_iterations?: number;
  /** The first node is the entry; the order of the file is kept, except for ids that are whole numbers. */
  readonly nodes: Readonly<Record<string, NodeSpec>>;
  /** Ids of the nodes in their order, where ids are whole numbers. The loader fills it in. @defaultValue that of `nodes` */
  readonly node_order?: readonly string[];
  readonly edges: readonly EdgeSpec[];
}

export type NodeSpec = { readonly agent: string; readonly input?: string } | HitlStepSpec;

export interface EdgeSpec {
  readonly from: string;
  readonly to?: readonly string[];
  readonly choose?: readonly { readonly when: string; readonly to: string }[];
}

export interface OutputsSpec {
  readonly artifacts?: readonly ArtifactSpec[];
}

export interface ArtifactSpec {
  /** Template of the path below the output directory. */
  readonly path: string;
  /** Template of the content. */
  readonly from: string;
}

export interface SecuritySpec {
  readonly guardrails?: {
    readonly deny_network?: boolean;
    readonly pii_redaction?: boolean;
    readonly allow_tools?: readonly string[];
  };
}
