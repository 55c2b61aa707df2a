import { createHash } from "node:crypto";
import { builtInWording } from "./built-in-wording.js";
import type { PlayedCase, PlayedCommand } from "./play-case.js";
import type { RecordedCall, RecordedCase, RecordedPause } from "./recorded-case.js";
import type { PlayedCall } from "./recorded-model.js";
import { isAt, turnOf } from "./recorded-place.js";

/** What differs between a recording and our run of it: one line each, empty when nothing does. */
export function compareCase(
  recorded: RecordedCase,
  played: PlayedCase,
  normalise: (text: string) => string,
): readonly string[] {
  return [
    ...compareCommands(recorded, played),
    ...comparePauses(recorded, played, normalise),
    ...compareCalls(recorded, played, normalise),
    ...compareEnd(recorded, played, normalise),
    ...compareArtifacts(recorded, played, normalise),
  ];
}

function compareCommands(recorded: RecordedCase, { commands }: PlayedCase): string[] {
  const exits = differing(
    "exit codes",
    recorded.runs.map((run) => run.exit_code).join(", "),
    commands.map((command) => command.exitCode).join(", "),
  );
  const stages = recorded.runs.flatMap(({ stage, exit_code }, index) => {
    const command = commands[index];
    return command === undefined || command.exitCode !== exit_code
      ? []
      : differing(`stage of command ${index}`, String(stage), String(command.stage));
  });
  return [...exits, ...stages];
}

function comparePauses(recorded: RecordedCase, { commands }: PlayedCase, normalise: (text: string) => string) {
  return recorded.pauses.flatMap((pause, index) => {
    const command = commands[index];
    if (command === undefined) return [`pause ${index} at ${pause.where}: not reached`];
    const calls = differing(`calls before pause ${index}`, String(pause.after_calls), String(command.calls));
    return pause.kind === "hitl" ? [...calls, ...comparePause(pause, command, `pause ${index}`, normalise)] : calls;
  });
}

function comparePause(
  pause: RecordedPause,
  { open }: PlayedCommand,
  name: string,
  normalise: (text: string) => string,
): string[] {
  const asked = open.find((interrupt) => isAt(interrupt.stepKey, pause.where));
  if (asked === undefined) {
    return [`${name}: at ${open.map(({ stepKey }) => stepKey).join(", ") || "none"}, reference ${pause.where}`];
  }
  const places = pause.open ?? [pause.where];
  const others = open.map(({ stepKey }) => stepKey).filter((key) => !places.some((place) => isAt(key, place)));
  const missing = places.filter((place) => !open.some(({ stepKey }) => isAt(stepKey, place)));
  return [
    ...others.map((stepKey) => `${name}: also ${stepKey}`),
    ...missing.map((place) => `${name}: not ${place}`),
    ...differing(`${name} prompt`, pause.prompt ?? "", asked.prompt),
    ...compareContext(`${name} context`, normalise(pause.context_display ?? ""), asked.context),
    ...differing(`${name} default`, String(pause.default), String(asked.default ?? null)),
  ];
}

/** What the reference shows in place of a context that cannot be rendered is in its own words; ours gives the reason too. */
function compareContext(name: string, reference: string, ours: string): string[] {
  const [, reason] = /^\(Failed to render context: .*'(\w+)' is undefined\)$/.exec(reference) ?? [];
  return reason !== undefined && ours.includes(reason) ? [] : differing(name, reference, ours);
}

function compareCalls(recorded: RecordedCase, { calls }: PlayedCase, normalise: (text: string) => string): string[] {
  const made = new Set(calls.map((call) => call.recorded));
  const missing = recorded.calls.filter((call) => !made.has(call));
  return [
    ...calls.flatMap((call) => compareCall(recorded, call, normalise)),
    ...missing.map(({ n, agent, where }) => `call ${n} (${agent} at ${where}): not made`),
    ...outOfOrder(calls),
  ];
}

function compareCall(recorded: RecordedCase, call: PlayedCall, normalise: (text: string) => string): string[] {
  if (call.recorded === undefined) return [`extra call (${call.agentId} at ${call.stepKey}): ${brief(call.prompt)}`];
  const { n, input } = call.recorded;
  const check = builtInWording(recorded, call.recorded, normalise);
  const prompt =
    check === undefined
      ? differing(`call ${n} prompt`, normalise(input), call.prompt)
      : check(call.prompt).map((fact) => `call ${n} prompt lacks: ${fact}`);
  const turn = differing(`call ${n} turn`, String(turnOf(recorded, call.recorded)), String(call.turn));
  return [...prompt, ...turn, ...compareSystem(call.recorded, call), ...compareModel(call.recorded, call)];
}

/** The agent's prompt comes first and the same facts follow; headings and what is rendered (decision 3) are ours. */
function compareSystem({ n, system_prompt }: RecordedCall, { request: { system } }: PlayedCall): string[] {
  if (system_prompt === undefined) return [];
  const prompt = system_prompt.split(/\n{3}# /, 1)[0]?.trimEnd() ?? "";
  const first = prompt.includes("{{") || system.startsWith(prompt) ? [] : [`call ${n} system prompt: ${brief(system)}`];
  const facts = systemFacts(system_prompt).filter((fact) => !system.includes(fact));
  return [...first, ...facts.map((fact) => `call ${n} system prompt lacks: ${brief(fact)}`)];
}

function compareModel({ n, model }: RecordedCall, { request, provider }: PlayedCall): string[] {
  if (model === undefined) return [];
  const { temperature, top_p, max_output_tokens, max_tokens = max_output_tokens } = model.params ?? {};
  const expected = JSON.stringify([model.model_id, temperature, top_p, max_tokens]);
  const { modelId, temperature: heat, topP, maxTokens } = request;
  return [
    ...differing(`call ${n} model`, expected, JSON.stringify([modelId, heat, topP, maxTokens])),
    ...differing(`call ${n} provider`, model.provider ?? provider, provider),
  ];
}

/** What the banner of the reference says of the workflow and the agent; the words around it are ours. */
function systemFacts(system: string): readonly string[] {
  const banner = system.split("# Runtime Context")[1] ?? "";
  const items = banner.split(/\n(?=- \*\*| {2}- )/).map((item) => item.trim());
  return items.flatMap((item) => {
    const [, name, value = ""] = /^- (?:\*\*)?(\w[\w ]*):(?:\*\*)? ?([\s\S]*)$/.exec(item) ?? [];
    return name === undefined || value === "" ? [] : [value.trim()];
  });
}

/** Calls made before a call that the recording has earlier, in another group or in the same lane. */
function outOfOrder(calls: readonly PlayedCall[]): string[] {
  const order = calls.flatMap(({ recorded }) => (recorded === undefined ? [] : [recorded]));
  return order.flatMap((call, index) => {
    const later = order
      .slice(0, index)
      .find(
        (before) =>
          before.n > call.n && (before.group === undefined || before.group !== call.group || before.lane === call.lane),
      );
    return later === undefined ? [] : [`call ${call.n} (${call.where}): after call ${later.n} (${later.where})`];
  });
}

function compareEnd(recorded: RecordedCase, played: PlayedCase, normalise: (text: string) => string): string[] {
  const { result, status } = played;
  const lines = differing("session", String(recorded.status), String(status));
  const last = recorded.runs.at(-1)?.result ?? null;
  if (recorded.status !== "completed" || result?.status !== "completed" || last === null) return lines;
  lines.push(...differing("last response", normalise(recorded.last_response ?? ""), result.lastResponse));
  if (last.agent_id !== undefined) lines.push(...differing("agent", last.agent_id, result.agentId));
  const shown = withoutWordCounts(recorded, normalise);
  for (const [name, value] of Object.entries(last.execution_context ?? {})) {
    const expected = normalise(JSON.stringify({ [name]: value }, shown));
    const ours = JSON.stringify({ [name]: result.context[name] }, shown);
    lines.push(...differing(`context ${name}`, expected, placeholders(expected, ours)));
  }
  return lines;
}

/** Leaves word counts out where a prompt in our own words is among what is counted. */
function withoutWordCounts(recorded: RecordedCase, normalise: (text: string) => string) {
  const ownWords = recorded.calls.some((call) => builtInWording(recorded, call, normalise) !== undefined);
  const counts = new Set(["tokens_estimated", "tokens", "cumulative_tokens"]);
  return (key: string, value: unknown): unknown => (ownWords && counts.has(key) ? 0 : value);
}

/** Puts in the placeholder of the recording where it has one. */
function placeholders(reference: string, ours: string): string {
  const isoTime = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)/g;
  return reference.includes("<TIMESTAMP>") ? ours.replace(isoTime, "<TIMESTAMP>") : ours;
}

function compareArtifacts(recorded: RecordedCase, played: PlayedCase, normalise: (text: string) => string): string[] {
  const paths = new Set([...Object.keys(recorded.artifacts), ...played.artifacts.keys()]);
  return [...paths].sort().flatMap((path) => {
    const theirs = recorded.artifacts[path];
    const ours = played.artifacts.get(path);
    if (theirs === undefined && ours === recorded.prefiles[path]) return [];
    if (theirs === undefined) return [`${path}: only ours, ${brief(ours ?? "")}`];
    if (ours === undefined) return [`${path}: not written`];
    if (isTrace(theirs)) return compareTrace(path, theirs, ours);
    return differing(path, fileWithFinalNewline(theirs, normalise(theirs)), placeholders(theirs, ours));
  });
}

/** The recordings were made without telemetry: their traces hold no spans and no id. */
function isTrace(text: string): boolean {
  return text.includes('"trace_id": "unknown"');
}

function compareTrace(path: string, reference: string, ours: string): string[] {
  const [theirs, own] = [reference, ours].map((text) => JSON.parse(text || "{}") as Record<string, unknown>);
  const missing = Object.keys(theirs ?? {}).filter((key) => own?.[key] === undefined);
  return [
    ...missing.map((key) => `${path} lacks: ${key}`),
    ...["spec_name", "pattern"].flatMap((key) => differing(`${path} ${key}`, `${theirs?.[key]}`, `${own?.[key]}`)),
  ];
}

/** A file that ended with an answer keeps its final newline: the engine writes it. */
function fileWithFinalNewline(original: string, text: string): string {
  return original.endsWith("\n") && !text.endsWith("\n") ? `${text}\n` : text;
}

/** One line for two texts that differ: the parts that do, and a digest of ours where that is cut. */
function differing(name: string, reference: string, ours: string): string[] {
  if (reference === ours) return [];
  let start = 0;
  while (start < Math.min(reference.length, ours.length) && reference[start] === ours[start]) start += 1;
  let end = 0;
  const rest = Math.min(reference.length, ours.length) - start;
  while (end < rest && reference.at(-1 - end) === ours.at(-1 - end)) end += 1;
  if (reference.length < 60 && ours.length < 60) start = end = 0;
  const from = Math.max(0, start - 10);
  const cut = (text: string): string => brief(text.slice(from, text.length - Math.max(0, end - 10)));
  return [`${name}: ${cut(ours)}, reference ${cut(reference)}`];
}

const longest = 80;

function brief(text: string): string {
  if (text.length <= longest) return JSON.stringify(text);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${JSON.stringify(text.slice(0, longest))}… (${text.length} characters, ${digest})`;
}
