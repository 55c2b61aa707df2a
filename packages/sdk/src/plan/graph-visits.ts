import type { PlanEdge } from "./plan.js";

/** How often a walk through a graph can come by its nodes. */
export interface Visits {
  /** Nodes that can come round to one another, in the order a walk meets them. */
  readonly groups: readonly (readonly string[])[];
  /** Visits at most, by node. */
  readonly most: ReadonlyMap<string, number>;
  /** Nodes that every way to the end passes. */
  readonly always: ReadonlySet<string>;
}

/** Past this many nodes we do not look for those that every way passes. */
const manyNodes = 300;

/** Only a node of a loop can be visited again, and the limit of visits holds for each node. */
export function visitsOf(
  entry: string,
  nodes: readonly string[],
  edges: readonly PlanEdge[],
  maxVisits: number,
): Visits {
  const known = new Set(nodes);
  const inside = edges.filter(({ from, to }) => known.has(from) && known.has(to));
  const groups = loopsOf(nodes, inside);
  const selfish = new Set(inside.filter(({ from, to }) => from === to).map(({ from }) => from));
  const most = new Map<string, number>();
  for (const group of groups) {
    for (const id of group) most.set(id, group.length > 1 || selfish.has(id) ? maxVisits : 1);
  }
  const next = targetsOf(edges);
  const passed = nodes.length > manyNodes ? [] : nodes.filter((id) => !endsWithout(id, entry, known, next));
  return { groups, most, always: new Set([entry, ...passed]) };
}

/** Whether a walk can end without passing a node. */
function endsWithout(
  avoided: string,
  entry: string,
  nodes: ReadonlySet<string>,
  next: ReadonlyMap<string, readonly string[]>,
): boolean {
  const seen = new Set([avoided]);
  const queue = [entry];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (!nodes.has(id)) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    queue.push(...(next.get(id) ?? []));
  }
  return false;
}

function targetsOf(edges: readonly PlanEdge[], reversed = false): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [key, value] = reversed ? [to, from] : [from, to];
    const list = targets.get(key);
    if (list === undefined) targets.set(key, [value]);
    else list.push(value);
  }
  return targets;
}

/** Strongly connected components in topological order (Kosaraju's algorithm, without recursion). */
function loopsOf(nodes: readonly string[], edges: readonly PlanEdge[]): readonly (readonly string[])[] {
  const next = targetsOf(edges);
  const before = targetsOf(edges, true);
  const seen = new Set<string>();
  const finished: string[] = [];
  for (const root of nodes) {
    const stack: { readonly id: string; at: number }[] = [{ id: root, at: 0 }];
    if (seen.has(root)) continue;
    seen.add(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const target = next.get(top.id)?.[top.at];
      top.at += 1;
      if (target === undefined) finished.push((stack.pop() as typeof top).id);
      else if (!seen.has(target)) {
        seen.add(target);
        stack.push({ id: target, at: 0 });
      }
    }
  }
  const placed = new Set<string>();
  const groups: string[][] = [];
  for (const root of finished.reverse()) {
    const group: string[] = [];
    const queue = [root];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (placed.has(id)) continue;
      placed.add(id);
      group.push(id);
      queue.push(...(before.get(id) ?? []));
    }
    if (group.length > 0) groups.push(group);
  }
  return groups;
}

/** The heaviest way through the groups: a loop counts with all its nodes, as often as they may be visited. */
export function mostOn(
  groups: readonly (readonly string[])[],
  edges: readonly PlanEdge[],
  weight: ReadonlyMap<string, number>,
): number {
  const next = targetsOf(edges);
  const groupOf = new Map(groups.flatMap((group, index) => group.map((id) => [id, index] as const)));
  const best = groups.map((group) => group.reduce((sum, id) => sum + (weight.get(id) ?? 0), 0));
  for (let index = groups.length - 1; index >= 0; index -= 1) {
    const after = (groups[index] ?? []).flatMap((id) => next.get(id) ?? []).map((id) => groupOf.get(id));
    const further = after.map((other) => (other === undefined || other === index ? 0 : (best[other] ?? 0)));
    best[index] = (best[index] ?? 0) + further.reduce((a, b) => Math.max(a, b), 0);
  }
  return best[0] ?? 0;
}

/** The lightest way from a node to the end of the graph. Nodes weigh 0 or 1. */
export function leastOn(entry: string, edges: readonly PlanEdge[], weight: ReadonlyMap<string, number>): number {
  const next = targetsOf(edges);
  const done = new Set<string>();
  let level = [entry];
  for (let sum = weight.get(entry) ?? 0; level.length > 0; sum += 1) {
    const later: string[] = [];
    for (let id = level.pop(); id !== undefined; id = level.pop()) {
      if (!weight.has(id)) return sum;
      if (done.has(id)) continue;
      done.add(id);
      for (const target of next.get(id) ?? []) ((weight.get(target) ?? 0) > 0 ? later : level).push(target);
    }
    level = later;
  }
  return weight.get(entry) ?? 0;
}
