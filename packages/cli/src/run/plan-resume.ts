import { isAbsolute, relative, resolve, sep } from "node:path";
import {
  type BudgetsSpec,
  type Entry,
  type InterruptState,
  openSessions,
  type ResumeOptions,
  secretValues,
} from "@strands/sdk";
import { fileChangeLines } from "../render/file-change-text.js";
import { printable, printableLine } from "../render/printable-text.js";
import type { Screen } from "../render/screen.js";
import { fileChanges } from "./file-changes.js";
import { chooseModel, clientOptions, isSimulated, type RunPlan } from "./run-plan.js";
import type { RunRequest } from "./run-request.js";
import { sayUnusedAnswersOf } from "./say-unused-answers.js";

/** Looks a session up and takes from it what the command line leaves open: output directory, model, script. */
export async function planResume(request: RunRequest, idOrPrefix: string, screen: Screen): Promise<RunPlan> {
  await using sessions = openSessions(request.place.location);
  const { record, entries, interrupts, notices } = await sessions.get(idOrPrefix);
  screen.hide(secretValues(record.spec, screen.io.env));
  for (const notice of notices) screen.note(screen.style.yellow(`! ${printable(notice)}`));
  // Auto-resume has found it by its workflow: there is no difference.
  const changes = request.resume === undefined ? undefined : await fileChanges(record, request.file, screen.io);
  if (changes !== undefined) {
    for (const line of fileChangeLines(changes)) screen.note(screen.style.yellow(line));
  }
  sayIgnored(request, screen);
  const labels = record.labels ?? {};
  const choice = await chooseModel(request, screen, labels);
  // The script of the session was looked at when the session began.
  if (request.script !== undefined) sayUnusedAnswersOf(choice.script, record.spec, screen);
  const outDir = request.outDir ?? labels["outDir"] ?? resolve(screen.io.cwd, "artifacts");
  screen.detail(`Session: ${printableLine(record.id)} · Output: ${printableLine(outDir)}`);
  if (leadsOut(screen.io.cwd, outDir)) screen.note(`Output directory: ${printableLine(outDir)}`);
  const open = interrupts.filter((state) => state.answer === undefined).map((state) => state.interrupt);
  const answer = answerOf(request, interrupts, screen.io.user);
  return {
    client: clientOptions({ ...request, saveSession: true }, screen, choice, outDir),
    resumed: true,
    sessionId: record.id,
    simulated: isSimulated(choice, record.spec),
    saved: true,
    open,
    ended: endedBy(entries),
    takesAnswer: takesAnswer(request, interrupts),
    start: (client, options) =>
      client.resume(record.id, {
        ...options,
        ...answer,
        ...budgetsOf(request.budgets),
        overwriteArtifacts: request.force,
      }),
  };
}

/** The answer of the command line. It is bound to the question as it stands now: nothing asked later can take it. */
function answerOf(
  { response, interruptId, action }: RunRequest,
  interrupts: readonly InterruptState[],
  by: string | undefined,
): ResumeOptions {
  if (response === undefined) return {};
  const open = interrupts.filter((state) => state.answer === undefined);
  const meant =
    interruptId === undefined && open.length === 1
      ? open[0]
      : interrupts.find((state) => state.interrupt.id === interruptId);
  const id = meant?.interrupt.id ?? interruptId;
  return {
    response,
    ...(action === undefined ? {} : { action }),
    ...(id === undefined ? {} : { interruptId: id }),
    ...(meant === undefined ? {} : { digest: meant.interrupt.digest }),
    ...(by === undefined ? {} : { by }),
  };
}

/** Whether a question is open that the answer may be for, or the last one has this very answer already. */
function takesAnswer({ response, interruptId, action }: RunRequest, interrupts: readonly InterruptState[]): boolean {
  if (response === undefined) return true;
  const named = ({ interrupt: { id, name } }: InterruptState): boolean => id === interruptId || name === interruptId;
  const meant = interruptId === undefined ? interrupts : interrupts.filter(named);
  const last = meant.at(-1)?.answer;
  if (last?.response === response && last.action === action) return true;
  return meant.some(({ answer }) => answer === undefined);
}

/** How a person ended the session, if one did: it was rejected, or cancelled where nothing ran. */
export function endedBy(entries: readonly Entry[]): RunPlan["ended"] {
  if (entries.some((entry) => entry.kind === "run.cancelled" && entry.body.rejected === true)) return "rejected";
  const [before, last] = entries.slice(-2);
  return before?.kind === "run.started" && last?.kind === "run.cancelled" ? "cancelled" : undefined;
}

/** Whether a path lies outside a directory. */
function leadsOut(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
}

function budgetsOf(budgets: BudgetsSpec): Pick<ResumeOptions, "budgets"> {
  return Object.keys(budgets).length === 0 ? {} : { budgets };
}

function sayIgnored(request: RunRequest, screen: Screen): void {
  const ignored = [
    ...(Object.keys(request.variables).length > 0 ? ["--var"] : []),
    ...(request.ask ? ["--ask"] : []),
    ...(request.saveSession ? [] : ["--no-save-session"]),
  ];
  for (const name of ignored)
    screen.note(screen.style.yellow(`! ${name} has no effect on resume: the session keeps its own`));
}
