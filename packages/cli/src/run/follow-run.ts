import { createClient, type Run, type RunResult, StrandsError, type WorkflowClient } from "@strands/sdk";
import type { ExitCode } from "../exit-codes.js";
import type { StopSignal } from "../io.js";
import { interruptText, resumeCommand } from "../render/interrupt-text.js";
import { RunProgress } from "../render/run-progress.js";
import type { Screen } from "../render/screen.js";
import { withNextStep } from "../report-error.js";
import { askOpenQuestions } from "./ask-open-questions.js";
import { reportResult } from "./report-result.js";
import type { RunPlan } from "./run-plan.js";
import type { RunRequest } from "./run-request.js";

/** Starts a run, shows it while it happens, and reports how it ended. */
export async function followRun(plan: RunPlan, request: RunRequest, screen: Screen): Promise<ExitCode>;
/** Gives `leased` when another process is running the session. */
export async function followRun(
  plan: RunPlan,
  request: RunRequest,
  screen: Screen,
  options: { readonly skipWhenLeased: true },
): Promise<ExitCode | "leased">;
export async function followRun(
  plan: RunPlan,
  request: RunRequest,
  screen: Screen,
  options: { readonly skipWhenLeased?: boolean } = {},
): Promise<ExitCode | "leased"> {
  await using client = createClient(plan.client);
  const progress = new RunProgress(screen, { simulated: plan.simulated });
  try {
    if (asks(plan, request, screen)) await askOpenQuestions(client, plan, request, screen);
    const { result, stopped } = await watch(client, plan, progress, screen);
    return reportResult(result, { plan, request, progress, screen, stopped });
  } catch (error) {
    if (options.skipWhenLeased === true && hasCode(error, "SESSION_LEASED")) return "leased";
    if (!screen.manner.json && isAboutQuestions(error, plan)) showQuestions(plan, request, screen, error);
    const id = progress.sessionId ?? plan.sessionId;
    if (plan.saved && id !== undefined && hasCode(error, "SESSION_STORAGE")) {
      const session = { id, place: request.place.words, platform: screen.io.platform };
      throw withNextStep(error, { sessionId: id, resume: resumeCommand(session) });
    }
    throw error;
  }
}

interface Watched {
  readonly result: RunResult;
  readonly stopped: StopSignal | undefined;
}

async function watch(client: WorkflowClient, plan: RunPlan, progress: RunProgress, screen: Screen): Promise<Watched> {
  let run: Run | undefined;
  let stopped: StopSignal | undefined;
  const off = screen.io.onStop((signal) => {
    stopped = signal;
    run?.cancel(signal === "SIGINT" ? "Interrupted from the keyboard" : "The process was asked to end");
  });
  try {
    run = plan.start(client, {});
    const [result, shown] = await Promise.allSettled([run.result, showEvents(run, progress)]);
    if (shown.status === "rejected") throw shown.reason;
    if (result.status === "rejected") throw result.reason;
    return { result: result.value, stopped };
  } finally {
    off();
  }
}

async function showEvents(run: Run, progress: RunProgress): Promise<void> {
  try {
    for await (const event of run.events()) progress.show(event);
  } finally {
    // Has no effect on a run that has ended: nobody would see the others.
    run.cancel("Its progress could not be shown");
    progress.end();
  }
}

function hasCode(error: unknown, code: string): error is StrandsError {
  return StrandsError.isInstance(error) && error.code === code;
}

/** Whether somebody sits at a terminal who can be asked what the command line does not say. */
function asks(plan: RunPlan, { response }: RunRequest, { io, manner }: Screen): boolean {
  return plan.open.length > 0 && plan.ended !== "rejected" && response === undefined && io.stdin.isTTY && !manner.json;
}

/** An answer is missing, or does not say which of several questions it is for. */
function isAboutQuestions(error: unknown, { open }: RunPlan): boolean {
  return hasCode(error, "INTERRUPT_UNANSWERED") || (hasCode(error, "INTERRUPT_NOT_FOUND") && open.length > 0);
}

function showQuestions(plan: RunPlan, request: RunRequest, screen: Screen, error: unknown): void {
  const id = (error as { readonly sessionId?: string }).sessionId;
  if (id === undefined || plan.open.length === 0) return;
  const session = { id, place: request.place.words, platform: screen.io.platform };
  screen.alwaysWhole(interruptText(plan.open, session, { style: screen.style, columns: screen.io.stderr.columns }));
}
