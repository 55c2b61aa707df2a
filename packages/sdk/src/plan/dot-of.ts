import type { Plan, PlanUnit } from "./plan.js";
import { edgeLines, longestLabel, oneLine, shapesOf } from "./plan-shapes.js";

/**
 * Draws a plan in Graphviz's DOT language: agents as boxes, people as diamonds, conditions dashed.
 *
 * @example
 * await writeFile("workflow.dot", dotOf(planOf(program)));
 */
export function dotOf(plan: Plan): string {
  const { ids, groups, loose } = shapesOf(plan);
  const first = new Set(plan.edges.filter(({ from }) => from === "start").map(({ to }) => to));
  const last = new Set(plan.edges.filter(({ to }) => to === "end").map(({ from }) => from));
  const node = (unit: PlanUnit, indent: string): string => {
    const who = unit.kind === "person" ? "a person" : (unit.agent ?? "");
    const colour = first.has(unit.id) ? "lightgreen" : last.has(unit.id) ? "lightcoral" : undefined;
    const shape = unit.kind === "person" ? ", shape=diamond, style=filled" : "";
    const fill = colour === undefined ? "" : `, fillcolor=${colour}`;
    return `${indent}${ids.get(unit.id)} [label=${quoted(unit.name, `(${who})`)}${shape}${fill}];`;
  };
  return [
    `digraph ${quoted(plan.name)} {`,
    "  rankdir=TB;",
    '  node [shape=box, style="rounded,filled", fillcolor=white];',
    "  start [shape=circle, label=start];",
    ...loose.map((unit) => node(unit, "  ")),
    ...[...groups].flatMap(([name, units], index) => [
      `  subgraph cluster_${index} {`,
      `    label=${quoted(name)};`,
      ...units.map((unit) => node(unit, "    ")),
      "  }",
    ]),
    "  finish [shape=doublecircle, label=end];",
    ...edgeLines(plan, ids, "finish").map(({ from, to, label }) =>
      label === null ? `  ${from} -> ${to};` : `  ${from} -> ${to} [style=dashed, label=${quoted(label)}];`,
    ),
    "}",
    "",
  ].join("\n");
}

/** A label of one or more lines. Graphviz reads backslashes and entities in it. */
function quoted(...lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    oneLine(line, longestLabel).replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/&/g, "&amp;"),
  );
  return `"${escaped.join("\\n")}"`;
}
