import { nearest } from "@strands/core";
import type { Plan, PlanUnit } from "../plan/plan.js";
import type { AnswerScript } from "./answer-script.js";
import { rerunOf } from "./rerun-key.js";

/** A key of a script that no step of a workflow asks for. */
export interface UnusedAnswer {
  readonly key: string;
  /** Why it is never used. */
  readonly reason: string;
  /** What to write instead. */
  readonly suggestion: string;
}

/**
 * Finds the answers of a script that a workflow can never use.
 *
 * @example
 * for (const { key, reason } of unusedAnswers(script, planOf(program))) console.warn(key, reason);
 */
export function unusedAnswers(script: AnswerScript, plan: Plan): readonly UnusedAnswer[] {
  return [...script.answers.keys()].flatMap((key) => {
    const problem = problemOf(key, plan);
    return problem === undefined ? [] : [{ key, ...problem }];
  });
}

function problemOf(key: string, { agents, units }: Plan): Omit<UnusedAnswer, "key"> | undefined {
  const agent = agents.find(({ id }) => id === key);
  if (agent !== undefined) {
    if (agent.usedBy.length > 0) return undefined;
    return { reason: "the agent works in no step", suggestion: "Let a step use it, or leave the key out." };
  }
  // A node that a question sent back has the key of the question.
  const sender = /^(.*)\/before@\d+$/.exec(key)?.[1];
  if (sender !== undefined && units.some((unit) => unit.kind === "person" && isKeyOf(unit, sender))) return undefined;
  const repeated = rerunOf(key)?.base;
  const matching = units.filter((unit) => isKeyOf(unit, key) || (repeated !== undefined && isKeyOf(unit, repeated)));
  if (matching.some(({ kind }) => kind === "agent")) return undefined;
  if (matching.length > 0) {
    return {
      reason: "a person is asked there, and a script answers for agents",
      suggestion: "Answer it when the run has paused.",
    };
  }
  return { reason: "no step and no agent has this key", suggestion: suggestionFor(key, agents, units) };
}

function suggestionFor(key: string, agents: Plan["agents"], units: readonly PlanUnit[]): string {
  const working = units.filter(({ kind }) => kind === "agent");
  const same = working.find(({ id, key: pattern }) => id === key || isLike(pattern, key));
  const candidates = [
    ...working.flatMap(({ key: pattern, firstKey }) => [pattern, firstKey]),
    ...agents.map(({ id }) => id),
  ];
  const near = same?.firstKey ?? nearest(key, candidates);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  return "`strands plan` shows the key of every step.";
}

/** Whether a key is one of a unit: its numbers count up from those of the first. */
function isKeyOf({ key: pattern, firstKey }: PlanUnit, key: string): boolean {
  if (!isLike(pattern, key)) return false;
  const least = firstKey.split("/");
  return key.split("/").every((part, index) => part === least[index] || Number(part) >= Number(least[index]));
}

function isLike(pattern: string, key: string): boolean {
  const parts = pattern.split("/");
  const given = key.split("/");
  return (
    parts.length === given.length &&
    parts.every((part, index) => (/^<\w+>$/.test(part) ? /^\d+$/.test(given[index] ?? "") : part === given[index]))
  );
}
