import type { JsonPlace } from "../model/json-answer.js";
import { readJsonAnswer } from "../model/json-answer.js";
import type { JsonObject, JsonValue } from "../spec/json.js";

/** A part of the work. */
export interface WorkerTask {
  /** As the orchestrator gave it, for templates. */
  readonly given: JsonValue;
  /** What the worker is told. */
  readonly text: string;
}

/**
 * Reads a list of tasks: texts, or objects with a `task` or a `description`. A model may have wrapped the list in prose, or
 * given one task alone; a person's edit is the list and nothing else.
 */
export function readTasks(text: string, from: "model" | "edit"): readonly WorkerTask[] | undefined {
  return readJsonAnswer(text, (value, place) =>
    from === "edit" && place === "prose" ? undefined : listOf(value, place),
  );
}

function listOf(value: JsonValue, place: JsonPlace): readonly WorkerTask[] | undefined {
  const list = Array.isArray(value) ? value : unwrapped(value, place);
  // In prose any bracket may stand for something else.
  if (list === undefined || (place === "prose" && (list.length === 0 || !list.every(isObject)))) return undefined;
  const tasks = list.map(taskOf);
  return tasks.every((task) => task !== undefined) ? tasks : undefined;
}

function unwrapped(value: JsonValue, place: JsonPlace): readonly JsonValue[] | undefined {
  if (!isObject(value) || place === "prose") return undefined;
  const { tasks } = value;
  return Array.isArray(tasks) ? tasks : [value];
}

function taskOf(given: JsonValue): WorkerTask | undefined {
  if (typeof given === "string") return given.trim() === "" ? undefined : { given, text: given };
  if (!isObject(given)) return undefined;
  const name = "task" in given ? "task" : "description";
  const { [name]: text, ...others } = given;
  if (text === undefined) return Object.keys(others).length === 0 ? undefined : { given, text: JSON.stringify(others) };
  if (typeof text !== "string" || text.trim() === "") return undefined;
  return { given, text: Object.keys(others).length === 0 ? text : `${text}\n\n${JSON.stringify(others)}` };
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const format =
  'Answer with a JSON array of objects with a "task" text and nothing else; with an empty array [] if there is nothing to do.';

/** Asks for the parts of the work. */
export function decomposePrompt(variables: Readonly<Record<string, JsonValue>>): string {
  const sample = '[\n  {"task": "first part"},\n  {"task": "second part"},\n  {"task": "third part"}\n]';
  return `You split work into parts that workers do independently of one another.\n${format}\n\nExample:\n${sample}\n\n${inputBlock(variables)}\n\nGive the tasks now.`;
}

/** Asks for more work, given what has been done. */
export function nextRoundPrompt(
  variables: Readonly<Record<string, JsonValue>>,
  workers: readonly { readonly task: string; readonly response: string }[],
): string {
  const results = workers.map(
    ({ task, response }, index) => `Worker ${index} was told:\n${task}\n\nIt answered:\n${response}`,
  );
  return `The workers have answered. What is still missing? ${format}\n\n${inputBlock(variables)}\n\nResults so far:\n\n${results.join("\n\n---\n\n")}`;
}

/** Asks again, with what a reviewer said of the list. */
export function redoPrompt(feedback: string): string {
  return `A reviewer has sent your list of tasks back. Give the whole new list. ${format}\n\nFeedback:\n${feedback}`;
}

/** Asks again after an answer that could not be read. */
export function clarifyTasks(answer: string): string {
  return `Your last answer was not valid JSON. ${format}\n\nYou answered:\n${answer.slice(0, 500)}`;
}

function inputBlock(variables: Readonly<Record<string, JsonValue>>): string {
  return `The user's input variables:\n${JSON.stringify(variables, null, 2)}`;
}
