import type { Plan, PlanUnit } from "@strands/sdk";
import { counted, formatCount } from "./amounts.js";

/** What a workflow does, in a few sentences. */
export function summaryOf(plan: Plan): readonly string[] {
  return [shapeOf(plan), ...pausesOf(plan), ...callSentences(plan), ...filesOf(plan)];
}

function shapeOf({ pattern, units, edges }: Plan): string {
  const who = (id: string): string => units.find((unit) => unit.id === id)?.agent ?? "a person";
  const groups = [...new Set(units.flatMap(({ group }) => (group === null ? [] : [group])))];
  const named = groups.map((group) => group.slice(group.indexOf(" ") + 1)).join(", ");
  switch (pattern) {
    case "chain":
      return `It runs ${counted(units.length, "step")}, one after the other; each sees the answers of those before it.`;
    case "workflow":
      return `It runs ${counted(units.length, "task")}; each starts as soon as those it waits for are done.`;
    case "routing":
      return `The agent ${who("router")} chooses one of ${counted(groups.length, "route")} (${named}); only that one runs.`;
    case "parallel": {
      const last = units.some(({ id }) => id === "reduce") ? `; then ${who("reduce")} brings the results together` : "";
      return `It runs ${counted(groups.length, "branch", "branches")} (${named}) side by side${last}.`;
    }
    case "evaluator_optimizer": {
      const enough = edges.find(({ from, to }) => from === "evaluation" && to === "end")?.label ?? "";
      const rounds = units.find(({ id }) => id === "revision")?.times.most ?? 0;
      return `The agent ${who("draft")} writes a draft and ${who("evaluation")} scores it. A ${enough} ends the run; else the draft is revised, ${counted(rounds, "time")} at most, and then the run fails.`;
    }
    case "orchestrator_workers":
      return `The agent ${who("orchestrator")} splits the work into tasks, and ${who("workers")} does each of them${finalOf(units)}.`;
    default: {
      const first = units.find(({ id }) => edges[0]?.to === id)?.name ?? "";
      return `It starts at the node ${first} and goes from node to node, to the first whose condition holds, until there is none.`;
    }
  }
}

function finalOf(units: readonly PlanUnit[]): string {
  const last = units
    .filter(({ id }) => id === "reduce" || id === "writeup")
    .map(({ id, agent }) => `${agent ?? "a person"} (${id})`);
  return last.length === 0 ? "" : `; the results go to ${last.join(", then to ")}`;
}

function pausesOf({ pauses }: Plan): readonly string[] {
  if (pauses.length === 0) return ["It asks nobody anything."];
  return [
    `It can stop to ask a person in ${counted(pauses.length, "place")}: ${pauses.map(({ unit }) => unit).join(", ")}.`,
  ];
}

/** Model calls in sentences. */
export function callSentences({ modelCalls: calls, pauses }: Plan): readonly string[] {
  const { least, most, reasons, perTurn, attempts, requests } = calls;
  const range =
    most === null
      ? `At least ${counted(least, "model call")}, and no limit: ${reasons.join("; ")}.`
      : least === most
        ? `${counted(least, "model call")}.`
        : `${formatCount(least)} to ${counted(most, "model call")}${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}.`;
  const feedback = pauses.filter(({ callsOnFeedback }) => callsOnFeedback > 0);
  const more = Math.max(0, ...feedback.map(({ callsOnFeedback }) => callsOnFeedback));
  const worst = requests === null ? "" : ` At worst that makes ${counted(requests, "request")}.`;
  return [
    range,
    ...(more === 0 ? [] : [`Each time a person sends an answer back, up to ${counted(more, "call")} more.`]),
    ...(perTurn === 1
      ? []
      : [`An agent that calls tools or answers by a schema may take up to ${perTurn} calls instead of one.`]),
    ...(attempts === 1 && perTurn === 1
      ? []
      : [`A call that fails is tried up to ${counted(attempts, "time")}.${worst}`]),
  ];
}

function filesOf({ artifacts }: Plan): readonly string[] {
  return artifacts.length === 0
    ? []
    : [`It writes ${counted(artifacts.length, "file")}: ${artifacts.map(({ path }) => path).join(", ")}.`];
}
