import type { WorkflowClient } from "../client.js";
import { giveAnswer, hostOf } from "../client.js";
import type { AnswerRequest } from "../engine/answer.js";
import { interruptsOf } from "../engine/interrupt.js";
import type { RecordedAnswer } from "../engine/record-answer.js";
import { StrandsError } from "../error/strands-error.js";
import type { InterruptAnswer } from "../session/entry.js";
import { approvals, sameChoice } from "../spec/choices.js";

/** What became of an answer. */
export interface AnswerOutcome {
  /** `recorded`: it counts. `already`: the very same answer had been given. `lost`: another answer had been given. */
  readonly status: "recorded" | "already" | "lost";
  /** The answer that stands: what was answered, and by whom. */
  readonly answer: InterruptAnswer;
  /** When it was given, in milliseconds since the epoch. */
  readonly answeredAt: number;
}

/** What goes with an answer. */
export interface RespondOptions {
  /** Who answers, for the record. */
  readonly by?: string;
  /** Digest of the question as it was shown: an answer to anything else is refused. */
  readonly digest?: string;
}

/**
 * Answers the questions of paused sessions. It records answers and runs nothing: any process may then resume the session.
 *
 * Every method rejects with a {@link SessionError}: `INTERRUPT_NOT_FOUND`, `INTERRUPT_STALE` when the digest is another, and
 * `INTERRUPT_INVALID` when the question does not take such an answer.
 *
 * @example
 * const { status, answer } = await new ResumeClient(client).approve(sessionId, interrupt.id, { by: "ann" });
 * if (status === "lost") console.log(`${answer.by} was first: ${answer.response}`);
 */
export class ResumeClient {
  readonly #client: WorkflowClient;

  constructor(client: WorkflowClient) {
    this.#client = client;
  }

  /** Says yes, in the word the question takes for it. */
  async approve(sessionId: string, interruptId: string, options: RespondOptions = {}): Promise<AnswerOutcome> {
    const { entries } = await hostOf(this.#client).sessions.load(sessionId);
    const state = interruptsOf(entries).find(({ interrupt }) => interrupt.id === interruptId);
    const { choices = approvals } = state?.interrupt ?? {};
    const response = approvals.find((word) => choices.some((choice) => sameChoice(choice, word))) ?? "approved";
    return this.#give(sessionId, { ...options, response, interruptId });
  }

  /** Ends the run, for a reason. */
  async reject(
    sessionId: string,
    interruptId: string,
    reason = "",
    options: RespondOptions = {},
  ): Promise<AnswerOutcome> {
    return this.#give(sessionId, { ...options, response: reason, action: "reject", interruptId });
  }

  /** Sends the step before back with feedback; the question is then asked anew. */
  async modify(
    sessionId: string,
    interruptId: string,
    feedback: string,
    options: RespondOptions = {},
  ): Promise<AnswerOutcome> {
    return this.#give(sessionId, { ...options, response: feedback, action: "modify", interruptId });
  }

  /** Answers with a text. */
  async respond(
    sessionId: string,
    interruptId: string,
    text: string,
    options: RespondOptions = {},
  ): Promise<AnswerOutcome> {
    return this.#give(sessionId, { ...options, response: text, interruptId });
  }

  async #give(sessionId: string, request: AnswerRequest): Promise<AnswerOutcome> {
    try {
      const { already, ...recorded } = await giveAnswer(this.#client, sessionId, request);
      return { status: already ? "already" : "recorded", ...recorded };
    } catch (error) {
      const first = isConflict(error) ? await this.#standing(sessionId, request) : undefined;
      if (first === undefined) throw error;
      return { status: "lost", ...first };
    }
  }

  /** The answer a question has. */
  async #standing(
    sessionId: string,
    { interruptId }: AnswerRequest,
  ): Promise<Omit<RecordedAnswer, "already"> | undefined> {
    const { entries } = await hostOf(this.#client).sessions.load(sessionId);
    const state = interruptsOf(entries).find(({ interrupt }) => interrupt.id === interruptId);
    if (state?.answer === undefined) return undefined;
    return { answer: state.answer, answeredAt: state.answeredAt ?? 0 };
  }
}

function isConflict(error: unknown): boolean {
  return StrandsError.isInstance(error) && error.code === "SESSION_CONFLICT";
}
