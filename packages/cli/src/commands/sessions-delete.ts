import { InputError, StrandsError } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { withExitCode } from "../report-error.js";
import { sessionPlace, sessionsOf } from "../session-place.js";

/** `strands sessions delete` */
export const sessionsDeleteCommand: Command = {
  description: "Delete a session for good, with everything recorded in it. Output files stay.",
  arguments: [{ name: "<id>", description: "id of the session, or the beginning of it" }],
  options: [{ flags: "-f, --force", description: "do not ask" }, ...storageOptions],
  examples: ["strands sessions delete 3f2a", "strands sessions delete 3f2a --force"],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, args, options, secrets } = context;
  await using sessions = sessionsOf(sessionPlace(context), context);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const id = await usageWhenUnknown(sessions.resolveId(args[0] ?? ""));
  if (!options.flag("force") && !(await confirms(`Delete session ${printableLine(id)}?`, screen))) {
    screen.note("Nothing was deleted.");
    return exitCodes.ok;
  }
  await usageWhenUnknown(sessions.delete(id));
  if (screen.manner.json) screen.json({ deleted: id });
  else screen.note(`Deleted session ${printableLine(id)}.`);
  return exitCodes.ok;
}

/** Asks whether something is to be deleted. */
export async function confirms(question: string, { io, manner }: Screen): Promise<boolean> {
  if (!io.stdin.isTTY || manner.json) {
    throw new InputError("Deleting needs a confirmation", { hint: "Add `--force` where nobody can be asked." });
  }
  const answer = await io.stdin.ask(`${question} [y/N] `);
  return /^(y|yes)$/i.test(answer?.trim() ?? "");
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
