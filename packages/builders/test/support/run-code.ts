import type { Spec } from "@strands/core";
import { WorkflowBuilder } from "../../src/index.js";

/** Runs the code that `eject` writes and gives the spec it exports. */
export function runCode(code: string): Spec {
  const body = code
    .replace(/^import \{ WorkflowBuilder \} from "@strands\/builders";\n/, "")
    .replace(/^export const workflow = /m, "return ");
  if (body.includes("import ") && /^import /m.test(body)) throw new Error("the code imports something else");
  return new Function("WorkflowBuilder", `"use strict";\n${body}`)(WorkflowBuilder) as Spec;
}
