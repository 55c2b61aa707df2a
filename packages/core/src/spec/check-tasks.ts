import { checkAgentName, checkPause, type DeclaredNames, isPause } from "./check-agents.js";
import { findCycles } from "./check-cycles.js";
import { quoteValue } from "./check-quote.js";
import { type CheckReport, listNames, type SpecPath } from "./check-report.js";
import type { TaskSpec, WorkflowSpec } from "./spec.js";

const root: SpecPath = ["pattern", "config", "tasks"];

/** The tasks of a workflow: unique ids, known agents, and dependencies that exist and can be met. */
export function checkTasks(config: WorkflowSpec, names: DeclaredNames, report: CheckReport): void {
  const tasks = config.tasks ?? [];
  report.filled(tasks.length, root, "task");
  const indexes = indexTasks(tasks, report);
  const ids = new Set(indexes.keys());
  for (const [index, task] of tasks.entries()) {
    const path = [...root, index];
    if (isPause(task)) checkPause(task, path, report);
    else checkAgentName(task.agent, [...path, "agent"], names, report);
    for (const [position, dep] of (task.deps ?? []).entries()) {
      if (ids.has(dep)) continue;
      const suggestion = report.suggest("task", dep, ids, "name the id of another task");
      const message = `task ${quoteValue(task.id)} depends on ${quoteValue(dep)}, which is no task`;
      report.error("unknown_task", [...path, "deps", position], message, suggestion);
    }
  }
  reportCycles(tasks, indexes, report);
}

function indexTasks(tasks: readonly TaskSpec[], report: CheckReport): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (const [index, task] of tasks.entries()) {
    const first = indexes.get(task.id);
    if (first === undefined) {
      indexes.set(task.id, index);
      continue;
    }
    const message = `the task id ${quoteValue(task.id)} is taken by \`tasks[${first}]\``;
    report.error("duplicate_id", [...root, index, "id"], message, "give each task its own id");
  }
  return indexes;
}

function reportCycles(tasks: readonly TaskSpec[], indexes: ReadonlyMap<string, number>, report: CheckReport): void {
  const edges = tasks.map((task, index) =>
    indexes.get(task.id) === index ? (task.deps ?? []).flatMap((dep) => indexes.get(dep) ?? []) : [],
  );
  for (const cycle of findCycles(edges)) {
    const [first = 0] = cycle;
    const ids = cycle.map((index) => tasks[index]?.id ?? "");
    const message =
      ids.length === 1
        ? `task ${listNames(ids)} depends on itself`
        : `tasks ${listNames(ids)} depend on one another in a circle, so none can start`;
    report.error("dependency_cycle", [...root, first, "deps"], message, "take one of these dependencies out");
  }
}
