import type { JsonValue, SpecIssue } from "@strands/core";

/** A position in a file. */
export interface PlanPosition {
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** Where a part of the workflow stands. */
export interface PlanPlace {
  /** JSON pointer. */
  readonly pointer: string;
  /** 1-based line and column in the file, when it is known. */
  readonly line?: number;
  readonly column?: number;
}

/** How often something happens: at least and at most; `null` means that nothing limits it. */
export interface PlanRange {
  readonly least: number;
  readonly most: number | null;
}

/** What a workflow would do, worked out without running it. Plain data. */
export interface Plan {
  readonly name: string;
  readonly version: number | string;
  readonly description: string | null;
  readonly pattern: string;
  readonly runtime: {
    readonly provider: string;
    readonly modelId: string | null;
    readonly region: string | null;
    readonly host: string | null;
  };
  readonly agents: readonly PlanAgent[];
  /** What may run, in the order of the file. */
  readonly units: readonly PlanUnit[];
  readonly edges: readonly PlanEdge[];
  readonly pauses: readonly PlanPause[];
  readonly modelCalls: PlanCalls;
  readonly variables: readonly PlanVariable[];
  /** Names that a template or condition reads where they can never have a value, unless a variable gives them one. */
  readonly neverDefined: readonly (PlanUse & { readonly name: string })[];
  readonly artifacts: readonly (PlanPlace & { readonly path: string })[];
  readonly limits: {
    /** Branches, tasks or workers at once; `null` means all. */
    readonly atOnce: number | null;
    readonly maxSteps: number | null;
    readonly maxTokens: number | null;
    readonly maxDurationMs: number | null;
  };
  /** What is worth knowing although it can run. */
  readonly warnings: readonly SpecIssue[];
}

export interface PlanAgent extends PlanPlace {
  readonly id: string;
  readonly provider: string;
  readonly modelId: string | null;
  /** Ids of the tools it may call; `null` means every tool there is. */
  readonly tools: readonly string[] | null;
  /** Ids of the units it works in. */
  readonly usedBy: readonly string[];
}

/** A unit of work: the turn of an agent, or a question to a person. */
export interface PlanUnit extends PlanPlace {
  /** Names the unit within the plan, for example `steps/0` or `nodes/review`. */
  readonly id: string;
  /**
   * The key that its steps have in sessions, events and scripts: exact where there is one, else with placeholders for numbers
   * that count up, such as `nodes/review/<n>` or `workers/<round>/<n>`.
   */
  readonly key: string;
  /** The first of these keys, such as `nodes/review/1`; the same as `key` where there is one. */
  readonly firstKey: string;
  /** What the file calls it. */
  readonly name: string;
  readonly kind: "agent" | "person";
  /** `null` for a person. */
  readonly agent: string | null;
  /** The branch or route it belongs to. */
  readonly group: string | null;
  /** How often it takes place. For an agent these are turns, calls for a readable answer included. */
  readonly times: PlanRange;
  /** Whether its agent may call tools. */
  readonly tools: boolean;
}

/** What comes after what. `from` and `to` are ids of units, `start` or `end`. */
export interface PlanEdge {
  readonly from: string;
  readonly to: string;
  /** When it is taken; `null` means always. */
  readonly label: string | null;
}

/** A place where a run may stop to ask a person. */
export interface PlanPause extends PlanPlace {
  readonly unit: string;
  readonly prompt: string;
  /** When it is reached. */
  readonly when: string;
  /** How often, feedback left out. */
  readonly times: PlanRange;
  /** Milliseconds until the default is taken; `null` means it waits. */
  readonly timeoutMs: number | null;
  readonly default: string | null;
  /** Regular expression the answer must match. */
  readonly answerPattern: string | null;
  /** Model calls when the person asks for another version, each time. */
  readonly callsOnFeedback: number;
}

/** Model calls of one run. A session that failed for want of a readable answer asks anew when it is resumed. */
export interface PlanCalls extends PlanRange {
  /** Why nothing limits them, or what does. */
  readonly reasons: readonly string[];
  /** Calls of a turn in which tools are called again and again; 1 where no agent has tools. */
  readonly perTurn: number;
  /** Tries of a call that fails. */
  readonly attempts: number;
  /** Requests to a provider when everything is at its worst; `null` means that nothing limits them. */
  readonly requests: number | null;
}

export interface PlanVariable {
  readonly name: string;
  /** `null` when it is used without being declared. */
  readonly declared: (PlanPlace & { readonly as: "required" | "optional" | "value" }) | null;
  readonly type: string | null;
  /** The value it has when none is given; `null` when it has none. */
  readonly default: JsonValue;
  /** Whether a run needs to be given a value. */
  readonly needed: boolean;
  readonly usedAt: readonly PlanUse[];
}

/** A place where a name is read. */
export interface PlanUse extends PlanPlace {
  /** 1-based line and column inside the text; absent where all inputs are read at once. */
  readonly textLine?: number;
  readonly textColumn?: number;
}
