import type { CommandContext } from "../command.js";
import { Screen } from "../render/screen.js";
import { findResumable } from "./find-resumable.js";
import { followRun } from "./follow-run.js";
import { planNewRun } from "./plan-new-run.js";
import { planResume } from "./plan-resume.js";
import { readRunRequest } from "./run-request.js";

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
    for await (const id of findResumable(request, fresh.specHash, screen)) {
      const plan = await planResume(request, id, screen);
      if (plan.ended !== undefined) {
        screen.note(`It was ${plan.ended}: it stays as it is.`);
        continue;
      }
      const exitCode = await followRun(plan, request, screen, {
        skipWhenLeased: true,
      });
      if (exitCode !== "leased") return exitCode;
    }
    screen.detail("No unfinished session of this workflow: a new one begins.");
  }
  return followRun(await fresh.plan(), request, screen);
}
