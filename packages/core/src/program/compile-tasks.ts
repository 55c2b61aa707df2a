import type { TaskSpec } from "../spec/spec.js";
import type { LazyTemplate } from "./lazy-template.js";
import type { ProgramStep, ProgramTask } from "./program.js";

/**
 * Puts tasks in the order of their layers, and finds out what each waits for: what it names under `deps`, and whatever
 * earlier task its templates read. So no task waits for a whole layer, and still each sees what it would see then.
 *
 * Order and layers follow the reference engine: a task enters the layer after its last dependency, in the order in which
 * dependencies are met.
 */
export function compileTasks(
  specs: readonly TaskSpec[],
  compile: (task: TaskSpec) => ProgramStep,
): readonly ProgramTask[] {
  const placed = placeTasks(specs);
  const tasks = placed.map((place) => ({ ...place, step: compile(place.spec) }));
  const indices = new Map(tasks.map(({ spec }, index) => [spec.id, index]));
  return tasks.map(({ spec, layer, question, step }, index) => {
    const reads = readsOf(step);
    const candidates = reads.all ? tasks.keys() : [...reads.ids].flatMap((id) => indices.get(id) ?? []);
    const sees = [...new Set(candidates)].filter((other) => seesTask(placed, index, other)).sort((a, b) => a - b);
    const answeredBy = reads.answer ? question : undefined;
    const declared = (spec.deps ?? []).map((id) => indices.get(id) ?? 0);
    const waitsFor = [...new Set([...declared, ...sees, ...(answeredBy === undefined ? [] : [answeredBy])])];
    return { id: spec.id, step, layer, waitsFor, sees, answeredBy };
  });
}

/** A task where it stands in the order of the layers. */
export interface PlacedTask {
  readonly spec: TaskSpec;
  readonly layer: number;
  /** Index of the last question before it. */
  readonly question: number | undefined;
}

/** Tasks in the order of their layers. Those that wait for one another are left out. */
export function placeTasks(specs: readonly TaskSpec[]): readonly PlacedTask[] {
  let question: number | undefined;
  return inLayers(specs).map(({ spec, layer }, index) => {
    const place = { spec, layer, question };
    if (!("agent" in spec)) question = index;
    return place;
  });
}

/**
 * Whether a task can see another's answer: those of the layers before its own, and of its own layer what came before a
 * question, which is there once the question is answered.
 */
export function seesTask(tasks: readonly PlacedTask[], index: number, other: number): boolean {
  const { layer, question } = tasks[index] as PlacedTask;
  return other < index && ((tasks[other]?.layer ?? 0) < layer || (question !== undefined && other <= question));
}

function inLayers(specs: readonly TaskSpec[]): readonly { readonly spec: TaskSpec; readonly layer: number }[] {
  const waiting = new Map(specs.map((spec) => [spec.id, spec.deps?.length ?? 0]));
  const followers = new Map<string, TaskSpec[]>();
  for (const spec of specs) {
    for (const dep of spec.deps ?? []) {
      const list = followers.get(dep);
      if (list === undefined) followers.set(dep, [spec]);
      else list.push(spec);
    }
  }
  const placed: { spec: TaskSpec; layer: number }[] = specs
    .filter((spec) => waiting.get(spec.id) === 0)
    .map((spec) => ({ spec, layer: 0 }));
  for (let next = 0; next < placed.length; next += 1) {
    const { spec, layer } = placed[next] as (typeof placed)[number];
    for (const follower of followers.get(spec.id) ?? []) {
      const left = (waiting.get(follower.id) ?? 1) - 1;
      waiting.set(follower.id, left);
      if (left === 0) placed.push({ spec: follower, layer: layer + 1 });
    }
  }
  return placed;
}

/** What the templates of a task read of the others. */
interface Reads {
  readonly ids: ReadonlySet<string>;
  /** It looks at the tasks as a whole. */
  readonly all: boolean;
  /** It reads the latest answer. */
  readonly answer: boolean;
}

function readsOf(step: ProgramStep): Reads {
  const ids = new Set<string>();
  let all = false;
  let answer = false;
  for (const template of step.type === "agent" ? [step.input] : shownBy(step.context)) {
    for (const { name, path } of template.parse().names) {
      if (name === "hitl_response") answer = true;
      if (name !== "tasks") continue;
      const [, id] = path;
      if (id === undefined) all = true;
      else ids.add(id);
    }
  }
  return { ids, all, answer };
}

function shownBy(context: LazyTemplate | undefined): readonly LazyTemplate[] {
  return context === undefined ? [] : [context];
}
