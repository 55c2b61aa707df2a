import type { Plan, PlanUnit } from "./plan.js";
import { edgeLines, longestLabel, oneLine, shapesOf } from "./plan-shapes.js";

/**
 * Draws a plan as a Mermaid flow chart. Whatever names and conditions hold is shown as text: no character of theirs can
 * end a label or begin a directive.
 *
 * @example
 * await writeFile("workflow.mmd", mermaidOf(planOf(program)));
 */
export function mermaidOf(plan: Plan): string {
  const { ids, groups, loose } = shapesOf(plan);
  const node = (unit: PlanUnit, indent: string): string => {
    const [open, close] = unit.kind === "person" ? ["{{", "}}"] : ["[", "]"];
    return `${indent}${ids.get(unit.id)}${open}"${label(unit)}"${close}`;
  };
  return [
    "flowchart TD",
    "  start([start])",
    ...loose.map((unit) => node(unit, "  ")),
    ...[...groups].flatMap(([name, units], index) => [
      `  subgraph g${index}["${escaped(name)}"]`,
      ...units.map((unit) => node(unit, "    ")),
      "  end",
    ]),
    "  finish([end])",
    ...edgeLines(plan, ids, "finish").map(({ from, to, label: text }) =>
      text === null ? `  ${from} --> ${to}` : `  ${from} -->|"${escaped(text)}"| ${to}`,
    ),
    "",
  ].join("\n");
}

function label({ name, kind, agent }: PlanUnit): string {
  const who = kind === "person" ? "a person" : (agent ?? "");
  return `${escaped(name)}<br/>${escaped(who)}`;
}

/** Text in which nothing means anything to Mermaid: other characters stand as entities. */
function escaped(text: string): string {
  return oneLine(text, longestLabel).replace(/[^\p{L}\p{N}\p{M} ._,:/+*!?=-]/gu, (char) => `#${char.codePointAt(0)};`);
}
