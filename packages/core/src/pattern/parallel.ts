import type { PatternOutcome, RunContext } from "../engine/run-context.js";
import type { ParallelProgram } from "../program/program.js";
import type { JsonValue } from "../spec/json.js";
import { orderedRecord } from "../template/ordered-record.js";
import { runFinalStep } from "./final-step.js";
import { keyPart } from "./key-part.js";
import type { StepRecord } from "./run-steps.js";
import { runSteps } from "./run-steps.js";
import { StepScope } from "./step-scope.js";
import { withData } from "./with-data.js";

/** What templates see of a finished branch under `branches.<id>`. */
export interface BranchRecord {
  readonly response: string;
  /** The response as data, when the last agent has an output schema. */
  readonly data: JsonValue;
  readonly status: "success";
  /** Sum over its steps. */
  readonly tokens_estimated: number;
  readonly step_history: readonly StepRecord[];
}

/** Branches side by side, each a chain of its own, and a step that brings their results together. */
export async function runParallel(run: RunContext, { branches, reduce }: ParallelProgram): Promise<PatternOutcome> {
  const records = await run.all(branches, run.program.maxParallel, async ({ id, steps }, _, lane) => {
    const key = `branches/${keyPart(id)}`;
    run.emit("branch_start", { branchId: id, replayed: run.hasBegun(`${key}/0`) });
    const record = branchRecord(await runSteps(lane, key, steps, showingLast));
    run.emit("branch_complete", { branchId: id, response: record.response, replayed: lane.replaying });
    return record;
  });
  const byId = orderedRecord(branches.map(({ id }, index) => [id, records[index] as BranchRecord]));
  const said: string[] = [];
  for (const { step_history } of records) {
    for (const step of step_history) if ("agent" in step) said.push(step.response);
  }
  const context = { branches: byId };
  if (reduce === undefined) {
    return { lastResponse: aggregate(byId), data: null, agentId: "parallel", responses: said, context };
  }
  const { response, data, agentId } = await runFinalStep(
    run,
    "reduce",
    reduce,
    new StepScope(run.variables, { ...context }),
  );
  if (agentId === "hitl") return { lastResponse: response, data, agentId: "parallel", responses: said, context };
  return { lastResponse: response, data, agentId, responses: [...said, response], context };
}

const showingLast = { lastResponse: true };

function branchRecord(history: readonly StepRecord[]): BranchRecord {
  const last = history.at(-1);
  const record = {
    response: last?.response ?? "",
    status: "success" as const,
    tokens_estimated: history.reduce((sum, step) => sum + step.tokens_estimated, 0),
    step_history: history,
  };
  return withData(record, last?.data ?? null);
}

/** The result without a reduce step: every branch under its name, sorted by id. */
function aggregate(branches: Readonly<Record<string, BranchRecord>>): string {
  const ids = Object.keys(branches).sort((a, b) => (a < b ? -1 : Number(a > b)));
  return ids.map((id) => `Branch ${id}:\n${branches[id]?.response}`).join("\n\n---\n\n");
}
