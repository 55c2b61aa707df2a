import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type {
  ArtifactStore,
  Entry,
  ModelFunction,
  RunResult,
  SessionRepository,
  Spec,
  StepSpec,
} from "../src/index.js";
import { createMemoryRepository, StrandsError, WorkflowClient } from "../src/index.js";

/** Where a process dies: at an append, before or after it is durable, or at the write of an artifact. */
interface Crash {
  readonly at: number;
  readonly durable: boolean;
}

class ProcessDied extends Error {}

const agents = ["ann", "ben", "cy"] as const;

const agentStep = fc.record({
  type: fc.constant("agent" as const),
  agent: fc.constantFrom(...agents),
  refersTo: fc.nat(20),
  withVars: fc.boolean(),
});
const hitlStep = fc.record({
  type: fc.constant("hitl" as const),
  answer: fc.string({ maxLength: 12 }),
  shows: fc.nat(20),
});
const chain = fc.array(fc.oneof({ weight: 3, arbitrary: agentStep }, { weight: 1, arbitrary: hitlStep }), {
  minLength: 1,
  maxLength: 9,
});
type ChainStep = typeof chain extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

function specOf(steps: readonly ChainStep[]): Spec {
  const list = steps.map((step, index): StepSpec => {
    const earlier = (place: number): string => (index === 0 ? "{{ topic }}" : `{{ steps[${place % index}].response }}`);
    if (step.type === "hitl")
      return { type: "hitl", prompt: `Question ${index}`, context_display: earlier(step.shows) };
    const answered = steps.slice(0, index).some((before) => before.type === "hitl");
    const input = `${index}: ${earlier(step.refersTo)}${answered ? " / {{ hitl_response }}" : ""}${step.withVars ? " {{ extra }}" : ""}`;
    return { agent: step.agent, input, ...(step.withVars ? { vars: { extra: index } } : {}) };
  });
  return {
    version: 0,
    name: "random-chain",
    runtime: { provider: "test" },
    inputs: { values: { topic: "rivers" } },
    agents: Object.fromEntries(agents.map((id) => [id, { prompt: `You are ${id}.` }])),
    pattern: { type: "chain", config: { steps: list } },
    outputs: {
      artifacts: [
        { path: "all.md", from: "{% for s in steps %}{{ s.response }}\n{% endfor %}" },
        { path: "b/last.txt", from: "{{ last_response }}" },
      ],
    },
  };
}

/** One world that outlives its processes: stored sessions, files, and the people who answer. */
class World {
  readonly repository = createMemoryRepository();
  readonly files = new Map<string, string>();
  readonly modelCalls: string[] = [];
  readonly repeated: string[] = [];
  readonly steps: readonly ChainStep[];
  appends = 0;

  constructor(steps: readonly ChainStep[]) {
    this.steps = steps;
  }

  /** A client of a fresh process, which dies at the given point. */
  client(crash: Crash | undefined): WorkflowClient {
    return new WorkflowClient({
      model: this.#model(),
      sessions: this.#dying(crash),
      artifacts: this.#store(crash),
      clock: { now: () => 0, sleep: () => Promise.resolve() },
    });
  }

  #model(): ModelFunction {
    const world = this;
    return async function* (request) {
      const key = `${request.stepKey}/model/0`;
      const stored = await world.repository.load("s");
      if (stored.entries.some((entry) => entry.key === key)) world.repeated.push(key);
      world.modelCalls.push(key);
      const last = request.messages.at(-1);
      // The whole conversation shapes the answer, so a wrongly restored one shows.
      yield `${request.agentId}#${request.messages.length}`;
      yield `<${last?.role === "user" ? last.content.slice(-40) : ""}>`;
    };
  }

  #dying(crash: Crash | undefined): SessionRepository {
    const { repository } = this;
    const world = this;
    let seen = 0;
    return {
      ...repository,
      async claim(sessionId, request) {
        const claim = await repository.claim(sessionId, request);
        return {
          ...claim,
          async append(expectedSeq, entries) {
            const point = seen++;
            world.appends += 1;
            const dies = crash?.at === point;
            if (dies && !crash.durable) return world.#die(claim);
            await claim.append(expectedSeq, entries);
            if (dies) return world.#die(claim);
          },
        };
      },
    };
  }

  /** A process that is gone holds no lease. */
  async #die(claim: { release(): Promise<void> }): Promise<never> {
    await claim.release();
    throw new ProcessDied("died");
  }

  #store(crash: Crash | undefined): ArtifactStore {
    const { files } = this;
    let writes = 0;
    return {
      async write({ path, content }, { ifExists }) {
        const existing = files.get(path);
        if (existing !== undefined && (ifExists === "fail" || (ifExists === "same" && existing !== content))) {
          throw new Error(`${path} exists`);
        }
        // Points after the last append: the first is the first file.
        const dies = crash !== undefined && crash.at === 1000 + writes;
        writes += 1;
        if (dies && !crash.durable) throw new ProcessDied("died");
        files.set(path, content);
        if (dies) throw new ProcessDied("died");
        return { location: path };
      },
    };
  }

  /** Runs to the end over as many processes as it takes; those listed die. `undefined` when the last one told nobody. */
  async finish(crashes: readonly Crash[]): Promise<RunResult | undefined> {
    const queue = [...crashes];
    for (let processes = 0; processes < 60; processes += 1) {
      const client = this.client(queue.shift());
      const result = await this.#advance(client);
      if (result === "ended") return undefined;
      if (result === "died" || result.status === "paused") continue;
      if (result.status === "failed" && result.error.cause instanceof ProcessDied) continue;
      return result;
    }
    throw new Error("the session did not end");
  }

  async #advance(client: WorkflowClient): Promise<RunResult | "died" | "ended"> {
    try {
      const known = await this.repository.load("s").then(
        (stored) => stored.entries,
        () => undefined,
      );
      if (known === undefined) return await client.run(specOf(this.steps), { sessionId: "s" });
      const answer = this.#answerTo(known);
      return await client.resume("s", answer === undefined ? {} : { response: answer }).result;
    } catch (error) {
      if (causes(error).some((cause) => cause instanceof ProcessDied)) return "died";
      if (StrandsError.isInstance(error) && error.code === "SESSION_COMPLETED") return "ended";
      throw error;
    }
  }

  #answerTo(entries: readonly Entry[]): string | undefined {
    const open = entries.filter((entry) => entry.kind === "interrupt.opened").map((entry) => entry.key);
    const waiting = open.find((key) => !entries.some((entry) => entry.key === `${key}/answer`));
    if (waiting === undefined) return undefined;
    const step = this.steps[Number(waiting.split("/")[1])];
    return step?.type === "hitl" ? step.answer : undefined;
  }

  /** What a session is about: its entries without those that only say which process ran when. */
  async story(): Promise<unknown> {
    const { entries } = await this.repository.load("s");
    const steps = entries.filter((entry) => !entry.kind.startsWith("run."));
    return steps.map((entry) => ({ key: entry.key, kind: entry.kind, body: withoutIds(entry.body) }));
  }

  /** How it ended, as recorded. */
  async ending(): Promise<unknown> {
    const { entries } = await this.repository.load("s");
    const last = entries.at(-1);
    return last?.kind === "run.completed" ? { ...last.body, runId: "" } : last?.kind;
  }
}

function causes(error: unknown): unknown[] {
  const list: unknown[] = [];
  for (let current = error; current !== undefined; current = (current as { cause?: unknown }).cause) list.push(current);
  return list;
}

function withoutIds(body: Entry["body"]): unknown {
  const { id: _id, digest: _digest, ...rest } = body as { id?: string; digest?: string };
  return rest;
}

const runs = process.env["STRANDS_SOAK"] === "1" ? 5000 : 150;
const crash = fc.record({
  at: fc.oneof({ weight: 5, arbitrary: fc.nat(14) }, { weight: 1, arbitrary: fc.constantFrom(1000, 1001) }),
  durable: fc.boolean(),
});

describe("the replay law", () => {
  it("random chains with random crashes and pauses end as the unbroken run, and nothing recorded runs again", async () => {
    await fc.assert(
      fc.asyncProperty(chain, fc.array(crash, { minLength: 1, maxLength: 6 }), async (steps, crashes) => {
        const calm = new World(steps);
        const expected = await calm.finish([]);
        expect(expected?.status).toBe("completed");

        const rough = new World(steps);
        const result = await rough.finish(crashes);
        await expectSame(rough, result, calm, expected);
        // At most one model call is lost with each process.
        expect(rough.modelCalls.length).toBeLessThanOrEqual(calm.modelCalls.length + crashes.length);
      }),
      { numRuns: runs },
    );
  });

  it("every single crash point of one chain with two pauses", async () => {
    const steps: readonly ChainStep[] = [
      { type: "agent", agent: "ann", refersTo: 0, withVars: true },
      { type: "hitl", answer: "yes", shows: 0 },
      { type: "agent", agent: "ann", refersTo: 1, withVars: false },
      { type: "hitl", answer: "", shows: 2 },
      { type: "agent", agent: "ben", refersTo: 2, withVars: false },
    ];
    const calm = new World(steps);
    const expected = await calm.finish([]);
    const points = [...Array(calm.appends).keys(), 1000, 1001];
    for (const at of points) {
      for (const durable of [false, true]) {
        // The n-th process dies there, so that points after a pause are reached too.
        for (let calmProcesses = 0; calmProcesses < 3; calmProcesses += 1) {
          const rough = new World(steps);
          const never = { at: 500, durable };
          const result = await rough.finish([...Array<Crash>(calmProcesses).fill(never), { at, durable }]);
          await expectSame(rough, result, calm, expected);
        }
      }
    }
  });
});

async function expectSame(
  rough: World,
  result: RunResult | undefined,
  calm: World,
  expected: RunResult | undefined,
): Promise<void> {
  if (result !== undefined) expect(outcome(result)).toEqual(outcome(expected));
  expect(await rough.ending()).toEqual(await calm.ending());
  expect(await rough.story()).toEqual(await calm.story());
  expect(Object.fromEntries(rough.files)).toEqual(Object.fromEntries(calm.files));
  expect(rough.repeated).toEqual([]);
}

function outcome(result: RunResult | undefined): unknown {
  if (result?.status !== "completed") return result;
  const { lastResponse, agentId, context, artifacts, usage } = result;
  return { lastResponse, agentId, context, artifacts, usage };
}
