import type { ModelRequest, ToolResult } from "../../src/model/model.js";
import type { Tool } from "../../src/tool/tool.js";
import { type Reply, scriptedModel } from "./scripted-model.js";
import { type BenchOptions, bench } from "./workflows.js";

/** A tool that takes any object. */
export function tool(name: string, execute: Tool["execute"], effect?: Tool["effect"]): Tool {
  return {
    name,
    description: `does ${name}`,
    inputSchema: { type: "object" },
    execute,
    ...(effect === undefined ? {} : { effect }),
  };
}

/** The results a model was shown in its last message. */
export function shown(request: ModelRequest | undefined): readonly ToolResult[] {
  const last = request?.messages.at(-1);
  return last?.role === "tool" ? last.results : [];
}

/** A bench whose model gives these replies. */
export function turn(replies: readonly Reply[], options: BenchOptions = {}) {
  const model = scriptedModel(replies);
  return { model, ...bench({ model, ...options }).listen() };
}
