import type { RunResult } from "@strands/sdk";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-codes.js";
import type { StopSignal } from "../io.js";
import { formatCount, formatDuration } from "../render/amounts.js";
import { errorText } from "../render/error-text.js";
import { answerCommand, interruptText, resumeCommand, type SessionReference } from "../render/interrupt-text.js";
import { printable, printableLine } from "../render/printable-text.js";
import type { RunProgress } from "../render/run-progress.js";
import type { Screen } from "../render/screen.js";
import { shellQuote } from "../render/shell-quote.js";
import { stopCodes } from "../stop-switch.js";
import { failsForGood } from "./fails-for-good.js";
import { raisedBudget, reachedBudget } from "./raised-budget.js";
import type { RunPlan } from "./run-plan.js";
import type { RunRequest } from "./run-request.js";

/** What is known besides the result. */
export interface ResultContext {
  readonly plan: RunPlan;
  readonly request: RunRequest;
  readonly progress: RunProgress;
  readonly screen: Screen;
  readonly stopped: StopSignal | undefined;
}

/** Prints how a run ended: its answer on stdout, the rest on stderr. Gives the exit code. */
export function reportResult(result: RunResult, context: ResultContext): ExitCode {
  const exitCode = exitCodeFor(result, context.stopped);
  const { plan, screen } = context;
  if (plan.saved) screen.io.keepResult(showCommand(result.sessionId, context, "--json"));
  if (screen.manner.json) {
    screen.json(toJson(result, exitCode, context));
    return exitCode;
  }
  switch (result.status) {
    case "completed":
      printAnswer(result.lastResponse, context);
      printSummary(result, context);
      break;
    case "paused":
      screen.always("");
      screen.alwaysWhole(
        interruptText(result.interrupts, sessionOf(result, context), {
          style: screen.style,
          columns: screen.io.stderr.columns,
        }),
      );
      break;
    case "failed":
      screen.always("");
      screen.always(errorText(result.error, { io: screen.io, exitCode, known: result.error }));
      sayHowToResume(result, context);
      break;
    case "cancelled":
      screen.note("");
      screen.always(screen.style.yellow(`Stopped: ${printable(result.reason)}.`));
      sayHowToResume(result, context);
      break;
  }
  return exitCode;
}

function exitCodeFor(result: RunResult, stopped: StopSignal | undefined): ExitCode {
  switch (result.status) {
    case "completed":
      return exitCodes.ok;
    case "paused":
      return exitCodes.paused;
    case "failed":
      // A step that found no key, no package or the like: the workflow cannot run here.
      return exitCodeOf(
        result.error.details?.["causeCode"] === "PROVIDER_NOT_CONFIGURED"
          ? "PROVIDER_NOT_CONFIGURED"
          : result.error.code,
      );
    case "cancelled":
      return result.rejected === true ? exitCodes.runtime : stopCodes[stopped ?? "SIGINT"];
  }
}

/** The answer, unless it has just been streamed to the same terminal. */
function printAnswer(answer: string, { progress, screen }: ResultContext): void {
  if (screen.io.stdout.isTTY && progress.hasShown(answer)) return;
  screen.result(printable(answer).replace(/\n$/, ""));
}

function printSummary(result: Extract<RunResult, { status: "completed" }>, context: ResultContext): void {
  const { plan, screen } = context;
  const { green, dim } = screen.style;
  const { inputTokens, outputTokens } = result.usage;
  screen.note("");
  screen.note(
    `${green("[OK]")} Workflow ${plan.resumed ? "resumed" : "completed"} successfully${plan.simulated ? dim("  (simulated)") : ""}`,
  );
  const written = result.artifacts.filter((artifact) => artifact.location !== undefined);
  if (written.length > 0) {
    screen.note("Artifacts written:");
    for (const { location } of written) screen.note(`  • ${printableLine(location ?? "")}`);
  }
  screen.note(`Duration: ${formatDuration(result.durationMs)}`);
  screen.note(
    `Tokens: ${formatCount(inputTokens + outputTokens)} (${formatCount(inputTokens)} in, ${formatCount(outputTokens)} out)`,
  );
  if (!plan.saved) return;
  screen.note(`Session ID: ${result.sessionId}`);
  if (screen.manner.quiet !== true)
    screen.alwaysWhole(`Next: ${screen.style.bold(showCommand(result.sessionId.slice(0, 8), context))}`);
}

/** The command that shows a session. */
function showCommand(id: string, { request, screen }: ResultContext, ...more: readonly string[]): string {
  const place = request.place.words.map((word) => shellQuote(word, screen.io.platform));
  return ["strands sessions show", id, ...more, ...place].join(" ");
}

function sayHowToResume(result: RunResult, context: ResultContext): void {
  const { plan, screen } = context;
  if (result.status === "cancelled" && result.rejected === true) {
    screen.always("The rejection is recorded, and the session stays as it is. Start a new run to try again.");
    return;
  }
  if (isForGood(result)) {
    const best = bestDraft(result);
    if (best !== undefined && plan.saved) {
      const command = showCommand(result.sessionId.slice(0, 8), context, "-v");
      screen.alwaysWhole(`${best} Read it with: ${screen.style.bold(command)}`);
    }
    screen.always(`A session keeps its workflow and its variables. Start a new run${missingVariable(result)}.`);
    return;
  }
  if (!plan.saved) return;
  screen.always(`Session ID: ${result.sessionId}`);
  const command = resumeOf(result, context);
  screen.alwaysWhole(`Resume with: ${screen.style.bold(command)}`);
  const said = result.status === "failed" && /finished steps are not run again/i.test(result.error.hint ?? "");
  if (!said) screen.note(screen.style.dim("Finished steps are not run again."));
}

function resumeOf(result: RunResult, context: ResultContext): string {
  const failure = result.status === "failed" ? result.error : undefined;
  return resumeCommand(sessionOf(result, context), ...raisedBudget(failure));
}

/** Whether resuming would fail in the same way. */
function isForGood(result: RunResult): boolean {
  if (result.status === "cancelled") return result.rejected === true;
  return result.status === "failed" && failsForGood(result.error);
}

/** The draft that came nearest, where a loop has ended without one that is good enough. */
function bestDraft(result: RunResult): string | undefined {
  const { bestStep, bestScore, history } = (result.status === "failed" && result.error.details) || {};
  if (typeof bestStep !== "string") return undefined;
  const scores = Array.isArray(history) ? history.map((entry: { readonly score?: unknown }) => entry.score) : [];
  return `Scores: ${scores.join(", ")}. The best, ${bestScore}, is ${bestStep}.`;
}

function missingVariable(result: RunResult): string {
  if (result.status !== "failed" || result.error.code !== "TEMPLATE_UNDEFINED") return " once that is mended";
  const name = result.error.details?.["name"];
  return typeof name === "string"
    ? `, for example with \`--var ${printableLine(name)}=<value>\``
    : " once that is mended";
}

function sessionOf(result: RunResult, { request, screen }: ResultContext): SessionReference {
  // Limits hold for one run: what was raised must be raised again, and what was reached is named with a higher one.
  const reached = result.status === "failed" ? reachedBudget(result.error) : undefined;
  const budgets = Object.entries(request.budgets).flatMap(([name, limit]) =>
    name === reached ? [] : [`${name}=${limit}`],
  );
  return { id: result.sessionId, place: request.place.words, platform: screen.io.platform, budgets };
}

/** Each question with the command that answers it. */
function withCommands(result: Extract<RunResult, { status: "paused" }>, context: ResultContext): readonly object[] {
  if (!context.plan.saved) return result.interrupts;
  const session = sessionOf(result, context);
  return result.interrupts.map((interrupt) => ({ ...interrupt, resume: answerCommand(session, interrupt) }));
}

function toJson(result: RunResult, exitCode: ExitCode, context: ResultContext): unknown {
  const { status, sessionId, runId, workflowName, patternType, usage, durationMs } = result;
  const base = {
    status,
    exitCode,
    sessionId,
    runId,
    workflowName,
    patternType,
    simulated: context.plan.simulated,
    usage,
    durationMs,
  };
  const resume = context.plan.saved && !isForGood(result) ? { resume: resumeOf(result, context) } : {};
  switch (result.status) {
    case "completed": {
      const { lastResponse, agentId, artifacts, context: names } = result;
      const files = artifacts.map(({ path, location }) => ({ path, location: location ?? null }));
      return { ...base, lastResponse, agentId, artifacts: files, context: names };
    }
    case "paused":
      return { ...base, interrupts: withCommands(result, context), ...resume };
    case "failed":
      return { ...base, error: result.error.toJSON(), ...resume };
    case "cancelled":
      return { ...base, reason: result.reason, ...resume };
  }
}
