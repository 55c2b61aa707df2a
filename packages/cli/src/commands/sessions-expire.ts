import { createClient, type InterruptState, openSessions, type Sessions, StrandsError } from "@strands/sdk";
import { type Command, type CommandContext, sessionDirectoryOption } from "../command.js";
import { directoryOption } from "../directory-option.js";
import { exitCodeOf, exitCodes } from "../exit-codes.js";
import { formatTime } from "../render/amounts.js";
import { resumeCommand, type SessionReference } from "../render/interrupt-text.js";
import { printable, printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { usageWhenUnknown } from "./sessions-delete.js";

/** `strands sessions expire` */
export const sessionsExpireCommand: Command = {
  description:
    "Record the default answers of questions whose time is up, in these sessions or in all that are paused. Runs nothing.",
  arguments: [
    { name: "[id...]", description: "ids of sessions, or the beginnings of them (default: all that are paused)" },
  ],
  options: [sessionDirectoryOption],
  examples: ["strands sessions expire", "strands sessions expire 3f2a --json"],
  notes: `A question without a \`default\` takes \`timeout_expired\`. An answer of a person that came first stands. Resuming a
session does the same by itself; this is for schedulers, which then resume what is printed.`,
  run,
};

/** What became of one session. */
type Outcome =
  | { readonly sessionId: string; readonly answers: readonly InterruptState[] }
  | { readonly sessionId: string; readonly error: StrandsError };

async function run({ io, args, options }: CommandContext): Promise<number> {
  const screen = new Screen(io, { json: options.flag("json") });
  const directory = directoryOption(options, "sessionDir");
  const location = { sessionDirectory: directory, env: io.env };
  await using sessions = openSessions(location);
  await using client = createClient({ ...location, owner: io.owner });
  const ids: string[] = [];
  for (const id of args) ids.push(await usageWhenUnknown(sessions.resolveId(id)));
  const outcomes: Outcome[] = [];
  for (const sessionId of args.length > 0 ? new Set(ids) : await pausedIds(sessions)) {
    try {
      outcomes.push({ sessionId, answers: await client.expire(sessionId) });
    } catch (error) {
      // One session that cannot be read must not keep the others waiting.
      if (!StrandsError.isInstance(error)) throw error;
      outcomes.push({ sessionId, error });
    }
  }
  report(outcomes, (id) => ({ id, directory, platform: io.platform }), screen);
  const failed = outcomes.find((outcome) => "error" in outcome);
  return failed === undefined ? exitCodes.ok : exitCodeOf(failed.error.code);
}

async function pausedIds(sessions: Sessions): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await sessions.list({ status: "paused", limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...page.sessions.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
}

function report(outcomes: readonly Outcome[], sessionOf: (id: string) => SessionReference, screen: Screen): void {
  const failed = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome] : []));
  const expired = outcomes.flatMap((outcome) => ("answers" in outcome && outcome.answers.length > 0 ? [outcome] : []));
  if (screen.manner.json) {
    screen.json({
      expired: expired.map(({ sessionId, answers }) => ({
        sessionId,
        answers: answers.map(({ interrupt: { id, stepKey, expiresAt }, answer }) => {
          return { interruptId: id, stepKey, expiresAt, response: answer?.response };
        }),
        resume: resumeCommand(sessionOf(sessionId)),
      })),
      failed: failed.map(({ sessionId, error }) => ({ sessionId, error: error.toJSON() })),
    });
    return;
  }
  const { green, yellow, bold } = screen.style;
  for (const { sessionId, error } of failed)
    screen.always(yellow(`! ${printableLine(sessionId)}: ${printable(error.message)}`));
  if (expired.length === 0) screen.note("No question's time is up.");
  for (const { sessionId, answers } of expired) {
    for (const { interrupt, answer } of answers) {
      const when = formatTime(interrupt.expiresAt ?? 0);
      const taken = printableLine(answer?.response ?? "");
      screen.always(
        `${green("✓")} ${printableLine(interrupt.stepKey)}: time was up at ${when}, \`${taken}\` was taken`,
      );
    }
    screen.alwaysWhole(`Resume with: ${bold(resumeCommand(sessionOf(sessionId)))}`);
  }
}
