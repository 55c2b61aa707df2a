import type { InterruptRequest } from "../engine/interrupt.js";
import { rejection } from "../engine/rejection.js";
import type { PatternOutcome, RunContext } from "../engine/run-context.js";
import { RunError } from "../error/errors.js";
import { callLimits } from "../program/call-limits.js";
import type { OrchestratorWorkersProgram, ProgramStep } from "../program/program.js";
import type { JsonValue } from "../spec/json.js";
import type { FinalStep } from "./final-step.js";
import { runFinalStep } from "./final-step.js";
import { hitlRequest } from "./hitl-request.js";
import { revised } from "./run-steps.js";
import { StepScope } from "./step-scope.js";
import { withData } from "./with-data.js";
import type { WorkerTask } from "./worker-tasks.js";
import { clarifyTasks, decomposePrompt, nextRoundPrompt, readTasks, redoPrompt } from "./worker-tasks.js";

/** What templates see of a finished worker. */
export interface WorkerRecord {
  readonly response: string;
  /** The response as data, when the agent has an output schema. */
  readonly data: JsonValue;
  readonly status: "success";
  readonly tokens: number;
  /** The text the worker was sent. */
  readonly task: string;
}

/** What the rounds have come to. */
interface Progress {
  readonly workers: WorkerRecord[];
  readonly responses: string[];
  rounds: number;
  /** The latest answer of a person. */
  hitl: string | undefined;
}

/** An orchestrator splits the work, workers do the parts, and the results are brought together. */
export async function runOrchestratorWorkers(
  run: RunContext,
  program: OrchestratorWorkersProgram,
): Promise<PatternOutcome> {
  const progress: Progress = { workers: [], responses: [], rounds: 0, hitl: undefined };
  const { workers } = progress;
  do {
    progress.rounds += 1;
    const tasks = await decompose(run, program, progress);
    if (tasks.length === 0) break;
    workers.push(...(await work(run, program, progress, tasks)));
  } while (progress.rounds < program.maxRounds);

  // A variable of the user wins over a count, not over what templates read into and what comes out of the last steps.
  const counts = { num_workers: workers.length, round_count: progress.rounds };
  const finals: Record<string, string> = {};
  const aggregate = workers.map(({ response }, index) => `Worker ${index}: ${response}`).join("\n\n");
  const unreduced: FinalStep = { response: aggregate, data: null, agentId: program.orchestratorId };
  let result = unreduced;
  const finish = async (key: "reduce" | "writeup", step: ProgramStep, feedback?: string): Promise<void> => {
    const hitl = progress.hitl === undefined ? {} : { hitl_response: progress.hitl };
    const scope = new StepScope(
      { ...counts, last_response: result.response, ...run.variables },
      { workers, ...hitl, ...finals },
    );
    const final = await runFinalStep(run, key, step, scope, feedback);
    finals[`${key}_response`] = final.response;
    // An empty text is no result.
    result = final.response === "" ? { ...unreduced, agentId: final.agentId } : final;
    progress.responses.push(final.response);
  };
  if (program.reduce !== undefined) await finish("reduce", program.reduce, await reviewResults(run, program, progress));
  if (program.writeup !== undefined) await finish("writeup", program.writeup);
  const { hitl, responses } = progress;
  const answered = hitl === undefined ? {} : { hitl_response: hitl };
  const context = { ...counts, ...run.variables, workers, ...answered, ...finals };
  const { response: lastResponse, data, agentId } = result;
  return { lastResponse, data, agentId, responses, context };
}

/** The tasks of a round, as the orchestrator and, where there is a gate, a person want them. */
async function decompose(
  run: RunContext,
  program: OrchestratorWorkersProgram,
  progress: Progress,
): Promise<readonly WorkerTask[]> {
  const key = `orchestrator/${progress.rounds}`;
  const first = (): string =>
    progress.rounds === 1 ? decomposePrompt(run.variables) : nextRoundPrompt(run.variables, progress.workers);
  let tasks = await askForTasks(run, program, progress, key, first);
  // Nothing left to do is nothing to review.
  if (tasks.length === 0 && progress.rounds > 1) return tasks;
  for (let revision = 1; program.decompositionReview !== undefined; revision += 1) {
    const subtasks = tasks.map((task) => task.given);
    const listed = { orchestrator_response: JSON.stringify(subtasks, null, 2), task_count: subtasks.length };
    const scope = new StepScope({ ...listed, ...run.variables }, { subtasks });
    const accepts = "approve, `reject: reason`, `modify: feedback`, or an edited JSON list of tasks";
    const request = { ...hitlRequest(program.decompositionReview, run, scope), revisable: true, accepts };
    const review = await askReview(run, revised(`decomposition/${progress.rounds}`, revision), request, progress);
    if (review.edited !== undefined) return review.edited;
    if (!review.isFeedback) break;
    const again = (): string => redoPrompt(review.text);
    tasks = await askForTasks(run, program, progress, revised(key, revision + 1), again);
  }
  return tasks;
}

async function askForTasks(
  run: RunContext,
  { orchestratorId }: OrchestratorWorkersProgram,
  progress: Progress,
  key: string,
  first: () => string,
): Promise<readonly WorkerTask[]> {
  let prompt = first;
  // Answers of earlier runs do not count: a session that failed here can be resumed.
  for (let attempt = 0, asked = 0; asked < callLimits.perTaskList; attempt += 1) {
    const place = attempt === 0 ? key : `${key}/clarified/${attempt}`;
    const { text, replayed } = await run.agent(place, orchestratorId, prompt);
    asked += replayed ? 0 : 1;
    progress.responses.push(text);
    const tasks = readTasks(text, "model");
    if (tasks !== undefined) return tasks;
    prompt = () => clarifyTasks(text);
  }
  throw new RunError(
    "RUN_STEP_FAILED",
    `The orchestrator gave no readable list of tasks in ${callLimits.perTaskList} attempts`,
    {
      stepKey: key,
      hint: 'Tell it to answer with a JSON array such as [{"task": "..."}] only.',
    },
  );
}

async function work(
  run: RunContext,
  { workerId, workerTools, maxWorkers }: OrchestratorWorkersProgram,
  progress: Progress,
  tasks: readonly WorkerTask[],
): Promise<readonly WorkerRecord[]> {
  const records = await run.all(tasks, maxWorkers, async ({ text: task }, index, lane): Promise<WorkerRecord> => {
    const key = `workers/${progress.rounds}/${index}`;
    run.emit("worker_start", { index, agentId: workerId, task, replayed: run.hasBegun(key) });
    const { text, data, tokensEstimated, replayed } = await lane.agent(key, workerId, () => task, workerTools);
    run.emit("worker_complete", { index, agentId: workerId, response: text, replayed });
    return withData({ response: text, status: "success", tokens: tokensEstimated, task }, data);
  });
  progress.responses.push(...records.map(({ response }) => response));
  return records;
}

/** Lets a person look at the workers' results before they are brought together: gives feedback for that, if there is any. */
async function reviewResults(
  run: RunContext,
  { reduceReview }: OrchestratorWorkersProgram,
  progress: Progress,
): Promise<string | undefined> {
  if (reduceReview === undefined) return undefined;
  const { workers, rounds, hitl } = progress;
  const count = workers.length;
  const counts = { worker_count: count, num_workers: count, round_count: rounds };
  const answered = hitl === undefined ? {} : { hitl_response: hitl };
  const scope = new StepScope({ ...counts, ...run.variables }, { workers, ...answered });
  const accepts = "approve, `reject: reason`, or `modify: feedback` for what brings the results together";
  const request = { ...hitlRequest(reduceReview, run, scope), revisable: true, accepts };
  const review = await askReview(run, "reduce/review", request, progress);
  return review.isFeedback ? review.text : undefined;
}

const refusal = /^\s*(?:(?:no|not|don['’]?t|do not|stop|wait|cancel|abort|wrong)\b|[[{]|```)/i;

/** What came of a gate: an edited list of tasks, feedback, or any other text, which goes on. */
interface Review {
  readonly text: string;
  readonly edited: readonly WorkerTask[] | undefined;
  readonly isFeedback: boolean;
}

/**
 * Asks at a gate. A text that begins with `reject` ends the run. One that begins with `modify:`, says no, or begins like JSON
 * and cannot be read is feedback: work that was refused must not begin. Of a time-out nobody gave feedback, and it would come
 * again and again: there it ends the run.
 */
async function askReview(run: RunContext, key: string, request: InterruptRequest, progress: Progress): Promise<Review> {
  const { response, action, source } = await run.interrupt(key, request);
  const [, reason] = /^\s*reject(?:ed)?\b[\s:,.-]*(.*)$/is.exec(response) ?? [];
  if (action === undefined && reason !== undefined) throw rejection(key, reason);
  progress.hitl = response;
  const [, feedback] = /^\s*modify\s*:\s*(.*)$/is.exec(response) ?? [];
  const text = feedback ?? response;
  const edited = readTasks(text, "edit");
  const isFeedback = action === "modify" || feedback !== undefined || refusal.test(response);
  if (isFeedback && edited === undefined && source === "timeout")
    throw rejection(key, `no answer in time: ${response}`);
  return { text, edited, isFeedback };
}
