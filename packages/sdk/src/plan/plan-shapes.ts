import type { Plan, PlanEdge, PlanUnit } from "./plan.js";

/** What a picture of a plan is made of. */
export interface PlanShapes {
  /** A plain identifier for each unit: those of the file could mean anything to the reader of the picture. */
  readonly ids: ReadonlyMap<string, string>;
  /** Units by the branch or route they belong to. */
  readonly groups: ReadonlyMap<string, readonly PlanUnit[]>;
  /** Units that belong to none. */
  readonly loose: readonly PlanUnit[];
}

/** Characters of a label. */
export const longestLabel = 60;

export function shapesOf({ units }: Plan): PlanShapes {
  const groups = new Map<string, PlanUnit[]>();
  for (const unit of units) {
    if (unit.group === null) continue;
    const list = groups.get(unit.group);
    if (list === undefined) groups.set(unit.group, [unit]);
    else list.push(unit);
  }
  const ids = new Map(units.map(({ id }, index) => [id, `n${index}`]));
  return { ids, groups, loose: units.filter(({ group }) => group === null) };
}

/** The edges between identifiers. */
export function edgeLines({ edges }: Plan, ids: ReadonlyMap<string, string>, end: string): readonly PlanEdge[] {
  const idOf = (unit: string): string => ids.get(unit) ?? (unit === "start" ? "start" : end);
  return edges.map(({ from, to, label }) => ({ from: idOf(from), to: idOf(to), label }));
}

/** A text on one line, without characters that are not seen, cut to a number of characters. */
export function oneLine(text: string, longest: number): string {
  const plain = text
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, "")
    .trim();
  const characters = Array.from(plain);
  return characters.length <= longest ? plain : `${characters.slice(0, longest - 1).join("")}…`;
}
