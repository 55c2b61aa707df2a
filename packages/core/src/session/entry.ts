import type { ErrorRecord } from "../error/strands-error.js";
import type { FinishReason, ToolCall, ToolResult, Usage } from "../model/model.js";
import type { JsonValue } from "../spec/json.js";

/** Version of the entry format this code writes. See `decisions/0002-journal-format.md`. */
export const entryVersion = 1;

/**
 * What happened, by kind. Kinds are never reused for another meaning; a reader refuses a kind it does not know.
 * Keys of bodies may be added in a later version of this format, never removed.
 */
export interface EntryBodies {
  /** A run took the session on. Key: `run/<runId>`. */
  readonly "run.started": { readonly runId: string; readonly owner: string };
  /** The run ended with open interrupts. */
  readonly "run.paused": RunEnd & { readonly interrupts: readonly string[] };
  readonly "run.completed": RunEnd & { readonly lastResponse: string; readonly agentId: string };
  readonly "run.failed": RunEnd & { readonly error: ErrorRecord };
  readonly "run.cancelled": RunEnd & { readonly reason: string; readonly rejected?: true };
  /** One model call that succeeded. Key: `<step>/model/<n>`. */
  readonly model: ModelEntryBody;
  /**
   * A tool is about to be called. Key: `<step>/tools/<n>.<i>/intent`, for call `i` of model answer `n`; the repeats that a
   * person allowed end in `/1`, `/2` and so on.
   */
  readonly "tool.intent": {
    readonly agentId: string;
    readonly call: ToolCall;
    readonly effect: "read" | "idempotent" | "once";
  };
  /** What the tool gave. Key: `<step>/tools/<n>.<i>`. */
  readonly "tool.result": { readonly result: ToolResult };
  /**
   * A value computed once. `run/<runId>/idle/<n>` is the engine's: milliseconds in which the run did nothing but wait for a
   * person at hand.
   */
  readonly value: { readonly value: JsonValue };
  /** A person is asked. Key: the step's. */
  readonly "interrupt.opened": InterruptRecord;
  /** A person has answered. Key: `<step>/answer`. */
  readonly "interrupt.answered": InterruptAnswer;
  /** The files about to be written. Key: `artifacts`. */
  readonly "artifacts.intent": { readonly files: readonly ArtifactRecord[] };
  /** One of them is in place. Key: `artifacts/<n>`. */
  readonly "artifact.written": { readonly path: string };
}

/** What every end of a run says. */
interface RunEnd {
  readonly runId: string;
  /** What failed attempts have used, as far as the provider reported it, where no `model` entry came of the call. */
  readonly failedUsage?: Usage;
}

export interface ModelEntryBody {
  readonly agentId: string;
  /** The user prompt; only on the first call of a turn. */
  readonly input?: string;
  readonly text: string;
  readonly toolCalls?: readonly ToolCall[];
  /** What the model is told next because this answer does not fit its agent's output schema: the turn goes on. */
  readonly correction?: string;
  readonly finish: FinishReason;
  readonly usage: Usage;
  /** The usage is our estimate: the provider reported none. */
  readonly estimated?: true;
  /** What the attempts that failed before have used, as far as the provider reported it. It counts like {@link usage}. */
  readonly failedUsage?: Usage;
  readonly provider: string;
  readonly modelId?: string;
  /** When the attempt that succeeded began, in milliseconds since the epoch; the entry's `at` is when it ended. */
  readonly startedAt?: number;
  /** Attempts it took; absent means one. */
  readonly attempts?: number;
}

/** What a person is asked. */
export interface InterruptRecord {
  /** Random; names this very question. */
  readonly id: string;
  /** SHA-256 over everything that gives the question its meaning, in hex. */
  readonly digest: string;
  readonly stepKey: string;
  /** Name of the pause in the spec: its `id`, or that of its task or node. */
  readonly name?: string;
  /** `input` asks for free text, `tool` asks whether an interrupted tool call happened. */
  readonly type: "input" | "tool";
  readonly prompt: string;
  /** What the person is shown next to the prompt; empty when there is nothing. */
  readonly context: string;
  readonly choices?: readonly string[];
  /** What may be answered, in words. */
  readonly accepts?: string;
  /** The answer may be feedback (`modify`): the step before then runs again and the question is asked anew. */
  readonly revisable?: true;
  /** Regular expression the answer must match. */
  readonly pattern?: string;
  /** Answer taken when the time is up. */
  readonly default?: string;
  /** When the time is up, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

export interface InterruptAnswer {
  /** Id of the interrupt. */
  readonly id: string;
  /** Digest of the interrupt as it was shown. */
  readonly digest: string;
  readonly response: string;
  /**
   * What the response is when it is no plain answer. `modify`: feedback with which the step before is to run again.
   * `reject`: the reason to end the run.
   */
  readonly action?: "modify" | "reject";
  readonly source: "person" | "timeout";
  /** Who answered, as far as the caller says. */
  readonly by?: string;
}

export interface ArtifactRecord {
  readonly path: string;
  /** SHA-256 of the bytes, in hex. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly bytes: number;
}

export type EntryKind = keyof EntryBodies;

/** What a writer hands to the journal; sequence number, epoch and time are given when it is appended. */
export type EntryDraft = {
  [K in EntryKind]: { readonly key: string; readonly kind: K; readonly body: EntryBodies[K] };
}[EntryKind];

/** One line of the journal. */
export type Entry = EntryDraft & {
  readonly v: typeof entryVersion;
  /** 1 for the first entry; no gaps. */
  readonly seq: number;
  /** Number of the writer's turn at the session. */
  readonly epoch: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
};
