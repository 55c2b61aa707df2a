import { expect } from "vitest";
import type { RunResult } from "../../src/index.js";
import type { Scenario } from "./random-workflows.js";
import { type Fate, World } from "./world.js";

/** How a session ended and what it left behind. */
export interface Life {
  readonly scenario: Scenario;
  readonly world: World;
  readonly result: RunResult | undefined;
  readonly entries: readonly StepEntry[];
  /** What the last run came to. An answer may be recorded after it, for a branch that was left behind. */
  readonly ending: string | undefined;
}

interface StepEntry {
  readonly key: string;
  readonly kind: string;
  readonly body: unknown;
}

type Body = Readonly<Record<string, unknown>>;

/** Lives through a scenario. */
export async function lived(given: Scenario, fateOf?: Fate): Promise<Life> {
  const world = new World(given, fateOf);
  const result = await world.finish();
  const all = (await world.entries()) ?? [];
  const runs = all.filter((entry) => entry.kind.startsWith("run."));
  const entries = all.flatMap(({ key, kind, body }): readonly StepEntry[] => {
    // What time it was, and who was quicker, a person or the time-out, is open.
    const { id: _id, digest: _digest, source: _source, expiresAt: _due, startedAt: _at, ...rest } = body as Body;
    return kind.startsWith("run.") ? [] : [{ key, kind, body: rest }];
  });
  entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { scenario: given, world, result, entries, ending: runs.at(-1)?.kind };
}

/** The law: a rough life leaves behind what a calm one does, and does nothing twice. */
export function expectSame(rough: Life, calm: Life): void {
  expect(rough.world.repeated).toEqual([]);
  expect(rough.world.callsInVain()).toEqual([]);
  expect(rough.world.peak).toBeLessThanOrEqual(limitOf(rough.scenario));
  const keys = rough.entries.map((entry) => entry.key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(rough.ending).toBe(calm.ending);
  if (isRace(calm)) {
    // Which of several branches came how far before the no is open; what they came to is not.
    const known = new Map(calm.entries.map((entry) => [entry.key, entry]));
    for (const entry of rough.entries) expect(known.get(entry.key) ?? entry).toEqual(entry);
    return;
  }
  if (rough.result !== undefined) expect(outcome(rough.result)).toEqual(outcome(calm.result));
  expect(rough.entries).toEqual(calm.entries);
  expect(Object.fromEntries(rough.world.files)).toEqual(Object.fromEntries(calm.world.files));
}

/** How many model calls may be under way at once. */
function limitOf({ spec: { pattern, runtime } }: Scenario): number {
  switch (pattern.type) {
    case "workflow":
    case "parallel":
      return runtime.max_parallel ?? Number.POSITIVE_INFINITY;
    case "orchestrator_workers":
      return pattern.config.orchestrator.limits?.max_workers ?? Number.POSITIVE_INFINITY;
    default:
      return 1;
  }
}

function isRace({ result, scenario: { spec } }: Life): boolean {
  return result?.status === "cancelled" && (spec.pattern.type === "workflow" || spec.pattern.type === "parallel");
}

function outcome(result: RunResult | undefined): unknown {
  switch (result?.status) {
    case "completed": {
      const { lastResponse, agentId, context, artifacts, usage, variables } = result;
      return { lastResponse, agentId, context, artifacts, usage, variables };
    }
    case "failed":
      return { code: result.error.code, message: result.error.message, details: result.error.details };
    case "cancelled":
      return { reason: result.reason, rejected: result.rejected };
    default:
      return result;
  }
}
