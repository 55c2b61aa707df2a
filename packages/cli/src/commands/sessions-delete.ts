import { InputError, openSessions, StrandsError } from "@strands/sdk";
import { type Command, type CommandContext, sessionDirectoryOption } from "../command.js";
import { directoryOption } from "../directory-option.js";
import { exitCodes } from "../exit-codes.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { withExitCode } from "../report-error.js";

/** `strands sessions delete` */
export const sessionsDeleteCommand: Command = {
  description: "Delete a session for good, with everything recorded in it. Output files stay.",
  arguments: [{ name: "<id>", description: "id of the session, or the beginning of it" }],
  options: [{ flags: "-f, --force", description: "do not ask" }, sessionDirectoryOption],
  examples: ["strands sessions delete 3f2a", "strands sessions delete 3f2a --force"],
  run,
};

async function run({ io, args, options }: CommandContext): Promise<number> {
  const screen = new Screen(io, { json: options.flag("json") });
  await using sessions = openSessions({ sessionDirectory: directoryOption(options, "sessionDir"), env: io.env });
  const id = await usageWhenUnknown(sessions.resolveId(args[0] ?? ""));
  if (!options.flag("force")) {
    if (!io.stdin.isTTY || screen.manner.json) {
      throw new InputError("Deleting a session needs a confirmation", {
        hint: "Add `--force` where nobody can be asked.",
      });
    }
    const answer = await io.stdin.ask(`Delete session ${printableLine(id)}? [y/N] `);
    if (!/^(y|yes)$/i.test(answer?.trim() ?? "")) {
      screen.note("Nothing was deleted.");
      return exitCodes.ok;
    }
  }
  await usageWhenUnknown(sessions.delete(id));
  if (screen.manner.json) screen.json({ deleted: id });
  else screen.note(`Deleted session ${printableLine(id)}.`);
  return exitCodes.ok;
}

/** An id that nobody knows is a mistake of the command line here, as it has always been. */
export async function usageWhenUnknown<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (StrandsError.isInstance(error) && error.code === "SESSION_NOT_FOUND")
      throw withExitCode(error, exitCodes.usage);
    throw error;
  }
}
