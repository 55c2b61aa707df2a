import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { resumeCommand } from "../render/interrupt-text.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { sessionPlace, sessionsOf } from "../session-place.js";
import { usageWhenUnknown } from "./sessions-delete.js";
import { entryNumber } from "./sessions-events.js";

/** `strands sessions fork` */
export const sessionsForkCommand: Command = {
  description: "Make a new session of the first entries of another, to go on differently from there.",
  arguments: [{ name: "<id>", description: "id of the session, or the beginning of it" }],
  options: [
    { flags: "--at-seq <n>", description: "number of the last entry both share (default: the last there is)" },
    ...storageOptions,
  ],
  examples: [
    "strands sessions events 3f2a",
    "strands sessions fork 3f2a --at-seq 7",
    "strands sessions fork 3f2a --json",
  ],
  notes: `Finished steps among those entries are not run again. Open questions are asked anew in the fork; an answer there is none to
the session it comes from. A tool call that was under way is asked about, unless it only reads.`,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, args, options, secrets } = context;
  const atSeq = entryNumber(options, "atSeq", "--at-seq");
  const place = sessionPlace(context);
  await using sessions = sessionsOf(place, context);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const id = await usageWhenUnknown(sessions.resolveId(args[0] ?? ""));
  const fork = await sessions.fork(id, atSeq === undefined ? {} : { atSeq });
  const resume = resumeCommand({ id: fork.id, place: place.words, platform: io.platform });
  if (screen.manner.json) screen.json({ ...fork, forkedFrom: id, resume });
  else {
    screen.result(printableLine(fork.id));
    screen.note(`Forked from ${printableLine(id)}.`);
    screen.alwaysWhole(`Resume with: ${screen.style.bold(resume)}`);
  }
  return exitCodes.ok;
}
