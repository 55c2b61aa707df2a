import { isAbsolute, relative, resolve, sep } from "node:path";
import { type BudgetsSpec, openSessions, type ResumeOptions, secretValues } from "@strands/sdk";
import { printable, printableLine } from "../render/printable-text.js";
import type { Screen } from "../render/screen.js";
import { chooseModel, clientOptions, isSimulated, type RunPlan } from "./run-plan.js";
import type { RunRequest } from "./run-request.js";

/** Looks a session up and takes from it what the command line leaves open: output directory, model, script. */
export async function planResume(request: RunRequest, idOrPrefix: string, screen: Screen): Promise<RunPlan> {
  await using sessions = openSessions({ sessionDirectory: request.sessionDirectory, env: screen.io.env });
  const { record, interrupts, notices } = await sessions.get(idOrPrefix);
  screen.hide(secretValues(record.spec, screen.io.env));
  for (const notice of notices) screen.note(screen.style.yellow(`! ${printable(notice)}`));
  sayIgnored(request, screen);
  const labels = record.labels ?? {};
  const choice = await chooseModel(request, screen, labels);
  const outDir = request.outDir ?? labels["outDir"] ?? resolve(screen.io.cwd, "artifacts");
  screen.detail(`Session: ${printableLine(record.id)} · Output: ${printableLine(outDir)}`);
  if (leadsOut(screen.io.cwd, outDir)) screen.note(`Output directory: ${printableLine(outDir)}`);
  const { response, interruptId } = request;
  const answer: ResumeOptions =
    response === undefined
      ? {}
      : {
          response,
          ...(interruptId === undefined ? {} : { interruptId }),
          ...(screen.io.user === undefined ? {} : { by: screen.io.user }),
        };
  return {
    client: clientOptions({ ...request, saveSession: true }, screen, choice, outDir),
    resumed: true,
    sessionId: record.id,
    simulated: isSimulated(choice, record.spec),
    saved: true,
    open: interrupts.filter((state) => state.answer === undefined).map((state) => state.interrupt),
    start: (client, options) =>
      client.resume(record.id, {
        ...options,
        ...answer,
        ...budgetsOf(request.budgets),
        overwriteArtifacts: request.force,
      }),
  };
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
