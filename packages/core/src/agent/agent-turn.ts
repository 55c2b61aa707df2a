import type { Cancellation } from "../engine/cancellation.js";
import type { Countdown } from "../engine/countdown.js";
import type { Novelty } from "../engine/novelty.js";
import type { AgentAnswer, RunContext } from "../engine/run-context.js";
import type { RunServices } from "../engine/run-services.js";
import { InternalError, RunError, TemplateError } from "../error/errors.js";
import type { Message, ModelRequest, ToolDeclaration, Usage } from "../model/model.js";
import { addUsage } from "../model/usage.js";
import { callLimits } from "../program/call-limits.js";
import type { ProgramAgent } from "../program/program.js";
import type { ModelEntryBody } from "../session/entry.js";
import { usageOfCall } from "../session/entry-usage.js";
import type { Tool } from "../tool/tool.js";
import type { ModelCall } from "./call-model.js";
import { callModel } from "./call-model.js";
import { countWords } from "./count-words.js";
import { runTools } from "./run-tools.js";
import { acceptedData, correctionFor, readStructured } from "./structured-answer.js";

/** Sent when a step has no input: providers refuse a blank message. */
const emptyInput = "Please proceed with your task.";

/** An agent as one line of work sees it: what it says and what it may use stay the same over its turns. */
export interface Conversation {
  readonly agent: ProgramAgent;
  readonly system: string;
  readonly messages: Message[];
}

/** One turn of it. */
export interface Turn {
  readonly key: string;
  /** Renders the prompt; called only when the turn has not begun yet. */
  readonly prompt: () => string;
  /** Replaces the agent's tool list. */
  readonly tools: readonly string[] | undefined;
  /** Of the line of work the turn is part of. */
  readonly novelty: Novelty;
  /** Runs while the turn is at work. */
  readonly countdown?: Countdown;
}

/** Begins a conversation with an agent. */
export function newConversation(services: RunServices, agentId: string): Conversation {
  const agent = services.program.agents.get(agentId);
  if (agent === undefined) throw new InternalError(`The program has no agent \`${agentId}\``);
  return { agent, system: services.systemPrompts.of(agent), messages: [] };
}

/**
 * One turn of a conversation: model call, tool calls, model call, until the model has nothing more to call and its answer fits
 * the agent's output schema.
 *
 * @throws {@link RunError} `RUN_LOOP_LIMIT` at one of the limits of {@link callLimits}, `RUN_OUTPUT_INVALID`
 */
export async function agentTurn(
  services: RunServices,
  cancellation: Cancellation,
  run: RunContext,
  conversation: Conversation,
  turn: Turn,
): Promise<AgentAnswer> {
  const { agent, messages } = conversation;
  const { key } = turn;
  const tools = allowedTools(services.tools, turn.tools ?? agent.tools);
  let input = "";
  let usage: Usage | undefined;
  let refused = 0;
  let faultyRounds = 0;
  // Calls of earlier runs do not count: a session that came to the limit may go on once its model has been mended.
  for (let round = 0, calls = 0; calls < callLimits.perTurn; round += 1) {
    const entryKey = round === 0 ? `${key}/model/0` : `${key}/model/${round}`;
    let body = services.journal.find(entryKey, "model");
    const replayed = body !== undefined;
    if (!replayed) {
      cancellation.throwIfCancelled();
      turn.novelty.begin();
      calls += 1;
    }
    if (round === 0) {
      input = body === undefined ? beginTurn(services, agent.id, turn) : (body.input ?? "");
      messages.push({ role: "user", content: input });
    }
    if (body === undefined) {
      services.meter.beforeCall(key);
      const call = nextCall(conversation, turn, round === 0 ? input : undefined, tools);
      body = judged(services, agent, key, await callModel(services, cancellation, call));
      await services.journal.append({ key: entryKey, kind: "model", body });
      services.meter.countCall(body);
    }
    usage = addUsage(usage, usageOfCall(body));
    const { text, toolCalls, correction } = body;
    messages.push(
      toolCalls === undefined ? { role: "assistant", content: text } : { role: "assistant", content: text, toolCalls },
    );
    if (correction !== undefined) {
      messages.push({ role: "user", content: correction });
      refused += replayed ? 0 : 1;
      if (refused >= callLimits.perAnswer) throw outputInvalid(agent, key, correction);
      continue;
    }
    if (toolCalls === undefined || toolCalls.length === 0) {
      return ended(services, agent, key, { input, body, usage: usage as Usage, replayed });
    }
    const faults = await answerCalls(services, cancellation, run, conversation, { key, round, tools }, body);
    faultyRounds = faults === toolCalls.length ? faultyRounds + 1 : 0;
    if (faultyRounds >= callLimits.badToolCalls) throw toolLimit(agent, key, "impossible tool calls", faultyRounds);
  }
  throw toolLimit(agent, key, "model calls without an answer", callLimits.perTurn);
}

/** Where in a turn tools are called. */
interface ToolRound {
  readonly key: string;
  readonly round: number;
  readonly tools: ReadonlyMap<string, Tool>;
}

/** Calls the tools an answer asks for and tells the model what they gave. Returns how many calls were impossible. */
async function answerCalls(
  services: RunServices,
  cancellation: Cancellation,
  run: RunContext,
  { agent, messages }: Conversation,
  { key: stepKey, round, tools }: ToolRound,
  body: ModelEntryBody,
): Promise<number> {
  const { toolCalls = [] } = body;
  let faults = 0;
  const cutOff = isCut(body) ? toolCalls.length - 1 : undefined;
  const onFault = (): void => {
    faults += 1;
  };
  const place = { stepKey, round, agentId: agent.id, tools, cutOff, onFault };
  messages.push({ role: "tool", results: await runTools(services, cancellation, run, place, toolCalls) });
  return faults;
}

/** What is to be recorded of an answer: also whether it has to be given again. */
function judged({ emitter }: RunServices, agent: ProgramAgent, stepKey: string, body: ModelEntryBody): ModelEntryBody {
  const { text, toolCalls, finish } = body;
  const agentId = agent.id;
  const isLast = toolCalls === undefined || toolCalls.length === 0;
  if (isCut(body)) emitter.emit("answer_incomplete", { stepKey, agentId, reason: finish as "length" });
  else if (isLast && text.trim() === "") emitter.emit("answer_incomplete", { stepKey, agentId, reason: "empty" });
  if (!isLast || agent.outputSchema === undefined) return body;
  const read = readStructured(agent.outputSchema, text);
  if ("data" in read) return body;
  emitter.emit("output_refused", { stepKey, agentId, problem: read.problem });
  return { ...body, correction: correctionFor(read.problem, finish === "length") };
}

function isCut({ finish }: ModelEntryBody): boolean {
  return finish === "length" || finish === "content_filter";
}

/** What a turn ended with. */
interface TurnEnd {
  readonly input: string;
  /** The last answer. */
  readonly body: ModelEntryBody;
  readonly usage: Usage;
  readonly replayed: boolean;
}

function ended({ emitter }: RunServices, agent: ProgramAgent, stepKey: string, end: TurnEnd): AgentAnswer {
  const { input, body, usage, replayed } = end;
  const { text } = body;
  const data = agent.outputSchema === undefined ? null : acceptedData(agent.outputSchema, text);
  if (emitter.wants("step_complete")) {
    const more = agent.outputSchema === undefined ? {} : { data };
    emitter.emit("step_complete", { stepKey, agentId: agent.id, response: text, ...more, usage, replayed });
  }
  return { text, data, tokensEstimated: wordsOf(input, body), replayed };
}

/** Words of a prompt and its answer. An estimate of the usage has counted the same. */
function wordsOf(input: string, { text, usage, estimated, input: begins }: ModelEntryBody): number {
  if (estimated === true && begins !== undefined) return usage.inputTokens + usage.outputTokens;
  return countWords(input) + countWords(text);
}

function toolLimit(agent: ProgramAgent, stepKey: string, what: string, count: number): RunError {
  return new RunError("RUN_LOOP_LIMIT", `Step \`${stepKey}\` (agent \`${agent.id}\`) made ${count} ${what}`, {
    stepKey,
    hint: "The model keeps calling tools. Say in the agent's prompt when and how, give it fewer tools, or use another model.",
  });
}

function outputInvalid(agent: ProgramAgent, stepKey: string, correction: string): RunError {
  return new RunError(
    "RUN_OUTPUT_INVALID",
    `Step \`${stepKey}\` (agent \`${agent.id}\`) gave no answer that fits its \`output_schema\` in ${callLimits.perAnswer} attempts`,
    {
      stepKey,
      hint: "Simplify the schema, say in the prompt what belongs into it, or use another model; resume to ask again.",
      details: { agentId: agent.id, toldLast: correction },
    },
  );
}

function beginTurn(services: RunServices, agentId: string, turn: Turn): string {
  services.meter.beginStep(turn.key);
  const rendered = renderPrompt(turn);
  const input = rendered.trim() === "" ? emptyInput : rendered;
  if (services.emitter.wants("step_start")) services.emitter.emit("step_start", { stepKey: turn.key, agentId, input });
  return input;
}

function renderPrompt({ key, prompt }: Turn): string {
  try {
    return prompt();
  } catch (error) {
    throw error instanceof TemplateError ? error.inStep(key) : error;
  }
}

/** The next model call of a turn. */
function nextCall(
  conversation: Conversation,
  { key: stepKey, countdown }: Turn,
  input: string | undefined,
  tools: ReadonlyMap<string, Tool>,
): ModelCall {
  const { agent, system, messages } = conversation;
  const { temperature, topP, maxTokens, outputSchema } = agent;
  const { modelId } = agent.model;
  const request: ModelRequest = {
    agentId: agent.id,
    stepKey,
    modelId,
    system,
    messages,
    tools: declarations(tools),
    temperature,
    topP,
    maxTokens,
    outputSchema,
    attempt: 1,
  };
  return { agent, request, input, countdown };
}

const noTools: ReadonlyMap<string, Tool> = new Map();
const noDeclarations: readonly ToolDeclaration[] = [];

function allowedTools(all: ReadonlyMap<string, Tool>, names: readonly string[] | undefined): ReadonlyMap<string, Tool> {
  if (all.size === 0 || names === undefined) return all;
  if (names.length === 0) return noTools;
  return new Map(
    names.flatMap((name) => {
      const tool = all.get(name);
      return tool === undefined ? [] : [[name, tool] as const];
    }),
  );
}

function declarations(tools: ReadonlyMap<string, Tool>): readonly ToolDeclaration[] {
  if (tools.size === 0) return noDeclarations;
  return [...tools.values()].map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
}
