import { StrandsError } from "../error/strands-error.js";
import type { Clock, Random } from "../platform/ports.js";
import type { Entry, EntryDraft, InterruptAnswer } from "../session/entry.js";
import { entryVersion } from "../session/entry.js";
import type { ClaimRequest, SessionRepository, StoredSession } from "../session/repository.js";
import type { AnswerRequest } from "./answer.js";
import { resolveAnswer } from "./answer.js";
import type { InterruptState } from "./interrupt.js";
import { answerDraft, interruptsOf, isDue, timeoutAnswer } from "./interrupt.js";

const attempts = 40;
const longestWaitMs = 25;

/** Who records, and the platform it stands on. */
export interface Recorder {
  readonly clock: Clock;
  readonly random: Random;
  readonly owner: string;
}

/** An answer that stands in the journal. */
export interface RecordedAnswer {
  readonly answer: InterruptAnswer;
  /** Milliseconds since the epoch. */
  readonly answeredAt: number;
  /** The very same answer was there before. */
  readonly already: boolean;
}

/**
 * Records an answer and nothing else: any process may then resume the session. One compare-and-append: of two
 * different answers exactly one is recorded.
 */
export function recordAnswer(
  repository: SessionRepository,
  sessionId: string,
  request: AnswerRequest,
  recorder: Recorder,
): Promise<RecordedAnswer> {
  return recordDecision(repository, sessionId, recorder, (stored, now) => {
    const { interrupt, answer, answeredAt, already } = resolveAnswer(stored, request);
    const result = { answer, answeredAt: answeredAt ?? now, already };
    return { result, drafts: already ? [] : [answerDraft(interrupt, answer)] };
  });
}

/**
 * Records the answers of the questions whose time is up, and nothing else. One compare-and-append: a person's answer that
 * came first stands.
 *
 * @returns the questions that have been answered so
 */
export function recordTimeouts(
  repository: SessionRepository,
  sessionId: string,
  recorder: Recorder,
): Promise<readonly InterruptState[]> {
  return recordDecision(repository, sessionId, recorder, ({ entries }, now) => {
    const due = interruptsOf(entries).filter(({ interrupt, answer }) => answer === undefined && isDue(interrupt, now));
    const result = due.map(({ interrupt }) => ({ interrupt, answer: timeoutAnswer(interrupt), answeredAt: now }));
    return { result, drafts: result.map(({ interrupt, answer }) => answerDraft(interrupt, answer)) };
  });
}

/**
 * Loads, decides, and appends what was decided if the session is still as it was; else all over again.
 *
 * @param purpose `run` keeps everybody else from running the session meanwhile, and is refused while somebody does
 */
export async function recordDecision<T>(
  repository: SessionRepository,
  sessionId: string,
  { clock, random, owner }: Recorder,
  decide: (stored: StoredSession, now: number) => { readonly result: T; readonly drafts: readonly EntryDraft[] },
  purpose: ClaimRequest["purpose"] = "record",
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const stored = await repository.load(sessionId);
    const at = clock.now();
    const { result, drafts } = decide(stored, at);
    if (drafts.length === 0) return result;
    try {
      const { epoch: afterEpoch, entries } = stored;
      const afterSeq = entries.length;
      const claim = await repository.claim(sessionId, { afterEpoch, afterSeq, owner, purpose });
      try {
        const { epoch } = claim;
        const stamped = drafts.map(
          (draft, index): Entry => ({
            v: entryVersion,
            seq: afterSeq + index + 1,
            epoch,
            at,
            ...draft,
          }),
        );
        // A longer journal than the one the decision was made on makes this append a conflict.
        await claim.append(afterSeq + 1, stamped);
        return result;
      } finally {
        await claim.release();
      }
    } catch (error) {
      if (!StrandsError.isInstance(error) || error.code !== "SESSION_CONFLICT" || attempt >= attempts) throw error;
      await clock.sleep(random() * longestWaitMs);
    }
  }
}
