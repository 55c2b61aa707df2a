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
  const tasks = inLayers(specs).map(({ spec, layer }) => ({ spec, layer, step: compile(spec) }));
  const indices = new Map(tasks.map(({ spec }, index) => [spec.id, index]));
  /** Index of the last question before each task. */
  let question: number | undefined;
  return tasks.map(({ spec, layer, step }, index) => {
    const reads = readsOf(step);
    // Of its own layer a task sees what came before a question: that is there once the question is answered.
    const seen = (other: number): boolean =>
      (tasks[other]?.layer ?? 0) < layer || (question !== undefined && other <= question);
    const candidates = reads.all ? tasks.keys() : [...reads.ids].flatMap((id) => indices.get(id) ?? []);
    const sees = [...new Set(candidates)].filter((other) => other < index && seen(other)).sort((a, b) => a - b);
    const answeredBy = reads.answer ? question : undefined;
    const declared = (spec.deps ?? []).map((id) => indices.get(id) ?? 0);
    const waitsFor = [...new Set([...declared, ...sees, ...(answeredBy === undefined ? [] : [answeredBy])])];
    if (step.type === "hitl") question = index;
    return { id: spec.id, step, layer, waitsFor, sees, answeredBy };
  });
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
      // Ids may hold dots, so a path does not always say where the id ends.
      const parts = path.split(".").slice(1);
      for (let end = 1; end <= parts.length; end += 1) ids.add(parts.slice(0, end).join("."));
      if (parts.length === 0) all = true;
    }
  }
  return { ids, all, answer };
}

function shownBy(context: LazyTemplate | undefined): readonly LazyTemplate[] {
  return context === undefined ? [] : [context];
}
