import type { PatternOutcome, RunContext } from "../engine/run-context.js";
import type { ProgramTask, WorkflowProgram } from "../program/program.js";
import type { JsonValue } from "../spec/json.js";
import { orderedRecord } from "../template/ordered-record.js";
import { hitlRequest } from "./hitl-request.js";
import { keyPart } from "./key-part.js";
import { StepScope } from "./step-scope.js";
import { withData } from "./with-data.js";

/** What templates see of a finished task under `tasks.<id>`. */
export type TaskRecord =
  | {
      readonly response: string;
      /** The response as data, when the agent has an output schema. */
      readonly data: JsonValue;
      readonly status: "success";
      readonly tokens_estimated: number;
      readonly agent: string;
    }
  | {
      readonly type: "hitl";
      readonly prompt: string;
      readonly response: string;
      readonly data: null;
      readonly status: "success";
      readonly tokens_estimated: 0;
      readonly agent: "hitl";
    };

/** Tasks that depend on one another: each starts as soon as what it waits for is done. */
export async function runWorkflow(run: RunContext, { tasks }: WorkflowProgram): Promise<PatternOutcome> {
  const records: TaskRecord[] = [];
  await run.all(
    tasks,
    run.program.maxParallel,
    (task, index, lane) => runTask(lane, task, scopeOf(run, tasks, records, task), records, index),
    (task) => task.waitsFor,
  );
  const last = records.at(-1);
  return {
    lastResponse: last?.response ?? "",
    data: last?.data ?? null,
    agentId: last?.agent ?? "",
    responses: records.filter((record) => !("type" in record)).map(({ response }) => response),
    context: { tasks: orderedRecord(tasks.map(({ id }, index) => [id, records[index] as TaskRecord])) },
  };
}

/** Works on one task and keeps its record. */
async function runTask(
  run: RunContext,
  { id, step }: ProgramTask,
  scope: StepScope,
  records: TaskRecord[],
  index: number,
): Promise<void> {
  const key = `tasks/${keyPart(id)}`;
  if (step.type === "hitl") {
    const { response } = await run.interrupt(key, hitlRequest(step, run, scope));
    const { source: prompt } = step.prompt;
    const about = { status: "success" as const, tokens_estimated: 0 as const, agent: "hitl" as const };
    records[index] = withData({ type: "hitl", prompt, response, ...about }, null);
    return;
  }
  run.emit("task_start", { taskId: id, agentId: step.agentId, replayed: run.hasBegun(key) });
  const answer = await run.agent(key, step.agentId, () => step.input.render(scope), step.tools);
  const { text, data, tokensEstimated, replayed } = answer;
  run.emit("task_complete", { taskId: id, agentId: step.agentId, response: text, replayed });
  const record = { response: text, status: "success" as const, tokens_estimated: tokensEstimated, agent: step.agentId };
  records[index] = withData(record, data);
}

function scopeOf(
  run: RunContext,
  all: readonly ProgramTask[],
  records: readonly TaskRecord[],
  { sees, answeredBy }: ProgramTask,
): StepScope {
  const scope = new StepScope(run.variables, { tasks: pick(all, records, sees) });
  if (answeredBy !== undefined) scope.set("hitl_response", records[answeredBy]?.response);
  return scope;
}

/** Records by id, in the order of the layers. */
function pick(tasks: readonly ProgramTask[], records: readonly TaskRecord[], indices: readonly number[]) {
  return orderedRecord(indices.map((index) => [(tasks[index] as ProgramTask).id, records[index] as TaskRecord]));
}
