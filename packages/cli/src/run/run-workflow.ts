import { StrandsError } from "@strands/sdk";
import type { CommandContext } from "../command.js";
import type { ExitCode } from "../exit-codes.js";
import { Screen } from "../render/screen.js";
import { findResumable, sayOutdated } from "./find-resumable.js";
import { followRun } from "./follow-run.js";
import { planNewRun } from "./plan-new-run.js";
import { planResume } from "./plan-resume.js";
import { type RunRequest, readRunRequest } from "./run-request.js";

/** Does what `strands run` was asked to do, and gives the exit code. */
export async function runWorkflow(context: CommandContext): Promise<number> {
  const { io, secrets } = context;
  const request = readRunRequest(context);
  const screen = new Screen(io, request, secrets);
  for (const name of request.withoutEffect) screen.note(screen.style.yellow(`! ${name} has no effect yet`));
  if (request.resume !== undefined)
    return followRun(await planResume(request, request.resume, screen), request, screen);
  const fresh = await planNewRun(request, screen);
  if (request.autoResume) {
    const exitCode = await goOn(request, fresh.specHash, screen);
    if (exitCode !== undefined) return exitCode;
    await sayOutdated(request, fresh, screen);
    screen.detail("No unfinished session of this workflow: a new one begins.");
  }
  return followRun(await fresh.plan(), request, screen);
}

/**
 * Goes on with the newest session that can be gone on with; with an answer, the newest that it can be for. `undefined` when there is
 * none and a new one may begin.
 * @throws SessionError `INTERRUPT_NOT_FOUND` when there is none for the answer
 */
async function goOn(request: RunRequest, specHash: string, screen: Screen): Promise<ExitCode | undefined> {
  const isAnswer = request.response !== undefined;
  for await (const id of findResumable(request, specHash, screen)) {
    const plan = await planResume(request, id, screen);
    if (plan.ended !== undefined) {
      screen.note(`It was ${plan.ended}: it stays as it is.`);
      continue;
    }
    if (!plan.takesAnswer) {
      screen.note("It has no question for this answer: it stays as it is.");
      continue;
    }
    // An answer must not go to an older session because somebody is at work on the one it was meant for.
    if (isAnswer) return followRun(plan, request, screen);
    const exitCode = await followRun(plan, request, screen, { skipWhenLeased: true });
    if (exitCode !== "leased") return exitCode;
  }
  if (!isAnswer) return undefined;
  throw new StrandsError("INTERRUPT_NOT_FOUND", "No unfinished session of this workflow waits for this answer", {
    hint:
      "`strands sessions list --status paused` shows what waits; a file that was changed since is another workflow: " +
      "`--resume ID` goes on with its session. Without an answer, a new run begins.",
  });
}
