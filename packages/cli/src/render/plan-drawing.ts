import type { Plan, PlanRange, PlanUnit } from "@strands/sdk";
import { printableLine } from "./printable-text.js";
import type { Style } from "./style.js";
import { cutToWidth, textWidth } from "./text-width.js";

/**
 * Draws a plan with lines and arrows, unit by unit in the order of the file, each with the ways out of it.
 *
 * @param columns room for a line; `undefined` cuts nothing
 */
export function drawingText(plan: Plan, style: Style, columns: number | undefined): string {
  const drawing = new PlanDrawing(plan, style, columns ?? Number.POSITIVE_INFINITY);
  return drawing.lines().join("\n");
}

const onward = "│";

class PlanDrawing {
  readonly #plan: Plan;
  readonly #style: Style;
  readonly #columns: number;
  readonly #units: ReadonlyMap<string, PlanUnit>;
  /** Units that have been drawn. */
  readonly #drawn = new Set<string>();

  constructor(plan: Plan, style: Style, columns: number) {
    this.#plan = plan;
    this.#style = style;
    this.#columns = columns;
    this.#units = new Map(plan.units.map((unit) => [unit.id, unit]));
  }

  lines(): readonly string[] {
    const { units } = this.#plan;
    const lines = ["start", ...this.#waysOut("start", units[0])];
    for (const [index, unit] of units.entries()) {
      const before = units[index - 1];
      if (lines.at(-1) !== onward) lines.push("");
      if (unit.group !== null && unit.group !== before?.group)
        lines.push(this.#fit(this.#style.bold(printableLine(unit.group))));
      this.#drawn.add(unit.id);
      lines.push(this.#unitLine(unit), ...this.#waysOut(unit.id, units[index + 1]));
    }
    return lines.at(-1) === onward ? [...lines, "end"] : lines;
  }

  /** Whether there is one way out, always taken, to what is drawn next, and no other way there. */
  #leadsOn(id: string, to: string): boolean {
    const ways = this.#plan.edges.filter(({ from }) => from === id);
    if (ways.length !== 1 || ways[0]?.to !== to || ways[0].label !== null) return false;
    return to !== "end" || this.#plan.edges.filter((edge) => edge.to === "end").length === 1;
  }

  #unitLine({ name, kind, agent, times }: PlanUnit): string {
    const { cyan, yellow, dim } = this.#style;
    const mark = kind === "person" ? yellow("◆") : cyan("●");
    const how = timesText(times);
    const who = kind === "person" ? "a person" : printableLine(agent ?? "");
    const details = [who, ...(how === "" ? [] : [how])].join(" · ");
    const room = this.#columns - 4 - textWidth(details);
    const shown =
      room < 12
        ? cutToWidth(printableLine(name), Math.max(8, this.#columns - 2))
        : cutToWidth(printableLine(name), room);
    const line = `${mark} ${shown}  ${dim(details)}`;
    return textWidth(line) > this.#columns ? `${mark} ${shown}` : line;
  }

  #waysOut(id: string, next: PlanUnit | undefined): readonly string[] {
    const ways = this.#plan.edges.filter(({ from }) => from === id);
    const sameGroup = next === undefined || next.group === (this.#units.get(id)?.group ?? null);
    if (sameGroup && this.#leadsOn(id, next?.id ?? "end")) return [onward];
    return ways.map(({ to, label }, index) => {
      const branch = index === ways.length - 1 ? "└─" : "├─";
      const target = `→ ${this.#nameOf(to, id)}`;
      if (label === null) return this.#fit(`${branch}${target}`);
      const room = Math.max(8, this.#columns - textWidth(target) - 5);
      return this.#fit(`${branch} ${this.#style.dim(cutToWidth(printableLine(label), room))} ${target}`);
    });
  }

  #nameOf(id: string, from: string): string {
    const unit = this.#units.get(id);
    if (unit === undefined) return id;
    const group =
      unit.group === null || unit.group === this.#units.get(from)?.group ? "" : `${printableLine(unit.group)}: `;
    return `${group}${printableLine(unit.name)}${this.#drawn.has(id) ? " ↑" : ""}`;
  }

  #fit(line: string): string {
    return textWidth(line) <= this.#columns ? line : cutToWidth(line.replace(colour, ""), this.#columns);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours begin with it.
const colour = /\u001b\[\d+m/g;

/** How often, where that is not once or at most once. */
export function timesText({ least, most }: PlanRange): string {
  if (most === null) return "any number";
  if (most <= 1) return "";
  return least === most ? `${most}×` : least === 0 ? `up to ${most}×` : `${least} to ${most}×`;
}
