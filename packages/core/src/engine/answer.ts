import { SessionError } from "../error/errors.js";
import { isoTime } from "../platform/iso-time.js";
import type { InterruptAnswer, InterruptRecord } from "../session/entry.js";
import type { StoredSession } from "../session/repository.js";
import type { InterruptId, SpecShape } from "../spec/spec-shape.js";
import type { InterruptState } from "./interrupt.js";
import { checkResponse, interruptsOf } from "./interrupt.js";

/** A person's answer. */
export interface AnswerRequest<S extends SpecShape = SpecShape> {
  readonly response: string;
  /** `modify`: the response is feedback for the step before. `reject`: it is the reason to end the run. @defaultValue a plain answer */
  readonly action?: InterruptAnswer["action"] | undefined;
  /** Which question: its id, or the name of the pause; may be left out while only one is open. */
  readonly interruptId?: S["interrupts"] | InterruptId | undefined;
  /** Digest of the question as it was shown; an answer to anything else is refused. */
  readonly digest?: string | undefined;
  /** Who answers, for the record. */
  readonly by?: string | undefined;
}

/** An answer that may be recorded, or that is recorded already. */
export interface ResolvedAnswer {
  readonly interrupt: InterruptRecord;
  readonly answer: InterruptAnswer;
  /** The very same answer has been given before. */
  readonly already: boolean;
}

/**
 * Finds the question an answer belongs to and checks it.
 *
 * @throws {@link SessionError} `INTERRUPT_NOT_FOUND`, `INTERRUPT_STALE`, `INTERRUPT_INVALID`, and `SESSION_CONFLICT`
 * when somebody else has answered differently: the error says who, what and when
 */
export function resolveAnswer(stored: StoredSession, request: AnswerRequest): ResolvedAnswer {
  const sessionId = stored.record.id;
  if (typeof request.response !== "string") {
    throw new SessionError("INTERRUPT_INVALID", "The answer is not a text", {
      sessionId,
      hint: "Give the answer as a string; stringify anything else.",
    });
  }
  const { interrupt, answer, answeredAt } = findInterrupt(interruptsOf(stored.entries), request, sessionId);
  if (request.digest !== undefined && request.digest !== interrupt.digest) {
    throw new SessionError("INTERRUPT_STALE", "The question has changed since it was shown", {
      sessionId,
      hint: "Look at the question as it is now, then answer again.",
    });
  }
  const by = request.by === undefined ? {} : { by: request.by };
  if (answer === undefined) {
    checkResponse(interrupt, request.response, sessionId, request.action);
    const given = {
      id: interrupt.id,
      digest: interrupt.digest,
      response: request.response,
      ...(request.action === undefined ? {} : { action: request.action }),
      source: "person" as const,
      ...by,
    };
    return { interrupt, answer: given, already: false };
  }
  if (answer.response === request.response && answer.action === request.action)
    return { interrupt, answer, already: true };
  throw answeredOtherwise(sessionId, answer, answeredAt ?? 0);
}

function findInterrupt(states: readonly InterruptState[], request: AnswerRequest, sessionId: string): InterruptState {
  const { interruptId } = request;
  const pending = states.filter((state) => state.answer === undefined);
  if (interruptId !== undefined) {
    const called = states.filter(({ interrupt }) => interrupt.name === interruptId);
    const open = called.filter((state) => state.answer === undefined);
    if (open.length > 1)
      throw notFound(sessionId, `${open.length} questions are called \`${interruptId}\`; give the id of one`, open);
    const state = states.find((candidate) => candidate.interrupt.id === interruptId) ?? open[0] ?? called.at(-1);
    if (state !== undefined) return state;
    throw notFound(sessionId, `The session has no interrupt \`${interruptId}\``, pending);
  }
  if (pending.length > 1)
    throw notFound(sessionId, `The session waits for ${pending.length} answers; say which one this is`, pending);
  const state = pending[0] ?? states.at(-1);
  if (state === undefined) throw notFound(sessionId, "The session does not wait for an answer", pending);
  return state;
}

function notFound(sessionId: string, message: string, pending: readonly InterruptState[]): SessionError {
  const open = pending.map(({ interrupt }) => `${interrupt.id} (${interrupt.stepKey})`);
  return new SessionError("INTERRUPT_NOT_FOUND", message, {
    sessionId,
    hint: open.length === 0 ? "Resume the session without an answer." : `Open: ${open.join(", ")}.`,
    details: { pending: pending.map(({ interrupt }) => interrupt.id) },
  });
}

function answeredOtherwise(sessionId: string, answer: InterruptAnswer, answeredAt: number): SessionError {
  const who = answer.source === "timeout" ? "the time-out" : (answer.by ?? "somebody else");
  const when = isoTime(answeredAt);
  return new SessionError(
    "SESSION_CONFLICT",
    `This was already answered by ${who} at ${when}: \`${answer.response}\``,
    {
      sessionId,
      hint: "The first answer stands. Resume the session without an answer to go on with it.",
      details: { answeredBy: who, answeredAt: when, response: answer.response },
    },
  );
}
