import type { Cancellation } from "../engine/cancellation.js";
import { redact } from "../engine/redact.js";
import type { RunContext } from "../engine/run-context.js";
import type { RunServices } from "../engine/run-services.js";
import { suspend } from "../engine/suspend.js";
import { InputError, ToolError } from "../error/errors.js";
import { messageOf } from "../error/wrap-unknown.js";
import { isTooDeep } from "../model/json-answer.js";
import type { ToolCall, ToolResult } from "../model/model.js";
import { maxDataDepth } from "../session/shape.js";
import { canonicalJson } from "../spec/canonical-json.js";
import { sameChoice } from "../spec/choices.js";
import type { JsonValue } from "../spec/json.js";
import type { Tool } from "../tool/tool.js";
import { callFault } from "./call-fault.js";

/** A model may ask for thousands of calls in one answer; they need not all run at once. */
const callsAtOnce = 16;

/** The place of a turn's tool calls. */
export interface ToolRound {
  readonly stepKey: string;
  /** Number of the model call that asked for them. */
  readonly round: number;
  readonly agentId: string;
  /** Tools this agent may call. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** Index of the call in which the answer was cut off, if it was. */
  readonly cutOff: number | undefined;
  /** Told of each call that could not be carried out as the model had put it. */
  readonly onFault: () => void;
}

/**
 * Carries out the tool calls of one model answer, all at once, and gives the results in the order of the calls. Each is
 * recorded twice: that it is about to happen, and what came of it. A call that was under way when the session stopped is
 * repeated only if the tool says that does no harm; otherwise a person is asked.
 */
export async function runTools(
  services: RunServices,
  cancellation: Cancellation,
  run: RunContext,
  place: ToolRound,
  calls: readonly ToolCall[],
): Promise<readonly ToolResult[]> {
  // A fatal failure of one call stops the others, so they get a signal of their own.
  const { cancellation: round, detach } = cancellation.child();
  try {
    return await run.all(calls, callsAtOnce, async (call, index, branch) => {
      try {
        return await runTool(services, round, branch, place, call, index);
      } catch (error) {
        if (error !== suspend) round.cancel(error);
        throw error;
      }
    });
  } finally {
    detach();
  }
}

async function runTool(
  services: RunServices,
  cancellation: Cancellation,
  run: RunContext,
  place: ToolRound,
  call: ToolCall,
  index: number,
): Promise<ToolResult> {
  const { stepKey, agentId } = place;
  const key = callKey(place, index);
  const recorded = services.journal.find(key, "tool.result");
  if (recorded !== undefined) return recorded.result;

  services.emitter.emit("tool_start", { stepKey, agentId, call });
  const result = await carryOut(services, cancellation, run, place, call, index);
  await services.journal.append({ key, kind: "tool.result", body: { result } });
  services.emitter.emit("tool_complete", { stepKey, agentId, result });
  return result;
}

/** Not the call id: that is the model's to choose, and need not be unique. */
function callKey({ stepKey, round }: ToolRound, index: number): string {
  return `${stepKey}/tools/${round}.${index}`;
}

async function carryOut(
  services: RunServices,
  cancellation: Cancellation,
  run: RunContext,
  place: ToolRound,
  call: ToolCall,
  index: number,
): Promise<ToolResult> {
  const key = callKey(place, index);
  // Each time a person allows a repeat, that repeat is announced and may come to be in doubt itself.
  let suffix = "";
  let intent = services.journal.find(`${key}/intent`, "tool.intent");
  for (let repeat = 1; intent?.effect === "once"; repeat += 1) {
    const decision = await askAboutDoubt(run, place, call, `${key}/doubt${suffix}`);
    if (decision !== undefined) return decision;
    suffix = `/${repeat}`;
    intent = services.journal.find(`${key}/intent${suffix}`, "tool.intent");
  }
  const tool = place.tools.get(call.name);
  const fault = callFault(call, place.tools, index === place.cutOff);
  if (tool === undefined || fault !== undefined) {
    place.onFault();
    return failure(call, fault ?? "");
  }
  if (intent === undefined) {
    const body = { agentId: place.agentId, call, effect: tool.effect ?? "once" };
    await services.journal.append({ key: `${key}/intent${suffix}`, kind: "tool.intent", body });
  }
  return execute(services, cancellation, place, tool, call, key);
}

/** Asks a person what became of a call that was interrupted. `undefined` means: do it again. */
async function askAboutDoubt(
  run: RunContext,
  place: ToolRound,
  call: ToolCall,
  key: string,
): Promise<ToolResult | undefined> {
  const { response: answer } = await run.interrupt(key, {
    type: "tool",
    prompt: `The tool \`${call.name}\` was being called by agent \`${place.agentId}\` when the session stopped. Did it happen?`,
    context: () => canonicalJson(call.input),
    choices: ["retry", "done", "skip"],
  });
  if (sameChoice("retry", answer)) return undefined;
  const done = sameChoice("done", answer);
  const content = done ? "Done. A person confirmed it; the tool's own answer was lost." : "Skipped by a person.";
  return { callId: call.id, name: call.name, content, isError: !done };
}

async function execute(
  services: RunServices,
  cancellation: Cancellation,
  place: ToolRound,
  tool: Tool,
  call: ToolCall,
  key: string,
): Promise<ToolResult> {
  const { sessionId } = services;
  cancellation.throwIfCancelled();
  const context = {
    sessionId,
    agentId: place.agentId,
    idempotencyKey: `${sessionId}/${key}`,
    signal: cancellation.signal,
  };
  try {
    const content = await tool.execute(call.input, context);
    cancellation.throwIfCancelled();
    return { callId: call.id, name: call.name, content: plain(tool.name, content), isError: false };
  } catch (error) {
    cancellation.throwIfCancelled();
    if (error instanceof ToolError && error.fatal) throw error;
    return failure(call, redact(messageOf(error)));
  }
}

function plain(toolName: string, content: JsonValue | undefined): JsonValue {
  let copy: JsonValue;
  try {
    copy = JSON.parse(JSON.stringify(content ?? null)) as JsonValue;
  } catch (cause) {
    throw new InputError(`The tool \`${toolName}\` gave something that is not JSON`, { cause });
  }
  if (!isTooDeep(copy, maxDataDepth)) return copy;
  throw new InputError(`The tool \`${toolName}\` gave something that is nested more than ${maxDataDepth} levels deep`);
}

function failure(call: ToolCall, content: string): ToolResult {
  return { callId: call.id, name: call.name, content, isError: true };
}
