import { callLimits, type Program, type ProgramHitlStep, type ProgramStep, toPointer } from "@strands/core";
import { leastOn, mostOn, visitsOf } from "./graph-visits.js";
import type { PlanEdge, PlanPlace, PlanRange } from "./plan.js";

/** A unit as the patterns describe it. */
export interface DraftUnit extends PlanPlace {
  readonly id: string;
  readonly key: string;
  readonly firstKey: string;
  readonly name: string;
  readonly group: string | null;
  readonly times: PlanRange;
  readonly agent: string | null;
  readonly toolOverrides: readonly string[] | undefined;
  /** For a question. */
  readonly question: ProgramHitlStep | undefined;
  readonly when: string;
  readonly callsOnFeedback: number;
}

/** Units, what comes after what, and how many turns of agents that comes to. */
export interface Drawing {
  readonly units: readonly DraftUnit[];
  readonly edges: readonly PlanEdge[];
  /** Turns of agents in all, when they are not the sum of all units. */
  readonly turns?: PlanRange;
  /** Why nothing limits them. */
  readonly unlimited?: string;
}

export const start = "start";
export const end = "end";
const once: PlanRange = { least: 1, most: 1 };
const config = ["pattern", "config"] as const;

/** Keys of the steps of a unit: all of them as a pattern, and the first. */
interface Keys {
  readonly key: string;
  readonly firstKey: string;
}

/** Keys that end in a number where there may be more than one. */
function numbered(prefix: string, most: number, from = 1, placeholder = "<n>"): Keys {
  const firstKey = `${prefix}/${from}`;
  return { key: most === 1 ? firstKey : `${prefix}/${placeholder}`, firstKey };
}

/** What makes a step a unit. */
interface Place extends Partial<Keys> {
  readonly id: string;
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly group?: string | null;
  readonly times?: PlanRange;
  readonly when?: string;
  readonly callsOnFeedback?: number;
}

function unit(step: ProgramStep, place: Place): DraftUnit {
  const { id, name, path, group = null, times = once, when = "in every run", callsOnFeedback = 0 } = place;
  const question = step.type === "hitl" ? step : undefined;
  return {
    id,
    key: place.key ?? id,
    firstKey: place.firstKey ?? id,
    name,
    pointer: toPointer([...config, ...path]),
    group,
    times,
    agent: step.type === "agent" ? step.agentId : null,
    toolOverrides: step.type === "agent" ? step.tools : undefined,
    question,
    when,
    callsOnFeedback,
  };
}

function agentUnit(agentId: string, place: Place, tools?: readonly string[]): DraftUnit {
  return { ...unit(question, place), question: undefined, agent: agentId, toolOverrides: tools };
}

/** Stands in where a unit is an agent that the pattern names itself. */
const question = { type: "hitl" } as ProgramHitlStep;

/** A name of the file as keys hold it. */
function keyPart(name: string): string {
  return name.replace(/[%/@]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function edge(from: string, to: string, label: string | null = null): PlanEdge {
  return { from, to, label };
}

/** Steps one after the other. */
function row(
  steps: readonly ProgramStep[],
  place: Omit<Place, "id" | "name"> & { readonly prefix: string },
): DraftUnit[] {
  return steps.map((step, index) =>
    unit(step, {
      ...place,
      id: `${place.prefix}/${index}`,
      name: `steps[${index}]`,
      path: [...place.path, index],
      // A person can send back the answer of the agent before.
      callsOnFeedback: steps.slice(0, index).some(({ type }) => type === "agent") ? 1 : 0,
    }),
  );
}

/** Joins units in a row; gives the edges between them. */
function joined(units: readonly DraftUnit[]): readonly PlanEdge[] {
  return units.slice(1).map((next, index) => edge(units[index]?.id ?? "", next.id));
}

function turnsIn(units: readonly DraftUnit[]): number {
  return units.filter(({ agent }) => agent !== null).length;
}

/** Draws the pattern of a program. */
export function drawingOf({ pattern, spec }: Program): Drawing {
  switch (pattern.type) {
    case "chain": {
      const units = row(pattern.steps, { prefix: "steps", path: ["steps"] });
      return { units, edges: between(units) };
    }
    case "workflow":
      return drawWorkflow(pattern, spec.pattern.type === "workflow" ? spec.pattern.config.tasks : []);
    case "routing":
      return drawRouting(pattern);
    case "parallel":
      return drawParallel(pattern);
    case "evaluator_optimizer":
      return drawEvaluator(pattern);
    case "orchestrator_workers":
      return drawOrchestrator(pattern);
    case "graph":
      return drawGraph(pattern);
  }
}

type Of<T extends Program["pattern"]["type"]> = Extract<Program["pattern"], { type: T }>;

/** Edges from the start over units in a row to the end. */
function between(units: readonly DraftUnit[], from: string = start, to: string = end): readonly PlanEdge[] {
  const [first, last] = [units[0]?.id, units.at(-1)?.id];
  if (first === undefined || last === undefined) return [edge(from, to)];
  return [edge(from, first), ...joined(units), edge(last, to)];
}

function drawWorkflow({ tasks }: Of<"workflow">, written: readonly { readonly id: string }[]): Drawing {
  const indices = new Map(written.map(({ id }, index) => [id, index]));
  const ids = tasks.map(({ id }) => `tasks/${keyPart(id)}`);
  const waitedFor = new Set(tasks.flatMap(({ waitsFor }) => waitsFor));
  const units = tasks.map(({ id, step }, at) =>
    unit(step, { id: ids[at] ?? "", name: id, path: ["tasks", indices.get(id) ?? at] }),
  );
  const edges = tasks.flatMap(({ waitsFor }, at) => [
    ...(waitsFor.length === 0 ? [edge(start, ids[at] ?? "")] : []),
    ...waitsFor.map((other) => edge(ids[other] ?? "", ids[at] ?? "")),
    ...(waitedFor.has(at) ? [] : [edge(ids[at] ?? "", end)]),
  ]);
  return { units, edges };
}

function drawRouting({ agentId, attempts, review, routes }: Of<"routing">): Drawing {
  const router = agentUnit(agentId, {
    id: "router",
    ...numbered("router", attempts, 0),
    name: "router",
    path: ["router"],
    times: { least: 1, most: attempts },
  });
  const gate =
    review === undefined
      ? []
      : [unit(review, { id: "router/review", name: "review", path: ["router", "review_router"] })];
  const chooser = gate[0]?.id ?? router.id;
  const drawn = [...routes].map(([name, steps]) => {
    const place = { prefix: `routes/${keyPart(name)}`, path: ["routes", name, "then"], group: `route ${name}` };
    return row(steps, { ...place, times: { least: 0, most: 1 }, when: `when the route ${name} is chosen` });
  });
  const names = [...routes.keys()];
  const counts = drawn.map(turnsIn);
  return {
    units: [router, ...gate, ...drawn.flat()],
    edges: [
      edge(start, router.id),
      ...joined([router, ...gate]),
      ...drawn.flatMap((steps, index) =>
        between(steps, chooser).map((one) => (one.from === chooser ? { ...one, label: names[index] ?? null } : one)),
      ),
    ],
    turns: { least: 1 + Math.min(...counts), most: attempts + Math.max(...counts) },
  };
}

function drawParallel({ branches, reduce }: Of<"parallel">): Drawing {
  const drawn = branches.map(({ id, steps }, index) =>
    row(steps, { prefix: `branches/${keyPart(id)}`, path: ["branches", index, "steps"], group: `branch ${id}` }),
  );
  const last = reduce === undefined ? [] : [unit(reduce, { id: "reduce", name: "reduce", path: ["reduce"] })];
  return {
    units: [...drawn.flat(), ...last],
    edges: [
      ...drawn.flatMap((steps) => between(steps, start, last[0]?.id ?? end)),
      ...last.map(({ id }) => edge(id, end)),
    ],
  };
}

function drawEvaluator(pattern: Of<"evaluator_optimizer">): Drawing {
  const { producerId, evaluatorId, minScore, maxEvaluations: most, gate } = pattern;
  const revisions: PlanRange = { least: 0, most: most - 1 };
  const draft = agentUnit(producerId, {
    id: "draft",
    ...numbered("draft", 1),
    name: "first draft",
    path: ["producer"],
  });
  const evaluation = agentUnit(evaluatorId, {
    id: "evaluation",
    ...numbered("evaluation", most, 2),
    name: "evaluation",
    path: ["evaluator"],
    times: { least: 1, most: most * callLimits.perEvaluation },
  });
  const enough = edge(evaluation.id, end, `score of ${minScore} or more`);
  const entry = [edge(start, draft.id), edge(draft.id, evaluation.id), enough];
  if (most <= 1) return { units: [draft, evaluation], edges: entry };
  const revision = agentUnit(producerId, {
    id: "revision",
    ...numbered("draft", most - 1, 2),
    name: "revision",
    path: pattern.revise === undefined ? ["producer"] : ["revise_prompt"],
    times: revisions,
  });
  const less = `score below ${minScore}, at most ${most - 1}×`;
  if (gate === undefined) {
    const edges = [...entry, edge(evaluation.id, revision.id, less), edge(revision.id, evaluation.id)];
    return { units: [draft, evaluation, revision], edges };
  }
  const when = "after a score that is too low, unless it was the last evaluation";
  const review = unit(gate, {
    id: "review",
    ...numbered("review", most - 1, 2),
    name: "review gate",
    path: ["review_gate"],
    times: revisions,
    when,
  });
  return {
    units: [draft, evaluation, review, revision],
    edges: [
      ...entry,
      edge(evaluation.id, review.id, less),
      edge(review.id, end, "the answer is stop"),
      edge(review.id, revision.id, "any other answer"),
      edge(revision.id, evaluation.id),
    ],
  };
}

function drawOrchestrator(pattern: Of<"orchestrator_workers">): Drawing {
  const { orchestratorId, workerId, workerTools, maxRounds, reduce, writeup } = pattern;
  const orchestrator = agentUnit(orchestratorId, {
    id: "orchestrator",
    ...numbered("orchestrator", maxRounds, 1, "<round>"),
    name: "orchestrator",
    path: ["orchestrator"],
    times: { least: 1, most: maxRounds * callLimits.perTaskList },
  });
  const gate = (step: ProgramHitlStep | undefined, place: Place): DraftUnit[] =>
    step === undefined ? [] : [unit(step, place)];
  const decomposition = gate(pattern.decompositionReview, {
    id: "decomposition",
    ...numbered("decomposition", maxRounds, 1, "<round>"),
    name: "review of the tasks",
    path: ["decomposition_review"],
    times: { least: 1, most: maxRounds },
    when: maxRounds === 1 ? "in every run" : "in each round",
    callsOnFeedback: callLimits.perTaskList,
  });
  const workers = agentUnit(
    workerId,
    {
      id: "workers",
      key: `workers/${maxRounds === 1 ? "1" : "<round>"}/<n>`,
      firstKey: "workers/1/0",
      name: "workers",
      path: ["worker_template"],
      times: { least: 0, most: null },
    },
    workerTools,
  );
  const reviewed = reduce === undefined ? undefined : pattern.reduceReview;
  const final = [
    ...gate(reviewed, { id: "reduce/review", name: "review of the results", path: ["reduce_review"] }),
    ...(reduce === undefined ? [] : [unit(reduce, { id: "reduce", name: "reduce", path: ["reduce"] })]),
    ...(writeup === undefined ? [] : [unit(writeup, { id: "writeup", name: "writeup", path: ["writeup"] })]),
  ];
  const units = [orchestrator, ...decomposition, workers, ...final];
  const again = maxRounds > 1 ? [edge(workers.id, orchestrator.id, `next round, ${maxRounds} at most`)] : [];
  return {
    units,
    edges: [...between(units), ...again],
    unlimited: "the orchestrator decides how many workers there are, and nothing limits that",
  };
}

function drawGraph({ nodes, entry, maxVisits }: Of<"graph">): Drawing {
  const idOf = (node: string): string => `nodes/${keyPart(node)}`;
  const all = [...nodes.values()];
  const edges = all.flatMap(({ id, choices }): readonly PlanEdge[] => {
    if (choices === undefined) return [edge(idOf(id), end)];
    const taken = choices.map(({ when, to }, index) => {
      const isElse = when.source.trim().toLowerCase() === "else";
      return edge(idOf(id), idOf(to), isElse ? (index === 0 ? null : "else") : conditionText(when.source));
    });
    const last = choices.at(-1)?.when.source.trim().toLowerCase();
    return last === undefined || last === "else" ? taken : [...taken, edge(idOf(id), end, "none of these")];
  });
  const visits = visitsOf(
    idOf(entry),
    all.map(({ id }) => idOf(id)),
    edges,
    maxVisits,
  );
  const units = all.map(({ id, step }) => {
    const most = visits.most.get(idOf(id)) ?? 0;
    const times = { least: visits.always.has(idOf(id)) ? 1 : 0, most };
    const when = times.least === 1 ? "in every run" : "when the graph comes by";
    const place = { id: idOf(id), ...numbered(idOf(id), most), name: id, path: ["nodes", id], times, when };
    return unit(step, { ...place, callsOnFeedback: 1 });
  });
  const weight = new Map(units.map(({ id, agent, times }) => [id, agent === null ? 0 : (times.most ?? 0)]));
  const own = new Map(units.map(({ id, agent }) => [id, agent === null ? 0 : 1]));
  return {
    units,
    edges: [edge(start, idOf(entry)), ...edges],
    turns: {
      least: leastOn(idOf(entry), edges, own),
      most: mostOn(visits.groups, edges, weight),
    },
  };
}

/** A condition without the braces around it. */
function conditionText(source: string): string {
  return source.trim().replace(/^\{\{\s*|\s*\}\}$/g, "");
}
