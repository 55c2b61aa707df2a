import { InputError } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodeOf, exitCodes } from "../exit-codes.js";
import { counted } from "../render/amounts.js";
import { printable, printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { statusText } from "../render/status-text.js";
import { sessionPlace, sessionsOf } from "../session-place.js";
import { confirms } from "./sessions-delete.js";

/** `strands sessions cleanup` */
export const sessionsCleanupCommand: Command = {
  description: "Delete sessions that have not moved for a while, for good. Running ones always stay.",
  arguments: [],
  options: [
    { flags: "--max-age-days <n>", description: "those that have not moved for so many days (default: 7)" },
    { flags: "--keep-completed", description: "keep completed ones whatever their age (default)" },
    { flags: "--no-keep-completed", description: "delete completed ones too" },
    { flags: "--dry-run", description: "only say what would be deleted" },
    { flags: "-f, --force", description: "do not ask" },
    ...storageOptions,
  ],
  examples: [
    "strands sessions cleanup --dry-run",
    "strands sessions cleanup --max-age-days 30 --no-keep-completed --force",
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, options, secrets } = context;
  const maxAgeDays = readDays(options.text("maxAgeDays"));
  const keepCompleted = !options.denied("keepCompleted");
  const dryRun = options.flag("dryRun");
  await using sessions = sessionsOf(sessionPlace(context), context);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const { deleted: found } = await sessions.cleanup({ maxAgeDays, keepCompleted, dryRun: true });
  if (!dryRun && found.length > 0 && !options.flag("force")) {
    if (!(await confirms(`Delete ${counted(found.length, "session")}?`, screen))) {
      screen.note("Nothing was deleted.");
      return exitCodes.ok;
    }
  }
  const { deleted, failed } = dryRun
    ? { deleted: found, failed: [] }
    : await sessions.cleanup({ maxAgeDays, keepCompleted });
  if (screen.manner.json) {
    const errors = failed.map(({ sessionId, error }) => ({ sessionId, error: error.toJSON() }));
    screen.json({ dryRun, deleted: deleted.map(({ id }) => id), failed: errors });
  } else {
    for (const session of deleted) {
      screen.result(
        `${printableLine(session.id)}  ${printableLine(session.workflowName)}  ${statusText(session, screen.outStyle)}`,
      );
    }
    for (const { sessionId, error } of failed) {
      screen.always(screen.style.yellow(`! ${printableLine(sessionId)}: ${printable(error.message)}`));
    }
    if (deleted.length === 0) screen.note("There is nothing to clean up.");
    else screen.note(`${dryRun ? "Would delete" : "Deleted"} ${counted(deleted.length, "session")}.`);
  }
  const [first] = failed;
  return first === undefined ? exitCodes.ok : exitCodeOf(first.error.code);
}

function readDays(text: string | undefined): number {
  if (text === undefined) return 7;
  if (/^\d{1,6}(\.\d+)?$/.test(text)) return Number(text);
  throw new InputError(`\`--max-age-days ${text}\` is not usable`, { hint: "Give a number of days, for example 30." });
}
