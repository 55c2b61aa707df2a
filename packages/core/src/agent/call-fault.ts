import { listProblems, schemaProblems } from "../model/json-schema.js";
import type { ToolCall } from "../model/model.js";
import { nearest } from "../spec/suggest.js";
import type { Tool } from "../tool/tool.js";

/**
 * Says why a call cannot be carried out as the model has put it, in words for the model; `undefined` when it can.
 *
 * @param cutOff the answer ended inside this call, so that its arguments may be incomplete even where they fit
 */
export function callFault(call: ToolCall, tools: ReadonlyMap<string, Tool>, cutOff: boolean): string | undefined {
  const tool = tools.get(call.name);
  if (tool === undefined) return unknownTool(call.name, tools);
  if (cutOff) return "Your answer was cut off at its length limit. Call the tool again, with shorter arguments.";
  if (typeof call.input !== "object" || call.input === null || Array.isArray(call.input)) {
    return "The arguments are not a JSON object. Call the tool again with a JSON object.";
  }
  const problems = schemaProblems(tool.inputSchema, call.input);
  if (problems.length === 0) return undefined;
  return `The arguments do not fit the tool's input schema. ${listProblems(problems)}. Call the tool again with arguments that fit.`;
}

function unknownTool(name: string, tools: ReadonlyMap<string, Tool>): string {
  const names = [...tools.keys()];
  const near = nearest(name, names);
  const list = names.length === 0 ? "There are no tools." : `Tools: ${names.join(", ")}.`;
  return `There is no tool \`${name}\`.${near === undefined ? "" : ` Did you mean \`${near}\`?`} ${list}`;
}
