import { type InterruptState, StrandsError } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodeOf, exitCodes } from "../exit-codes.js";
import { formatTime } from "../render/amounts.js";
import { resumeCommand, type SessionReference } from "../render/interrupt-text.js";
import { printable, printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { sessionPlace, sessionsOf } from "../session-place.js";
import { usageWhenUnknown } from "./sessions-delete.js";

/** `strands sessions expire` */
export const sessionsExpireCommand: Command = {
  description:
    "Record the default answers of questions whose time is up, in these sessions or in all that are paused. Runs nothing.",
  arguments: [
    { name: "[id...]", description: "ids of sessions, or the beginnings of them (default: all that are paused)" },
  ],
  options: [...storageOptions],
  examples: ["strands sessions expire", "strands sessions expire 3f2a --json"],
  notes: `A question without a \`default\` takes \`timeout_expired\`. An answer of a person that came first stands. Resuming a
session does the same by itself; this is for schedulers, which then resume what is printed.`,
  run,
};

/** What became of one session. */
type Outcome =
  | { readonly sessionId: string; readonly answers: readonly InterruptState[] }
  | { readonly sessionId: string; readonly error: StrandsError };

async function run(context: CommandContext): Promise<number> {
  const { io, args, options, secrets } = context;
  const place = sessionPlace(context);
  await using sessions = sessionsOf(place, context);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const ids: string[] = [];
  for (const id of args) ids.push(await usageWhenUnknown(sessions.resolveId(id)));
  const outcomes: Outcome[] = [];
  if (args.length === 0) for await (const { id } of sessions.iterate({ status: "paused", limit: 1000 })) ids.push(id);
  for (const sessionId of new Set(ids)) {
    try {
      outcomes.push({ sessionId, answers: await sessions.client.expire(sessionId) });
    } catch (error) {
      // One session that cannot be read must not keep the others waiting.
      if (!StrandsError.isInstance(error)) throw error;
      outcomes.push({ sessionId, error });
    }
  }
  report(outcomes, (id) => ({ id, place: place.words, platform: io.platform }), screen);
  const failed = outcomes.find((outcome) => "error" in outcome);
  return failed === undefined ? exitCodes.ok : exitCodeOf(failed.error.code);
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
