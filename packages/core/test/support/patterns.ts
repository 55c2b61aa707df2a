import type { InterruptRecord } from "../../src/session/entry.js";
import type { JsonValue } from "../../src/spec/json.js";
import type { PatternSpec, PatternType, Spec } from "../../src/spec/spec.js";
import { lastText, type Reply, type ScriptedModel, scriptedModel } from "./scripted-model.js";
import { agent, type Bench, type BenchOptions, bench, chainSpec } from "./workflows.js";

/** A workflow of any pattern, with the agents `writer`, `editor` and `judge`. */
export function patternSpec<T extends PatternType>(
  type: T,
  config: Extract<PatternSpec, { type: T }>["config"],
  more: Partial<Spec> = {},
): Spec {
  const agents = { writer: agent(), editor: agent(), judge: agent() };
  return chainSpec([], { agents, pattern: { type, config } as PatternSpec, ...more });
}

/** A model that answers by step key; what it has no answer for it echoes as `<step key>`. */
export function keyedModel(replies: Readonly<Record<string, Reply>> = {}): ScriptedModel {
  return scriptedModel(({ stepKey }) => replies[stepKey] ?? stepKey);
}

/** What was asked under each step key. */
export function prompts(model: ScriptedModel): Record<string, string> {
  return Object.fromEntries(model.requests.map((request) => [request.stepKey, lastText(request)]));
}

/** Step keys in the order in which they were asked. */
export function asked(model: ScriptedModel): string[] {
  return model.requests.map(({ stepKey }) => stepKey);
}

export interface Trial {
  readonly bench: Bench;
  readonly model: ScriptedModel;
}

/** A bench whose model answers by step key, and that listens. */
export function trial(replies: Readonly<Record<string, Reply>> = {}, options: BenchOptions = {}): Trial {
  const model = keyedModel(replies);
  return { model, bench: bench({ model, ...options }).listen() };
}

/** Runs to the end and gives the result. */
export async function completed(on: Bench, spec: Spec, variables: Readonly<Record<string, JsonValue>> = {}) {
  const result = await on.client.run(spec, { variables });
  if (result.status === "failed") throw result.error;
  if (result.status !== "completed") throw new Error(`It ended ${result.status}`);
  return result;
}

/** Runs up to a pause and gives the open questions. */
export async function paused(
  on: Bench,
  spec: Spec,
  variables: Readonly<Record<string, JsonValue>> = {},
): Promise<readonly InterruptRecord[]> {
  const result = await on.client.run(spec, { variables });
  if (result.status !== "paused") throw new Error(`It ended ${result.status}`, { cause: result });
  return result.interrupts;
}
