import type { ClientOptions } from "../../src/client.js";
import { WorkflowClient } from "../../src/client.js";
import type { WorkflowEvent } from "../../src/event/events.js";
import type { Model, ModelFunction } from "../../src/model/model.js";
import type { AgentSpec, HitlStepSpec, Spec, StepSpec } from "../../src/spec/spec.js";
import type { SkippingClock } from "./clocks.js";
import { skippingClock } from "./clocks.js";
import type { FaultyRepository } from "./faulty-repository.js";
import { faultyRepository } from "./faulty-repository.js";
import { echoModel } from "./scripted-model.js";
import { sequentialIds } from "./sequential-ids.js";

/** A chain; a string stands for a step of the agent `writer` with that input. */
export function chainSpec(steps: readonly (string | StepSpec)[], more: Partial<Spec> = {}): Spec {
  return {
    version: 0,
    name: "test-flow",
    runtime: { provider: "offline" },
    agents: { writer: agent() },
    pattern: {
      type: "chain",
      config: { steps: steps.map((step) => (typeof step === "string" ? { agent: "writer", input: step } : step)) },
    },
    ...more,
  };
}

export function agent(more: Partial<AgentSpec> = {}): AgentSpec {
  return { prompt: "You write.", ...more };
}

export function ask(prompt = "Go on?", more: Partial<HitlStepSpec> = {}): HitlStepSpec {
  return { type: "hitl", prompt, ...more };
}

/** A client with everything under the test's control, and what it said. */
export interface Bench {
  readonly client: WorkflowClient;
  readonly sessions: FaultyRepository;
  readonly clock: SkippingClock;
  /** Every event of every run, once {@link listen} has been called. */
  readonly events: readonly WorkflowEvent[];
  listen(): Bench;
  /** The events of one type. */
  of<T extends WorkflowEvent["type"]>(type: T): readonly Extract<WorkflowEvent, { type: T }>[];
  /** Another client on the same sessions: another process. */
  again(options?: BenchOptions): Bench;
}

export interface BenchOptions extends Omit<ClientOptions, "model" | "sessions" | "clock"> {
  /** @defaultValue echoes */
  readonly model?: Model | ModelFunction | undefined;
  readonly sessions?: FaultyRepository;
  readonly clock?: ClientOptions["clock"];
  /** Leaves out the model, so that providers are asked. */
  readonly noModel?: true;
}

export function bench(options: BenchOptions = {}): Bench {
  const { model, noModel, ...rest } = options;
  const sessions = options.sessions ?? faultyRepository();
  const skipping = skippingClock();
  const clock = options.clock ?? skipping;
  const ids = options.ids ?? sequentialIds();
  const client = new WorkflowClient({
    owner: "tester",
    random: () => 0.5,
    ...rest,
    sessions,
    clock,
    ids,
    ...(noModel === true ? {} : { model: model ?? echoModel() }),
  });
  const events: WorkflowEvent[] = [];
  const self: Bench = {
    client,
    sessions,
    clock: skipping,
    events,
    listen() {
      client.on("*", (event) => events.push(event));
      return self;
    },
    of: (type) => events.filter((event) => event.type === type) as never,
    again: (more = {}) => bench({ ...options, clock, sessions, ids, ...more }),
  };
  return self;
}
