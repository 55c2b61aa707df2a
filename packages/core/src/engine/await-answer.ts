import { RunError } from "../error/errors.js";
import { StrandsError } from "../error/strands-error.js";
import { messageOf } from "../error/wrap-unknown.js";
import type { InterruptAnswer, InterruptRecord } from "../session/entry.js";
import { acceptAnswer } from "./answer.js";
import type { Cancellation } from "./cancellation.js";
import { answerDraft, answerKey, isDue, timeoutAnswer } from "./interrupt.js";
import type { Waiting } from "./open-questions.js";
import { redact, redactError } from "./redact.js";
import type { InterruptHandler, RunServices } from "./run-services.js";
import type { Seat } from "./seat.js";
import { suspend } from "./suspend.js";

/** The line of work that asks. */
export interface Asker {
  readonly seat: Seat;
  readonly cancellation: Cancellation;
}

/**
 * Waits for the answer to a question, and records it where that is for this run to do: a handler's, or that of the time-out at
 * its time. Unwinds the line when everything else has come to an end without one.
 */
export async function awaitAnswer(
  services: RunServices,
  { seat, cancellation }: Asker,
  interrupt: InterruptRecord,
): Promise<InterruptAnswer> {
  const { journal, emitter, questions } = services;
  const recorded = (): InterruptAnswer | undefined => journal.find(answerKey(interrupt), "interrupt.answered");
  let answer = recorded();
  let back: Promise<void> | undefined;
  if (answer === undefined) {
    const first = await wait(services, { seat, cancellation }, interrupt);
    cancellation.throwIfCancelled();
    await journal.append(answerDraft(interrupt, first.given), ...questions.takeIdleTime());
    // Somebody elsewhere may have been quicker: what is recorded is the answer.
    answer = recorded() ?? first.given;
    back = first.back;
  }
  emitter.emit("interrupt_answered", { interrupt, answer });
  await back;
  return answer;
}

interface Given {
  readonly given: InterruptAnswer;
  /** When there is room for the line again. */
  readonly back: Promise<void>;
}

/** The first answer that comes: the handler's, the time-out's, or one that was given elsewhere. */
async function wait(services: RunServices, asker: Asker, interrupt: InterruptRecord): Promise<Given> {
  const { questions, clock, onInterrupt } = services;
  const leftOpen = questions.isDeclined(interrupt) || isDue(interrupt, clock.now());
  const handler = leftOpen ? undefined : onInterrupt;
  const { expiresAt } = interrupt;
  const { cancellation, detach } = asker.cancellation.child();
  const stop = new AbortController();
  let asked: Waiting | undefined;
  try {
    return await new Promise<Given>((resolve, reject) => {
      const waiting: Waiting = {
        interrupt,
        attended: handler !== undefined,
        answer: (given) => {
          if (questions.remove(waiting)) resolve({ given, back: asker.seat.enter() });
        },
        suspend: () => reject(suspend),
      };
      asked = waiting;
      const fail = (reason: unknown): void => {
        questions.remove(waiting);
        reject(reason);
      };
      questions.add(waiting);
      cancellation.onCancel(fail);
      asker.seat.leave();
      // Where nothing else is at work it may be over by now.
      if (!questions.has(waiting)) return;
      if (expiresAt !== undefined) {
        const timeUp = (): void => waiting.answer(timeoutAnswer(interrupt));
        clock.sleep(expiresAt - clock.now(), stop.signal).then(timeUp, () => {});
      }
      if (handler !== undefined) askHandler(services, handler, waiting, cancellation.signal).catch(fail);
    });
  } finally {
    stop.abort();
    // A handler that is still being asked is told to stop.
    if (asked?.attended === true)
      cancellation.cancel(new RunError("RUN_CANCELLED", "The question needs no answer any more"));
    detach();
  }
}

/** Takes the handler's answer. What is not accepted leaves the question open, like no answer at all. */
async function askHandler(
  { questions, emitter, sessionId }: RunServices,
  handler: InterruptHandler,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const { interrupt } = waiting;
  const given = await called(handler, interrupt, signal);
  if (!questions.has(waiting)) return;
  if (given === undefined) return questions.decline(waiting);
  try {
    const request = typeof given === "string" ? { response: given } : Object(given);
    const answer = acceptAnswer(interrupt, request, sessionId);
    // Not a moment before it goes on: the run would pause if nothing else were at work just then.
    waiting.attended = false;
    waiting.answer(answer);
  } catch (error) {
    if (!StrandsError.isInstance(error)) throw error;
    redactError(error);
    emitter.emit("answer_refused", { interrupt, error: error.toJSON() });
    questions.decline(waiting);
  }
}

async function called(handler: InterruptHandler, interrupt: InterruptRecord, signal: AbortSignal) {
  try {
    return await handler(interrupt, { signal });
  } catch (cause) {
    const { stepKey } = interrupt;
    throw new RunError(
      "RUN_STEP_FAILED",
      `The interrupt handler failed at step \`${stepKey}\`: ${redact(messageOf(cause))}`,
      {
        stepKey,
        hint: "Mend the handler passed as `onInterrupt`, then resume the session.",
        cause,
      },
    );
  }
}
