import type { Spec } from "@strands/core";
import type { WireRequest } from "@strands/testing/model";
import { openaiWire } from "@strands/testing/model";

const patterns = {
  chain: {
    steps: [
      { agent: "writer", input: "One" },
      { agent: "writer", input: "Two" },
    ],
  },
  workflow: {
    tasks: [
      { id: "a", agent: "writer", input: "One" },
      { id: "b", agent: "writer", input: "Two", deps: ["a"] },
    ],
  },
  routing: {
    router: { agent: "router", input: "Where to?" },
    // biome-ignore lint/suspicious/noThenProperty: a key of the format
    routes: { only: { then: [{ agent: "writer", input: "One" }] } },
  },
  parallel: {
    branches: [
      { id: "a", steps: [{ agent: "writer", input: "One" }] },
      { id: "b", steps: [{ agent: "writer", input: "Two" }] },
    ],
  },
  evaluator_optimizer: { producer: "writer", evaluator: { agent: "judge" }, accept: { min_score: 80 } },
  orchestrator_workers: {
    orchestrator: { agent: "planner", limits: { max_workers: 1, max_rounds: 1 } },
    worker_template: { agent: "writer" },
  },
  graph: {
    nodes: { a: { agent: "writer", input: "One" }, b: { agent: "writer", input: "Two" } },
    edges: [{ from: "a", to: ["b"] }],
  },
} as const;

export type PatternName = keyof typeof patterns;
export const patternNames = Object.keys(patterns) as readonly PatternName[];

/** How many model calls each takes when none fails. */
export const callsPerPattern = 2;

/** A small workflow of each pattern, whose agents say in their prompts who they are. */
export function patternSpec(name: PatternName, runtime: object): Spec {
  const agents = Object.fromEntries(
    ["writer", "router", "judge", "planner"].map((agent) => [agent, { prompt: `You are the ${agent}.` }]),
  );
  const pattern = { type: name, config: patterns[name] };
  return { version: 1, name, runtime, agents, pattern } as unknown as Spec;
}

/** What the models of these workflows say, told apart by their system prompts. */
export function answerFor(request: WireRequest): string {
  const { system } = openaiWire.readRequest(request);
  if (system.includes("the router")) return '{"route":"only"}';
  if (system.includes("the judge")) return '{"score":95,"issues":[],"fixes":[]}';
  return system.includes("the planner") ? '[{"task":"part"}]' : "ok";
}
