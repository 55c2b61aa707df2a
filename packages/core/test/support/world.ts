import { interruptsOf } from "../../src/engine/interrupt.js";
import type {
  ArtifactStore,
  Clock,
  Entry,
  InterruptRecord,
  ModelFunction,
  RunResult,
  SessionClaim,
  SessionRepository,
  Tool,
} from "../../src/index.js";
import { createMemoryRepository, StrandsError, WorkflowClient } from "../../src/index.js";
import { type ManualClock, manualClock } from "./clocks.js";
import { type Crash, Process } from "./dying-process.js";
import type { Scenario } from "./random-workflows.js";
import { roll, saidByModel, saidByPeople } from "./voices.js";

/** What befalls a session: the processes that die, in turn, and the order and haste of everything else. */
export interface Fate {
  readonly crashes: readonly Crash[];
  readonly luck: number;
}

/** One world that outlives its processes: stored sessions, files, a model, and the people who answer. */
export class World {
  readonly repository = createMemoryRepository();
  readonly files = new Map<string, string>();
  /** Stands still until the world lets time pass. What waits without a signal waits for no time at all. */
  readonly clock = patientClock();
  readonly modelCalls: { readonly key: string; readonly process: Process }[] = [];
  /** Calls of models and tools whose answers were recorded already. */
  readonly repeated: string[] = [];
  /** Appends of the process that appended most. */
  appends = 0;
  /** Most model calls under way at once in one process. */
  peak = 0;
  readonly #scenario: Scenario;
  readonly #fate: Fate;
  readonly #recorded = new Set<string>();
  #throws = 0;

  constructor(scenario: Scenario, fate: Fate = { crashes: [], luck: 0 }) {
    this.#scenario = scenario;
    this.#fate = fate;
  }

  /** Runs to the end over as many processes as it takes. `undefined` when the last one told nobody. */
  async finish(): Promise<RunResult | undefined> {
    const crashes = [...this.#fate.crashes];
    for (let count = 0; count < 300; count += 1) {
      const process = new Process(crashes.shift());
      const result = await this.#advance(process).catch((error: unknown) => {
        if (process.dead) return "died";
        if (StrandsError.isInstance(error) && error.code === "SESSION_COMPLETED") return "ended";
        throw error;
      });
      if (result === "ended") return undefined;
      if (result === "died" || process.dead || result.status === "paused") continue;
      // A run that was cancelled in the midst goes on later; a rejected one does not.
      if (result.status === "cancelled" && result.rejected !== true) continue;
      return result;
    }
    throw new Error("the session did not end");
  }

  /** One process starts the session, or answers some of the questions and goes on with it. */
  async #advance(process: Process): Promise<RunResult> {
    const client = this.#client(process);
    const entries = await this.entries();
    if (entries === undefined) {
      return process.run(client.start(this.#scenario.spec, { sessionId: "s" }));
    }
    const open = interruptsOf(entries).filter((state) => state.answer === undefined);
    const questions = this.#shuffle(open.map(({ interrupt }) => interrupt));
    const paused = entries.at(-1)?.kind === "run.paused";
    let answered = 0;
    for (const question of questions) {
      // After a pause there is nothing to do before somebody answers.
      if (this.#luck(2) === 0 && (answered > 0 || !paused)) continue;
      answered += 1;
      const { action, response, interruptId = "", digest = "" } = saidByPeople(this.#scenario, question);
      if (action === undefined && this.#luck(2) === 0) {
        return process.run(client.resume("s", { response, interruptId, digest }));
      }
      await client.answer("s", { action, response, interruptId, digest });
    }
    const attended = this.#scenario.people === "plain" && this.#luck(2) === 0;
    return process.run(client.resume("s", attended ? { onInterrupt: (question) => this.#say(question) } : {}));
  }

  /** Somebody answers from another process while this one is at work. */
  async #answerMeanwhile(): Promise<void> {
    const open = interruptsOf((await this.entries()) ?? []).filter((state) => state.answer === undefined);
    const question = open[this.#luck(Math.max(1, open.length))]?.interrupt;
    if (question === undefined) return;
    await this.#client(new Process(undefined)).answer("s", saidByPeople(this.#scenario, question));
  }

  /** A while passes, with the time-outs that end in it, and whoever waited for them goes on first. */
  async #pass(): Promise<void> {
    this.clock.advance(1000 * this.#luck(3));
    for (let wait = this.#luck(20); wait > 0; wait -= 1) await undefined;
  }

  /** A person at hand, who takes a while. */
  async #say(question: InterruptRecord): Promise<string> {
    for (let wait = this.#luck(40); wait > 0; wait -= 1) await undefined;
    return saidByPeople(this.#scenario, question).response;
  }

  #client(process: Process): WorkflowClient {
    return new WorkflowClient({
      model: this.#model(process),
      tools: [this.#tool(process, "measure", "read"), this.#tool(process, "note", "idempotent")],
      sessions: this.#sessions(process),
      artifacts: this.#store(process),
      clock: this.clock,
    });
  }

  #model(process: Process): ModelFunction {
    const world = this;
    return async function* (request) {
      process.assertAlive();
      const round = request.messages.length - 1 - request.messages.findLastIndex(({ role }) => role === "user");
      const key = `${request.stepKey}/model/${round / 2}`;
      if (world.#recorded.has(key)) world.repeated.push(key);
      world.modelCalls.push({ key, process });
      process.calls += 1;
      world.peak = Math.max(world.peak, process.calls);
      try {
        for (let wait = world.#luck(12); wait > 0; wait -= 1) await undefined;
        if (world.#happens(4)) await world.#answerMeanwhile();
        // A graph shows what time it is, and its questions have none.
        if (world.#scenario.spec.pattern.type !== "graph" && world.#happens(3)) await world.#pass();
        if (world.#happens(25)) process.cancel();
        yield* saidByModel(world.#scenario, request);
      } finally {
        process.calls -= 1;
      }
    };
  }

  #tool(process: Process, name: string, effect: "read" | "idempotent"): Tool {
    const execute: Tool["execute"] = async (input, { idempotencyKey }) => {
      process.assertAlive();
      const key = idempotencyKey.replace("s/", "");
      if (this.#recorded.has(key)) this.repeated.push(key);
      for (let wait = this.#luck(6); wait > 0; wait -= 1) await undefined;
      return [name, input, key];
    };
    return { name, description: name, inputSchema: { type: "object" }, effect, execute };
  }

  #sessions(process: Process): SessionRepository {
    const { repository } = this;
    let appends = 0;
    return {
      ...repository,
      claim: async (sessionId, request) => {
        process.assertAlive();
        const claim = await repository.claim(sessionId, request);
        const append: SessionClaim["append"] = async (expectedSeq, entries) => {
          appends += 1;
          this.appends = Math.max(this.appends, appends);
          const durable = async (): Promise<void> => {
            await claim.append(expectedSeq, entries);
            for (const entry of entries) this.#recorded.add(entry.key);
          };
          // A process that is gone holds no lease.
          await process.append(durable).finally(() => (process.dead ? claim.release() : undefined));
        };
        return { epoch: claim.epoch, tail: claim.tail, append, release: () => claim.release() };
      },
    };
  }

  #store(process: Process): ArtifactStore {
    const { files } = this;
    return {
      async write({ path, content }, { ifExists }) {
        const existing = files.get(path);
        if (existing !== undefined && (ifExists === "fail" || (ifExists === "same" && existing !== content))) {
          throw new Error(`${path} exists`);
        }
        await process.write(() => files.set(path, content));
        return { location: path };
      },
    };
  }

  /** Whether something befalls a session that it must bear: once in so many times, and never in a calm world. */
  #happens(onceIn: number): boolean {
    return this.#fate.crashes.length > 0 && this.#luck(onceIn) === 0;
  }

  /** The next number of this world's luck, below the given one. */
  #luck(below: number): number {
    this.#throws += 1;
    return roll(this.#fate.luck, this.#throws) % below;
  }

  #shuffle<T>(items: readonly T[]): readonly T[] {
    if (this.#fate.luck === 0) return items;
    const places = items.map((item) => ({ item, place: this.#luck(1000) }));
    return places.sort((a, b) => a.place - b.place).map(({ item }) => item);
  }

  async entries(): Promise<readonly Entry[] | undefined> {
    return this.repository.load("s").then(
      (stored) => stored.entries,
      () => undefined,
    );
  }

  /** Model calls made again although nothing had ended the process that made them before. */
  callsInVain(): readonly string[] {
    const made = new Map<string, Process>();
    return this.modelCalls.flatMap(({ key, process }) => {
      const before = made.get(key);
      made.set(key, process);
      return before === undefined || (before.ended && before !== process) ? [] : [key];
    });
  }
}

function patientClock(): ManualClock {
  const clock = manualClock(0);
  const { sleep } = clock;
  const patient: Clock["sleep"] = (ms, signal) => (signal === undefined ? Promise.resolve() : sleep(ms, signal));
  return Object.assign(clock, { sleep: patient });
}
