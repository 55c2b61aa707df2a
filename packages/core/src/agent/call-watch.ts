import type { Cancellation } from "../engine/cancellation.js";
import { ProviderError } from "../error/errors.js";
import type { Clock } from "../platform/ports.js";
import type { ProgramAgent, Timeouts } from "../program/program.js";

/** Watches one attempt of a model call, and cancels it when it takes longer than its agent's time-outs allow. */
export class CallWatch {
  /** Happens when the time is up, and when the run is cancelled. */
  readonly cancellation: Cancellation;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #detach: () => void;
  #lastPieceAt: number | undefined;

  constructor(clock: Clock, outer: Cancellation, agent: ProgramAgent, timeouts: Timeouts) {
    this.#clock = clock;
    const { cancellation, detach } = outer.child();
    this.cancellation = cancellation;
    this.#detach = detach;
    this.#watch(agent, timeouts).catch(() => {});
  }

  /** A piece of the answer has come. */
  pieceCame(): void {
    this.#lastPieceAt = this.#clock.now();
  }

  /** Ends the watch: nothing is cancelled any more. */
  end(): void {
    this.#detach();
    this.#stop.abort();
  }

  /** One wait at a time, whatever the number of pieces. */
  async #watch(agent: ProgramAgent, timeouts: Timeouts): Promise<void> {
    const never = Number.POSITIVE_INFINITY;
    const { totalMs = never, firstTokenMs = never, idleMs = never } = timeouts;
    const startedAt = this.#clock.now();
    for (let now = startedAt; ; now = this.#clock.now()) {
      const lastAt = this.#lastPieceAt;
      const total = startedAt + totalMs;
      const next = lastAt === undefined ? startedAt + firstTokenMs : lastAt + idleMs;
      if (now >= total) return this.cancellation.cancel(timedOut(agent, "total_s", totalMs));
      if (now >= next) {
        const [name, ms] =
          lastAt === undefined ? (["first_token_s", firstTokenMs] as const) : (["idle_s", idleMs] as const);
        return this.cancellation.cancel(timedOut(agent, name, ms));
      }
      // The first piece may come during this wait, and the next one is due `idleMs` after it: looks again in time for that.
      const wakeAt = Math.min(total, next, lastAt === undefined ? now + idleMs : never);
      if (wakeAt === never) return;
      await this.#clock.sleep(wakeAt - now, this.#stop.signal);
    }
  }
}

const slow = {
  total_s: "was not complete",
  first_token_s: "did not begin",
  idle_s: "did not go on",
};

function timedOut({ id, model }: ProgramAgent, name: keyof typeof slow, ms: number): ProviderError {
  const limit = ms / 1000;
  return new ProviderError(
    "PROVIDER_TIMEOUT",
    `The model's answer ${slow[name]} within ${limit} s (\`timeout.${name}\`)`,
    {
      provider: model.provider,
      modelId: model.modelId,
      hint: `Raise \`timeout.${name}\` of the agent \`${id}\` or of the runtime in a new run, or resume this session when the provider is faster.`,
      details: { timeout: name, limit },
    },
  );
}
