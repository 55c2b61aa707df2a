import type { JsonObject, JsonValue, ModelRequest, ToolCall, ToolDeclaration } from "@strands/core";
import { schemaProblems } from "@strands/core";
import { recogniseAsk } from "./ask.js";
import { fillForm } from "./fill-form.js";
import { chooseByOverlap } from "./named-choices.js";
import { type RequestView, viewRequest } from "./request-view.js";
import { sampleValue } from "./sample-value.js";
import { createSeededRandom, type SeededRandom } from "./seeded-random.js";
import { simulatedMark, topicOf } from "./topic.js";
import { writeEvaluation, writeSpokenEvaluation } from "./write-evaluation.js";
import { writeJson, writeRoute, writeTasks } from "./write-json.js";
import { writeProse } from "./write-prose.js";

/** A whole simulated answer: a text, or one tool call. */
export type OfflineAnswer =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_call"; readonly call: ToolCall };

/** Answers a request: always the same for the same seed, agent, step and conversation. */
export function answerRequest(request: ModelRequest, seed: number): OfflineAnswer {
  const view = viewRequest(request);
  if (request.tools.length > 0 && !view.calledTool) return { type: "tool_call", call: toolCall(view, request.tools) };
  const random = createSeededRandom([seed, view.agentId, view.stepKey, view.length, view.system, view.user]);
  const text = answerText(view, random);
  return { type: "text", text: request.outputSchema === undefined ? text : fitting(text, request.outputSchema, view) };
}

/** The text, when it fits the schema the agent has to answer by; else a sample of that schema. */
function fitting(text: string, schema: JsonObject, view: RequestView): string {
  const topic = `${simulatedMark} ${topicOf(view)}`;
  const samples = [true, false].map((optional) => JSON.stringify(sampleValue(schema, { topic, optional })));
  return [text, ...samples].find((candidate) => isFitting(candidate, schema)) ?? samples[0] ?? text;
}

function isFitting(text: string, schema: JsonObject): boolean {
  try {
    return schemaProblems(schema, JSON.parse(text) as JsonValue).length === 0;
  } catch {
    return false;
  }
}

function answerText(view: RequestView, random: SeededRandom): string {
  const ask = recogniseAsk(view);
  switch (ask.type) {
    case "route":
      return writeRoute(view, ask.routes);
    case "evaluation":
      return (ask.json ? writeEvaluation : writeSpokenEvaluation)(view, ask.scale, random);
    case "tasks":
      return writeTasks(view, ask.count, random);
    case "json":
      return writeJson(view, ask.source);
    case "form":
      return fillForm(view, ask.source, random);
    case "choice":
      return chooseByOverlap(ask.choices, view.user)?.name ?? "";
    case "prose":
      return writeProse(view, random);
  }
}

/** Calls the tool whose name and description share most words with the prompt. */
function toolCall(view: RequestView, tools: readonly ToolDeclaration[]): ToolCall {
  const name = chooseByOverlap(tools, view.user)?.name ?? "";
  const schema = tools.find((tool) => tool.name === name)?.inputSchema ?? {};
  return { id: "offline-1", name, input: sampleValue(schema, { topic: topicOf(view), optional: false }) };
}
