import { StrandsError } from "../error/strands-error.js";
import type { Clock, Random } from "../platform/ports.js";
import type { InterruptAnswer } from "../session/entry.js";
import { entryVersion } from "../session/entry.js";
import type { SessionRepository } from "../session/repository.js";
import type { AnswerRequest } from "./answer.js";
import { resolveAnswer } from "./answer.js";

const attempts = 40;
const longestWaitMs = 25;

/**
 * Records an answer and nothing else: any process may then resume the session. One compare-and-append: of two
 * different answers exactly one is recorded.
 */
export async function recordAnswer(
  repository: SessionRepository,
  sessionId: string,
  request: AnswerRequest,
  platform: { readonly clock: Clock; readonly random: Random; readonly owner: string },
): Promise<InterruptAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const stored = await repository.load(sessionId);
    const { interrupt, answer, already } = resolveAnswer(stored, request);
    if (already) return answer;
    try {
      const { epoch: afterEpoch, entries } = stored;
      const { owner, clock } = platform;
      const claim = await repository.claim(sessionId, {
        afterEpoch,
        afterSeq: entries.length,
        owner,
        purpose: "record",
      });
      try {
        const seq = entries.length + 1;
        const { epoch } = claim;
        const key = `${interrupt.stepKey}/answer`;
        // A longer journal than the one the decision was made on makes this append a conflict.
        await claim.append(seq, [
          { v: entryVersion, seq, epoch, key, kind: "interrupt.answered", at: clock.now(), body: answer },
        ]);
        return answer;
      } finally {
        await claim.release();
      }
    } catch (error) {
      if (!StrandsError.isInstance(error) || error.code !== "SESSION_CONFLICT" || attempt >= attempts) throw error;
      await platform.clock.sleep(platform.random() * longestWaitMs);
    }
  }
}
