import { callLimits, type NameReading, type Program, readNames, type Spec, toPointer } from "@strands/core";
import type {
  Plan,
  PlanAgent,
  PlanCalls,
  PlanPause,
  PlanPlace,
  PlanPosition,
  PlanRange,
  PlanUnit,
  PlanUse,
  PlanVariable,
} from "./plan.js";
import { type DraftUnit, type Drawing, drawingOf } from "./units-of.js";

/** What a plan is worked out with. */
export interface PlanOptions {
  /** Where parts stand in the file, as a loaded workflow tells. @defaultValue places are JSON pointers only */
  readonly locate?: ((pointer: string) => PlanPosition | undefined) | undefined;
  /** Warnings with positions. @defaultValue those of the program */
  readonly warnings?: Plan["warnings"] | undefined;
}

type PlaceOf = (pointer: string) => PlanPlace;

/**
 * Works out what a workflow would do, without running it: its units and their order, where people are asked, how many
 * model calls it can come to, and every variable.
 *
 * @example
 * const workflow = await loadWorkflow("workflow.yaml");
 * const { modelCalls, pauses, variables } = planOf(workflow.program, workflow);
 */
export function planOf(program: Program, { locate, warnings }: PlanOptions = {}): Plan {
  const { spec } = program;
  const place: PlaceOf = (pointer) => {
    const { line, column } = locate?.(pointer) ?? {};
    return line === undefined || column === undefined ? { pointer } : { pointer, line, column };
  };
  const drawing = drawingOf(program);
  const names = readNames(spec);
  const units = drawing.units.map((draft) => unitOf(draft, program, place));
  const { runtime } = spec;
  const { maxSteps = null, maxTokens = null, maxDurationMs = null } = program.budgets;
  return {
    name: spec.name,
    version: spec.version,
    description: spec.description ?? null,
    pattern: spec.pattern.type,
    runtime: {
      provider: runtime.provider,
      modelId: runtime.model_id ?? null,
      region: runtime.region ?? null,
      host: runtime.host ?? null,
    },
    agents: agentsOf(program, units, place),
    units,
    edges: drawing.edges,
    pauses: drawing.units.flatMap((draft) => pauseOf(draft, place)),
    modelCalls: callsOf(program, drawing, units),
    variables: variablesOf(spec, names, place),
    neverDefined: names.flatMap((read) =>
      read.lost === undefined || read.guarded || read.kind === "text"
        ? []
        : [{ name: read.lost, ...place(read.pointer), textLine: read.line, textColumn: read.column }],
    ),
    artifacts: (spec.outputs?.artifacts ?? []).map(({ path }, index) => ({
      path,
      ...place(toPointer(["outputs", "artifacts", index])),
    })),
    limits: { atOnce: atOnceOf(program), maxSteps, maxTokens, maxDurationMs },
    warnings: warnings ?? program.warnings,
  };
}

function unitOf(draft: DraftUnit, program: Program, place: PlaceOf): PlanUnit {
  const { id, key, firstKey, name, agent, group, times, pointer, toolOverrides } = draft;
  const tools = agent !== null && mayCallTools(program, toolOverrides ?? program.agents.get(agent)?.tools);
  return {
    id,
    key,
    firstKey,
    name,
    kind: agent === null ? "person" : "agent",
    agent,
    group,
    times,
    tools,
    ...place(pointer),
  };
}

/** An agent without a list of its own may call every tool that the workflow declares. */
function mayCallTools({ spec: { tools = {}, skills = [] } }: Program, allowed: readonly string[] | undefined): boolean {
  if (allowed !== undefined) return allowed.length > 0;
  return [tools.python, tools.mcp, tools.http_executors, skills].some((list) => list !== undefined && list.length > 0);
}

function agentsOf({ agents }: Program, units: readonly PlanUnit[], place: PlaceOf): readonly PlanAgent[] {
  return [...agents.values()].map(({ id, model, tools }) => ({
    id,
    provider: model.provider,
    modelId: model.modelId ?? null,
    tools: tools ?? null,
    usedBy: units.filter(({ agent }) => agent === id).map((unit) => unit.id),
    ...place(toPointer(["agents", id])),
  }));
}

function pauseOf(draft: DraftUnit, place: PlaceOf): readonly PlanPause[] {
  const { question, id, when, times, callsOnFeedback, pointer } = draft;
  if (question === undefined) return [];
  return [
    {
      unit: id,
      prompt: question.prompt.source,
      when,
      times,
      timeoutMs: question.timeoutMs ?? null,
      default: question.default ?? null,
      answerPattern: question.pattern ?? null,
      callsOnFeedback,
      ...place(pointer),
    },
  ];
}

function callsOf({ budgets, retry }: Program, drawing: Drawing, units: readonly PlanUnit[]): PlanCalls {
  const working = units.filter(({ kind }) => kind === "agent");
  const turns = drawing.turns ?? working.reduce<PlanRange>((sum, { times }) => plus(sum, times), { least: 0, most: 0 });
  const { maxSteps } = budgets;
  const reasons: string[] = [];
  let { most } = turns;
  if (most === null && drawing.unlimited !== undefined) reasons.push(drawing.unlimited);
  if (maxSteps !== undefined && (most === null || most > maxSteps)) {
    most = maxSteps;
    reasons.push(`the budget \`max_steps\` ends the run after ${maxSteps}`);
  }
  const perTurn = working.some(({ tools }) => tools) ? callLimits.perTurn : 1;
  const requests = most === null ? null : requestsOf(most, working, drawing, perTurn) * retry.attempts;
  return {
    least: Math.min(turns.least, most ?? turns.least),
    most,
    reasons,
    perTurn,
    attempts: retry.attempts,
    requests,
  };
}

/** Calls when every turn with tools takes as many as it may. */
function requestsOf(most: number, working: readonly PlanUnit[], drawing: Drawing, perTurn: number): number {
  if (drawing.turns !== undefined) return most * perTurn;
  const each = working.reduce((sum, { times, tools }) => sum + (times.most ?? most) * (tools ? perTurn : 1), 0);
  return Math.min(each, most * perTurn);
}

function plus(a: PlanRange, b: PlanRange): PlanRange {
  return { least: a.least + b.least, most: a.most === null || b.most === null ? null : a.most + b.most };
}

function atOnceOf({ pattern, maxParallel }: Program): number | null {
  switch (pattern.type) {
    case "workflow":
    case "parallel":
      return maxParallel ?? null;
    case "orchestrator_workers":
      return pattern.maxWorkers ?? null;
    default:
      return 1;
  }
}

function variablesOf(spec: Spec, names: readonly NameReading[], place: PlaceOf): readonly PlanVariable[] {
  const uses = new Map<string, PlanUse[]>();
  const missed = new Set<string>();
  for (const { name, from, pointer, line, column, kind, guarded } of names) {
    if (from !== "variable") continue;
    const list = uses.get(name) ?? [];
    uses.set(name, list);
    list.push({ ...place(pointer), textLine: line, textColumn: column });
    // A prompt that reads what is not there is used as it is written, and a condition takes it for false.
    if (!guarded && kind !== "text" && kind !== "condition") missed.add(name);
  }
  const { required = {}, optional = {}, values = {} } = spec.inputs ?? {};
  const declared = new Map<string, "required" | "optional" | "value">();
  for (const name of Object.keys(required)) declared.set(name, "required");
  for (const name of Object.keys(optional)) if (!declared.has(name)) declared.set(name, "optional");
  for (const name of Object.keys(values)) if (!declared.has(name)) declared.set(name, "value");
  const all = new Set([...declared.keys(), ...uses.keys()]);
  // The orchestrator is told every input there is.
  const everywhere = spec.pattern.type === "orchestrator_workers" ? [place("/pattern/config/orchestrator")] : [];
  return [...all].map((name) => {
    const as = declared.get(name);
    const declaration = as === "required" ? required[name] : as === "optional" ? optional[name] : undefined;
    const usual = Object.hasOwn(values, name) ? values[name] : defaultOf(declaration);
    const section = as === "value" ? "values" : as;
    return {
      name,
      declared:
        section === undefined || as === undefined ? null : { as, ...place(toPointer(["inputs", section, name])) },
      type: typeof declaration === "string" ? declaration : (declaration?.type ?? null),
      default: usual ?? null,
      needed: usual === undefined && (as === "required" || missed.has(name)),
      usedAt: [...(as === undefined ? [] : everywhere), ...(uses.get(name) ?? [])],
    };
  });
}

function defaultOf(declaration: NonNullable<NonNullable<Spec["inputs"]>["required"]>[string] | undefined) {
  return typeof declaration === "object" ? declaration.default : undefined;
}
