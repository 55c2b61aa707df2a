import { checkAgentName, checkPause, type DeclaredNames, isPause } from "./check-agents.js";
import { quoteValue } from "./check-quote.js";
import { type CheckReport, listNames, type SpecPath } from "./check-report.js";
import { entriesInOrder } from "./key-order.js";
import type { EdgeSpec, GraphSpec } from "./spec.js";

const root: SpecPath = ["pattern", "config"];

/** A graph: known agents and nodes, one way out of each node, an end, and nothing that cannot be reached. */
export function checkGraph(config: GraphSpec, names: DeclaredNames, report: CheckReport): void {
  const nodes = entriesInOrder(config.nodes ?? {}, config.node_order);
  const edges = config.edges ?? [];
  report.filled(nodes.length, [...root, "nodes"], "node");
  report.filled(edges.length, [...root, "edges"], "edge");
  for (const [id, node] of nodes) {
    const path = [...root, "nodes", id];
    if (isPause(node)) checkPause(node, path, report);
    else checkAgentName(node.agent, [...path, "agent"], names, report);
  }
  const ids = new Set(nodes.map(([id]) => id));
  const sources = new Set<string>();
  for (const [index, id] of (config.node_order ?? []).entries())
    checkKnown(id, [...root, "node_order", index], ids, report);
  for (const [index, edge] of edges.entries()) checkEdge(edge, index, ids, sources, report);
  if (nodes.length === 0 || edges.length === 0) return;
  // An edge that leads to nowhere may be the one that was meant to end the graph.
  if (nodes.every(([id]) => sources.has(id)) && allTargetsKnown(edges, ids)) {
    const suggestion = "leave at least one node without an edge from it";
    report.error(
      "no_terminal_node",
      [...root, "edges"],
      "every node has an edge from it: the graph cannot end",
      suggestion,
    );
  }
  reportUnreachable(
    nodes.map(([id]) => id),
    edges,
    report,
  );
}

function checkKnown(id: string, path: SpecPath, ids: ReadonlySet<string>, report: CheckReport): void {
  if (ids.has(id)) return;
  const suggestion = report.suggest("node", id, ids, "use the id of a node under `nodes`");
  report.error("unknown_node", path, `no node is called ${quoteValue(id)}`, suggestion);
}

function checkEdge(
  edge: EdgeSpec,
  index: number,
  ids: ReadonlySet<string>,
  sources: Set<string>,
  report: CheckReport,
): void {
  const path = [...root, "edges", index];
  const known = (id: string, at: SpecPath) => checkKnown(id, at, ids, report);
  known(edge.from, [...path, "from"]);
  if (sources.has(edge.from)) {
    const message = `only the first edge from ${quoteValue(edge.from)} is followed, and this is another`;
    report.warn("shadowed_edge", [...path, "from"], message, "put the targets into the first edge's `choose`");
  }
  sources.add(edge.from);
  for (const [position, id] of (edge.to ?? []).entries()) known(id, [...path, "to", position]);
  for (const [position, choice] of (edge.choose ?? []).entries()) known(choice.to, [...path, "choose", position, "to"]);
  if ((edge.to ?? []).length > 1) {
    const message = "a static edge can have one target only";
    report.error("multiple_targets", [...path, "to"], message, "keep one, or decide between them with `choose`");
  }
  if ((edge.to ?? edge.choose ?? []).length === 0) {
    const message = `the edge from ${quoteValue(edge.from)} leads nowhere, which fails when it is reached`;
    report.warn(
      "empty_edge",
      [...path, edge.to === undefined ? "choose" : "to"],
      message,
      "take the edge out to end here",
    );
  }
}

function allTargetsKnown(edges: readonly EdgeSpec[], ids: ReadonlySet<string>): boolean {
  return edges.every((edge) =>
    edge.to === undefined
      ? (edge.choose ?? []).every((choice) => ids.has(choice.to))
      : edge.to.every((target) => ids.has(target)),
  );
}

function reportUnreachable(ids: readonly string[], edges: readonly EdgeSpec[], report: CheckReport): void {
  const targets = new Map<string, string[]>();
  for (const edge of edges) {
    const list = targets.get(edge.from) ?? [];
    for (const id of edge.to ?? []) list.push(id);
    for (const choice of edge.choose ?? []) list.push(choice.to);
    targets.set(edge.from, list);
  }
  const reached = new Set<string>();
  const queue = ids.slice(0, 1);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    for (const target of targets.get(id) ?? []) queue.push(target);
  }
  const lost = ids.filter((id) => !reached.has(id));
  if (lost.length === 0) return;
  const first = quoteValue(ids[0]);
  const message = `${listNames(lost)} cannot be reached from the first node ${first}`;
  const [path = ""] = lost;
  report.error("unreachable_node", [...root, "nodes", path], message, "add an edge to it, or take it out");
}
