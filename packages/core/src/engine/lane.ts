import type { Conversation, Turn } from "../agent/agent-turn.js";
import { agentTurn, newConversation } from "../agent/agent-turn.js";
import { RunError } from "../error/errors.js";
import type { EventFields, EventType } from "../event/events.js";
import { isoTime } from "../platform/iso-time.js";
import type { Program } from "../program/program.js";
import type { InterruptAnswer } from "../session/entry.js";
import type { JsonValue } from "../spec/json.js";
import { awaitAnswer } from "./await-answer.js";
import type { Cancellation } from "./cancellation.js";
import { Countdown } from "./countdown.js";
import type { InterruptRequest } from "./interrupt.js";
import { answerKey, openInterrupt } from "./interrupt.js";
import { Novelty } from "./novelty.js";
import { rejection } from "./rejection.js";
import { runAll } from "./run-all.js";
import type { AgentAnswer, RunContext } from "./run-context.js";
import type { RunServices } from "./run-services.js";
import type { Seat } from "./seat.js";

/** One line of sequential work of a run, with its own conversations: the run itself, or a branch of it. */
export class Lane implements RunContext {
  readonly #services: RunServices;
  readonly #cancellation: Cancellation;
  readonly #seat: Seat;
  readonly #novelty: Novelty;
  /** The first conversation; most lines have no other. */
  #conversation: Conversation | undefined;
  /** The others. */
  #conversations: Map<string, Conversation> | undefined;

  /** @param outer that of the line this one is part of */
  constructor(services: RunServices, cancellation: Cancellation, seat: Seat, outer?: Novelty) {
    this.#services = services;
    this.#cancellation = cancellation;
    this.#seat = seat;
    this.#novelty = new Novelty(outer);
  }

  get program(): Program {
    return this.#services.program;
  }

  get variables(): Readonly<Record<string, JsonValue>> {
    return this.#services.variables;
  }

  get replaying(): boolean {
    return this.#novelty.replaying;
  }

  hasBegun(key: string): boolean {
    const { journal } = this.#services;
    return !journal.blank && (journal.isReplay(`${key}/model/0`) || journal.isReplay(key));
  }

  agent(key: string, agentId: string, prompt: () => string, tools?: readonly string[]): Promise<AgentAnswer> {
    const conversation = this.#conversationWith(agentId);
    const turn = { key, prompt, tools, novelty: this.#novelty };
    const stepMs = conversation.agent.timeouts?.stepMs;
    if (stepMs !== undefined) return this.#turnWithin(stepMs, conversation, turn);
    return agentTurn(this.#services, this.#cancellation, this, conversation, turn);
  }

  #conversationWith(agentId: string): Conversation {
    const first = this.#conversation;
    if (first === undefined) {
      this.#conversation = newConversation(this.#services, agentId);
      return this.#conversation;
    }
    if (first.agent.id === agentId) return first;
    this.#conversations ??= new Map();
    let conversation = this.#conversations.get(agentId);
    if (conversation === undefined) {
      conversation = newConversation(this.#services, agentId);
      this.#conversations.set(agentId, conversation);
    }
    return conversation;
  }

  /** A turn that is cancelled when it takes too long, with all it has begun. Its time stands still while people are waited for. */
  async #turnWithin(ms: number, conversation: Conversation, turn: Turn): Promise<AgentAnswer> {
    const { cancellation, detach } = this.#cancellation.child();
    const expire = (): void => cancellation.cancel(stepTimedOut(conversation.agent.id, turn.key, ms));
    const countdown = new Countdown(this.#services.clock, ms, expire);
    const leave = (): void => {
      countdown.pause();
      this.#seat.leave();
    };
    const enter = async (): Promise<void> => {
      await this.#seat.enter();
      countdown.resume();
    };
    try {
      const lane = new Lane(this.#services, cancellation, { leave, enter }, this.#novelty);
      const timed = { ...turn, countdown };
      return await cancellation.race(agentTurn(this.#services, cancellation, lane, conversation, timed));
    } finally {
      countdown.end();
      detach();
    }
  }

  async interrupt(key: string, request: InterruptRequest): Promise<InterruptAnswer> {
    const { journal } = this.#services;
    const place = answerKey({ stepKey: key });
    if (!journal.isReplay(place)) this.#novelty.begin();
    const answer = journal.find(place, "interrupt.answered") ?? (await this.#ask(key, request));
    if (answer.action !== "reject") return answer;
    throw rejection(key, answer.response, answer.by);
  }

  async #ask(key: string, request: InterruptRequest): Promise<InterruptAnswer> {
    const { journal, sessionId, specHash, clock, ids, emitter } = this.#services;
    let interrupt = journal.find(key, "interrupt.opened");
    if (interrupt === undefined) {
      const place = { id: ids.next("interrupt"), stepKey: key, sessionId, specHash, now: clock.now() };
      interrupt = openInterrupt(request, place);
      await journal.append({ key, kind: "interrupt.opened", body: interrupt });
    }
    emitter.emit("interrupt_pending", { interrupt });
    return awaitAnswer(this.#services, { seat: this.#seat, cancellation: this.#cancellation }, interrupt);
  }

  async step<T extends JsonValue>(key: string, work: () => Promise<T> | T): Promise<T> {
    const recorded = this.#services.journal.find(key, "value");
    if (recorded !== undefined) return recorded.value as T;
    this.#novelty.begin();
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
    const inLane = (item: T, index: number, seat: Seat, cancellation: Cancellation): Promise<R> =>
      work(item, index, new Lane(this.#services, cancellation, seat, this.#novelty));
    return runAll({ items, limit, work: inLane, after }, this.#cancellation, this.#seat);
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
