import { resolve } from "node:path";
import { InputError, type LoadedWorkflow, loadWorkflow, offlineSettings, secretValues } from "@strands/sdk";
import { issueLines } from "../render/error-text.js";
import { preview } from "../render/preview.js";
import { printableLine } from "../render/printable-text.js";
import type { Screen } from "../render/screen.js";
import { askVariables } from "./ask-variables.js";
import { chooseModel, clientOptions, isSimulated, labelsOf, type RunPlan } from "./run-plan.js";
import type { RunRequest } from "./run-request.js";
import { sayUnusedAnswers } from "./say-unused-answers.js";

/** A workflow that may be started, unless one of its sessions is resumed instead. */
export interface FreshRun {
  readonly specHash: string;
  readonly workflowName: string;
  /** Of its file. */
  readonly path: string;
  readonly plan: () => Promise<RunPlan>;
}

/** Loads the file and its variables. The order of checks decides the exit code of a command line with two mistakes. */
export async function planNewRun(request: RunRequest, screen: Screen): Promise<FreshRun> {
  const { cwd, env } = screen.io;
  const offline = request.offline || request.script !== undefined || offlineSettings(env).enabled;
  const workflow = await loadWorkflow(request.file ?? "", { cwd, offline });
  screen.hide(secretValues(workflow.spec, screen.io.env));
  const { specHash, program, path } = workflow;
  return { specHash, workflowName: program.name, path, plan: () => plan(request, workflow, screen) };
}

async function plan(request: RunRequest, workflow: LoadedWorkflow, screen: Screen): Promise<RunPlan> {
  const { io, style } = screen;
  screen.detail(`Workflow file: ${printableLine(workflow.path)}`);
  const given = new Set(Object.keys(request.variables));
  const warnings = workflow.warnings.filter(({ variable }) => variable === undefined || !given.has(variable));
  for (const line of issueLines(warnings, io, style)) screen.note(line);
  const variables = await readVariables(request, workflow, screen);
  const choice = await chooseModel(request, screen);
  sayUnusedAnswers(choice.script, workflow.program, screen);
  if (!request.saveSession && asksPeople(workflow.spec.pattern)) {
    throw new InputError("This workflow asks people, so its session must be kept", {
      hint: "Leave `--no-save-session` out, or remove the `hitl` steps from the workflow.",
    });
  }
  const { runtime, pattern } = workflow.spec;
  const model = choice.offline ? "the offline model" : `${runtime.provider}, ${runtime.model_id ?? "default model"}`;
  screen.detail(`Pattern: ${pattern.type} · Model: ${printableLine(model)}`);
  for (const [name, value] of Object.entries(variables)) {
    screen.detail(
      `Variable: ${printableLine(name)} = ${preview(typeof value === "string" ? value : JSON.stringify(value), 60)}`,
    );
  }
  const outDir = request.outDir ?? resolve(io.cwd, "artifacts");
  const labels = labelsOf(choice, { outDir, specPath: workflow.path });
  return {
    client: clientOptions(request, screen, choice, outDir),
    resumed: false,
    simulated: isSimulated(choice, workflow.spec),
    saved: request.saveSession,
    ended: undefined,
    takesAnswer: request.response === undefined,
    open: [],
    start: (client, options) =>
      client.start(workflow.program, {
        ...options,
        variables,
        labels,
        overwriteArtifacts: request.force,
        budgets: request.budgets,
      }),
  };
}

async function readVariables(request: RunRequest, workflow: LoadedWorkflow, screen: Screen) {
  const { given, missing, undeclared } = workflow.variables(request.variables);
  for (const name of undeclared) screen.detail(`The workflow does not declare the variable ${printableLine(name)}.`);
  if (missing.length === 0) return given;
  if (request.ask) return { ...given, ...(await askVariables(workflow, missing, screen)) };
  const flags = missing.map((name) => `--var ${name}=<value>`).join(" ");
  screen.note(
    screen.style.yellow(
      `! no value for ${missing.map(printableLine).join(", ")}: add ${flags} to the command, or use --ask`,
    ),
  );
  return given;
}

/** Whether a pause for a person stands anywhere in a pattern. */
function asksPeople(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return false;
  const type = "type" in part ? part.type : undefined;
  if ((type === "hitl" || type === "manual_gate") && "prompt" in part) return true;
  return Object.values(part).some(asksPeople);
}
