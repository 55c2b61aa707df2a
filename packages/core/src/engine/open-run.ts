import { SessionError } from "../error/errors.js";
import { StrandsError } from "../error/strands-error.js";
import type { Clock } from "../platform/ports.js";
import type { Entry, EntryDraft } from "../session/entry.js";
import type { SessionRecord } from "../session/record.js";
import type { SessionClaim, SessionRepository, StoredSession } from "../session/repository.js";
import { foldSummary, newSummary } from "../session/summary.js";
import type { AnswerRequest } from "./answer.js";
import { resolveAnswer } from "./answer.js";
import type { InterruptState } from "./interrupt.js";
import { answerDraft, interruptsOf, isDue, timeoutAnswer } from "./interrupt.js";

/** A session that this process may move forward. */
export interface OpenedRun {
  readonly record: SessionRecord;
  readonly claim: SessionClaim;
  readonly entries: readonly Entry[];
  /** Answers to record together with the start of the run. */
  readonly answers: readonly EntryDraft[];
}

export interface ResumeRequest {
  readonly sessionId: string;
  readonly owner: string;
  readonly answer: AnswerRequest | undefined;
  /** Somebody will answer while the run goes on, so that open questions need no answer now. */
  readonly attended: boolean;
  readonly signal: AbortSignal;
}

/** Creates a session and claims it. */
export async function openNewRun(
  repository: SessionRepository,
  record: SessionRecord,
  owner: string,
): Promise<OpenedRun> {
  await repository.create(record);
  const claim = await repository.claim(record.id, { afterEpoch: 0, afterSeq: 0, owner, purpose: "run" });
  return { record, claim, entries: [], answers: [] };
}

/**
 * Claims a session that has stopped. Of any number of processes that try at the same time exactly one gets it.
 *
 * @throws {@link SessionError} when the session has ended, is being run, waits for an answer, or the answer is refused
 */
export async function openResumedRun(
  repository: SessionRepository,
  clock: Clock,
  request: ResumeRequest,
): Promise<OpenedRun> {
  const { sessionId, owner, signal } = request;
  const stored = await repository.load(sessionId);
  const answers = answersToRecord(stored, request, clock.now());
  const claim = await claimOrExplain(repository, stored, request, { owner, signal });
  if (claim.tail.length > 0) {
    await claim.release();
    throw new SessionError("SESSION_CONFLICT", `Session \`${sessionId}\` was changed by another process just now`, {
      sessionId,
      hint: "Look at the session again, then resume it.",
    });
  }
  return { record: stored.record, claim, entries: stored.entries, answers };
}

/** Says what became of an answer that lost a race: by whom and when the question was answered, if it was. */
export async function explainConflict(
  repository: SessionRepository,
  sessionId: string,
  answer: AnswerRequest | undefined,
  error: unknown,
): Promise<never> {
  if (StrandsError.isInstance(error) && error.code === "SESSION_CONFLICT" && answer !== undefined) {
    resolveAnswer(await repository.load(sessionId), answer);
  }
  throw error;
}

function answersToRecord(stored: StoredSession, request: ResumeRequest, now: number): readonly EntryDraft[] {
  const { record, entries } = stored;
  const { answer, attended } = request;
  const { status } = foldSummary(newSummary(record), entries);
  if (status === "completed") {
    throw new SessionError("SESSION_COMPLETED", `Session \`${record.id}\` has completed; there is nothing to resume`, {
      sessionId: record.id,
      hint: "Look at its result, or start a new run.",
    });
  }
  const drafts: EntryDraft[] = [];
  const resolved = answer === undefined ? undefined : resolveAnswer(stored, answer);
  if (resolved !== undefined && !resolved.already) {
    drafts.push(answerDraft(resolved.interrupt, resolved.answer));
  }
  const open = interruptsOf(entries).filter((state) => state.answer === undefined);
  const unanswered = open.filter(({ interrupt }) => interrupt.id !== resolved?.interrupt.id);
  for (const { interrupt } of unanswered) {
    if (isDue(interrupt, now)) drafts.push(answerDraft(interrupt, timeoutAnswer(interrupt)));
  }
  if (status === "paused" && !attended && drafts.length === 0 && open.length > 0 && !hasNewAnswer(entries, open)) {
    throw new SessionError("INTERRUPT_UNANSWERED", `Session \`${record.id}\` waits for an answer`, {
      sessionId: record.id,
      hint: "Resume it with an answer.",
      details: { pending: open.map(({ interrupt }) => interrupt.id) },
    });
  }
  return drafts;
}

/**
 * Whether one of the questions the last run stopped at has an answer by now: then there may be work to do. The answer may
 * stand before the pause, when it came while other branches of that run were still at work.
 */
function hasNewAnswer(entries: readonly Entry[], open: readonly InterruptState[]): boolean {
  const paused = entries.findLast((entry) => entry.kind === "run.paused");
  const ids = new Set(open.map(({ interrupt }) => interrupt.id));
  return paused?.kind === "run.paused" && paused.body.interrupts.some((id) => !ids.has(id));
}

async function claimOrExplain(
  repository: SessionRepository,
  stored: StoredSession,
  request: ResumeRequest,
  options: { readonly owner: string; readonly signal: AbortSignal },
): Promise<SessionClaim> {
  const { epoch: afterEpoch, entries } = stored;
  try {
    return await repository.claim(stored.record.id, {
      afterEpoch,
      afterSeq: entries.length,
      purpose: "run",
      ...options,
    });
  } catch (error) {
    return explainConflict(repository, stored.record.id, request.answer, error);
  }
}
