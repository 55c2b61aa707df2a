import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { sessionPlace, sessionsOf } from "../session-place.js";
import { usageWhenUnknown } from "./sessions-delete.js";

/** `strands sessions cancel` */
export const sessionsCancelCommand: Command = {
  description: "Cancel a session that is paused, has failed or was cut off. Auto-resume then leaves it alone.",
  arguments: [
    { name: "<id>", description: "id of the session, or the beginning of it" },
    { name: "[reason]", description: "why, for the record" },
  ],
  options: [...storageOptions],
  examples: ["strands sessions cancel 3f2a", 'strands sessions cancel 3f2a "no longer needed" --json'],
  notes:
    "One that another process runs is refused: stop it there, with Ctrl-C. A cancelled session can be resumed by its id.",
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, args, options, secrets } = context;
  await using sessions = sessionsOf(sessionPlace(context), context);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const id = await usageWhenUnknown(sessions.resolveId(args[0] ?? ""));
  const reason = args[1] ?? (io.user === undefined ? "Cancelled" : `Cancelled by ${io.user}`);
  const summary = await sessions.cancel(id, reason);
  if (screen.manner.json) screen.json(summary);
  else screen.note(`Session ${printableLine(id)} is cancelled.`);
  return exitCodes.ok;
}
