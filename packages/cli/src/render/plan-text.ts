import type { Plan, PlanPause, PlanVariable } from "@strands/sdk";
import type { PlannedWorkflow } from "../load-plan.js";
import { counted, formatCount, formatDuration } from "./amounts.js";
import { drawingText, timesText } from "./plan-drawing.js";
import { callSentences } from "./plan-summary.js";
import { preview } from "./preview.js";
import type { Screen } from "./screen.js";
import type { Document, Section } from "./section-text.js";
import { styleFor } from "./style.js";
import { warningSections } from "./support-text.js";

/** What a workflow would do, for people. */
export function planDocument({ plan, support }: PlannedWorkflow, screen: Screen): Document {
  const { stdout } = screen.io;
  const plain = styleFor({ isTTY: false }, {});
  const columns = stdout.isTTY ? stdout.columns - 2 : undefined;
  return {
    title: plan.name,
    intro: plan.description ?? undefined,
    sections: [
      { title: "Runtime", rows: runtimeRows(plan) },
      { title: "Agents", header: ["ID", "Tools", "Works in"], rows: agentRows(plan) },
      stepSection(plan),
      ...(plan.pattern === "graph" ? [{ title: "Graph", drawn: drawingText(plan, plain, columns) }] : []),
      { title: "Model calls", lines: callSentences(plan) },
      ...(plan.pauses.length === 0
        ? []
        : [{ title: "Pauses for a person", lines: plan.pauses.flatMap((pause) => pauseLines(pause, columns ?? 100)) }]),
      ...(plan.variables.length === 0
        ? []
        : [
            {
              title: "Variables",
              header: ["Name", "Declared", "Value", "Used in line"],
              rows: variableRows(plan),
              shrink: 3,
            },
          ]),
      ...(plan.artifacts.length === 0
        ? []
        : [{ title: "Output files", lines: plan.artifacts.map(({ path }) => path) }]),
      ...warningSections(plan.warnings, screen.io),
      verdict(support),
    ],
  };
}

function runtimeRows({ runtime, pattern, version, limits }: Plan): readonly (readonly string[])[] {
  const { maxSteps, maxTokens, maxDurationMs, atOnce } = limits;
  const budgets = [
    ...(maxSteps === null ? [] : [counted(maxSteps, "step")]),
    ...(maxTokens === null ? [] : [counted(maxTokens, "token")]),
    ...(maxDurationMs === null ? [] : [waitText(maxDurationMs)]),
  ];
  return [
    ["Version", String(version)],
    ["Pattern", pattern],
    ["Provider", runtime.provider],
    ["Model", runtime.modelId ?? "default"],
    ...(runtime.region === null ? [] : [["Region", runtime.region]]),
    ...(runtime.host === null ? [] : [["Host", runtime.host]]),
    ...(atOnce === 1 ? [] : [["At once", atOnce === null ? "all" : formatCount(atOnce)]]),
    ...(budgets.length === 0 ? [] : [["Budget", budgets.join(", ")]]),
  ];
}

/** A limit as somebody sets it: whole hours, minutes or seconds. */
function waitText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} min`;
  return formatDuration(ms);
}

function agentRows({ agents, runtime, units }: Plan): readonly (readonly string[])[] {
  return agents.map(({ id, tools, usedBy, provider, modelId }) => {
    const every = units.some((unit) => unit.agent === id && unit.tools) ? "all" : "none";
    const own = provider === runtime.provider && modelId === runtime.modelId ? "" : ` (${provider} ${modelId ?? ""})`;
    const works = usedBy.length === 0 ? "not used" : usedBy.slice(0, 5).join(", ");
    const more = usedBy.length > 5 ? ` and ${usedBy.length - 5} more` : "";
    return [`${id}${own.trimEnd()}`, tools === null ? every : formatCount(tools.length), `${works}${more}`];
  });
}

/** Steps, with the keys that sessions, events and scripts know where these say more than the name of the step. */
function stepSection({ units }: Plan): Section {
  const hasKeys = units.some(({ id, key }) => id !== key);
  const header = ["Step", ...(hasKeys ? ["Key"] : []), "Who", "Calls", "Line"];
  const rows = units.map(({ id, key, firstKey, agent, times, line }) => {
    const calls = agent === null ? "" : timesText(times) || (times.least === 0 ? "0 or 1" : "1");
    const keys = hasKeys ? [key === firstKey ? key : `${key} from ${firstKey}`] : [];
    return [id, ...keys, agent ?? "a person", calls, line === undefined ? "" : String(line)];
  });
  return { title: "Steps", header, rows, shrink: hasKeys ? 1 : 0 };
}

function pauseLines(pause: PlanPause, columns: number): readonly string[] {
  const { unit, prompt, when, line, timeoutMs, default: usual, answerPattern, times } = pause;
  const often = timesText(times);
  const facts = [
    `reached ${when}${often === "" ? "" : `, ${often}`}`,
    ...(timeoutMs === null
      ? []
      : [
          `after ${waitText(timeoutMs)} takes "${usual === null || usual === "" ? "timeout_expired" : preview(usual, 40)}"`,
        ]),
    ...(answerPattern === null ? [] : [`the answer must match ${answerPattern}`]),
  ];
  const place = line === undefined ? "" : ` (line ${line})`;
  return [
    `${unit}${place}: ${preview(prompt, Math.max(20, columns - unit.length - place.length - 4))}`,
    `  ${facts.join("; ")}`,
  ];
}

function variableRows({ variables }: Plan): readonly (readonly string[])[] {
  return variables.map((variable) => [variable.name, declaredText(variable), valueText(variable), usesText(variable)]);
}

function declaredText({ declared, type }: PlanVariable): string {
  if (declared === null) return "no";
  const kind = declared.as === "value" ? "by its value" : type === null ? declared.as : `${declared.as}, ${type}`;
  return declared.line === undefined ? kind : `${kind} (line ${declared.line})`;
}

function valueText({ default: usual, needed }: PlanVariable): string {
  if (usual === null) return needed ? "none: pass it" : "none";
  return preview(typeof usual === "string" ? usual : JSON.stringify(usual), 30);
}

function usesText({ usedAt }: PlanVariable): string {
  if (usedAt.length === 0) return "not used";
  return usedAt.map(({ line, pointer }) => (line === undefined ? pointer : String(line))).join(", ");
}

function verdict({ supported, issues }: PlannedWorkflow["support"]): Section {
  if (supported) return { title: "", lines: ["[OK] MVP Compatible"], tone: "green" };
  const lines = issues.slice(0, 3).map(({ reason }) => `  ${reason}`);
  const more = issues.length > 3 ? [`  and ${issues.length - 3} more; see \`strands explain\``] : [];
  return { title: "", lines: [`${counted(issues.length, "unsupported feature")}:`, ...lines, ...more], tone: "yellow" };
}
