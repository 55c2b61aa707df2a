import type { SpecIssue } from "../error/errors.js";
import type { ModelSettings } from "../model/model.js";
import type { PatternSpec, Spec } from "../spec/spec.js";
import type { LazyTemplate } from "./lazy-template.js";

/** A spec compiled: checked, references resolved, templates parsed. Immutable, reusable for any number of runs. */
export interface Program {
  readonly spec: Spec;
  readonly name: string;
  /** Problems that do not keep it from running. */
  readonly warnings: readonly SpecIssue[];
  readonly agents: ReadonlyMap<string, ProgramAgent>;
  readonly pattern: ProgramPattern;
  readonly artifacts: readonly ProgramArtifact[];
  readonly retry: RetryPolicy;
  readonly budgets: Budgets;
}

export interface ProgramAgent {
  readonly id: string;
  /** Rendered when every name it uses has a value, used as written otherwise. */
  readonly prompt: LazyTemplate;
  /** Tools it may call; `undefined` means every tool there is. */
  readonly tools: readonly string[] | undefined;
  readonly model: ModelSettings;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly maxTokens: number | undefined;
}

/** The pattern in the form its executor reads; a pattern whose executor comes later keeps its spec. */
export type ProgramPattern = ChainProgram | Exclude<PatternSpec, { readonly type: "chain" }>;

export interface ChainProgram {
  readonly type: "chain";
  readonly steps: readonly ProgramStep[];
}

export type ProgramStep = ProgramAgentStep | ProgramHitlStep;

export interface ProgramAgentStep {
  readonly type: "agent";
  readonly agentId: string;
  readonly input: LazyTemplate;
  /** Names for this step only. */
  readonly vars: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Replaces the agent's tool list. */
  readonly tools: readonly string[] | undefined;
}

export interface ProgramHitlStep {
  readonly type: "hitl";
  /** Rendered when every name it uses has a value, used as written otherwise. */
  readonly prompt: LazyTemplate;
  readonly context: LazyTemplate | undefined;
  readonly default: string | undefined;
  /** Milliseconds until the default is taken; `undefined` means never. */
  readonly timeoutMs: number | undefined;
  /** Regular expression the answer must match. */
  readonly pattern: string | undefined;
}

export interface ProgramArtifact {
  readonly path: LazyTemplate;
  readonly content: LazyTemplate;
}

export interface RetryPolicy {
  /** Attempts in all, at least 1. */
  readonly attempts: number;
  readonly backoff: "constant" | "exponential" | "jittered";
  readonly minMs: number;
  readonly maxMs: number;
}

/** Limits over the whole session; `undefined` means none. */
export interface Budgets {
  readonly maxSteps: number | undefined;
  readonly maxTokens: number | undefined;
  readonly maxDurationMs: number | undefined;
  /** Share of a limit at which a warning event is sent. */
  readonly warnAt: number;
}
