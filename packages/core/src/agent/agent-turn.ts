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
import { usageOfCall } from "../session/entry-usage.js";
import type { Tool } from "../tool/tool.js";
import type { ModelCall } from "./call-model.js";
import { callModel } from "./call-model.js";
import { countWords } from "./count-words.js";
import { runTools } from "./run-tools.js";
import { systemPrompt } from "./system-prompt.js";

const maxRounds = callLimits.perTurn;

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
  const { systemPrompts, program, variables } = services;
  let system = systemPrompts.get(agentId);
  if (system === undefined) {
    system = systemPrompt(program, agent, variables);
    systemPrompts.set(agentId, system);
  }
  return { agent, system, messages: [] };
}

/** One turn of a conversation: model call, tool calls, model call, until the model has nothing more to call. */
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
  // Calls of earlier runs do not count: a session that came to the limit may go on once its model has been mended.
  for (let round = 0, calls = 0; calls < maxRounds; round += 1) {
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
      body = await callModel(
        services,
        cancellation,
        nextCall(conversation, turn, round === 0 ? input : undefined, tools),
      );
      await services.journal.append({ key: entryKey, kind: "model", body });
      services.meter.countCall(body);
    }
    usage = addUsage(usage, usageOfCall(body));
    const { text, toolCalls } = body;
    messages.push(
      toolCalls === undefined ? { role: "assistant", content: text } : { role: "assistant", content: text, toolCalls },
    );
    if (toolCalls === undefined || toolCalls.length === 0) {
      if (services.emitter.wants("step_complete")) {
        services.emitter.emit("step_complete", { stepKey: key, agentId: agent.id, response: text, usage, replayed });
      }
      return { text, tokensEstimated: countWords(input) + countWords(text), replayed };
    }
    const place = { stepKey: key, round, agentId: agent.id, tools };
    messages.push({ role: "tool", results: await runTools(services, cancellation, run, place, toolCalls) });
  }
  throw new RunError(
    "RUN_LOOP_LIMIT",
    `Step \`${key}\` (agent \`${agent.id}\`) made ${maxRounds} model calls without an answer`,
    {
      stepKey: key,
      hint: "The model keeps calling tools. Say in the agent's prompt when to stop, or give it fewer tools.",
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
  const { temperature, topP, maxTokens } = agent;
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
    outputSchema: undefined,
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
