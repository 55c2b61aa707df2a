import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** An execution of the reference engine, or one that was written by hand; `conformance/README.md` says what the fields mean. */
export interface RecordedCase {
  readonly case: string;
  readonly file: string;
  readonly pattern: string;
  /** For a case that was written by hand: the sentence or decision it follows from. */
  readonly purpose: string | null;
  readonly variables: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly answers: readonly RecordedAnswer[];
  readonly calls: readonly RecordedCall[];
  readonly pauses: readonly RecordedPause[];
  readonly runs: readonly RecordedCommand[];
  readonly exit_code: number;
  readonly status: string | null;
  readonly last_response: string | null;
  readonly artifacts: Readonly<Record<string, string>>;
  readonly prefiles: Readonly<Record<string, string>>;
}

export interface RecordedAnswer {
  readonly text?: string;
  readonly raise?: string;
  readonly message?: string;
  /** Seconds: the other lanes of its group end first. */
  readonly delay?: number;
}

export interface RecordedCall {
  readonly n: number;
  readonly agent: string;
  readonly input: string;
  /** For a prompt in the engine's own words: what must stand in it. */
  readonly facts?: readonly string[];
  readonly system_prompt?: string;
  readonly role: string;
  readonly where: string;
  /** Number of this call in the conversation it is part of. */
  readonly turn: number;
  /** Calls of one group came in any order across lanes; without a group the order is given. */
  readonly group?: number;
  readonly lane?: number;
  readonly model?: {
    readonly provider?: string;
    readonly model_id: string;
    readonly params?: {
      readonly temperature?: number;
      readonly top_p?: number;
      readonly max_tokens?: number;
      /** The same in the words of Gemini. */
      readonly max_output_tokens?: number;
    };
  };
  readonly answer: RecordedAnswer;
}

export interface RecordedPause {
  readonly kind: "hitl" | "resume_after_failure";
  readonly where: string | null;
  readonly prompt: string | null;
  readonly context_display: string | null;
  readonly default: string | null;
  /** `null`: resumed without one, see `answer_mode`. */
  readonly answer: string | null;
  /** `timeout`: the deadline had passed; `none`: resumed at once; `skip`: not resumed. */
  readonly answer_mode?: { readonly timeout?: true; readonly none?: true; readonly skip?: true } | null;
  /** What the answer is, when it is no plain one. */
  readonly action?: "modify" | "reject";
  /** Every place where a question is open. Without it, there is no other. */
  readonly open?: readonly string[];
  readonly after_calls: number;
}

export interface RecordedCommand {
  readonly exit_code: number;
  readonly stage: string | null;
  readonly result: {
    readonly agent_id?: string;
    readonly execution_context: Readonly<Record<string, unknown>> | null;
  } | null;
}

const conformance = new URL("../../../../conformance/", import.meta.url);

/** Every case of a folder, in the order of their names. */
export function readCases(name: "runs" | "golden"): readonly RecordedCase[] {
  const folder = new URL(`${name}/`, conformance);
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as RecordedCase);
}

/** The workflow file of a case. */
export function specPathOf({ file }: RecordedCase): string {
  return fileURLToPath(new URL(file.replace(/^golden\/(?=runs\/)/, ""), conformance));
}
