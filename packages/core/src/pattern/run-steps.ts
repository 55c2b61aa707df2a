import type { AgentAnswer, RunContext } from "../engine/run-context.js";
import type { ProgramAgentStep, ProgramHitlStep, ProgramStep } from "../program/program.js";
import type { JsonValue } from "../spec/json.js";
import { hitlRequest } from "./hitl-request.js";
import { StepScope } from "./step-scope.js";
import { withData } from "./with-data.js";

/** What templates see of a finished step. */
export type StepRecord = AgentStepRecord | HitlStepRecord;

export interface AgentStepRecord {
  readonly index: number;
  readonly agent: string;
  readonly response: string;
  /** The response as data, when the agent has an output schema. */
  readonly data: JsonValue;
  readonly tokens_estimated: number;
}

export interface HitlStepRecord {
  readonly index: number;
  readonly type: "hitl";
  readonly prompt: string;
  readonly response: string;
  readonly data: null;
  readonly tokens_estimated: 0;
}

export interface RunStepsOptions {
  /** More names for the templates of these steps. */
  readonly names?: Readonly<Record<string, unknown>>;
  /** Whether templates see the answer of the step before as `last_response`. @defaultValue false */
  readonly lastResponse?: boolean;
}

/** Runs steps in order; each sees the records of those before it. Keys are `<prefix>/<index>`. */
export async function runSteps(
  run: RunContext,
  prefix: string,
  steps: readonly ProgramStep[],
  options: RunStepsOptions = {},
): Promise<readonly StepRecord[]> {
  const records: StepRecord[] = [];
  const scope = new StepScope(run.variables, { ...options.names, steps: records });
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index] as ProgramStep;
    const key = `${prefix}/${index}`;
    if (step.type === "agent") {
      records.push(agentRecord(index, step, await askAgent(run, key, step, scope)));
    } else {
      const record = await askPerson(run, { prefix, steps, index, step, records, scope, options });
      scope.set("hitl_response", record.response);
      records.push(record);
    }
    showLast(records, scope, options);
  }
  return records;
}

function askAgent(run: RunContext, key: string, step: ProgramAgentStep, scope: StepScope): Promise<AgentAnswer> {
  return run.agent(key, step.agentId, () => renderInput(step, scope), step.tools);
}

function showLast(records: readonly StepRecord[], scope: StepScope, { lastResponse }: RunStepsOptions): void {
  if (lastResponse === true) scope.set("last_response", records.at(-1)?.response);
}

/** The text of an agent step's template. */
export function renderInput(step: ProgramAgentStep, scope: StepScope): string {
  return step.input.render(step.vars === undefined ? scope : scope.with(step.vars));
}

/** A question among steps. */
interface Question {
  readonly prefix: string;
  readonly steps: readonly ProgramStep[];
  readonly index: number;
  readonly step: ProgramHitlStep;
  readonly records: StepRecord[];
  readonly scope: StepScope;
  readonly options: RunStepsOptions;
}

/** Asks until there is a plain answer: with feedback, the agent step before runs again and the question is asked anew. */
async function askPerson(run: RunContext, question: Question): Promise<HitlStepRecord> {
  const { prefix, index, step, records, scope, options } = question;
  const before = records.findLastIndex((record) => "agent" in record);
  for (let revision = 1; ; revision += 1) {
    const request = { ...hitlRequest(step, run, scope), revisable: before >= 0 };
    const { action, response } = await run.interrupt(revised(`${prefix}/${index}`, revision), request);
    if (action !== "modify") {
      return withData({ index, type: "hitl", prompt: step.prompt.source, response, tokens_estimated: 0 }, null);
    }
    const key = `${prefix}/${before}@${index}.${revision + 1}`;
    records[before] = await reviseStep(run, key, question.steps[before] as ProgramAgentStep, before, response);
    showLast(records, scope, options);
  }
}

async function reviseStep(
  run: RunContext,
  key: string,
  step: ProgramAgentStep,
  index: number,
  feedback: string,
): Promise<AgentStepRecord> {
  const answer = await run.agent(key, step.agentId, () => revisePrompt(feedback), step.tools);
  return agentRecord(index, step, answer);
}

function agentRecord(index: number, { agentId: agent }: ProgramAgentStep, answer: AgentAnswer): AgentStepRecord {
  const { text: response, data, tokensEstimated: tokens_estimated } = answer;
  return withData({ index, agent, response, tokens_estimated }, data);
}

/** What an agent is told when a person sends its answer back; the conversation holds the rest. */
export function revisePrompt(feedback: string): string {
  return `A reviewer has sent your last answer back. Revise it and give the whole new version.\n\nFeedback:\n${feedback}`;
}

/** The key of a step that runs again. */
export function revised(key: string, revision: number): string {
  return revision === 1 ? key : `${key}@${revision}`;
}
