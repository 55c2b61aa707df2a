import type { Conversation, Turn } from "../agent/agent-turn.js";
import { agentTurn, newConversation } from "../agent/agent-turn.js";
import { InputError, RunError } from "../error/errors.js";
import { messageOf } from "../error/wrap-unknown.js";
import type { EventFields, EventType } from "../event/events.js";
import { isoTime } from "../platform/iso-time.js";
import type { Program } from "../program/program.js";
import type { InterruptAnswer, InterruptRecord } from "../session/entry.js";
import type { JsonValue } from "../spec/json.js";
import type { Cancellation } from "./cancellation.js";
import type { InterruptRequest } from "./interrupt.js";
import { answerDraft, answerKey, checkResponse, openInterrupt, timeoutAnswer } from "./interrupt.js";
import { ReadyQueue } from "./ready-queue.js";
import { redact } from "./redact.js";
import { rejection } from "./rejection.js";
import type { AgentAnswer, RunContext } from "./run-context.js";
import type { InterruptHandler, RunServices } from "./run-services.js";
import { suspend } from "./suspend.js";

/** One line of sequential work of a run, with its own conversations: the run itself, or a branch of it. */
export class Lane implements RunContext {
  readonly #services: RunServices;
  readonly #cancellation: Cancellation;
  readonly #conversations = new Map<string, Conversation>();

  constructor(services: RunServices, cancellation: Cancellation) {
    this.#services = services;
    this.#cancellation = cancellation;
  }

  get program(): Program {
    return this.#services.program;
  }

  get variables(): Readonly<Record<string, JsonValue>> {
    return this.#services.variables;
  }

  agent(key: string, agentId: string, prompt: () => string, tools?: readonly string[]): Promise<AgentAnswer> {
    let conversation = this.#conversations.get(agentId);
    if (conversation === undefined) {
      conversation = newConversation(this.#services, agentId);
      this.#conversations.set(agentId, conversation);
    }
    const turn = { key, prompt, tools };
    const stepMs = conversation.agent.timeouts?.stepMs;
    if (stepMs !== undefined) return this.#turnWithin(stepMs, conversation, turn);
    return agentTurn(this.#services, this.#cancellation, this, conversation, turn);
  }

  /** A turn that is cancelled when it takes too long, with all it has begun. */
  async #turnWithin(ms: number, conversation: Conversation, turn: Turn): Promise<AgentAnswer> {
    const { cancellation, detach } = this.#cancellation.child();
    const stop = new AbortController();
    const expire = (): void => cancellation.cancel(stepTimedOut(conversation.agent.id, turn.key, ms));
    this.#services.clock.sleep(ms, stop.signal).then(expire, () => {});
    try {
      const lane = new Lane(this.#services, cancellation);
      return await cancellation.race(agentTurn(this.#services, cancellation, lane, conversation, turn));
    } finally {
      stop.abort();
      detach();
    }
  }

  async interrupt(key: string, request: InterruptRequest): Promise<InterruptAnswer> {
    const answer =
      this.#services.journal.find(answerKey({ stepKey: key }), "interrupt.answered") ?? (await this.#ask(key, request));
    if (answer.action !== "reject") return answer;
    throw rejection(key, answer.response, answer.by);
  }

  async #ask(key: string, request: InterruptRequest): Promise<InterruptAnswer> {
    const { journal, sessionId, specHash, clock, ids, emitter, onInterrupt, pending } = this.#services;
    let interrupt = journal.find(key, "interrupt.opened");
    if (interrupt === undefined) {
      const place = { id: ids.next("interrupt"), stepKey: key, sessionId, specHash, now: clock.now() };
      interrupt = openInterrupt(request, place);
      await journal.append({ key, kind: "interrupt.opened", body: interrupt });
    }
    emitter.emit("interrupt_pending", { interrupt });
    if (onInterrupt === undefined) {
      pending.push(interrupt);
      throw suspend;
    }
    const given = await this.#answerInTime(onInterrupt, interrupt);
    this.#cancellation.throwIfCancelled();
    await journal.append(answerDraft(interrupt, given));
    // Somebody elsewhere may have been quicker: what is recorded is the answer.
    const answer = journal.find(answerKey(interrupt), "interrupt.answered") ?? given;
    emitter.emit("interrupt_answered", { interrupt, answer });
    return answer;
  }

  /** The handler's answer, or that of the time-out when the time is up first: then the handler is told to stop. */
  async #answerInTime(handler: InterruptHandler, interrupt: InterruptRecord): Promise<InterruptAnswer> {
    const { expiresAt } = interrupt;
    if (expiresAt === undefined) return this.#askHandler(handler, interrupt, this.#cancellation.signal);
    const { clock } = this.#services;
    const left = expiresAt - clock.now();
    if (left <= 0) return timeoutAnswer(interrupt);
    const { cancellation, detach } = this.#cancellation.child();
    const stop = new AbortController();
    const off = this.#cancellation.onCancel(() => stop.abort());
    const timeUp = async (): Promise<InterruptAnswer> => {
      await clock.sleep(left, stop.signal);
      cancellation.cancel(new RunError("RUN_TIMEOUT", "The time to answer is up", { stepKey: interrupt.stepKey }));
      return timeoutAnswer(interrupt);
    };
    try {
      return await Promise.race([timeUp(), this.#askHandler(handler, interrupt, cancellation.signal)]);
    } finally {
      stop.abort();
      off();
      detach();
    }
  }

  async #askHandler(
    handler: InterruptHandler,
    interrupt: InterruptRecord,
    signal: AbortSignal,
  ): Promise<InterruptAnswer> {
    const response = await this.#responseOf(handler, interrupt, signal);
    // A run that was cancelled meanwhile says so, whatever the answer.
    this.#cancellation.throwIfCancelled();
    checkResponse(interrupt, response, this.#services.sessionId);
    return { id: interrupt.id, digest: interrupt.digest, response, source: "person" };
  }

  async #responseOf(handler: InterruptHandler, interrupt: InterruptRecord, signal: AbortSignal): Promise<string> {
    try {
      const response: unknown = await handler(interrupt, { signal });
      if (typeof response === "string") return response;
      throw new InputError("it gave no text", { hint: "Return the answer as a string from `onInterrupt`." });
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

  async step<T extends JsonValue>(key: string, work: () => Promise<T> | T): Promise<T> {
    const recorded = this.#services.journal.find(key, "value");
    if (recorded !== undefined) return recorded.value as T;
    this.#cancellation.throwIfCancelled();
    const value = await work();
    this.#cancellation.throwIfCancelled();
    await this.#services.journal.append({ key, kind: "value", body: { value } });
    return value;
  }

  time(key: string): Promise<string> {
    return this.step(key, () => isoTime(this.#services.clock.now()));
  }

  emit<E extends EventType>(type: E, fields: EventFields[E]): void {
    this.#services.emitter.emit(type, fields);
  }

  async all<T, R>(
    items: readonly T[],
    limit: number | undefined,
    work: (item: T, index: number, run: RunContext) => Promise<R>,
    after?: (item: T) => readonly number[],
  ): Promise<R[]> {
    const { cancellation, detach } = this.#cancellation.child();
    const results = new Array<R>(items.length);
    const queue = new ReadyQueue(items, after);
    let suspended = false;
    let refused: RunError | undefined;

    const workOn = async (index: number): Promise<void> => {
      try {
        results[index] = await work(items[index] as T, index, new Lane(this.#services, cancellation));
        queue.done(index);
      } catch (error) {
        if (error === suspend) suspended = true;
        else if (error instanceof RunError && error.code === "RUN_BUDGET_EXCEEDED") refused ??= error;
        else cancellation.cancel(error);
      }
    };
    const everything = new Promise<void>((resolve, reject) => {
      let active = 0;
      const fill = (): void => {
        while (active < (limit ?? items.length) && refused === undefined && !cancellation.cancelled) {
          const index = queue.take();
          if (index === undefined) break;
          active += 1;
          workOn(index).then(() => {
            active -= 1;
            fill();
          }, reject);
        }
        if (active === 0) resolve();
      };
      fill();
    });
    try {
      // A branch that ignores the cancellation is left behind: what it does later is not recorded.
      await cancellation.race(everything);
    } finally {
      detach();
    }
    cancellation.throwIfCancelled();
    if (refused !== undefined) throw refused;
    if (suspended) throw suspend;
    return results;
  }
}

function stepTimedOut(agentId: string, stepKey: string, ms: number): RunError {
  const limit = ms / 1000;
  return new RunError("RUN_TIMEOUT", `Step \`${stepKey}\` (agent \`${agentId}\`) was not done within ${limit} s`, {
    stepKey,
    hint: `Raise \`timeout.step_s\` of the agent \`${agentId}\` or of the runtime in a new run, or resume this session: the step gets its full time again, and finished calls are not repeated.`,
    details: { agentId, timeout: "step_s", limit },
  });
}
