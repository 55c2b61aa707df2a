import { SessionError } from "../error/errors.js";
import { isoTime } from "../platform/iso-time.js";
import type { InterruptAnswer, InterruptRecord } from "../session/entry.js";
import type { StoredSession } from "../session/repository.js";
import type { InterruptId, SpecShape } from "../spec/spec-shape.js";
import type { InterruptState } from "./interrupt.js";
import { checkResponse, interruptsOf } from "./interrupt.js";
import { standingOf } from "./standing.js";

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
  /** When it was, in milliseconds since the epoch. */
  readonly answeredAt?: number | undefined;
}

/**
 * Checks an answer against its question, and gives it as it is recorded.
 *
 * @throws {@link SessionError} `INTERRUPT_STALE`, `INTERRUPT_INVALID`
 */
export function acceptAnswer(interrupt: InterruptRecord, request: AnswerRequest, sessionId: string): InterruptAnswer {
  const { id, digest } = interrupt;
  const { response, action, by } = request;
  checkAddress(interrupt, request, sessionId);
  checkResponse(interrupt, response, sessionId, action);
  return {
    id,
    digest,
    response,
    ...(action === undefined ? {} : { action }),
    source: "person",
    ...(by === undefined ? {} : { by }),
  };
}

/** What an answer must be, whatever the question. */
function checkAddress(
  interrupt: InterruptRecord,
  { response, action, digest }: AnswerRequest,
  sessionId: string,
): void {
  if (typeof response !== "string") {
    throw new SessionError("INTERRUPT_INVALID", "The answer is not a text", {
      sessionId,
      hint: "Give the answer as a string; stringify anything else.",
    });
  }
  if (action !== undefined && action !== "modify" && action !== "reject") {
    throw new SessionError("INTERRUPT_INVALID", `\`${String(action)}\` is not an action`, {
      sessionId,
      hint: "Use `modify` or `reject`, or leave the action out for a plain answer.",
    });
  }
  if (digest !== undefined && digest !== interrupt.digest) {
    throw new SessionError("INTERRUPT_STALE", "The question has changed since it was shown", {
      sessionId,
      hint: "Look at the question as it is now, then answer again.",
    });
  }
}

/**
 * Finds the question an answer belongs to and checks it.
 *
 * @throws {@link SessionError} `INTERRUPT_NOT_FOUND`, `INTERRUPT_STALE`, `INTERRUPT_INVALID`, and `SESSION_CONFLICT`
 * when somebody else has answered differently: the error says who, what and when
 */
export function resolveAnswer(stored: StoredSession, request: AnswerRequest): ResolvedAnswer {
  const sessionId = stored.record.id;
  const { interrupt, answer, answeredAt } = findInterrupt(stored, request);
  if (answer === undefined) return { interrupt, answer: acceptAnswer(interrupt, request, sessionId), already: false };
  checkAddress(interrupt, request, sessionId);
  if (answer.response === request.response && answer.action === request.action)
    return { interrupt, answer, answeredAt, already: true };
  throw answeredOtherwise(stored, answer, answeredAt ?? 0, request.interruptId !== undefined);
}

function findInterrupt(stored: StoredSession, request: AnswerRequest): InterruptState {
  const { interruptId } = request;
  const states = interruptsOf(stored.entries);
  const byId = states.find(({ interrupt }) => interrupt.id === interruptId);
  if (byId !== undefined) return byId;
  const meant = interruptId === undefined ? states : states.filter(({ interrupt }) => interrupt.name === interruptId);
  const pending = meant.filter((state) => state.answer === undefined);
  if (pending.length > 1)
    throw notFound(stored, `The session waits for ${pending.length} answers; say which one this is`, pending);
  const state = pending[0] ?? meant.at(-1);
  if (state !== undefined) return state;
  const message =
    interruptId === undefined
      ? `The session does not wait for an answer: it ${standingOf(stored).is}`
      : `The session has no interrupt \`${interruptId}\``;
  throw notFound(
    stored,
    message,
    states.filter((other) => other.answer === undefined),
  );
}

function notFound(stored: StoredSession, message: string, pending: readonly InterruptState[]): SessionError {
  const open = pending.map(({ interrupt }) => `${interrupt.id} (${interrupt.stepKey})`);
  return new SessionError("INTERRUPT_NOT_FOUND", message, {
    sessionId: stored.record.id,
    hint: open.length === 0 ? standingOf(stored).next : `Open: ${open.join(", ")}.`,
    details: { pending: pending.map(({ interrupt }) => interrupt.id) },
  });
}

/** An answer to something that has another answer. Without an id it may have been meant for a question that never came. */
function answeredOtherwise(
  stored: StoredSession,
  { source, by, action, response }: InterruptAnswer,
  answeredAt: number,
  named: boolean,
): SessionError {
  const answeredBy = source === "timeout" ? "the time-out" : (by ?? "somebody");
  const when = isoTime(answeredAt);
  const did = action === undefined ? "answered" : action === "modify" ? "sent back" : "rejected";
  const first = `already ${did} by ${answeredBy} at ${when}${response === "" ? "" : `: \`${response}\``}`;
  const { status, is, next } = standingOf(stored);
  const message =
    status === "paused" || named
      ? `This was ${first}`
      : `The session does not wait for an answer: it ${is}. Its last question was ${first}`;
  const since = named && status !== "paused" ? ` The session ${is}.` : "";
  return new SessionError("SESSION_CONFLICT", message, {
    sessionId: stored.record.id,
    hint: `The first answer stands.${since} ${next}`,
    details: { answeredBy, answeredAt: when, response, status },
  });
}
